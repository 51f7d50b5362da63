/** What every guarded write shares, wherever its bytes come from: the last question before it, and what became of it. */

import type { CallOptions, Confirm, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import type { Finding } from "./canary.ts";
import { putCondition } from "./conditions.ts";
import { conflictAt } from "./conflict-at.ts";
import type { Guard } from "./guard.ts";
import { headObject } from "./head-object.ts";
import { headersToSend, spellHeaders } from "./object-headers.ts";
import type { Landed, Put, PutLanding } from "./put-object.ts";
import { checkReplaced, type Checked } from "./replaced-version.ts";
import { formatRevision, isHeldBy, parseRevision, type Mark } from "./revision.ts";
import type { S3Place } from "./s3-place.ts";

export interface WriteSetup {
  readonly place: S3Place;
  readonly guard: Guard;
  /** Whether a change of headers alone is somebody's work: then HEAD comes before a write, or a look at the versions after it. */
  readonly watchesHeaders: boolean;
  /** Bodies up to this size are sent whole, larger ones in parts of it. */
  readonly partBytes: number;
}

/** One write under its condition. */
export interface WriteJob extends Put {
  readonly setup: WriteSetup;
  readonly finding: Finding;
  readonly confirm: Confirm;
  /** Absent for a creation. */
  readonly expected?: Mark;
}

const alwaysYes: Confirm = async () => await Promise.resolve(true);

/**
 * The job of a request; `undefined` where its expectation is a revision of another store, which holds nowhere here.
 * Throws `store-unguarded` where the bucket would not keep the condition, and `input-invalid` for headers that cannot be sent.
 */
export async function jobOf(setup: WriteSetup, request: Omit<WriteRequest, "body">, options: CallOptions): Promise<WriteJob | undefined> {
  const { key, expect, provenance, confirm = alwaysYes } = request;
  const headers = headersToSend(key, request.headers, provenance);
  const finding = await setup.guard.allow(expect.kind === "absent" ? "create" : "replace", options);
  const expected = expect.kind === "absent" ? undefined : parseRevision(expect.revision);
  if (expect.kind === "unchanged" && !expected) return undefined;
  const condition = putCondition(expected?.etag, finding.isBare);
  return { setup, key, headers, condition, finding, confirm, ...(expected && { expected }) };
}

/** The last question before a write becomes visible: does the expectation hold still, and may the caller write still? */
export async function missedExpectation(job: WriteJob, options: CallOptions): Promise<PutLanding | undefined> {
  const missed = await missedHeaders(job, options);
  if (missed) return missed;
  return (await job.confirm()) ? undefined : { kind: "withheld" };
}

/** If-Match sees the bytes alone, so the time is looked at too, right before. Where versions are kept that is done after the write, and better. */
async function missedHeaders({ setup, key, expected, finding }: WriteJob, options: CallOptions): Promise<PutLanding | undefined> {
  if (!expected || !setup.watchesHeaders || finding.listsVersions) return undefined;
  const { place } = setup;
  const sight = await headObject(place, key, options);
  if (!sight) return { kind: "gone" };
  const isHeld = isHeldBy(expected, place.fresh.markOf(key, sight)) && !place.fresh.isRewritten(key, expected, sight);
  return isHeld ? undefined : { kind: "conflict" };
}

/** What is reported of a write, once what could be checked of it was checked. */
export async function outcomeOf(job: WriteJob, landing: PutLanding, options: CallOptions): Promise<WriteOutcome> {
  switch (landing.kind) {
    case "landed":
      return await noted(job, landing, options);
    case "conflict":
      return await conflictAt(job.setup.place, job.key, options);
    case "gone":
    case "withheld":
      return { kind: "conflict", found: undefined };
    case "unknown":
      return landing;
  }
}

async function noted(job: WriteJob, landed: Landed, options: CallOptions): Promise<WriteOutcome> {
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
async function lookBack({ setup, key, expected, finding }: WriteJob, landed: Landed, options: CallOptions): Promise<Checked | undefined> {
  if (!expected || !setup.watchesHeaders || !finding.listsVersions) return undefined;
  if (landed.versionId === undefined) {
    const cause = new Error("the write has landed, but the bucket keeps no versions any more, so what it replaced cannot be looked at");
    return { kind: "wrong", outcome: { kind: "unknown", isUnchecked: true, cause } };
  }
  const condition = putCondition(landed.etag, finding.isBare);
  return await checkReplaced(setup.place, { key, expected, landed, condition }, options);
}

async function secondOfWrite({ setup, key }: WriteJob, landed: Landed, options: CallOptions): Promise<number | undefined> {
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
