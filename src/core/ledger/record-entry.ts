/** What the ledger holds about records: what was decided, what a person has to do, which record somebody is about to make. */

import type { Digest, PlanId } from "../brand.ts";
import type { Decision, Survivor } from "../records/decision.ts";
import type { ManualTask } from "../records/task.ts";

export type RecordEntryBody =
  /** A reconcile has begun: what holds from here on, and who said so. `reconcile` is in the vault. */
  | {
      readonly kind: "decided";
      readonly of: string;
      readonly record: string;
      readonly reconcile: PlanId;
      readonly decisions: readonly Decision[];
      readonly survivors: readonly Survivor[];
    }
  /** Every wave has landed and was seen; `report` is a document in the vault. */
  | {
      readonly kind: "reconciled";
      readonly of: string;
      readonly record: string;
      readonly reconcile: PlanId;
      readonly steps: number;
      readonly report: Digest;
    }
  /** A person has to change what belay cannot. Said again of a task that is done, it is open again. */
  | { readonly kind: "tasked"; readonly of: string; readonly record: string; readonly task: ManualTask; readonly why: string }
  | {
      readonly kind: "task-done";
      readonly of: string;
      readonly record: string;
      readonly task: string;
      readonly how: "observed" | "attested";
      readonly evidence?: string;
      /** ISO 8601, UTC. */
      readonly recheckAt?: string;
    }
  /** Somebody is about to make this record, and nobody else may (R9). `keys`: normalised, what names it. */
  | {
      readonly kind: "claimed";
      readonly of: string;
      readonly record: string;
      readonly keys: readonly string[];
      /** ISO 8601, UTC: from then on anybody may claim it. */
      readonly until: string;
      readonly note?: string;
      /** Known records that it is not, although it looks like one of them. */
      readonly others?: readonly string[];
    }
  | { readonly kind: "unclaimed"; readonly of: string; readonly record: string; readonly why: string }
  /** The switch of `belay watch`: `off` stops every watcher of the kind, on every machine. */
  | { readonly kind: "watch-switched"; readonly of: string; readonly is: "on" | "off"; readonly why: string };
