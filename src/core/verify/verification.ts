/** What visitors were found to get, bound to digests: a document in the vault, named by its *verified* entry. */

import type { Digest, Revision } from "../brand.ts";
import type { TokenState } from "../plan/plan.ts";

export type Outcome = "good" | "bad" | "unknown";

export interface Verification {
  readonly format: 1;
  readonly kind: "verification";
  readonly site: string;
  readonly target: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** *bad* outweighs *unknown*. */
  readonly outcome: Outcome;
  /** By path. */
  readonly files: readonly VerifiedFile[];
  readonly tokens: readonly { readonly name: string; readonly path: string; readonly state: TokenState }[];
  readonly looks?: readonly BrowserLook[];
}

export interface VerifiedFile {
  readonly path: string;
  /** What should be there, by the ledger; absent where nothing should. */
  readonly digest?: Digest;
  /** Of the target's store, at the time. */
  readonly revision?: Revision;
  readonly url?: string;
  readonly outcome: Outcome;
  /** One clause for each thing that is wrong or could not be told. */
  readonly problems: readonly string[];
  /** What was got, where something was. */
  readonly got?: {
    readonly status: number;
    readonly digest: Digest;
    readonly contentType?: string;
    readonly cacheControl?: string;
    readonly cache?: "hit" | "miss";
  };
}

/** A page as a browser showed it at one width. Pictures are in the vault, as PNG. */
export interface BrowserLook {
  readonly path: string;
  readonly url: string;
  /** Of the window, in CSS pixels. */
  readonly widthPx: number;
  /** Absent where the page could not be shown. */
  readonly screenshot?: Digest;
  /** As it was at an earlier look, or as it is on the target that comes after. */
  readonly before?: Digest;
  /** Where *before* comes from: the target's name, or the time of the earlier look (ISO 8601). */
  readonly beforeFrom?: string;
  readonly title?: string;
  readonly problems: readonly string[];
}
