import type { Sha256 } from "../core/brand.ts";

/** Time, chance and hashing, passed in so that a simulation can own them. */
export interface Runtime {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 16 lower-case hexadecimal digits that nobody else will draw. */
  nonce(): string;
  readonly sha256: Sha256;
}
