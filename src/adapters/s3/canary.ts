/** Trying out what a server honours: a handful of conditional requests on a key of their own, cleaned up afterwards. */

import type { CallOptions } from "../../ports/store.ts";
import { BelayError } from "../../core/belay-error.ts";
import { CanaryTrial } from "./canary-trial.ts";
import { putCondition } from "./conditions.ts";
import type { S3Place } from "./s3-place.ts";

/** What a bucket was found to keep, in one state of its versioning. */
export interface Finding {
  readonly create: boolean;
  readonly replace: boolean;
  /** Absent where these credentials may delete nothing, so that it could not be tried. */
  readonly delete?: boolean;
  /** Whether If-Match wants the ETag without its quotes, as Ceph does. */
  readonly isBare: boolean;
  readonly isVersioned: boolean;
  /** Whether the versions of a key may be listed; what a write replaced can be looked at only then. */
  readonly listsVersions: boolean;
  /** As the server calls itself; empty where it does not. */
  readonly server: string;
  /** Whether completing a multipart upload keeps a condition; absent until it was needed. */
  readonly completes?: boolean;
  /** Whether CopyObject keeps its conditions on both ends and tells the SHA-256 of the copy; absent until it was needed. */
  readonly copies?: boolean;
}

const attemptsMax = 3;
/** No object of ours has this ETag. */
const wrongEtag = "0123456789abcdef0123456789abcdef";

/** Tries create, replace and delete. Throws `store-denied` or `store-unreachable` where the answers prove nothing. */
export async function tryConditions(place: S3Place, options: CallOptions): Promise<Finding> {
  return await repeatedly(async () => await onOwnKey(place, async (trial) => await tryAll(trial, options)));
}

/** Tries the completion of multipart uploads, which some servers let through whatever the condition says. */
export async function tryCompletion(place: S3Place, finding: Finding, options: CallOptions): Promise<boolean> {
  return await repeatedly(
    async () =>
      await onOwnKey(place, async (trial) => {
        const created = await trial.put({ "if-none-match": "*" }, options);
        if (created.etag === undefined) return false;
        const { isBare } = finding;
        const refused = [putCondition(undefined, isBare), putCondition(wrongEtag, isBare)];
        for (const condition of refused) if ((await trial.complete(condition, options)) !== "conflict") return false;
        return (await trial.complete(putCondition(created.etag, isBare), options)) === "landed";
      }),
  );
}

/**
 * Tries CopyObject, whose conditions some servers pass over: on the source, on what is overwritten, on what is created.
 * Throws `store-denied` where these credentials may not copy, and `store-unreachable` where the answers prove nothing.
 */
export async function tryCopy(place: S3Place, finding: Finding, options: CallOptions): Promise<boolean> {
  return await repeatedly(
    async () =>
      await onOwnKey(place, async (trial) => {
        const { etag } = await trial.put({ "if-none-match": "*" }, options);
        if (etag === undefined) return false;
        const { isBare } = finding;
        const right = { sourceEtag: etag, condition: putCondition(etag, isBare), isBare };
        const wrong = [
          { ...right, condition: putCondition(undefined, isBare) },
          { ...right, condition: putCondition(wrongEtag, isBare) },
          { ...right, sourceEtag: wrongEtag },
        ];
        for (const copy of wrong) if ((await trial.copy(copy, options)) !== "refused") return false;
        return (await trial.copy(right, options)) === "done";
      }),
  );
}

/** A trial that met a lost reply or a busy server proves nothing, and is made again on another key. */
async function repeatedly<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attemptsMax || !(error instanceof BelayError) || error.code !== "store-unreachable") throw error;
    }
  }
}

async function onOwnKey<Result>(place: S3Place, work: (trial: CanaryTrial) => Promise<Result>): Promise<Result> {
  const trial = new CanaryTrial(place);
  try {
    return await work(trial);
  } finally {
    await trial.cleanUp();
  }
}

async function tryAll(trial: CanaryTrial, options: CallOptions): Promise<Finding> {
  const created = await trial.put({ "if-none-match": "*" }, options);
  const about = {
    isVersioned: trial.isVersioned,
    listsVersions: trial.isVersioned && (await trial.listsVersions(options)),
    server: trial.server,
    isBare: false,
  };
  if (created.etag === undefined) return { ...about, create: false, replace: false, delete: false };
  const again = await trial.put({ "if-none-match": "*" }, options);
  const replaced = await tryReplace(trial, again.etag ?? created.etag, options);
  const isBare = replaced.isBare ?? false;
  const isDeleteKept = await tryDelete(trial, replaced.etag, { isBare, options });
  return {
    ...about,
    isBare,
    create: again.kind === "refused",
    replace: replaced.isBare !== undefined,
    ...(isDeleteKept === undefined ? {} : { delete: isDeleteKept }),
  };
}

/** `undefined` where deleting is not allowed: who never deletes needs no leave to. */
async function tryDelete(
  trial: CanaryTrial,
  etag: string,
  { isBare, options }: { readonly isBare: boolean; readonly options: CallOptions },
): Promise<boolean | undefined> {
  try {
    return (await trial.remove(wrongEtag, isBare, options)) === "refused" && (await trial.remove(etag, isBare, options)) === "done";
  } catch (error) {
    if (error instanceof BelayError && error.code === "store-denied") return undefined;
    throw error;
  }
}

/** `isBare` is absent where no spelling of the ETag is both refused when wrong and taken when right. */
async function tryReplace(
  trial: CanaryTrial,
  first: string,
  options: CallOptions,
): Promise<{ readonly etag: string; readonly isBare?: boolean }> {
  let etag = first;
  for (const isBare of [false, true]) {
    const wrong = await trial.put(putCondition(wrongEtag, isBare), options);
    etag = wrong.etag ?? etag;
    if (wrong.kind !== "refused") return { etag };
    const right = await trial.put(putCondition(etag, isBare), options);
    if (right.etag !== undefined) return { etag: right.etag, isBare };
  }
  return { etag };
}
