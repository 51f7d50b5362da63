/** What is, and what is to be, of one bucket. */

import type { Json } from "../../core/canonical-json.ts";
import type { AccessLogging, PublicAccessBlock } from "../../core/doctor/bucket-facts.ts";
import type { Caller } from "../../core/doctor/machine-facts.ts";
import type { Told } from "../../core/doctor/told.ts";
import { blocksAll, isAllBlocked, type HardenPlan, type HardenRefusal, type SettingChange } from "../../core/harden/harden-plan.ts";
import { mergePolicy, policyBytesMax, type MergedPolicy } from "../../core/harden/merge-policy.ts";
import type { Account, Place, Principals } from "../../core/harden/place.ts";
import { wallSids, wallStatements } from "../../core/harden/wall-statements.ts";
import type { BucketInspector, Inspector } from "../../ports/inspector.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { Ask } from "../doctor/questions.ts";
import type { Workbench } from "../workbench.ts";
import { deliveryChange, requireFreeLogs } from "./log-place.ts";
import { peopleRefusals, principalsFor, type Named } from "./named-principals.ts";
import { publicAccess, type PublicAccess } from "./public-access.ts";

export interface Planning {
  readonly bench: Workbench;
  readonly inspector: Inspector;
  readonly ask: Ask;
  readonly caller: Told<Caller>;
  readonly account: Account;
  /** Everything of the site that lies in a bucket, this one or another. */
  readonly places: readonly Place[];
  readonly request: { readonly principals: Principals; readonly logs?: AccessLogging };
}

export interface BucketWalls extends Named {
  readonly plan: HardenPlan;
  /** The policy as it is to be, others' statements included. */
  readonly policy: Json;
  /** Statements of others, as they stand. */
  readonly kept: readonly Readonly<Record<string, Json | undefined>>[];
  readonly hasPolicy: boolean;
  /** Whether public access is to be blocked, or is. */
  readonly blocksPublicAccess: boolean;
  readonly logging: AccessLogging | undefined;
  /** Why something is left as it is, and what follows from what is changed. */
  readonly notes: readonly string[];
}

interface Present {
  readonly versioning: Awaited<ReturnType<BucketInspector["versioning"]>>;
  readonly block: PublicAccessBlock | undefined;
  readonly logging: AccessLogging | undefined;
  readonly policy: string | undefined;
  readonly keepsForEver: boolean;
}

/** Throws a `BelayError` where a setting cannot be read: a wall is never built over what was not seen. */
export async function planBucket(about: Planning, bucket: string, options: CallOptions): Promise<BucketWalls> {
  const { request, inspector, bench, account } = about;
  const places = about.places.filter((place) => place.bucket === bucket);
  requireFreeLogs(request.logs, bucket, about.places);
  const present = await look(inspector.bucket(bucket), options);
  const { principals, placeholders } = principalsFor(present.policy, places, { named: request.principals, account });
  const merged = mergePolicy(present.policy, wallStatements({ bucket, places, principals, account }), wallSids(bucket, places));
  const access = await publicAccess(about, { bucket, places, block: present.block, policy: merged?.text });
  const delivery = request.logs && (await deliveryChange(about, bucket, request.logs, options));
  const logging = request.logs ?? present.logging;
  return {
    plan: {
      format: 1,
      intent: "harden",
      site: bench.site.name,
      bucket,
      places: places.map(({ name }) => name),
      changes: changesOf(bucket, { present, access, merged, logs: request.logs, delivery }),
      refusals: [...policyRefusals(bucket, merged), ...peopleRefusals(about.caller, { principals, placeholders })],
    },
    principals,
    placeholders,
    policy: merged?.document ?? null,
    kept: merged?.kept ?? [],
    hasPolicy: present.policy !== undefined,
    blocksPublicAccess: access.isChanged || isAllBlocked(present.block),
    logging,
    notes: [...versionNotes(present), ...access.notes, ...(logging ? [] : [noLogs])],
  };
}

interface Wanted {
  readonly present: Present;
  readonly access: PublicAccess;
  readonly merged: MergedPolicy | undefined;
  readonly logs: AccessLogging | undefined;
  readonly delivery: SettingChange | undefined;
}

/** In the order of writing. The policy comes last: after it, others may no longer write the rest. */
function changesOf(bucket: string, { present, access, merged, logs, delivery }: Wanted): SettingChange[] {
  const { versioning, block, logging, policy } = present;
  const changes: SettingChange[] = [];
  if (versioning.status !== "Enabled") changes.push({ bucket, setting: "versioning", now: versioning.status, next: "Enabled" });
  if (delivery) changes.push(delivery);
  if (logs && !isSameLogging(logging, logs)) changes.push({ bucket, setting: "logging", now: logging ?? null, next: logs });
  if (access.isChanged) changes.push({ bucket, setting: "public-access-block", now: block ?? null, next: blocksAll });
  if (merged?.isChanged === true) changes.push({ bucket, setting: "policy", now: policy ?? null, next: merged.text });
  return changes;
}

const noLogs = "Nothing is logged: name a bucket of its own for access logs with --logs s3://BUCKET/PREFIX, and `log --events` reads them.";

async function look(bucket: BucketInspector, options: CallOptions): Promise<Present> {
  const [versioning, block, logging, policy, lifecycle] = await Promise.all([
    bucket.versioning(options),
    bucket.publicAccessBlock(options),
    bucket.logging(options),
    bucket.policy(options),
    bucket.lifecycle(options),
  ]);
  const keepsForEver = !lifecycle.some(({ isEnabled, noncurrentDays }) => isEnabled && noncurrentDays !== undefined);
  return { versioning, block, logging, policy, keepsForEver };
}

const isSameLogging = (one: AccessLogging | undefined, other: AccessLogging): boolean =>
  one?.bucket === other.bucket && one.prefix === other.prefix;

function versionNotes({ versioning, keepsForEver }: Present): string[] {
  return [
    ...(versioning.status === "never"
      ? ["Versions, once kept, can be suspended and never given up again; S3 asks for 15 minutes before the first write after that."]
      : []),
    ...(keepsForEver ? ["No lifecycle rule ends earlier versions: they are kept, and paid for, until somebody writes one."] : []),
  ];
}

function policyRefusals(bucket: string, merged: MergedPolicy | undefined): HardenRefusal[] {
  const refusal = { rule: "harden", paths: [] } as const;
  const remedy = `aws s3api get-bucket-policy --bucket ${bucket} --query Policy --output text`;
  if (!merged) {
    const message = `The policy of ${bucket} holds something that belay cannot read, so nothing can be added to it.`;
    return [{ ...refusal, code: "policy-unreadable", message, remedy }];
  }
  const sizeBytes = new TextEncoder().encode(merged.text).byteLength;
  if (sizeBytes <= policyBytesMax) return [];
  const message = `The policy of ${bucket} would have ${sizeBytes} bytes, and S3 takes ${policyBytesMax}.`;
  return [{ ...refusal, code: "policy-too-large", message, remedy }];
}
