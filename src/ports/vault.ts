import type { Body } from "../core/body.ts";
import type { Digest } from "../core/brand.ts";
import type { CallOptions } from "./store.ts";

/** Content-addressed bytes: what was overwritten, saved plans, base bytes. Keeping the same bytes twice costs nothing. */
export interface Vault {
  /** Returns only when the bytes are durable. */
  keep(body: Body, options: CallOptions): Promise<void>;
  /** `undefined` when the vault never held it; throws `vault-damaged` when what it holds is not those bytes. */
  open(digest: Digest, options: CallOptions): Promise<Body | undefined>;
  /** Digests that begin with a hexadecimal prefix of at least four digits, at most 16 of them. */
  find(prefix: string, options: CallOptions): Promise<readonly Digest[]>;
}
