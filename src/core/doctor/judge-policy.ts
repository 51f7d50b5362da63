/** What a bucket's policy lets through: strangers, unconditional writes, belay's own. */

import { judgeOf, type Finding } from "./finding.ts";
import { applies, isAllowed, isDenied, type Imagined, type Tri } from "./policy/decide-policy.ts";
import { parsePolicy, type Statement } from "./policy/parse-policy.ts";
import type { Told } from "./told.ts";

export interface PolicyCase {
  /** The target's name. */
  readonly target: string;
  readonly isProduction: boolean;
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  /** A CDN of belay.yaml stands before it, so that visitors need not reach the bucket itself. */
  readonly hasCdn: boolean;
  readonly policy: Told<string | undefined>;
}

/** Of every key below the target's prefix. */
const objects = (bucket: string, prefix: string): Imagined["resource"] => ({
  beginning: `arn:aws:s3:::${bucket}/${prefix === "" ? "" : `${prefix}/`}`,
});
const everywhere = (bucket: string): Imagined["resource"] => ({ beginning: `arn:aws:s3:::${bucket}/` });

/** What strangers must never do, on objects and on the bucket. */
const objectWrites = ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl", "s3:RestoreObject"];
const bucketWrites = ["s3:PutBucketPolicy", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration", "s3:PutBucketAcl", "s3:DeleteBucket"];

/** Conditions of S3's conditional writes, as policies name them. An upload's completion creates the object; its parts do not. */
const unconditional = { "s3:if-match": undefined, "s3:if-none-match": undefined, "s3:objectcreationoperation": "true" };
const creating = { "s3:if-match": undefined, "s3:if-none-match": "*", "s3:objectcreationoperation": "true" };
const replacing = {
  "s3:if-match": "0123456789abcdef0123456789abcdef",
  "s3:if-none-match": undefined,
  "s3:objectcreationoperation": "true",
};
const encrypted = { "aws:securetransport": "true" };

export function judgePolicy(about: PolicyCase): readonly Finding[] {
  const { target, policy } = about;
  const judge = judgeOf({ about: "target", target });
  return judge.of({ id: "bucket-policy", what: "What the bucket's policy says", answer: policy }, (text) => {
    if (text === undefined) return [noPolicy(about), ...conditionalWrites([], about)];
    const statements = parsePolicy(text);
    if (statements === undefined) {
      return judge.warning({
        id: "bucket-policy",
        message: "The bucket's policy holds something that belay cannot read, so it is not known what it lets through.",
        remedy: `aws s3api get-bucket-policy --bucket ${about.bucket} --query Policy --output text`,
      });
    }
    return [
      judge.ok("bucket-policy", `The bucket has a policy of ${statements.length} statement${statements.length === 1 ? "" : "s"}.`),
      ...publicAccess(statements, about),
      ...conditionalWrites(statements, about),
      ...ownWrites(statements, about),
      ...looseServices(statements, about),
    ];
  });
}

const noPolicy = ({ target, isProduction }: PolicyCase): Finding => {
  const judge = judgeOf({ about: "target", target });
  return (isProduction ? judge.warning : judge.note)({
    id: "bucket-policy",
    message: "The bucket has no policy: whoever has credentials for the account's buckets writes there without belay.",
    remedy: `belay harden ${target}`,
  });
};

function publicAccess(statements: readonly Statement[], { target, bucket, hasCdn }: PolicyCase): Finding[] {
  const judge = judgeOf({ about: "target", target });
  const strangers = (action: string, resource: Imagined["resource"]): { readonly action: string; readonly may: Tri } => ({
    action,
    may: isAllowed(statements, { by: "anonymous", action, resource }),
  });
  const writes = [
    ...objectWrites.map((action) => strangers(action, everywhere(bucket))),
    ...bucketWrites.map((action) => strangers(action, { exactly: `arn:aws:s3:::${bucket}` })),
  ];
  const open = writes.filter(({ may }) => may === "yes");
  const half = writes.filter(({ may }) => may === "maybe");
  const remedy = `aws s3api get-bucket-policy --bucket ${bucket} --query Policy --output text`;
  const listed = (found: typeof writes): string => found.map(({ action }) => action).join(", ");
  const found: Finding[] = [];
  if (open.length > 0) {
    const message = "The bucket's policy lets anybody on the internet change what is in it. Take that statement out.";
    found.push(judge.unsafe({ id: "bucket-public-write", message, evidence: listed(open), remedy }));
  } else if (half.length > 0) {
    const message = "The bucket's policy lets callers without credentials change what is in it, from some addresses or at some times.";
    found.push(judge.warning({ id: "bucket-public-write", message, evidence: listed(half), remedy }));
  } else found.push(judge.ok("bucket-public-write", "The bucket's policy lets no stranger write."));
  const reads = strangers("s3:GetObject", everywhere(bucket)).may;
  if (reads !== "no" && hasCdn) {
    const message = "Anybody may read the bucket past the CDN: what is deployed shows there before the CDN has it, and private files too.";
    found.push(
      judge.warning({
        id: "bucket-public-read",
        message,
        remedy: `Let only the distribution read the bucket (origin access control): belay harden ${target}`,
      }),
    );
  } else
    found.push(
      judge.ok(
        "bucket-public-read",
        reads === "no" ? "The bucket's policy lets no stranger read." : "Visitors read the bucket itself, and no CDN is named.",
      ),
    );
  const lists = strangers("s3:ListBucket", { exactly: `arn:aws:s3:::${bucket}` }).may;
  if (lists !== "no") {
    const message = "Anybody may list the bucket's names, drafts and state included.";
    found.push(
      judge.warning({ id: "bucket-public-list", message, remedy: "Take s3:ListBucket out of the statement whose Principal is everybody." }),
    );
  }
  return found;
}

function conditionalWrites(statements: readonly Statement[], { target, isProduction, bucket, prefix }: PolicyCase): Finding[] {
  const judge = judgeOf({ about: "target", target });
  const resource = objects(bucket, prefix);
  const ask = (action: string): Tri => isDenied(statements, { by: "member", action, resource, keys: { ...unconditional, ...encrypted } });
  const asked = [
    { action: "s3:PutObject", refused: ask("s3:PutObject") },
    { action: "s3:DeleteObject", refused: ask("s3:DeleteObject") },
  ];
  const listed = (refused: Tri): string[] => asked.filter((one) => one.refused === refused).map(({ action }) => action);
  const [free, half] = [listed("no"), listed("maybe")];
  const id = "bucket-conditional-writes";
  if (free.length > 0) {
    const message =
      "The bucket takes unconditional writes: any other tool can overwrite what nobody has seen, and belay can only notice it afterwards.";
    return [(isProduction ? judge.warning : judge.note)({ id, message, evidence: free.join(", "), remedy: `belay harden ${target}` })];
  }
  if (half.length > 0) {
    const message = "The bucket refuses unconditional writes, but not to everybody.";
    return [judge.note({ id, message, evidence: half.join(", "), remedy: "Make sure that only people who may break glass are left out." })];
  }
  return [judge.ok(id, "The bucket refuses writes and deletes without a condition.")];
}

/** A wall that keeps belay out too: a deploy would fail there. */
function ownWrites(statements: readonly Statement[], { target, bucket, prefix }: PolicyCase): Finding[] {
  const judge = judgeOf({ about: "target", target });
  const resource = objects(bucket, prefix);
  const kept = [
    { does: "create (If-None-Match: *)", action: "s3:PutObject", keys: creating },
    { does: "replace (If-Match)", action: "s3:PutObject", keys: replacing },
    { does: "delete (If-Match)", action: "s3:DeleteObject", keys: { ...replacing, "s3:if-none-match": undefined } },
  ].filter(({ action, keys }) => isDenied(statements, { by: "member", action, resource, keys: { ...keys, ...encrypted } }) === "yes");
  if (kept.length === 0) return [];
  return [
    judge.warning({
      id: "bucket-own-writes",
      message: "The bucket's policy refuses belay's own writes, although they carry a condition.",
      evidence: kept.map(({ does }) => does).join(", "),
      remedy: `belay harden ${target}`,
    }),
  ];
}

/** CloudFront asks for every account's distributions under one name: without a source, anybody's distribution may read the bucket. */
function looseServices(statements: readonly Statement[], { target, bucket }: PolicyCase): Finding[] {
  const loose = statements.filter(
    ({ effect, principals, conditions }) =>
      effect === "Allow" &&
      !principals.isNot &&
      principals.patterns.some((name) => name === "cloudfront.amazonaws.com") &&
      !conditions.some(({ key, values }) => /^aws:source(?:arn|account)$/u.test(key) && values.every((value) => /\d{12}/u.test(value))),
  );
  const reading = loose.filter(
    (statement) =>
      applies(
        { ...statement, conditions: [], principals: anyone },
        { by: "anonymous", action: "s3:GetObject", resource: everywhere(bucket) },
      ) === "yes",
  );
  if (reading.length === 0) return [];
  return [
    judgeOf({ about: "target", target }).warning({
      id: "bucket-any-distribution",
      message: "The bucket's policy lets CloudFront read for anybody's distribution: it names no AWS:SourceArn of yours.",
      evidence: reading.map(({ sid }) => sid || "a statement without a Sid").join(", "),
      remedy: 'Add to that statement: "Condition": {"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::ACCOUNT:distribution/ID"}}',
    }),
  ];
}

const anyone: Statement["principals"] = { isNot: false, patterns: ["*"], isEveryone: true, areServices: false };
