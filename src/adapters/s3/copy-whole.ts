import type { CallOptions } from "../../ports/store.ts";
import type { CopyJob } from "./copy-job.ts";
import { copyHeaders, readCopied, type Copied } from "./copy-requests.ts";
import { landedAs, type Landed, type PutLanding } from "./put-object.ts";
import type { Ask } from "./s3-place.ts";
import { sendForDocument } from "./send-for-document.ts";
import { missedExpectation } from "./write-job.ts";

/** CopyObject under both conditions. The SHA-256 that the server tells of the copy is compared: anything else is `unknown`. */
export async function copyWhole(job: CopyJob, options: CallOptions): Promise<PutLanding> {
  const { setup, key, headers, condition, finding, source } = job;
  const { place } = setup;
  const missed = await missedExpectation(job, options);
  if (missed) return missed;
  const ask = {
    action: "s3:PutObject",
    method: "PUT",
    key,
    headers: { ...headers, ...condition, ...copyHeaders(source, finding.isBare) },
  } as const satisfies Omit<Ask, "isRepeatable">;
  const landing = await sendForDocument(place, { ask, read: readCopied }, options);
  if (landing.kind !== "documented") return landing;
  const { told, headers: answered } = landing;
  const landed = landedAs(answered, told.etag);
  if (landed.kind !== "landed") return landed;
  return proven(landed, told, job.digest);
}

/** Only what is known to be the right bytes has landed; what is not is looked at again, byte by byte, by whoever asked for it. */
function proven(landed: Landed, { sha256, second }: Copied, digest: string): PutLanding {
  if (sha256 === digest) return { ...landed, ...(second !== undefined && { second }) };
  const what =
    sha256 === undefined ? "did not tell the SHA-256 of what it has copied" : "says that it has copied other bytes than were meant";
  return { kind: "unknown", cause: new Error(`the server ${what}`) };
}
