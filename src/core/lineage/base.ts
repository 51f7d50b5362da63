import type { Digest, Revision } from "../brand.ts";
import type { Headers } from "../plan/plan.ts";

/**
 * What this working copy last saw live at one path. Recorded only where local equalled live, where live's bytes
 * were proven an ancestor of local, or where `pull` wrote or merged the content (decision 1).
 */
export interface BaseEntry {
  /** Of the bytes that were live. */
  readonly digest: Digest;
  readonly revision: Revision;
  readonly sizeBytes: number;
  readonly headers: Headers;
  /** ISO 8601, UTC: when it was seen. */
  readonly at: string;
  readonly how: "same" | "ancestor" | "pulled" | "merged" | "kept-mine" | "deployed";
}
