/** Trying out what a server honours: a handful of conditional requests on a key of their own, cleaned up afterwards. */

import type { CallOptions } from "../../ports/store.ts";
import { BelayError } from "../../core/belay-error.ts";
import { canaryKey } from "./canary-key.ts";
import { putCondition, quotedEtag } from "./conditions.ts";
import { wireBodyOf } from "./put-object.ts";
import { bareEtag } from "./revision.ts";
import type { Ask, S3Place } from "./s3-place.ts";
import { versionIdIn } from "./sight-of.ts";
import { beginUpload, completeUpload, abortUpload, sendPart } from "./upload.ts";
import { eachVersion } from "./versions.ts";

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
}

const attemptsMax = 3;
/** No object of ours has this ETag. */
const wrongEtag = "0123456789abcdef0123456789abcdef";
const versionsMax = 20;

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

async function onOwnKey<Result>(place: S3Place, work: (trial: Trial) => Promise<Result>): Promise<Result> {
  const trial = new Trial(place);
  try {
    return await work(trial);
  } finally {
    await trial.cleanUp();
  }
}

async function tryAll(trial: Trial, options: CallOptions): Promise<Finding> {
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
  trial: Trial,
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
  trial: Trial,
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

/** `refused` by the condition; `failed` where the server does not know the condition at all. */
interface Tried {
  readonly kind: "done" | "refused" | "failed";
  readonly etag?: string;
}

class Trial {
  server = "";
  isVersioned = false;
  readonly #place: S3Place;
  readonly #key: string;
  #writes = 0;
  #isGone = true;

  constructor(place: S3Place) {
    this.#place = place;
    this.#key = canaryKey(place.runtime.nonce());
  }

  /** Writes other bytes each time, so that each write has an ETag of its own. */
  async put(condition: Readonly<Record<string, string>>, options: CallOptions): Promise<Tried> {
    this.#writes += 1;
    const bytes = Buffer.from(`belay tries out what this server keeps (${this.#writes}); this object may be deleted\n`);
    const body = wireBodyOf(bytes, this.#place.runtime.sha256(bytes));
    this.#isGone = false;
    const ask: Ask = { action: "s3:PutObject", method: "PUT", key: this.#key, headers: condition, body, isRepeatable: false };
    const { answer, kind } = await this.#send(ask, options);
    if (kind !== "done") return { kind };
    this.server = answer.headers["server"] ?? "";
    this.isVersioned = (versionIdIn(answer.headers) ?? "null") !== "null";
    const etag = bareEtag(answer.headers["etag"]);
    return etag === undefined ? { kind: "failed" } : { kind, etag };
  }

  async listsVersions(options: CallOptions): Promise<boolean> {
    try {
      for await (const version of eachVersion(this.#place, this.#key, { ...options, limit: 1 })) return version.isObject;
      return false;
    } catch (error) {
      if (error instanceof BelayError && (error.code === "store-denied" || error.code === "not-supported")) return false;
      throw error;
    }
  }

  async remove(etag: string, isBare: boolean, options: CallOptions): Promise<Tried["kind"]> {
    const ask: Ask = {
      action: "s3:DeleteObject",
      method: "DELETE",
      key: this.#key,
      headers: { "if-match": quotedEtag(etag, isBare) },
      isRepeatable: false,
    };
    const { kind } = await this.#send(ask, options);
    this.#isGone = kind === "done";
    return kind;
  }

  async complete(condition: Readonly<Record<string, string>>, options: CallOptions): Promise<"landed" | "conflict" | "other"> {
    this.#writes += 1;
    const upload = await beginUpload(this.#place, { key: this.#key, headers: {} }, options);
    let isComplete = false;
    try {
      const etag = await sendPart(this.#place, upload, { number: 1, bytes: Buffer.from(`part ${this.#writes}\n`) }, options);
      const landing = await completeUpload(this.#place, { ...upload, condition, etags: [etag] }, options);
      // A success without an ETag (Ceph) proves nothing, and will not the next time either.
      if (landing.kind === "unknown" && landing.cause instanceof BelayError) throw await unclear(this.#place, landing.cause);
      isComplete = landing.kind === "landed";
      return landing.kind === "landed" || landing.kind === "conflict" ? landing.kind : "other";
    } catch (error) {
      // A server that says that it cannot do this keeps no condition either.
      if (error instanceof BelayError && error.code === "not-supported") return "other";
      throw error;
    } finally {
      if (!isComplete) await abortUpload(this.#place, upload);
    }
  }

  /** Takes the object away, and its versions where that is allowed. Best effort, also after an abort: nothing here is worth failing for. */
  async cleanUp(): Promise<void> {
    const options: CallOptions = { signal: new AbortController().signal };
    const remove: Ask = { action: "s3:DeleteObject", method: "DELETE", key: this.#key, isRepeatable: true };
    try {
      if (!this.#isGone) (await this.#place.send(remove, options)).discard();
      if (!this.isVersioned) return;
      const versionIds: string[] = [];
      for await (const { id } of eachVersion(this.#place, this.#key, { ...options, limit: versionsMax })) versionIds.push(id);
      for (const versionId of versionIds) (await this.#place.send({ ...remove, query: { versionId } }, options)).discard();
    } catch {
      // What is left lies where nothing is published or listed.
    }
  }

  async #send(
    ask: Ask,
    options: CallOptions,
  ): Promise<{ readonly kind: Tried["kind"]; readonly answer: Awaited<ReturnType<S3Place["ask"]>> }> {
    const answer = await this.#place.ask(ask, options);
    const { status } = answer;
    const isSuccess = status >= 200 && status < 300;
    if (isSuccess || status === 412 || status === 501 || status === 404) {
      const error = status === 404 ? await this.#place.errorOf(answer, ask) : undefined;
      if (error instanceof BelayError && error.code === "store-missing") throw error;
      answer.discard();
      return { answer, kind: isSuccess ? "done" : status === 412 ? "refused" : "failed" };
    }
    throw await this.#place.errorOf(answer, ask);
  }
}

async function unclear(place: S3Place, cause: unknown): Promise<BelayError> {
  const { base } = await place.wire();
  return new BelayError(
    "store-unreachable",
    `${base} gave no clear answer to a conditional request that was to show whether it keeps conditions`,
    "Run the command again.",
    { cause },
  );
}
