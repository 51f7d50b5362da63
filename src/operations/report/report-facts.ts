/** What a report tells, as values: gathered once, rendered as HTML or Markdown without another look at anything. */

import type { Cell, DiffPart, DiffRow, SideBySide } from "../../codecs/text-diff/side-by-side.ts";
import type { Digest } from "../../core/brand.ts";
import type { Actor } from "../../core/ledger/entry.ts";
import type { Approval } from "../../core/ledger/fold.ts";
import type { PageLoss } from "../../core/page-terms.ts";
import type { Change, Content, IdentifiedPlan, Source, Wave } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import type { Verification } from "../../core/verify/verification.ts";

export type { Cell, DiffPart, DiffRow, SideBySide };

/** A raster image that browsers show. Never anything that could hold script. */
export interface Picture {
  readonly type: "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif";
  readonly bytes: Uint8Array;
}

/** What is shown of a file's bytes. */
export type FileDetail =
  | {
      readonly kind: "text";
      readonly diff: SideBySide;
      /** Of a page: what visitors would lose and gain. */
      readonly loss?: PageLoss;
    }
  | { readonly kind: "pictures"; readonly before?: Picture; readonly after?: Picture }
  /** Why its content is not shown, as a clause. */
  | { readonly kind: "none"; readonly why: string };

export interface FileReport {
  readonly path: string;
  /** `held`: a refused plan does not touch it; this is what it would have done. */
  readonly kind: Change["kind"] | "held";
  readonly wave?: Wave["name"];
  readonly because: string;
  readonly before?: Partial<Content>;
  readonly after?: Partial<Content>;
  readonly from?: Source;
  /** Absent for files that are only listed. */
  readonly detail?: FileDetail;
}

/** Screenshots of a verification, as far as they found room. */
export interface VerificationReport {
  readonly verification: Verification;
  readonly pictures: ReadonlyMap<Digest, Picture>;
  /** Screenshots that found no room, or are not kept any more. */
  readonly picturesLeftOut: number;
}

/** Who made a report, and when (ISO 8601, UTC). */
export interface Made {
  readonly at: string;
  readonly by: Actor;
}

export interface ReportFacts {
  readonly made: Made;
  readonly identified: IdentifiedPlan;
  readonly target: Target;
  /** The most telling first. */
  readonly files: readonly FileReport[];
  /** Given so far; whether they hold is asked when the plan starts. */
  readonly approvals: readonly Approval[];
  /** What visitors of the stage before were found to get, where the target has one and it was looked at. */
  readonly stage?: VerificationReport;
}

export interface VerifyReportFacts extends VerificationReport {
  readonly made: Made;
  readonly target: Target;
}
