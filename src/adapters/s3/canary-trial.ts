import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";
import { answerText } from "../shared/aws/read-answer.ts";
import { canaryKey } from "./canary-key.ts";
import { quotedEtag } from "./conditions.ts";
import { copyHeaders, readCopied } from "./copy-requests.ts";
import { wireBodyOf } from "./put-object.ts";
import { bareEtag } from "./revision.ts";
import type { Ask, S3Place } from "./s3-place.ts";
import { versionIdIn } from "./sight-of.ts";
import { abortUpload, beginUpload, completeUpload, sendPart } from "./upload.ts";
import { eachVersion } from "./versions.ts";

/** `refused` by the condition; `failed` where the server does not know the condition at all. */
export interface Tried {
  readonly kind: "done" | "refused" | "failed";
  readonly etag?: string;
}

/** What a trial copy is bound to. */
export interface CopyTrial {
  /** The ETag that the source is said to have. */
  readonly sourceEtag: string;
  /** On what it would overwrite. */
  readonly condition: Readonly<Record<string, string>>;
  readonly isBare: boolean;
}

const versionsMax = 20;

/** Conditional requests on a key of their own, which is cleaned up afterwards. */
export class CanaryTrial {
  server = "";
  isVersioned = false;
  readonly #place: S3Place;
  readonly #key: string;
  #writes = 0;
  #sha256 = "";
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
    answer.discard();
    this.#sha256 = body.sha256;
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
    const { answer, kind } = await this.#send(ask, options);
    answer.discard();
    this.#isGone = kind === "done";
    return kind;
  }

  /** Copies the object onto itself. `done` only where the answer tells the SHA-256 of what was put there last. */
  async copy({ sourceEtag, condition, isBare }: CopyTrial, options: CallOptions): Promise<Tried["kind"]> {
    const source = { bucket: this.#place.bucket, name: this.#place.inBucket(this.#key), etag: sourceEtag };
    const headers = { ...condition, ...copyHeaders(source, isBare) };
    const ask: Ask = { action: "s3:PutObject", method: "PUT", key: this.#key, headers, isRepeatable: false };
    const { answer, kind } = await this.#send(ask, options);
    if (kind !== "done") return kind;
    const copied = readCopied(await answerText(answer));
    return copied?.sha256 === this.#sha256 ? "done" : "failed";
  }

  async complete(condition: Readonly<Record<string, string>>, options: CallOptions): Promise<"landed" | "conflict" | "other"> {
    this.#writes += 1;
    const upload = await beginUpload(this.#place, { key: this.#key, headers: {} }, options);
    let isComplete = false;
    try {
      const etag = await sendPart(this.#place, upload, { number: 1, bytes: Buffer.from(`part ${this.#writes}\n`) }, options);
      const landing = await completeUpload(this.#place, { ...upload, condition, parts: [{ etag }] }, options);
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

  /** The body of an answer that is `done` is the caller's. */
  async #send(
    ask: Ask,
    options: CallOptions,
  ): Promise<{ readonly kind: Tried["kind"]; readonly answer: Awaited<ReturnType<S3Place["ask"]>> }> {
    const answer = await this.#place.ask(ask, options);
    const { status } = answer;
    if (status >= 200 && status < 300) return { answer, kind: "done" };
    if (status === 412 || status === 501 || status === 404) {
      const error = status === 404 ? await this.#place.errorOf(answer, ask) : undefined;
      if (error instanceof BelayError && error.code === "store-missing") throw error;
      answer.discard();
      return { answer, kind: status === 412 ? "refused" : "failed" };
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
