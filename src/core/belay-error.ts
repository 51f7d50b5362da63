/**
 * What belay could not do, and the way on. Faces map `code` to an exit status in one table;
 * answers (refused, conflict, unsettled…) are not errors and never thrown.
 */
export type ErrorCode =
  | "usage"
  | "config-missing"
  | "config-invalid"
  | "not-supported"
  | "confirmation-needed"
  | "input-changed"
  | "input-invalid"
  | "store-unreachable"
  | "store-full"
  | "store-denied"
  | "store-missing"
  | "store-unguarded"
  | "credentials-missing"
  | "edge-mismatch"
  | "key-invalid"
  | "lock-held"
  | "lease-held"
  | "ledger-broken"
  | "ledger-contended"
  | "vault-damaged"
  | "plan-unknown"
  | "plan-stale"
  | "unsettled"
  | "person-needed"
  | "signing-failed"
  | "browser-missing"
  | "observation-partial"
  | "interrupted";

export class BelayError extends Error {
  override readonly name = "BelayError";
  readonly code: ErrorCode;
  /** The next command or the change to make, as a sentence or a command line. */
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, remedy: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}

/** A bug if it fails: crashes with exit 1 and never passes for an answer. */
export function invariant(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Error(`belay bug: ${claim}`);
}
