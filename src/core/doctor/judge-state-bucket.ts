/** Whether strangers reach the bucket that holds the record: the vault has every page that was ever replaced, drafts too. */

import type { BucketHead, Grant, PublicAccessBlock } from "./bucket-facts.ts";
import { judgeOf, type Finding } from "./finding.ts";
import { isAllowed, type Imagined } from "./policy/decide-policy.ts";
import { parsePolicy } from "./policy/parse-policy.ts";
import type { Told } from "./told.ts";

export interface StateBucketCase {
  readonly bucket: string;
  readonly head: Told<BucketHead | undefined>;
  readonly policy: Told<string | undefined>;
  readonly grants: Told<readonly Grant[]>;
  readonly publicAccessBlock: Told<PublicAccessBlock | undefined>;
}

const judge = judgeOf({ about: "state" });

export function judgeStateBucket(about: StateBucketCase): readonly Finding[] {
  const { bucket, head } = about;
  const there = judge.of({ id: "state-bucket", what: "Whether the state's bucket is there", answer: head }, (found) =>
    found === undefined
      ? judge.unsafe({
          id: "state-bucket",
          message: `There is no bucket ${bucket} for the record: whoever makes one of that name gets it, and writes it.`,
          remedy: `aws s3api create-bucket --bucket ${bucket}`,
        })
      : judge.ok("state-bucket", "The state's bucket is there.", bucket),
  );
  return head.kind === "told" && head.value === undefined ? there : [...there, ...strangers(about)];
}

function strangers({ bucket, policy, grants, publicAccessBlock }: StateBucketCase): readonly Finding[] {
  const id = "state-private";
  const opened = [...openByPolicy(bucket, policy), ...openByGrants(grants, publicAccessBlock)];
  if (opened.length > 0) {
    const message = "Strangers reach the bucket that holds the record, and with it every page that was ever replaced.";
    const all = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true";
    const remedy = `aws s3api put-public-access-block --bucket ${bucket} --public-access-block-configuration ${all}`;
    return [judge.unsafe({ id, message, evidence: opened.join(", "), remedy })];
  }
  return judge.of({ id, what: "Whether strangers reach the record", answer: policy }, (text) =>
    text !== undefined && parsePolicy(text) === undefined
      ? judge.warning({
          id,
          message: "The policy of the state's bucket holds something that belay cannot read, so it is not known whom it lets in.",
          remedy: `aws s3api get-bucket-policy --bucket ${bucket} --query Policy --output text`,
        })
      : judge.ok(id, "No policy lets strangers reach the record."),
  );
}

function openByPolicy(bucket: string, policy: Told<string | undefined>): string[] {
  const statements = policy.kind === "told" && policy.value !== undefined ? (parsePolicy(policy.value) ?? []) : [];
  const asked: readonly Pick<Imagined, "action" | "resource">[] = [
    ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].map((action) => ({
      action,
      resource: { beginning: `arn:aws:s3:::${bucket}/` },
    })),
    { action: "s3:ListBucket", resource: { exactly: `arn:aws:s3:::${bucket}` } },
  ];
  return asked.flatMap((one) => (isAllowed(statements, { by: "anonymous", ...one }) === "yes" ? [one.action] : []));
}

function openByGrants(grants: Told<readonly Grant[]>, block: Told<PublicAccessBlock | undefined>): string[] {
  if (grants.kind === "untold" || (block.kind === "told" && block.value?.ignorePublicAcls === true)) return [];
  return grants.value.filter(({ to }) => to !== "named").map(({ permission }) => `${permission} by access control list`);
}
