/** Whether the credentials at hand could do to production what belay would refuse. */

import { judgeOf, type Finding } from "./finding.ts";
import type { Caller, Simulated } from "./machine-facts.ts";
import type { Told } from "./told.ts";

export interface CredentialsCase {
  readonly caller: Told<Caller>;
  /** Who runs belay here. */
  readonly actor: "person" | "agent" | "ci" | "unknown";
  /** Names of the production targets that are at AWS. */
  readonly production: readonly string[];
  /** What IAM grants the caller there. `undefined` where there is nothing, or nobody, to ask about. */
  readonly simulated: Told<readonly Simulated[]> | undefined;
}

const judge = judgeOf({ about: "credentials" });

export function judgeCredentials(about: CredentialsCase): readonly Finding[] {
  const { caller } = about;
  const who = judge.of({ id: "credentials-identity", what: "Whose credentials these are", answer: caller }, identity);
  return [...who, ...bypass(about), ...agent(about)];
}

function identity({ arn, key }: Caller): Finding[] {
  const found = [judge.ok("credentials-identity", "AWS knows these credentials.", arn)];
  if (arn.endsWith(":root")) {
    const message = "These are the account's root credentials: no policy holds them back, and no log tells people apart.";
    found.push(
      judge.unsafe({
        id: "credentials-root",
        message,
        evidence: arn,
        remedy: "Sign in as a user or role of your own, and delete the root access keys.",
      }),
    );
  } else found.push(judge.ok("credentials-root", "These are not the account's root credentials."));
  if (key === "long-lived") {
    const message = "These credentials are an access key that never expires: whoever copies it once may write for good.";
    found.push(
      judge.note({
        id: "credentials-lifetime",
        message,
        remedy: "Sign in for a session instead: aws configure sso, or a role in CI (OIDC).",
      }),
    );
  } else if (key === "temporary") found.push(judge.ok("credentials-lifetime", "These credentials expire by themselves."));
  return found;
}

/** What undoes the walls, with what is lost by it. */
const dangerous: Readonly<Record<string, string>> = {
  "s3:PutBucketPolicy": "lift the bucket's policy",
  "s3:DeleteBucketPolicy": "remove the bucket's policy",
  "s3:PutBucketVersioning": "switch versioning off",
  "s3:PutLifecycleConfiguration": "let earlier versions expire",
  "s3:DeleteObjectVersion": "delete earlier versions for good",
  "cloudfront:UpdateDistribution": "point the distribution elsewhere",
};

/** What is asked of IAM. Publishing itself takes the first two, so they alone are no way around. */
export const bucketActions: readonly string[] = [
  "s3:PutBucketPolicy",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketVersioning",
  "s3:PutLifecycleConfiguration",
];
export const objectActions: readonly string[] = ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"];
export const distributionActions: readonly string[] = ["cloudfront:UpdateDistribution", "cloudfront:CreateInvalidation"];

function bypass({ simulated, production }: CredentialsCase): readonly Finding[] {
  if (simulated === undefined) return [];
  const id = "credentials-bypass";
  return judge.of({ id, what: "Whether these credentials could get around belay", answer: simulated }, (all) => {
    const allowed = new Set(all.filter(({ isAllowed }) => isAllowed).map(({ action }) => action));
    const ways = Object.entries(dangerous).filter(([action]) => allowed.has(action));
    const where = production.join(", ");
    if (ways.length === 0) return judge.ok(id, `These credentials can lift no wall of ${where}.`, [...allowed].toSorted().join(", "));
    const message = `These credentials can lift the walls of ${where}: they may ${ways.map(([, does]) => does).join(", ")}.`;
    return judge.warning({
      id,
      message,
      evidence: ways.map(([action]) => action).join(", "),
      remedy: "Publish as a role that may only read and write objects: belay harden shows one.",
    });
  });
}

/** An agent that can write to production needs no belay to do it. */
function agent({ caller, actor, production, simulated }: CredentialsCase): readonly Finding[] {
  if (actor !== "agent" || production.length === 0) return [];
  const id = "credentials-agent";
  if (caller.kind === "untold") return [judge.ok(id, "The agent at work here has no AWS credentials that answer.")];
  const mayNot =
    simulated?.kind === "told" && !simulated.value.some(({ action, isAllowed }) => isAllowed && /^s3:(?:Put|Delete)/u.test(action));
  if (mayNot) return [judge.ok(id, "The agent at work here may not write to production's bucket.")];
  const message = "An agent is at work here with credentials for production: what belay refuses, it can do with any other tool.";
  return [
    judge.warning({
      id,
      message,
      evidence: caller.value.arn,
      remedy: "Give agents credentials that may read production and write staging: belay harden shows them.",
    }),
  ];
}
