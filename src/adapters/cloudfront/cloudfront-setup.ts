/** What speaking to one distribution takes. */

import type { Runtime } from "../../ports/runtime.ts";
import type { Wire } from "../shared/aws/wire.ts";

export interface CloudFrontSetup {
  /** For example `E1STAGING`. */
  readonly distribution: string;
  /** The bucket that it should serve and the prefix in it, without slashes at its ends; absent where the target is no bucket. */
  readonly store: { readonly bucket: string; readonly prefix: string } | undefined;
  /** Path part of the target's URL, percent-encoded, without a trailing slash; empty where there is none. */
  readonly urlPath: string;
  /** Connects to the CloudFront API; called once by each operation. */
  readonly wire: () => Promise<Wire>;
  readonly runtime: Pick<Runtime, "now" | "sleep">;
  /** The longest that one purge is waited for. Ten minutes where left out. */
  readonly limitMs?: number;
  /** From 0 up to 1: keeps those that wait for one CDN from asking in step. `Math.random` where left out. */
  readonly random?: () => number;
}
