import type { Digest } from "../core/brand.ts";
import type { CallOptions } from "./store.ts";

/** What a visitor gets. `unreachable` is not `bad`: nothing was learned. */
export type Sight =
  | {
      readonly kind: "seen";
      readonly status: number;
      readonly digest: Digest;
      readonly headers: Readonly<Record<string, string>>;
      /** Whether a cache answered, where the response says so. */
      readonly cache?: "hit" | "miss";
    }
  | { readonly kind: "unreachable"; readonly cause: string };

export interface Probe {
  look(url: string, options: CallOptions): Promise<Sight>;
}
