/** Copies as uploads whose parts the server takes from another bucket: nothing is visible before it is completed under its condition. */

import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";
import { answerText } from "../shared/aws/read-answer.ts";
import { problemOf } from "../shared/aws/read-aws-error.ts";
import type { CopyJob, CopyLanding } from "./copy-job.ts";
import { readCopied, sourceHeaders, type Copied } from "./copy-requests.ts";
import type { Ask } from "./s3-place.ts";
import { abortUpload, beginUpload, completeUpload, type Completion, type Upload } from "./upload.ts";
import { missedExpectation } from "./write-job.ts";

/** All of it in one part, whose SHA-256 is that of the whole and is compared before the copy becomes visible. */
export async function copyInOnePart(job: CopyJob, options: CallOptions): Promise<CopyLanding> {
  return await inUpload(job, { "x-amz-checksum-algorithm": "SHA256" }, options, async (upload) => {
    const { etag, sha256 } = await copyPart(job, upload, { number: 1 }, options);
    if (sha256 !== job.digest) return undefined;
    return { ...upload, condition: job.condition, parts: [{ etag, sha256: Buffer.from(sha256, "hex").toString("base64") }] };
  });
}

/** S3's limit (S3 User Guide, "Amazon S3 multipart upload limits"). */
const partsMax = 10_000;
const inFlightMax = 4;

/**
 * In ranges, for what is larger than one part can be. No server tells a SHA-256 over parts, so the source's own CRC-64 goes with the
 * completion: the server makes no object of other bytes than those of the pinned source, whose digest the plan knows.
 */
export async function copyInRanges(job: CopyJob, crc64nvme: string, options: CallOptions): Promise<CopyLanding> {
  const { source, limits } = job;
  const rangeBytes = Math.max(limits.rangeBytes, Math.ceil(source.sizeBytes / partsMax));
  const count = Math.ceil(source.sizeBytes / rangeBytes);
  const whole = { "x-amz-checksum-type": "FULL_OBJECT" };
  return await inUpload(job, { ...whole, "x-amz-checksum-algorithm": "CRC64NVME" }, options, async (upload) => {
    const parts: Copied[] = [];
    for (let first = 0; first < count; first += inFlightMax) {
      const numbers = Array.from({ length: Math.min(inFlightMax, count - first) }, (_, at) => first + at + 1);
      const copied = numbers.map(async (number) => {
        const start = (number - 1) * rangeBytes;
        const range = `bytes=${start}-${Math.min(start + rangeBytes, source.sizeBytes) - 1}`;
        return await copyPart(job, upload, { number, range }, options);
      });
      // All are waited for: an upload is not dropped while parts are on their way into it.
      for (const settled of await Promise.allSettled(copied)) {
        if (settled.status === "rejected") throw settled.reason;
        parts.push(settled.value);
      }
    }
    const etags = parts.map(({ etag }) => ({ etag }));
    return { ...upload, condition: job.condition, parts: etags, checksum: { ...whole, "x-amz-checksum-crc64nvme": crc64nvme } };
  });
}

/** Begins, has the parts copied, asks the last question and completes; every way out but success drops the upload. */
async function inUpload(
  job: CopyJob,
  checksum: Readonly<Record<string, string>>,
  options: CallOptions,
  fill: (upload: Upload) => Promise<Completion | undefined>,
): Promise<CopyLanding> {
  const { setup, key, headers } = job;
  const { place } = setup;
  const upload = await beginUpload(place, { key, headers: { ...headers, ...checksum } }, options);
  let isComplete = false;
  try {
    const completion = await fill(upload);
    if (!completion) return { kind: "unproven", why: "the server does not show that it copies the right bytes" };
    const landing = (await missedExpectation(job, options)) ?? (await completeUpload(place, completion, options));
    isComplete = landing.kind === "landed";
    return landing;
  } catch (error) {
    if (error instanceof SourceMissed) return { kind: "unproven", why: "the server does not find what it is made from as it was" };
    throw error;
  } finally {
    if (!isComplete) await abortUpload(place, upload);
  }
}

/** The source is not what it was, or the server does not take it for that. */
class SourceMissed extends Error {
  override readonly name = "SourceMissed";
}

const attemptsMax = 3;
/** Nobody sees a part before the upload is completed: five gigabytes may take their time. */
const partLimitMs = 5 * 60_000;

/** One part, again if need be. An error document may follow the status 200. */
async function copyPart(
  { setup, key, source, finding }: CopyJob,
  { id }: Upload,
  { number, range }: { readonly number: number; readonly range?: string },
  options: CallOptions,
): Promise<Copied> {
  const { place } = setup;
  const ask: Ask = {
    action: "s3:PutObject",
    method: "PUT",
    key,
    query: { partNumber: String(number), uploadId: id },
    headers: { ...sourceHeaders(source, finding.isBare), ...(range !== undefined && { "x-amz-copy-source-range": range }) },
    isRepeatable: true,
    limitMs: partLimitMs,
  };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await place.ask(ask, options);
    const text = await answerText(answer).catch(() => "");
    const copied = answer.status === 200 ? readCopied(text) : undefined;
    if (copied) return copied;
    const problem = problemOf(answer, text);
    if (answer.status === 412 || ["PreconditionFailed", "NoSuchKey", "NoSuchVersion"].includes(problem.code)) throw new SourceMissed();
    const meaning = await place.meaningOf(problem, ask);
    const isWorthAnother = answer.status < 300 && meaning instanceof BelayError && meaning.code === "store-unreachable";
    if (attempt >= attemptsMax || !isWorthAnother) throw meaning;
  }
}
