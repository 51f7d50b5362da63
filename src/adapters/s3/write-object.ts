/** One write, from the expectation to a revision: what is looked at before, what is sent, what is checked after. */

import type { Body } from "../../core/body.ts";
import { parseRevision, formatRevision, isHeldBy, type Mark } from "./revision.ts";
import type { CallOptions, Confirm, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import { BelayError } from "../../core/belay-error.ts";
import { transferBudget } from "./byte-budget.ts";
import type { Finding } from "./canary.ts";
import { putCondition } from "./conditions.ts";
import { conflictAt } from "./conflict-at.ts";
import type { Guard } from "./guard.ts";
import { headObject } from "./head-object.ts";
import { putInParts } from "./multipart.ts";
import { headersToSend, spellHeaders } from "./object-headers.ts";
import { hasEtag, putObject, wireBodyOf, type Landed, type Put, type PutLanding } from "./put-object.ts";
import { checkReplaced, type Checked } from "./replaced-version.ts";
import type { S3Place } from "./s3-place.ts";
import { collectVerified, verifiedChunks } from "./verified-body.ts";

export interface WriteSetup {
  readonly place: S3Place;
  readonly guard: Guard;
  /** Whether a change of headers alone is somebody's work: then HEAD comes before a write, or a look at the versions after it. */
  readonly watchesHeaders: boolean;
  /** Bodies up to this size are sent whole, larger ones in parts of it. */
  readonly partBytes: number;
}

interface Job extends Put {
  readonly setup: WriteSetup;
  readonly body: Body;
  readonly finding: Finding;
  readonly confirm: Confirm;
  /** Absent for a creation. */
  readonly expected?: Mark;
}

const alwaysYes: Confirm = async () => await Promise.resolve(true);

/** S3's limit for one PutObject. */
const putBytesMax = 5 * 1024 ** 3;

/** Writes if the expectation holds. Throws only what has not landed. */
export async function writeObject(setup: WriteSetup, request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
  const { place, guard } = setup;
  const { key, expect, body } = request;
  const headers = headersToSend(key, request.headers, request.provenance);
  const finding = await guard.allow(expect.kind === "absent" ? "create" : "replace", options);
  const expected = expect.kind === "absent" ? undefined : parseRevision(expect.revision);
  // A revision of another store holds nowhere here.
  if (expect.kind === "unchanged" && !expected) return await conflictAt(place, key, options);
  const condition = putCondition(expected?.etag, finding.isBare);
  const { confirm = alwaysYes } = request;
  const job: Job = { setup, key, headers, condition, body, finding, confirm, ...(expected && { expected }) };
  const landing = body.sizeBytes <= setup.partBytes ? await writeWhole(job, options) : await writeLarge(job, options);
  switch (landing.kind) {
    case "landed":
      return await settle(job, landing, options);
    case "conflict":
      return await conflictAt(place, key, options);
    case "gone":
    case "withheld":
      return { kind: "conflict", found: undefined };
    case "unknown":
      return landing;
  }
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

/** The last question before a write becomes visible: does the expectation hold still, and may the caller write still? */
async function missedExpectation(job: Job, options: CallOptions): Promise<PutLanding | undefined> {
  const missed = await missedHeaders(job, options);
  if (missed) return missed;
  return (await job.confirm()) ? undefined : { kind: "withheld" };
}

/** If-Match sees the bytes alone, so the time is looked at too, right before. Where versions are kept that is done after the write, and better. */
async function missedHeaders({ setup, key, expected, finding }: Job, options: CallOptions): Promise<PutLanding | undefined> {
  if (!expected || !setup.watchesHeaders || finding.listsVersions) return undefined;
  const { place } = setup;
  const sight = await headObject(place, key, options);
  if (!sight) return { kind: "gone" };
  const isHeld = isHeldBy(expected, place.fresh.markOf(key, sight)) && !place.fresh.isRewritten(key, expected, sight);
  return isHeld ? undefined : { kind: "conflict" };
}

async function settle(job: Job, landed: Landed, options: CallOptions): Promise<WriteOutcome> {
  const { setup, key, headers, expected, finding } = job;
  const { place, guard } = setup;
  guard.noteVersioning(landed.versionId !== undefined, finding);
  const looked = await lookBack(job, landed, options);
  if (looked?.kind === "wrong") return looked.outcome;
  const second = looked?.second ?? (await secondOfWrite(job, landed, options));
  if (second === undefined) return { kind: "unknown", cause: new Error("the server did not tell when it wrote the object") };
  const mark: Mark = { etag: landed.etag, second };
  place.fresh.note(key, {
    ...mark,
    spelling: spellHeaders(headers),
    ...(landed.versionId !== undefined && { versionId: landed.versionId }),
    ...(expected?.etag === landed.etag && { after: expected.second }),
  });
  return { kind: "written", revision: formatRevision(mark) };
}

/** What was replaced, where versions are kept; `undefined` where that was looked at before the write, or need not be. */
async function lookBack({ setup, key, expected, finding }: Job, landed: Landed, options: CallOptions): Promise<Checked | undefined> {
  if (!expected || !setup.watchesHeaders || !finding.listsVersions) return undefined;
  if (landed.versionId === undefined) {
    const cause = new Error("the write has landed, but the bucket keeps no versions any more, so what it replaced cannot be looked at");
    return { kind: "wrong", outcome: { kind: "unknown", isUnchecked: true, cause } };
  }
  const condition = putCondition(landed.etag, finding.isBare);
  return await checkReplaced(setup.place, { key, expected, landed, condition }, options);
}

async function secondOfWrite({ setup, key }: Job, landed: Landed, options: CallOptions): Promise<number | undefined> {
  const { second } = landed;
  if (second !== undefined && landed.isInParts !== true) return second;
  return (await secondNow(setup.place, key, landed, options)) ?? second;
}

/** LastModified of an upload in parts is the time of its beginning, which no answer to it tells. `undefined` where another write has followed, or nothing can be learned. */
async function secondNow(place: S3Place, key: string, landed: Landed, options: CallOptions): Promise<number | undefined> {
  try {
    const sight = await headObject(place, key, options);
    return sight?.etag === landed.etag ? sight.second : undefined;
  } catch {
    // It has landed, and must not be reported as anything else.
    return undefined;
  }
}
