import type { CallOptions } from "./store.ts";

/** The CDN in front of a store. */
export interface Edge {
  /** Purges exactly these paths and returns once visitors get the origin's bytes. The same reference never purges twice. */
  purge(paths: readonly string[], reference: string, options: CallOptions): Promise<{ readonly id: string }>;
}
