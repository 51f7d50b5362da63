import type { Body } from "../core/body.ts";
import type { Digest, Revision, StoreName } from "../core/brand.ts";
import type { ChangeFeed } from "./change-feed.ts";
import type { Absent, Headers, Observed, Provenance, Source, Unchanged } from "../core/plan/plan.ts";

export interface CallOptions {
  readonly signal: AbortSignal;
}

/** `unknown` is the honest answer when a reply was lost: the write may or may not have landed, so look again. */
export type WriteOutcome =
  | { readonly kind: "written"; readonly revision: Revision }
  | { readonly kind: "removed" }
  | { readonly kind: "conflict"; readonly found: Observed | undefined }
  | {
      readonly kind: "unknown";
      readonly cause: unknown;
      /** The bytes have landed; whether a stranger's headers went with what they replaced could not be found out. Looking at live cannot tell. */
      readonly isUnchecked?: true;
    };

/** `atomic`: of racing writers exactly one wins, whoever they are. `checked`: only writers that go through belay are kept apart. */
export type Guarantee = "atomic" | "checked" | "none";
export type Guarantees = Readonly<Record<"create" | "replace" | "delete", Guarantee>>;

export interface ListOptions extends CallOptions {
  /** Stop after so many objects; a hint that saves requests. */
  readonly limit?: number;
}

export interface WriteRequest {
  readonly key: string;
  readonly expect: Absent | Unchanged;
  readonly body: Body;
  readonly headers: Headers;
  readonly provenance?: Provenance;
  readonly confirm?: Confirm;
}

export interface RemoveRequest {
  readonly key: string;
  readonly expect: Unchanged;
  readonly confirm?: Confirm;
}

/**
 * Whether the caller may still write. A store that does anything slow between the call and the request that makes the write
 * visible (parts of a large body, a look at headers) asks right before that request. Where the answer is no, it sends
 * nothing and reports a conflict with nothing found.
 */
export type Confirm = () => Promise<boolean>;

/** A write whose bytes lie in another store already: they go from there to here without passing through this machine. */
export interface CopyRequest extends Omit<WriteRequest, "body"> {
  /** Nothing is copied unless the object there still has this revision. */
  readonly from: Source;
  /** What the copy must hold; a copy of other bytes is never reported as written. */
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** `not-copied`: nothing was sent that could become visible, and the caller sends the bytes itself. */
export type CopyOutcome = WriteOutcome | { readonly kind: "not-copied"; readonly why: string };

/** What was read: the body is exactly the bytes of `observed.revision`, and `observed.digest` and `observed.headers` are present. */
export interface Reading {
  readonly observed: Observed;
  readonly body: Body;
}

/** One content that a key had, or has. */
export interface StoredVersion {
  readonly key: string;
  /** The store's own name of it. */
  readonly id: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly modifiedAtMs: number;
  /** False where the key was deleted at that time. */
  readonly isObject: boolean;
  /** The entity tag, bare, where the store has one: tells a version from another of the same second. */
  readonly etag?: string;
}

/** What a store keeps of its past. */
export interface Versions {
  /** Whether what is overwritten or deleted from now on can be read again. */
  areKept(options: CallOptions): Promise<boolean>;
  /** Of one key, newest first, the present one included; at most `limit` of them. */
  list(key: string, options: CallOptions & { readonly limit: number }): Promise<readonly StoredVersion[]>;
  /** `undefined` where it is gone by now. */
  read(version: StoredVersion, options: CallOptions): Promise<Reading | undefined>;
  /** What `read` reports, without the bytes: headers, provenance and owner. `undefined` where it is gone by now. */
  look(version: StoredVersion, options: CallOptions): Promise<Pick<Observed, "headers" | "provenance" | "owner"> | undefined>;
}

/**
 * A place that holds objects by key: a folder, a bucket, a table. There is no write without an expectation.
 * Keys are relative paths as `core/paths` defines them; a store refuses any other with `key-invalid`.
 * What cannot be done at all (unreachable, denied, full) throws a `BelayError`; a thrown write has not landed.
 */
export interface Store {
  readonly name: StoreName;
  /** What the place itself was found to keep, per operation. A store that has to try it out does so at most once. */
  guarantees(options: CallOptions): Promise<Guarantees>;
  /** Objects whose key begins with `prefix`, by UTF-8 byte order of key. Breaks off by throwing, never by ending early. */
  list(prefix: string, options: ListOptions): AsyncIterable<Observed>;
  read(key: string, options: CallOptions): Promise<Reading | undefined>;
  /** What `list` finds, with its bytes, in any order, for what a listing costs. Absent where bytes have to be asked for. Breaks off by throwing. */
  readonly readAll?: (prefix: string, options: CallOptions) => AsyncIterable<Reading>;
  write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome>;
  remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome>;
  /** The server's clock, in milliseconds since the epoch, as its answers so far tell it; absent where there is no server. */
  readonly serverNowMs?: () => number | undefined;
  /** Reached over a network: what a process had sent before it died may still be carried out. */
  readonly isRemote?: true;
  /** Copies from another store of the same kind, with the same expectation here as a write. Absent where it cannot. */
  readonly copy?: (request: CopyRequest, options: CallOptions) => Promise<CopyOutcome>;
  /** Absent where the store forgets what is overwritten. */
  readonly versions?: Versions;
  /** Absent where the place does not tell what has changed. */
  readonly feed?: ChangeFeed;
}
