import * as v from "valibot";
import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions, Guarantee, Guarantees } from "../../ports/store.ts";
import { plainText } from "../shared/aws/plain-text.ts";
import { tryCompletion, tryConditions, tryCopy, type Finding } from "./canary.ts";
import type { S3Place } from "./s3-place.ts";

/** Where a finding outlives the process. It belongs to one store; what it holds is checked when it is loaded. */
export interface CanaryCache {
  /** `undefined`, or anything else that is no finding, where nothing was saved. */
  load(): Promise<unknown>;
  /** Takes a value that JSON can hold. */
  save(value: unknown): Promise<void>;
}

/** Raised whenever what is tried out, or how it is read, changes: older findings are then no longer believed. */
const adapterVersion = 2;
/** Servers are replaced and buckets reconfigured: older findings are tried again. */
const believedMs = 24 * 60 * 60_000;
/** A right that was missing may be granted any minute. */
const believedWithoutDeleteMs = 10 * 60_000;

const savedSchema = v.object({
  adapter: v.literal(adapterVersion),
  endpoint: v.string(),
  bucket: v.string(),
  /** Milliseconds since the epoch. */
  atMs: v.number(),
  finding: v.object({
    create: v.boolean(),
    replace: v.boolean(),
    delete: v.exactOptional(v.boolean()),
    isBare: v.boolean(),
    isVersioned: v.boolean(),
    listsVersions: v.boolean(),
    server: v.string(),
    completes: v.exactOptional(v.boolean()),
    copies: v.exactOptional(v.boolean()),
  }),
});

const conditionOf = {
  create: "If-None-Match on PutObject",
  replace: "If-Match on PutObject",
  delete: "If-Match on DeleteObject",
} as const;

type Operation = keyof Guarantees;
/** What is tried out when it is first needed. */
type Extra = "completes" | "copies";
const trials = { completes: tryCompletion, copies: tryCopy } as const;

/** Knows what the bucket keeps, by trying it out before the first write, and refuses what it does not keep. */
export class Guard {
  readonly #place: S3Place;
  readonly #cache: CanaryCache;
  #finding: Promise<Finding> | undefined;
  readonly #trying = new Map<Extra, Promise<boolean>>();
  /** What these credentials may not try. A right may be granted any minute, so it is found out anew by the next process. */
  readonly #denied = new Set<Extra>();
  #isStale = false;

  constructor(place: S3Place, cache: CanaryCache) {
    this.#place = place;
    this.#cache = cache;
  }

  /** Tries the bucket out, unless that was done before. Of callers at one time one does it for all. */
  async finding(options: CallOptions): Promise<Finding> {
    for (;;) {
      options.signal.throwIfAborted();
      const asked = (this.#finding ??= this.#find(options));
      try {
        return await asked;
      } catch (error) {
        const isOurs = this.#finding === asked;
        if (isOurs) this.#finding = undefined;
        // Whoever tried it for us may have been told to stop; we were not.
        if (error instanceof BelayError || options.signal.aborted || isOurs) throw error;
      }
    }
  }

  /** The finding, where it lets the operation be done under guard. Throws `store-unguarded` otherwise. */
  async allow(operation: Operation, options: CallOptions): Promise<Finding> {
    let finding = await this.finding(options);
    if (finding[operation] === undefined) finding = await this.#findAgain(operation, options);
    if (!finding[operation]) throw await this.#unguarded(conditionOf[operation], finding);
    return finding;
  }

  /** What could not be tried before may be allowed by now. */
  async #findAgain(operation: Operation, options: CallOptions): Promise<Finding> {
    this.#finding = undefined;
    this.#isStale = true;
    const finding = await this.finding(options);
    if (finding[operation] !== undefined) return finding;
    throw new BelayError(
      "store-denied",
      `These credentials may not delete in the bucket ${this.#place.bucket}, so whether a delete is safe there could not be tried out`,
      "Allow s3:DeleteObject on the bucket, or run the command as somebody who may.",
    );
  }

  /** Whether multipart uploads are completed under their condition; tried out when it is first asked. */
  async keepsCompletion(options: CallOptions): Promise<boolean> {
    return await this.#keeps("completes", options);
  }

  /** Whether CopyObject may be used; tried out when it is first asked. Not where these credentials may not copy. */
  async keepsCopy(options: CallOptions): Promise<boolean> {
    return await this.#keeps("copies", options);
  }

  async #keeps(extra: Extra, options: CallOptions): Promise<boolean> {
    if (this.#denied.has(extra)) return false;
    const known = (await this.finding(options))[extra];
    if (known !== undefined) return known;
    const trying = this.#trying.get(extra) ?? this.#tryExtra(extra, options);
    this.#trying.set(extra, trying);
    try {
      return await trying;
    } finally {
      this.#trying.delete(extra);
    }
  }

  /** Takes the versioning that an answer to a write shows. Where it is not what was tried out, the bucket is tried again. */
  noteVersioning(isVersioned: boolean, finding: Finding): void {
    if (isVersioned === finding.isVersioned) return;
    this.#finding = undefined;
    this.#isStale = true;
  }

  async guarantees(options: CallOptions): Promise<Guarantees> {
    const finding = await this.finding(options);
    const { isAws } = await this.#place.wire();
    const areAllKept = finding.create && finding.replace && finding.delete !== false;
    // Only for these a contract showed one winner among racing writers; a canary cannot.
    const kept: Guarantee = areAllKept && (isAws || /^belay-sandbox\b/u.test(finding.server)) ? "atomic" : "checked";
    const level = (operation: Operation): Guarantee => (finding[operation] === true ? kept : "none");
    return { create: level("create"), replace: level("replace"), delete: level("delete") };
  }

  async #find(options: CallOptions): Promise<Finding> {
    const saved = this.#isStale ? undefined : await this.#load();
    if (saved) return saved;
    const finding = await tryConditions(this.#place, options);
    this.#isStale = false;
    await this.#save(finding);
    return finding;
  }

  async #tryExtra(extra: Extra, options: CallOptions): Promise<boolean> {
    const isKept = await this.#tried(extra, await this.finding(options), options);
    if (isKept === undefined) this.#denied.add(extra);
    else {
      // The other one may have been found out meanwhile.
      const found = { ...(await this.finding(options)), [extra]: isKept };
      this.#finding = Promise.resolve(found);
      await this.#save(found);
    }
    return isKept ?? false;
  }

  /** `undefined` where copying is not allowed: who cannot copy sends the bytes. */
  async #tried(extra: Extra, finding: Finding, options: CallOptions): Promise<boolean | undefined> {
    try {
      return await trials[extra](this.#place, finding, options);
    } catch (error) {
      if (extra === "copies" && error instanceof BelayError && error.code === "store-denied") return undefined;
      throw error;
    }
  }

  async #load(): Promise<Finding | undefined> {
    const saved = v.safeParse(savedSchema, await this.#cache.load());
    if (!saved.success) return undefined;
    const { endpoint, bucket, finding, atMs } = saved.output;
    const believed = finding.delete === undefined ? believedWithoutDeleteMs : believedMs;
    if (Math.abs(this.#place.runtime.now() - atMs) > believed) return undefined;
    if (endpoint !== (await this.#endpoint()) || bucket !== this.#place.bucket) return undefined;
    // A refusal is worth a few requests every time: whoever followed its remedy must not be refused again.
    return finding.create && finding.replace && finding.delete !== false ? finding : undefined;
  }

  async #save(finding: Finding): Promise<void> {
    await this.#cache.save({
      adapter: adapterVersion,
      endpoint: await this.#endpoint(),
      bucket: this.#place.bucket,
      atMs: this.#place.runtime.now(),
      finding,
    });
  }

  /** A bucket of AWS is one bucket in whatever region it was looked for first. */
  async #endpoint(): Promise<string> {
    const { isAws, base } = await this.#place.wire();
    return isAws ? "aws" : base;
  }

  async #unguarded(condition: string, { isVersioned, server }: Finding): Promise<BelayError> {
    const { base, isAws } = await this.#place.wire();
    const who = server === "" ? base : `${base} (${plainText(server)})`;
    return new BelayError(
      "store-unguarded",
      `${who} does not honour ${condition} in the bucket ${this.#place.bucket}${isVersioned ? ", which keeps versions" : ""}: a write there could go over somebody else's unseen`,
      isVersioned && !isAws
        ? "Suspend the bucket's versioning (some servers then honour conditions) or use a server that honours If-Match and If-None-Match."
        : "Use a server that honours If-Match and If-None-Match.",
    );
  }
}
