/** GET: small objects are held in memory, large ones are hashed once and fetched again whenever their body is opened. */

import { createHash } from "node:crypto";
import { bodyOf } from "../../core/body.ts";
import { asDigest } from "../../core/brand.ts";
import type { CallOptions, Reading } from "../../ports/store.ts";
import { answerBytes } from "../shared/aws/read-answer.ts";
import { readAwsError } from "../shared/aws/read-aws-error.ts";
import { WireFailure, type WireAnswer } from "../shared/aws/wire.ts";
import { objectBytes, type Pinned } from "./object-bytes.ts";
import { readSaying, storedHeaders } from "./object-headers.ts";
import { formatRevision } from "./revision.ts";
import type { Ask, S3Place } from "./s3-place.ts";
import { sightOf } from "./sight-of.ts";
import { verifiedChunks } from "./verified-body.ts";

/** Objects up to this size are read into memory whole. */
const smallBytesMax = 2 * 1024 * 1024;
const attemptsMax = 4;
const pauseMs = 200;

/** A reading with the headers exactly as the bucket holds them, those that belay does not report included. */
export interface RawReading {
  readonly reading: Reading;
  readonly stored: Readonly<Record<string, string>>;
}

/** One object, or one version of it; `undefined` where there is none. */
export async function readObject(
  place: S3Place,
  key: string,
  options: CallOptions & { readonly versionId?: string },
): Promise<RawReading | undefined> {
  const { versionId } = options;
  const ask: Ask = {
    action: versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion",
    method: "GET",
    key,
    isRepeatable: true,
    headers: { "accept-encoding": "identity" },
    ...(versionId !== undefined && { query: { versionId } }),
  };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await place.ask(ask, options);
    if (answer.status === 404 || answer.status === 405) return await requireAbsent(place, answer, ask);
    if (answer.status !== 200) throw await place.errorOf(answer, ask);
    try {
      return await readAnswer(place, key, answer, options);
    } catch (error) {
      if (!(error instanceof WireFailure) || attempt >= attemptsMax) throw await place.meaningOf(error, ask);
    }
    await place.runtime.sleep(pauseMs * attempt, options.signal);
  }
}

/** A missing key, a deleted one and a version that is gone are absent; a missing bucket is an error. 405 is what a delete marker's own version answers. */
async function requireAbsent(place: S3Place, answer: WireAnswer, ask: Ask): Promise<undefined> {
  const problem = await readAwsError(answer);
  const isAbsent = ["", "NoSuchKey", "NoSuchVersion"].includes(problem.code) || answer.headers["x-amz-delete-marker"] === "true";
  if (!isAbsent) throw await place.meaningOf(problem, ask);
}

async function readAnswer(place: S3Place, key: string, answer: WireAnswer, options: CallOptions): Promise<RawReading> {
  const { headers } = answer;
  const sight = await sightOf(place, key, answer);
  const said = headers["content-length"];
  const sizeBytes = said === undefined ? Infinity : Number(said);
  const body = sizeBytes <= smallBytesMax ? await smallBody(place, answer) : await largeBody(place, answer, { ...sight, key }, options);
  const mark = place.fresh.markOf(key, sight);
  const observed = {
    key,
    revision: formatRevision(mark),
    sizeBytes: body.sizeBytes,
    digest: body.digest,
    modifiedAtMs: sight.second * 1000,
    ...readSaying(headers),
  };
  return { reading: { observed, body }, stored: storedHeaders(headers) };
}

async function smallBody(place: S3Place, answer: WireAnswer): Promise<Reading["body"]> {
  const bytes = await answerBytes(answer);
  return bodyOf(bytes, place.runtime.sha256(bytes));
}

/** Reads all of it once for its digest and keeps none of it. */
async function largeBody(place: S3Place, first: WireAnswer, pinned: Pinned, options: CallOptions): Promise<Reading["body"]> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of objectBytes(place, pinned, { ...options, first })) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
  }
  const digest = asDigest(hash.digest("hex"));
  const unchecked = { digest, sizeBytes, open: () => objectBytes(place, pinned, options) };
  return { digest, sizeBytes, open: () => verifiedChunks(unchecked, pinned.key) };
}
