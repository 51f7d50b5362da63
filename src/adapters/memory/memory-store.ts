import { bodyOf, bytesOf } from "../../core/body.ts";
import { BelayError } from "../../core/belay-error.ts";
import { asRevision, type Digest, type Sha256, type StoreName } from "../../core/brand.ts";
import { compareKeys, keyProblem } from "../../core/paths/key.ts";
import type { Absent, Headers, Observed, Provenance, Unchanged } from "../../core/plan/plan.ts";
import type {
  CallOptions,
  Guarantees,
  ListOptions,
  Reading,
  RemoveRequest,
  Store,
  StoredVersion,
  Versions,
  WriteOutcome,
  WriteRequest,
} from "../../ports/store.ts";

export interface MemoryStoreOptions {
  readonly name: StoreName;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sha256: Sha256;
  /** Whether earlier contents can be read again. */
  readonly keepsVersions?: boolean;
}

/** A store for simulation and tests: atomic, synchronous but for the promises of the port, gone with the process. */
export interface MemoryStore extends Store {
  /** A stranger's unguarded write, or delete where `bytes` is undefined. The bytes must not change afterwards. */
  force(key: string, bytes: Uint8Array | undefined): void;
}

interface Held {
  readonly observed: Observed;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** Opens an empty store. Revisions are `r1`, `r2`, … and never come back, whatever the content. */
export const openMemoryStore = (options: MemoryStoreOptions): MemoryStore => new HeldInMemory(options);

class HeldInMemory implements MemoryStore {
  readonly name: StoreName;
  readonly guarantees = (): Promise<Guarantees> => Promise.resolve({ create: "atomic", replace: "atomic", delete: "atomic" });
  readonly #now: () => number;
  readonly #sha256: Sha256;
  readonly #held = new Map<string, Held>();
  readonly #past = new Map<string, Past[]>();
  readonly versions?: Versions;
  #sorted: readonly string[] | undefined;
  #revisions = 0;

  constructor(options: MemoryStoreOptions) {
    this.name = options.name;
    this.#now = options.now;
    this.#sha256 = options.sha256;
    if (options.keepsVersions === true) this.versions = this.#versions();
  }

  async *list(prefix: string, options: ListOptions): AsyncIterable<Observed> {
    // The order is kept until a key comes or goes, so that listing an unchanged store does not sort again.
    this.#sorted ??= [...this.#held.keys()].toSorted(compareKeys);
    const listed = this.#sorted.flatMap((key) => (key.startsWith(prefix) ? (this.#held.get(key)?.observed ?? []) : []));
    for (const observed of listed.slice(0, options.limit)) {
      options.signal.throwIfAborted();
      yield observed;
    }
    options.signal.throwIfAborted();
  }

  async read(key: string, options: CallOptions): Promise<Reading | undefined> {
    options.signal.throwIfAborted();
    requireKey(key);
    const held = this.#held.get(key);
    return held && { observed: held.observed, body: bodyOf(held.bytes, held.digest) };
  }

  async write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
    const { key, expect, body, headers, provenance } = request;
    options.signal.throwIfAborted();
    requireKey(key);
    const bytes = await bytesOf(body);
    const digest = this.#sha256(bytes);
    if (digest !== body.digest || bytes.byteLength !== body.sizeBytes)
      throw new BelayError("input-changed", `${key} changed while it was being sent`, "Run the command again.");
    options.signal.throwIfAborted();
    // From here to the return nothing awaits: the comparison and the write are one step.
    if (!this.#holds(key, expect)) return { kind: "conflict", found: this.#held.get(key)?.observed };
    const observed = this.#put({ key, bytes, digest, headers: { ...headers }, ...(provenance ? { provenance } : {}) });
    return { kind: "written", revision: observed.revision };
  }

  async remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    requireKey(request.key);
    if (!this.#holds(request.key, request.expect)) return { kind: "conflict", found: this.#held.get(request.key)?.observed };
    this.force(request.key, undefined);
    return { kind: "removed" };
  }

  force(key: string, bytes: Uint8Array | undefined): void {
    if (bytes) {
      this.#put({ key, bytes, digest: this.#sha256(bytes), headers: {}, owner: "stranger" });
      return;
    }
    this.#held.delete(key);
    this.#sorted = undefined;
    this.#remember(key, undefined);
  }

  #versions(): Versions {
    const pastOf = (key: string): readonly Past[] => this.#past.get(key) ?? [];
    return {
      areKept: (options) => Promise.resolve(options.signal.throwIfAborted()).then(() => true),
      list: (key, { signal, limit }) => {
        signal.throwIfAborted();
        const all = pastOf(key).toReversed().slice(0, limit);
        return Promise.resolve(all.map(({ version }) => version));
      },
      read: ({ key, id }, { signal }) => {
        signal.throwIfAborted();
        const held = pastOf(key).find(({ version }) => version.id === id)?.held;
        return Promise.resolve(held && { observed: held.observed, body: bodyOf(held.bytes, held.digest) });
      },
      look: ({ key, id }, { signal }) => {
        signal.throwIfAborted();
        return Promise.resolve(pastOf(key).find(({ version }) => version.id === id)?.held?.observed);
      },
    };
  }

  #remember(key: string, held: Held | undefined): void {
    if (!this.versions) return;
    const past = this.#past.get(key) ?? [];
    const sizeBytes = held?.observed.sizeBytes ?? 0;
    past.push({
      version: { key, id: `v${past.length + 1}`, sizeBytes, modifiedAtMs: this.#now(), isObject: held !== undefined },
      held,
    });
    this.#past.set(key, past);
  }

  #holds(key: string, expect: Absent | Unchanged): boolean {
    const revision = this.#held.get(key)?.observed.revision;
    return expect.kind === "absent" ? revision === undefined : revision === expect.revision;
  }

  #put(content: ContentHeld): Observed {
    const { bytes, ...said } = content;
    if (!this.#held.has(content.key)) this.#sorted = undefined;
    this.#revisions += 1;
    const observed: Observed = {
      ...said,
      revision: asRevision(`r${this.#revisions}`),
      sizeBytes: bytes.byteLength,
      modifiedAtMs: this.#now(),
    };
    const held = { observed, bytes, digest: content.digest };
    this.#held.set(content.key, held);
    this.#remember(content.key, held);
    return observed;
  }
}

interface Past {
  readonly version: StoredVersion;
  readonly held: Held | undefined;
}

interface ContentHeld {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly headers: Headers;
  readonly provenance?: Provenance;
  readonly owner?: string;
}

function requireKey(key: string): void {
  const problem = keyProblem(key);
  if (problem !== undefined)
    throw new BelayError("key-invalid", `${JSON.stringify(key)} cannot be a key because ${problem}`, "Rename the file.");
}
