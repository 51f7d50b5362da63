import type { Served } from "../core/verify/judge-sight.ts";
import type { CallOptions } from "./store.ts";

/** What a visitor gets. `unreachable` is not `bad`: nothing was learned. Texts of the server come without control characters. */
export type Sight =
  | ({
      readonly kind: "seen";
      /** What browsers make of the body, any content encoding undone. Present where it was asked for and is no larger. */
      readonly body?: Uint8Array;
    } & Served)
  | {
      readonly kind: "unreachable";
      /** A clause without a full stop. */
      readonly cause: string;
      /** Asking again would give the same. */
      readonly isFinal?: true;
    };

export interface LookOptions extends CallOptions {
  /** Hand the body over where it is no larger, in bytes. The digest is always that of all bytes as they came. */
  readonly keepBytesMax?: number;
  /** Only whether the address answers, and how: no body is read, and the digest is that of no bytes. */
  readonly isHeadOnly?: true;
}

export interface Probe {
  /** Follows redirects on the same host only. */
  look(url: string, options: LookOptions): Promise<Sight>;
}
