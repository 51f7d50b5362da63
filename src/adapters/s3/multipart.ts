/** Large bodies in parts: few in memory, none visible before all are right. */

import { BelayError } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";
import type { CallOptions } from "../../ports/store.ts";
import { transferBudget } from "./byte-budget.ts";
import { PartReader } from "./part-reader.ts";
import type { Put, PutLanding } from "./put-object.ts";
import type { S3Place } from "./s3-place.ts";
import { abortUpload, beginUpload, completeUpload, sendPart, type Upload, type UploadedPart } from "./upload.ts";
import { verifiedChunks } from "./verified-body.ts";

/** S3's limit (UploadPart, "Amazon S3 multipart upload limits"). */
const partsMax = 10_000;
const partBytesMax = 64 * 1024 * 1024;
const inFlightMax = 4;

export interface LargePut extends Put {
  readonly body: Body;
  /** The least size of a part but the last; S3 wants five MiB. */
  readonly partBytes: number;
  /** Asked when everything is sent and nothing is visible yet; an answer ends it there. */
  readonly beforeCompletion: () => Promise<PutLanding | undefined>;
}

/**
 * Sends a body in parts and completes it under the condition. Every way out but success aborts the upload.
 * Throws `input-changed` where the body is not what it says, and what the requests throw; nothing has landed then.
 */
export async function putInParts(place: S3Place, put: LargePut, options: CallOptions): Promise<PutLanding> {
  const partBytes = Math.max(put.partBytes, Math.ceil(put.body.sizeBytes / partsMax));
  if (partBytes > partBytesMax) {
    throw new BelayError(
      "not-supported",
      `${put.key} has ${put.body.sizeBytes} bytes; at most ${partsMax * partBytesMax} can be sent`,
      "Leave it out with `ignore:` in belay.yaml.",
    );
  }
  const upload = await beginUpload(place, put, options);
  let isComplete = false;
  try {
    const parts = await sendParts(place, upload, { ...put, partBytes }, options);
    const landing =
      (await put.beforeCompletion()) ?? (await completeUpload(place, { ...upload, condition: put.condition, parts }, options));
    isComplete = landing.kind === "landed";
    return landing;
  } finally {
    if (!isComplete) await abortUpload(place, upload);
  }
}

/** Parts are read in order, and several are on their way at a time. After the first failure no further one begins. */
async function sendParts(
  place: S3Place,
  upload: Upload,
  { key, body, partBytes }: LargePut,
  { signal }: CallOptions,
): Promise<UploadedPart[]> {
  const stop = new AbortController();
  const options: CallOptions = { signal: AbortSignal.any([signal, stop.signal]) };
  const reader = new PartReader(verifiedChunks(body, key));
  const parts: UploadedPart[] = [];
  const inFlight = new Set<Promise<void>>();
  try {
    for (let number = 1; !(await reader.isAtEnd()); number += 1) {
      if (inFlight.size >= inFlightMax) await Promise.race(inFlight);
      const giveBack = await transferBudget.take(partBytes, options.signal);
      const bytes = await orGiveBack(reader.read(partBytes), giveBack);
      const send = async (): Promise<void> => {
        parts[number - 1] = { etag: await orGiveBack(sendPart(place, upload, { number, bytes }, options), giveBack) };
        giveBack();
        // One that failed stays, so that whoever waits next meets it.
        inFlight.delete(sending);
      };
      const sending = send();
      sending.catch(() => undefined);
      inFlight.add(sending);
    }
    await Promise.all(inFlight);
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(inFlight);
    throw error;
  } finally {
    await reader.close();
  }
  return parts;
}

async function orGiveBack<Result>(work: Promise<Result>, giveBack: () => void): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    giveBack();
    throw error;
  }
}
