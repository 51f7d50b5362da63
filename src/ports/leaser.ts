import type { CallOptions } from "./store.ts";

/** Courtesy only: a lease spares wasted work and tells people who is at it. Expectations are what keep bytes safe. */
export interface Leaser {
  acquire(target: string, purpose: string, options: CallOptions): Promise<Lease | Held>;
}

export interface Held {
  readonly kind: "held";
  readonly by: string;
  readonly purpose: string;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
}

export interface Lease {
  readonly kind: "lease";
  /**
   * Who held it before: nobody, a process that is provably dead, or one of which nothing is known but that its time ran out.
   * Only a dead one sends nothing any more; a lease that nobody held proves nothing about whoever has left work open.
   */
  readonly predecessor: "none" | "dead" | "unknown";
  release(): Promise<void>;
  /** Gives it back to the owner before, so that whoever comes next can tell what became of that one. */
  abandon(): Promise<void>;
}
