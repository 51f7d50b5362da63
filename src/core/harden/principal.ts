/** ARNs of those who may write, as people type them and as AWS compares them. */

import { matches } from "../doctor/policy/match-pattern.ts";

/** What is wrong with an ARN as a value of `aws:PrincipalArn`; `undefined` where nothing is. */
export function principalProblem(arn: string): string | undefined {
  const session = /^arn:(?<partition>[a-z-]+):sts::(?<account>\d{12}):assumed-role\/(?<role>[^/]+)\//u.exec(arn)?.groups;
  if (session) {
    return `that is one session. Name its role: arn:${session["partition"] ?? ""}:iam::${session["account"] ?? ""}:role/${session["role"] ?? ""}`;
  }
  const principal = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:(?:root|(?:role|user)\/(?<name>[\w+=,.@*?/-]+))$/u.exec(arn);
  if (!principal) return "an ARN such as arn:aws:iam::111122223333:role/belay-publisher is wanted";
  const name = principal.groups?.["name"];
  return name !== undefined && /^[*?/]+$/u.test(name) ? "that is everybody in the account" : undefined;
}

/**
 * Whether whoever signs in with this ARN (as `GetCallerIdentity` gives it) is among those that the patterns name. A session does not
 * tell the path of its role, so the role's name decides. Root is not held by a bucket's policy.
 */
export function isNamed(caller: string, patterns: readonly string[]): boolean {
  const [, partition = "", account = "", name = ""] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//u.exec(caller) ?? [];
  if (name === "") return caller.endsWith(":root") || patterns.some((pattern) => matches(pattern, caller));
  return patterns.some((pattern) => {
    const [, path = ""] = /^arn:[^:]+:iam::\d+:role\/(.+)$/u.exec(pattern) ?? [];
    return pattern.startsWith(`arn:${partition}:iam::${account}:`) && path !== "" && matches(path.slice(path.lastIndexOf("/") + 1), name);
  });
}
