/** A bucket of the sandbox, reached without sockets: every request of every process is served in a turn of its own. */

import { openS3Store, type SourceBucket } from "../../src/adapters/s3/s3-store.ts";
import type { WireRequest } from "../../src/adapters/shared/aws/wire.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import type { Headers } from "../../src/core/plan/plan.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { Store } from "../../src/ports/store.ts";
import { openS3, type S3Service } from "../../sandbox/s3/open-s3.ts";
import type { SandboxRequest, SandboxResponse } from "../../sandbox/wire.ts";
import { Calls, type Call, type Listeners, type StoredVersion } from "./s3-calls.ts";
import { FlightWire, type Departure, type Served } from "./s3-flight.ts";
import type { Process, Turns } from "./scheduler.ts";
import { noFaults, type Faults, type SharedPlace, type StrangersHand } from "./shared-place.ts";

export interface BucketOptions {
  readonly name: string;
  /** Holds other buckets too, where copies go from one to another. */
  readonly service?: S3Service;
  /** The bucket that this one's store copies from, and what that one's store is called there. */
  readonly copiesFrom?: { readonly store: string; readonly bucket: SimBucket };
  /** Below which the store lies; empty for the whole bucket. */
  readonly prefix: string;
  readonly isVersioned: boolean;
  readonly watchesHeaders: boolean;
  readonly scheduler: Turns;
  /** By how much an answer's Date is ahead of the time at which the server has written. */
  readonly dateAheadMs: number;
  /** What each working copy has found out about the bucket already. */
  readonly finding?: unknown;
  readonly listeners: Listeners;
  /** Called with each request about one key, before its answer leaves: whoever wants to come in between does it here. */
  readonly onMoment: (moment: Moment, key: string) => void;
}

/** When somebody comes in between: `repair` is a look at what was replaced, `collision` what S3 answers 409 for. */
export type Moment = "read" | "look" | "write" | "repair" | "collision";

export class SimBucket implements SharedPlace {
  faults: Faults = noFaults;
  readonly #options: BucketOptions;
  readonly #s3: S3Service;
  readonly #calls: Calls;
  /** By working copy: what its `.belay/cache` holds. */
  readonly #findings = new Map<string, unknown>();

  constructor(options: BucketOptions) {
    const { name, isVersioned, scheduler, listeners, service } = options;
    this.#options = options;
    this.#s3 = service ?? openS3({ clock: { now: () => scheduler.nowMs }, random: scheduler.random });
    this.#s3.createBucket(name, { versioning: isVersioned });
    this.#calls = new Calls(isVersioned, listeners);
  }

  open(process: Process, { copy, runtime }: { readonly copy: string; readonly runtime: Runtime }): Store {
    const { name, prefix, watchesHeaders, copiesFrom } = this.#options;
    const wire = this.#wireOf(process);
    const store = openS3Store({
      name: asStoreName(`s3://${name}${prefix === "" ? "" : `/${prefix}`}`),
      bucket: name,
      prefix,
      wire: () => Promise.resolve(wire),
      runtime,
      canary: {
        load: () => Promise.resolve(this.#findings.get(copy) ?? this.#options.finding),
        save: (value) => Promise.resolve(void this.#findings.set(copy, value)),
      },
      watchesHeaders,
      ...(copiesFrom && { sourceOf: (from: string) => (from === copiesFrom.store ? copiesFrom.bucket.#placeFor(process) : undefined) }),
    });
    return this.#calls.follow(process, store);
  }

  /** As another bucket's store reaches this one, to copy from it. */
  #placeFor(process: Process): SourceBucket {
    const { name, prefix } = this.#options;
    return { bucket: name, prefix, wire: () => Promise.resolve(this.#wireOf(process)) };
  }

  #wireOf(process: Process): FlightWire {
    const { name, watchesHeaders, scheduler } = this.#options;
    return new FlightWire({
      base: `https://${name}.s3.eu-central-1.amazonaws.com`,
      isSite: watchesHeaders,
      scheduler,
      process,
      faults: () => this.faults,
      depart: (request) => this.#departure(process, request),
      count: this.#options.listeners.onEvent,
    });
  }

  /** What a copy has found out about the bucket. */
  findingOf(copy: string): unknown {
    return this.#findings.get(copy);
  }

  force({ key, bytes, headers, landed }: StrangersHand): Promise<void> {
    const { name } = this.#options;
    if (bytes) this.#s3.put(name, this.#nameOf(key), bytes, headers);
    else this.#s3.remove(name, this.#nameOf(key));
    this.#calls.changedByStranger(key);
    landed();
    return Promise.resolve();
  }

  look(key: string): Promise<StoredVersion | undefined> {
    return Promise.resolve(this.standing(key));
  }

  #nameOf(key: string): string {
    const { prefix } = this.#options;
    return prefix === "" ? key : `${prefix}/${key}`;
  }

  /** What stands there at this very moment. */
  standing(key: string): StoredVersion | undefined {
    const found = this.#s3.get(this.#options.name, this.#nameOf(key));
    if (!found) return undefined;
    const { bytes, headers, lastModified } = found;
    return { digest: sha256(bytes), bytes, headers: visible(headers), second: Math.floor(lastModified / 1000) };
  }

  #departure(process: Process, request: WireRequest): Departure {
    const key = this.#keyOf(request);
    const call = key === undefined ? undefined : this.#calls.of(process, key);
    return {
      collide: () => {
        if (key !== undefined) this.#options.onMoment("collision", key);
      },
      noteTrouble: () => {
        if (call) call.isTroubled = true;
      },
      serve: async () => {
        const isChange = isMadeVisibleBy(request);
        const before = key !== undefined && isChange ? this.standing(key) : undefined;
        const served = await this.#serve(request);
        if (key === undefined || served.status >= 300) return served;
        if (call && request.method === "HEAD") this.#calls.looked(call);
        const after = isChange ? this.standing(key) : undefined;
        if (before || after) this.#calls.landed({ process, key, call }, { before, after });
        this.#options.onMoment(momentOf(request, call), key);
        return served;
      },
    };
  }

  /** The key that a request is about, without the prefix; none for listings of many keys and for the canary's. */
  #keyOf({ path, query = {} }: WireRequest): string | undefined {
    const { prefix } = this.#options;
    const name = path === "/" && query["versions"] !== undefined ? query["prefix"] : decodeURIComponent(path.slice(1));
    const key = prefix === "" ? name : name?.slice(prefix.length + 1);
    return key === undefined || key === "" || key.includes(".belay-canary/") ? undefined : key;
  }

  async #serve(request: WireRequest): Promise<Served> {
    const response = await this.#s3.handle(sandboxRequest(this.#options.name, request));
    const { dateAheadMs, scheduler } = this.#options;
    return {
      status: response.status,
      headers: { ...response.headers, date: new Date(scheduler.nowMs + dateAheadMs).toUTCString() },
      bytes: await bytesIn(response),
    };
  }
}

/** Parts are nothing yet; what completes them is. */
function isMadeVisibleBy({ method, query = {} }: WireRequest): boolean {
  const isOfParts = query["uploadId"] !== undefined;
  return method === "POST" ? isOfParts : (method === "PUT" || method === "DELETE") && !isOfParts;
}

function momentOf({ method }: WireRequest, call: Call | undefined): Moment {
  if (method === "GET") return call?.first ? "repair" : "read";
  return method === "HEAD" ? "look" : "write";
}

/** What a visitor is given of an object's headers: without belay's notes, and without S3's word for no type. */
function visible(headers: Readonly<Record<string, string>>): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => !name.startsWith("x-amz-meta-belay-") && value !== "binary/octet-stream"),
  );
}

function sandboxRequest(bucket: string, { method, path, query = {}, headers = {}, body }: WireRequest): SandboxRequest {
  return {
    method,
    path: `/${bucket}${path}`,
    query: new URLSearchParams(query),
    headers: {
      host: "in.process",
      ...headers,
      ...(body && { "content-length": String(body.sizeBytes), "x-amz-content-sha256": body.sha256 }),
    },
    body: () => body?.open() ?? nothing(),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function bytesIn({ body }: SandboxResponse): Promise<Uint8Array> {
  if (body === undefined || body instanceof Uint8Array) return body ?? new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
