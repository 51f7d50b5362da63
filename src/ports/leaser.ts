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
  /** True when the lease was taken over from an owner whose time ran out and who is not provably dead: wait before acting on its work. */
  readonly takenOver: boolean;
  release(): Promise<void>;
}
