/** One write whose bytes lie in another bucket: pinned there, bound to its expectation here, and moved by the server. */

import { BelayError } from "../../core/belay-error.ts";
import type { StoreName } from "../../core/brand.ts";
import type { CallOptions, CopyOutcome, CopyRequest } from "../../ports/store.ts";
import { conflictAt } from "./conflict-at.ts";
import type { CopyJob, CopyLanding, CopyLimits } from "./copy-job.ts";
import { lookAtSource } from "./copy-source.ts";
import { copyInOnePart, copyInRanges } from "./copy-parts.ts";
import { copyWhole } from "./copy-whole.ts";
import { parseRevision, type Mark } from "./revision.ts";
import { requireKey, type S3Place } from "./s3-place.ts";
import { jobOf, outcomeOf, type WriteJob, type WriteSetup } from "./write-job.ts";

export interface CopySetup extends WriteSetup {
  /** The bucket of another store at the same service; `undefined` where it is no bucket. */
  readonly sourceAt: (store: StoreName) => S3Place | undefined;
  readonly limits: CopyLimits;
}

/** S3 API reference, UploadPartCopy: at most 5 GiB. A whole copy of 64 MiB takes a second or two. */
export const usualLimits: CopyLimits = { wholeBytes: 64 * 1024 ** 2, partBytes: 5 * 1024 ** 3, rangeBytes: 1024 ** 3 };

interface NotCopied {
  readonly kind: "not-copied";
  readonly why: string;
}

const notCopied = (why: string): NotCopied => ({ kind: "not-copied", why });

/**
 * Copies if the source still has its revision and the expectation holds here. `not-copied` wherever the server may not, cannot or
 * does not prove it under guard: then the bytes can be sent instead. Throws only what has not landed.
 */
export async function copyObject(setup: CopySetup, request: CopyRequest, options: CallOptions): Promise<CopyOutcome> {
  const { key, from } = request;
  const place = setup.sourceAt(from.store);
  const pinned = parseRevision(from.revision);
  if (!place || !pinned) return notCopied("what it is made from is no object of a bucket");
  requireKey(from.key);
  const writing = await jobOf(setup, request, options);
  if (!writing) return await conflictAt(setup.place, key, options);
  try {
    return await copyFrom(setup, { place, pinned, writing, request }, options);
  } catch (error) {
    // Whoever may not read there, or copy here, may still be allowed to read and to write.
    if (error instanceof BelayError && isBarred(error)) return notCopied(error.message);
    throw error;
  }
}

const barred: ReadonlySet<BelayError["code"]> = new Set(["store-denied", "not-supported", "store-missing", "usage"]);

/** What the server refuses of a copy (its encryption, its storage class, a checksum that is not the source's) it may take as bytes. */
function isBarred({ code, cause }: BelayError): boolean {
  if (barred.has(code)) return true;
  const status = typeof cause === "object" && cause !== null && "status" in cause ? Number(cause.status) : 0;
  return code === "store-unreachable" && status >= 400 && status < 500 && status !== 429;
}

interface Copying {
  readonly place: S3Place;
  readonly pinned: Mark;
  readonly writing: WriteJob;
  readonly request: CopyRequest;
}

async function copyFrom(setup: CopySetup, { place, pinned, writing, request }: Copying, options: CallOptions): Promise<CopyOutcome> {
  const { digest, sizeBytes } = request;
  const source = await lookAtSource(place, request.from.key, pinned, options);
  if (!source) return notCopied("what it is made from has changed");
  if (source.sizeBytes !== sizeBytes || (source.sha256 ?? digest) !== digest) return notCopied("what it is made from holds other bytes");
  const way = await wayOf(setup, { ...writing, source, digest, limits: setup.limits }, options);
  if (!way) return notCopied("this server does not copy under guard");
  const { expected } = writing;
  // A copy of the same bytes may have the same ETag.
  if (expected) await setup.place.clock.leave(expected.second, options.signal);
  const landing = await way();
  if (landing.kind === "unproven") return notCopied(landing.why);
  if (landing.kind !== "conflict" && landing.kind !== "gone") return await outcomeOf(writing, landing, options);
  // Conditions on both ends miss with the same answer.
  if (!(await lookAtSource(place, request.from.key, pinned, options))) return notCopied("what it is made from has changed");
  // A missing key can only be the one that was to be replaced; a creation misses nothing.
  if (landing.kind === "gone" && !expected) return notCopied("the server does not find what it is made from");
  return await outcomeOf(writing, landing, options);
}

type Way = () => Promise<CopyLanding>;

/**
 * CopyObject where the source's SHA-256 is known before: it is visible as soon as it is made. Otherwise a part that is compared
 * before it becomes visible; what is too large for one part must have a checksum that holds for the whole.
 */
async function wayOf({ guard }: CopySetup, job: CopyJob, options: CallOptions): Promise<Way | undefined> {
  const { source, digest, limits } = job;
  const isProven = source.sha256 === digest;
  if (isProven && source.sizeBytes <= limits.wholeBytes && (await guard.keepsCopy(options))) {
    return async () => await copyWhole(job, options);
  }
  if (source.sizeBytes === 0 || !(await guard.keepsCompletion(options))) return undefined;
  if (source.sizeBytes <= limits.partBytes) return async () => await copyInOnePart(job, options);
  const { crc64nvme } = source;
  return crc64nvme === undefined ? undefined : async () => await copyInRanges(job, crc64nvme, options);
}
