import type { Body } from "../core/body.ts";
import type { Revision, StoreName } from "../core/brand.ts";
import type { Absent, Headers, Observed, Provenance, Unchanged } from "../core/plan/plan.ts";

export interface CallOptions {
  readonly signal: AbortSignal;
}

/** `unknown` is the honest answer when a reply was lost: the write may or may not have landed, so look again. */
export type WriteOutcome =
  | { readonly kind: "written"; readonly revision: Revision }
  | { readonly kind: "removed" }
  | { readonly kind: "conflict"; readonly found: Observed | undefined }
  | { readonly kind: "unknown"; readonly cause: unknown };

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
}

export interface RemoveRequest {
  readonly key: string;
  readonly expect: Unchanged;
}

/** What was read: the body is exactly the bytes of `observed.revision`, and `observed.digest` and `observed.headers` are present. */
export interface Reading {
  readonly observed: Observed;
  readonly body: Body;
}

/**
 * A place that holds objects by key: a folder, a bucket, a table. There is no write without an expectation.
 * Keys are relative paths as `core/paths` defines them; a store refuses any other with `key-invalid`.
 * What cannot be done at all (unreachable, denied, full) throws a `BelayError`; a thrown write has not landed.
 */
export interface Store {
  readonly name: StoreName;
  readonly guarantees: Guarantees;
  /** Objects whose key begins with `prefix`, by UTF-8 byte order of key. Breaks off by throwing, never by ending early. */
  list(prefix: string, options: ListOptions): AsyncIterable<Observed>;
  read(key: string, options: CallOptions): Promise<Reading | undefined>;
  write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome>;
  remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome>;
}
