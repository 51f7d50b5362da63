/** Who asks, and what IAM would let them do to production. */

import type { Finding } from "../../core/doctor/finding.ts";
import { bucketActions, distributionActions, judgeCredentials, objectActions } from "../../core/doctor/judge-credentials.ts";
import type { Caller } from "../../core/doctor/machine-facts.ts";
import { isProduction, type Target } from "../../core/site.ts";
import { placeOf, type Examination } from "./examine-bucket.ts";

/** Nothing is asked where nothing of the site is at AWS. */
export async function examineCredentials(about: Examination, targets: readonly Target[]): Promise<readonly Finding[]> {
  const { bench, inspector, ask } = about;
  const remote = targets.filter((target) => placeOf(target) !== undefined || target.cdn !== undefined);
  if (remote.length === 0 && inspector.stateBucket === undefined) return [];
  const caller = await ask((options) => inspector.caller(options));
  const production = remote.filter(isProduction);
  const asked =
    caller.kind === "told" && production.length > 0 ? { caller: caller.value, principal: principalOf(caller.value.arn) } : undefined;
  const simulated =
    asked?.principal === undefined
      ? undefined
      : await ask(async (options) => {
          const { principal } = asked;
          const all = production.flatMap((target) => questionsAbout(target, asked.caller));
          const answers = await Promise.all(all.map((one) => inspector.simulate({ ...one, principal: principal ?? "" }, options)));
          return answers.flat();
        });
  return judgeCredentials({ caller, actor: bench.actor.kind, production: production.map(({ name }) => name), simulated });
}

/** What IAM simulates for: a role in place of its session. `undefined` for root, whom nothing holds back, and for guests of a federation. */
function principalOf(arn: string): string | undefined {
  const [, partition = "", account = "", role = ""] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//u.exec(arn) ?? [];
  if (role !== "") return `arn:${partition}:iam::${account}:role/${role}`;
  return /^arn:[^:]+:iam::\d+:(?:user|role)\//u.test(arn) ? arn : undefined;
}

function questionsAbout(
  target: Target,
  { arn, account }: Caller,
): readonly { readonly actions: readonly string[]; readonly resource: string }[] {
  const partition = arn.split(":")[1] ?? "aws";
  const place = placeOf(target);
  const prefix = place === undefined || place.prefix === "" ? "" : `${place.prefix}/`;
  const distribution = target.cdn?.replace(/^cloudfront:/u, "");
  return [
    ...(place === undefined
      ? []
      : [
          { actions: bucketActions, resource: `arn:${partition}:s3:::${place.bucket}` },
          { actions: objectActions, resource: `arn:${partition}:s3:::${place.bucket}/${prefix}index.html` },
        ]),
    ...(distribution === undefined
      ? []
      : [{ actions: distributionActions, resource: `arn:${partition}:cloudfront::${account}:distribution/${distribution}` }]),
  ];
}
