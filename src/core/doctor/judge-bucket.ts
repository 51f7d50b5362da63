/** Whether a target's bucket keeps what is overwritten, and keeps strangers out. The policy is judged apart. */

import type { AccessLogging, BucketHead, Grant, LifecycleRule, PublicAccessBlock, Versioning } from "./bucket-facts.ts";
import { judgeOf, type Finding } from "./finding.ts";
import type { Told } from "./told.ts";

export interface BucketCase {
  readonly target: string;
  readonly isProduction: boolean;
  readonly bucket: string;
  readonly prefix: string;
  readonly hasCdn: boolean;
  /** Why belay.yaml accepts a bucket that keeps no versions. */
  readonly unversioned: string | undefined;
  /** `undefined` where there is no such bucket. */
  readonly head: Told<BucketHead | undefined>;
  readonly versioning: Told<Versioning>;
  readonly publicAccessBlock: Told<PublicAccessBlock | undefined>;
  readonly grants: Told<readonly Grant[]>;
  readonly ownership: Told<string | undefined>;
  readonly encryption: Told<string | undefined>;
  readonly logging: Told<AccessLogging | undefined>;
  readonly lifecycle: Told<readonly LifecycleRule[]>;
  readonly isWebsite: Told<boolean>;
}

/** Earlier versions that go sooner are gone before anybody misses them. */
const noncurrentDaysMin = 30;

/** Of a bucket that is not there, only that is said. */
export const judgeBucket = (about: BucketCase): readonly Finding[] =>
  about.head.kind === "told" && about.head.value === undefined ? presence(about) : [...presence(about), ...settings(about)];

const settings = (about: BucketCase): readonly Finding[] => [
  ...versions(about),
  ...accessBlock(about),
  ...accessLists(about),
  ...encryption(about),
  ...logging(about),
  ...lifecycle(about),
  ...website(about),
];

function presence({ target, bucket, head }: BucketCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  return judge.of({ id: "bucket-exists", what: "Whether the bucket is there", answer: head }, (found) => {
    if (found === undefined) {
      const message = `There is no bucket ${bucket}: whoever makes one of that name gets what is deployed to it, and its visitors.`;
      return judge.unsafe({ id: "bucket-exists", message, remedy: `aws s3api create-bucket --bucket ${bucket}` });
    }
    const is = judge.ok("bucket-exists", "The bucket is there.", bucket);
    if (!found.isAws || found.region === undefined || found.region === found.configuredRegion) return is;
    const message = `The bucket is in ${found.region}, while requests are set up for ${found.configuredRegion}: each connection begins with a detour.`;
    return [is, judge.note({ id: "bucket-region", message, remedy: `export AWS_REGION=${found.region}` })];
  });
}

function versions({ target, bucket, isProduction, unversioned, versioning }: BucketCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  const id = "bucket-versioning";
  return judge.of({ id, what: "Whether the bucket keeps versions", answer: versioning }, ({ status, needsMfaToDelete }) => {
    if (status === "Enabled") {
      const mfa = {
        id: "bucket-mfa-delete",
        message: "Earlier versions can be deleted for good without a second factor (MFA delete is off).",
      };
      const kept = judge.ok(id, "The bucket keeps what is overwritten.");
      return needsMfaToDelete ? [kept, judge.ok(mfa.id, "Deleting a version for good takes a second factor.")] : [kept, judge.note(mfa)];
    }
    const remedy = `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`;
    const message = `The bucket keeps no versions (${status === "never" ? "versioning was never on" : "versioning is suspended"}): what another tool overwrites there is gone.`;
    if (!isProduction) return judge.warning({ id, message, remedy });
    if (unversioned === undefined) return judge.unsafe({ id, message: `${message} belay refuses to deploy there (D5).`, remedy });
    return judge.warning({ id, message: `${message} belay.yaml accepts that.`, evidence: `unversioned: ${unversioned}`, remedy });
  });
}

function accessBlock({ target, bucket, publicAccessBlock, hasCdn }: BucketCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  const id = "bucket-public-access-block";
  return judge.of({ id, what: "Whether public access is blocked", answer: publicAccessBlock }, (found) => {
    const open = [
      ["BlockPublicAcls", found?.blockPublicAcls],
      ["IgnorePublicAcls", found?.ignorePublicAcls],
      ["BlockPublicPolicy", found?.blockPublicPolicy],
      ["RestrictPublicBuckets", found?.restrictPublicBuckets],
    ].flatMap(([name, isOn]) => (isOn === true ? [] : [String(name)]));
    if (open.length === 0) return judge.ok(id, "Public access to the bucket is blocked.");
    const all = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true";
    const remedy = `aws s3api put-public-access-block --bucket ${bucket} --public-access-block-configuration ${all}`;
    const message = "Public access to the bucket is not blocked: one policy or one list of grants opens it.";
    // Without a CDN visitors come to the bucket itself.
    if (!hasCdn) return judge.note({ id, message, evidence: `off: ${open.join(", ")}` });
    return judge.warning({ id, message, evidence: `off: ${open.join(", ")}`, remedy });
  });
}

function accessLists({ target, bucket, grants, ownership, publicAccessBlock, hasCdn }: BucketCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  const id = "bucket-acl";
  if (ownership.kind === "told" && ownership.value === "BucketOwnerEnforced")
    return [judge.ok(id, "Access control lists are switched off.")];
  const isIgnored = publicAccessBlock.kind === "told" && publicAccessBlock.value?.ignorePublicAcls === true;
  return judge.of({ id, what: "Who the bucket's access control list lets in", answer: grants }, (found) => {
    const strangers = isIgnored ? [] : found.filter(({ to }) => to !== "named");
    const evidence = strangers
      .map(({ to, permission }) => `${permission} to ${to === "everyone" ? "everyone" : "any AWS account"}`)
      .join(", ");
    const remedy = `aws s3api put-bucket-ownership-controls --bucket ${bucket} --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`;
    if (strangers.some(({ permission }) => /WRITE|FULL_CONTROL/u.test(permission))) {
      return judge.unsafe({ id, message: "The bucket's access control list lets strangers write there.", evidence, remedy });
    }
    if (strangers.length > 0) {
      const message = "The bucket's access control list lets strangers list what is in it.";
      return (hasCdn ? judge.warning : judge.note)({ id, message, evidence, remedy });
    }
    return judge.ok(id, "The bucket's access control list lets no stranger in.");
  });
}

function encryption({ target, encryption: answer }: BucketCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  const id = "bucket-encryption";
  return judge.of({ id, what: "How the bucket encrypts", answer }, (found) =>
    found === undefined
      ? judge.note({ id, message: "The bucket has no encryption of its own set; AWS encrypts with S3's own keys all the same." })
      : judge.ok(id, "The bucket encrypts what it stores.", found),
  );
}

function logging({ target, bucket, prefix, logging: answer }: BucketCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  const id = "bucket-logging";
  return judge.of({ id, what: "Whether the bucket's access is logged", answer }, (found) => {
    if (found === undefined) {
      const message = "Access to the bucket is not logged: of a write past belay, nobody will be able to say who made it.";
      return judge.note({ id, message, remedy: `belay harden ${target}` });
    }
    if (found.bucket === bucket && found.prefix.startsWith(prefix === "" ? "" : `${prefix}/`)) {
      const message = "The bucket logs its access into what is published: visitors may read it, and each entry makes another.";
      return judge.warning({ id, message, evidence: `s3://${found.bucket}/${found.prefix}`, remedy: "Log into another bucket." });
    }
    return judge.ok(id, "Access to the bucket is logged.", `s3://${found.bucket}/${found.prefix}`);
  });
}

function lifecycle({ target, prefix, lifecycle: answer }: BucketCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  const id = "bucket-lifecycle";
  const isOurs = (rule: LifecycleRule): boolean =>
    rule.isEnabled && (rule.prefix.startsWith(prefix) || prefix.startsWith(rule.prefix.replace(/\/$/u, "")));
  return judge.of({ id, what: "How long earlier versions stay", answer }, (rules) => {
    const ours = rules.filter(isOurs);
    const expiring = ours.filter((rule) => rule.expiresCurrent);
    const hasty = ours.filter(
      ({ noncurrentDays, noncurrentKept = 0 }) => (noncurrentDays ?? noncurrentDaysMin) < noncurrentDaysMin && noncurrentKept === 0,
    );
    const found: Finding[] = [];
    if (expiring.length > 0) {
      const message = "A lifecycle rule deletes what is live after a time: pages vanish by themselves.";
      found.push(
        judge.warning({
          id: "bucket-expiry",
          message,
          evidence: named(expiring),
          remedy: "Narrow that rule to another prefix, or take it out.",
        }),
      );
    }
    if (hasty.length > 0) {
      const message = `A lifecycle rule deletes earlier versions before ${noncurrentDaysMin} days: what a bad deploy replaced may be gone when it is missed.`;
      const evidence = hasty.map((rule) => `${named([rule])}: ${rule.noncurrentDays ?? 0} days`).join(", ");
      found.push(judge.warning({ id, message, evidence, remedy: `Set NoncurrentDays of that rule to ${noncurrentDaysMin} or more.` }));
    }
    return found.length > 0 ? found : judge.ok(id, "No lifecycle rule takes away live objects or young versions.");
  });
}

const named = (some: readonly LifecycleRule[]): string => some.map((rule) => rule.id || "a rule without a name").join(", ");

function website({ target, isWebsite, hasCdn }: BucketCase): readonly Finding[] {
  const judge = judgeOf({ about: "target", target });
  const id = "bucket-website";
  return judge.of({ id, what: "Whether the bucket answers as a website", answer: isWebsite }, (isOn) => {
    if (!isOn || !hasCdn) return judge.ok(id, isOn ? "The bucket answers as a website." : "The bucket is no website by itself.");
    const message = "The bucket answers as a website besides its CDN: that address shows other bytes than visitors get, and without TLS.";
    return judge.note({
      id,
      message,
      remedy: "Where the CDN reads the bucket itself (not its website endpoint): aws s3api delete-bucket-website --bucket NAME",
    });
  });
}
