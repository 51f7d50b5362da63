/** A bucket, or a prefix of one, as a store. */

import type { StoreName } from "../../core/brand.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type {
  CallOptions,
  CopyOutcome,
  CopyRequest,
  Guarantees,
  ListOptions,
  Reading,
  RemoveRequest,
  Store,
  Versions,
  WriteOutcome,
  WriteRequest,
} from "../../ports/store.ts";
import type { Wire } from "../shared/aws/wire.ts";
import type { CopyLimits } from "./copy-job.ts";
import { copyObject, usualLimits, type CopySetup } from "./copy-object.ts";
import { Guard, type CanaryCache } from "./guard.ts";
import { listObjects } from "./list-objects.ts";
import { readObject } from "./read-object.ts";
import { removeObject } from "./remove-object.ts";
import { requireKey, S3Place, type PlaceOptions } from "./s3-place.ts";
import { versionsOf } from "./versions.ts";
import type { WriteSetup } from "./write-job.ts";
import { writeObject } from "./write-object.ts";

export type { CanaryCache };

/** A bucket to copy from, at the same service and by the same credentials. */
export type SourceBucket = Pick<PlaceOptions, "bucket" | "prefix" | "wire">;

export interface S3StoreOptions {
  readonly name: StoreName;
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  /** Called once, at first use. Its base is the bucket. */
  readonly wire: () => Promise<Wire>;
  readonly runtime: Runtime;
  /** Keys that `list` leaves out. Reading and writing them by key still works. */
  readonly isPublished?: (key: string) => boolean;
  /** Keeps what the bucket was found to honour, for this store alone. */
  readonly canary: CanaryCache;
  /** False where headers are nobody's work, as in state: then nothing is looked at before or after a write. */
  readonly watchesHeaders: boolean;
  /** Bodies up to this size are sent in one request, larger ones in parts of it; 5 MiB unless given, the least that AWS takes. */
  readonly partBytes?: number;
  /** Finds the bucket of another store's name; without it this store copies from none. */
  readonly sourceOf?: (name: StoreName) => SourceBucket | undefined;
  /** How much is copied by one request; what S3 allows and a write's time permits unless given. */
  readonly copyLimits?: CopyLimits;
}

/** S3 takes no smaller part, and a slow line has 30 seconds for what goes in one request. */
const partBytesUsual = 5 * 1024 * 1024;

/**
 * Opens a bucket as a store; nothing is sent before the first call, and before the first write the bucket is tried out.
 *
 * A revision is `ETAG@SECONDS`, the seconds being LastModified or, right after a write, the answer's `Date`. The ETag
 * covers the bytes and is compared by the server; headers are covered by the time, which is looked at before a write
 * or, where the bucket keeps versions, after it. So bytes are as safe as the server's conditions, headers are checked.
 * Equal content that was written in another second has another revision, except for what this process wrote itself.
 */
export function openS3Store(options: S3StoreOptions): Store {
  return new S3Store(options);
}

class S3Store implements Store {
  readonly name: StoreName;
  readonly versions: Versions;
  readonly isRemote = true;
  readonly copy?: (request: CopyRequest, options: CallOptions) => Promise<CopyOutcome>;
  readonly #place: S3Place;
  readonly #guard: Guard;
  readonly #setup: WriteSetup;
  readonly #isPublished: (key: string) => boolean;

  constructor(options: S3StoreOptions) {
    this.name = options.name;
    this.#place = new S3Place(options);
    this.#guard = new Guard(this.#place, options.canary);
    this.#setup = {
      place: this.#place,
      guard: this.#guard,
      watchesHeaders: options.watchesHeaders,
      partBytes: options.partBytes ?? partBytesUsual,
    };
    this.#isPublished = options.isPublished ?? (() => true);
    this.versions = versionsOf(this.#place);
    if (options.sourceOf) this.copy = copierOf(this.#setup, options);
  }

  serverNowMs(): number | undefined {
    return this.#place.clock.nowMs();
  }

  async guarantees(options: CallOptions): Promise<Guarantees> {
    return await this.#guard.guarantees(options);
  }

  list(prefix: string, options: ListOptions): AsyncIterable<Observed> {
    return listObjects({ place: this.#place, prefix, isPublished: this.#isPublished }, options);
  }

  async read(key: string, options: CallOptions): Promise<Reading | undefined> {
    options.signal.throwIfAborted();
    requireKey(key);
    return (await readObject(this.#place, key, options))?.reading;
  }

  async write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    requireKey(request.key);
    return await writeObject(this.#setup, request, options);
  }

  async remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    requireKey(request.key);
    return await removeObject(this.#setup, request, options);
  }
}

/** Copies into a bucket. The place of each source is opened once, so that its connections are used again. */
function copierOf(setup: WriteSetup, { sourceOf, copyLimits, runtime }: S3StoreOptions): NonNullable<Store["copy"]> {
  const places = new Map<StoreName, S3Place | undefined>();
  const sourceAt = (name: StoreName): S3Place | undefined => {
    if (places.has(name)) return places.get(name);
    const bucket = sourceOf?.(name);
    const place = bucket && new S3Place({ ...bucket, runtime });
    places.set(name, place);
    return place;
  };
  const copying: CopySetup = { ...setup, sourceAt, limits: copyLimits ?? usualLimits };
  return async (request, options) => {
    options.signal.throwIfAborted();
    requireKey(request.key);
    return await copyObject(copying, request, options);
  };
}
