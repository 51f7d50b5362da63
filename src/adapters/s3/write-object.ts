/** One write of bytes that are at hand: what is looked at before, and how they are sent. */

import type { Body } from "../../core/body.ts";
import type { CallOptions, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import { BelayError } from "../../core/belay-error.ts";
import { transferBudget } from "./byte-budget.ts";
import { conflictAt } from "./conflict-at.ts";
import { putInParts } from "./multipart.ts";
import { hasEtag, putObject, wireBodyOf, type PutLanding } from "./put-object.ts";
import { collectVerified, verifiedChunks } from "./verified-body.ts";
import { jobOf, missedExpectation, outcomeOf, type WriteJob, type WriteSetup } from "./write-job.ts";

interface Job extends WriteJob {
  readonly body: Body;
}

/** S3's limit for one PutObject. */
const putBytesMax = 5 * 1024 ** 3;

/** Writes if the expectation holds. Throws only what has not landed. */
export async function writeObject(setup: WriteSetup, request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
  const { key, body } = request;
  const writing = await jobOf(setup, request, options);
  if (!writing) return await conflictAt(setup.place, key, options);
  const job: Job = { ...writing, body };
  const landing = body.sizeBytes <= setup.partBytes ? await writeWhole(job, options) : await writeLarge(job, options);
  return await outcomeOf(job, landing, options);
}

/** The bytes are checked before anything is sent, and are the very ones that are sent. */
async function writeWhole(job: Job, options: CallOptions): Promise<PutLanding> {
  const { setup, key, body, expected } = job;
  const giveBack = await transferBudget.take(body.sizeBytes, options.signal);
  try {
    const bytes = await collectVerified(body, key);
    if (expected && hasEtag(bytes, expected.etag)) await setup.place.clock.leave(expected.second, options.signal);
    const missed = await missedExpectation(job, options);
    return missed ?? (await putObject(setup.place, job, wireBodyOf(bytes, body.digest), options));
  } finally {
    giveBack();
  }
}

async function writeLarge(job: Job, options: CallOptions): Promise<PutLanding> {
  const { setup, key, body, expected } = job;
  const { place, guard, partBytes } = setup;
  const keepsCompletion = await guard.keepsCompletion(options);
  // The same parts have the same ETag, and so may a stream that was sent before.
  if (expected) await place.clock.leave(expected.second, options.signal);
  const missed = await missedExpectation(job, options);
  if (missed) return missed;
  if (keepsCompletion) {
    const beforeCompletion = async (): Promise<PutLanding | undefined> => await missedExpectation(job, options);
    return await putInParts(place, { ...job, partBytes, beforeCompletion }, options);
  }
  if (body.sizeBytes > putBytesMax) {
    const { base } = await place.wire();
    throw new BelayError(
      "store-unguarded",
      `${base} does not honour conditions when it completes a multipart upload, and ${key} is too large for one request`,
      "Use a server that honours If-Match on CompleteMultipartUpload, or leave the file out with `ignore:` in belay.yaml.",
    );
  }
  const streamed = { sizeBytes: body.sizeBytes, sha256: body.digest, open: () => verifiedChunks(body, key) };
  return await putObject(place, job, streamed, options);
}
