/** Where a bucket's access log goes. */

import { BelayError } from "../../core/belay-error.ts";
import type { AccessLogging } from "../../core/doctor/bucket-facts.ts";
import type { SettingChange } from "../../core/harden/harden-plan.ts";
import { logDeliveryStatement } from "../../core/harden/log-delivery.ts";
import { mergePolicy } from "../../core/harden/merge-policy.ts";
import type { Account, Place } from "../../core/harden/place.ts";
import type { Inspector } from "../../ports/inspector.ts";
import type { CallOptions } from "../../ports/store.ts";

/** S3 needs the taking bucket's leave to write there. */
export async function deliveryChange(
  { inspector, account }: { readonly inspector: Inspector; readonly account: Account },
  bucket: string,
  logs: AccessLogging,
  options: CallOptions,
): Promise<SettingChange | undefined> {
  const now = await inspector.bucket(logs.bucket).policy(options);
  const merged = mergePolicy(now, [logDeliveryStatement(bucket, logs, account)]);
  if (!merged) {
    throw new BelayError(
      "not-supported",
      `The policy of ${logs.bucket} holds something that belay cannot read, so nothing can be added to it.`,
      `aws s3api get-bucket-policy --bucket ${logs.bucket} --query Policy --output text`,
    );
  }
  return merged.isChanged ? { bucket: logs.bucket, setting: "policy", now: now ?? null, next: merged.text } : undefined;
}

/** A log of a log grows without end, and a place that takes conditional writes alone takes no log. */
export function requireFreeLogs(logs: AccessLogging | undefined, bucket: string, places: readonly Place[]): void {
  if (!logs) return;
  const remedy = "Name a bucket of its own: --logs s3://BUCKET/PREFIX";
  if (logs.bucket === bucket)
    throw new BelayError("usage", `The access log of ${bucket} cannot go into ${bucket}: it would log itself.`, remedy);
  const inside = places.find(
    (place) => place.bucket === logs.bucket && (place.prefix === "" || `${logs.prefix}/`.startsWith(`${place.prefix}/`)),
  );
  if (inside)
    throw new BelayError("usage", `Logs cannot go among what ${inside.name} keeps: they are written without a condition.`, remedy);
}
