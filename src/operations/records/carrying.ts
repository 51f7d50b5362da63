/** A reconcile under way: what of it has landed, why it stopped, and where its parts are written. */

import type { ApplyResult } from "../apply/apply.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { Digest } from "../../core/brand.ts";
import type { IdentifiedPlan, Wave } from "../../core/plan/plan.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { RecordReach, RecordsPart } from "../../core/records/records-part.ts";
import type { Target } from "../../core/site.ts";
import type { Held } from "../../ports/leaser.ts";
import type { Workbench } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";

export interface PartDone {
  readonly wave: Wave["name"];
  readonly site: string;
  readonly target: string;
  readonly keys: readonly string[];
  /** Absent where all of it was there already. */
  readonly release?: string;
  readonly invalidation?: string;
}

export type Carried =
  | { readonly kind: "done"; readonly parts: readonly PartDone[]; readonly report: Digest }
  /** Nothing of this part stands; parts before it do. */
  | { readonly kind: "stopped"; readonly parts: readonly PartDone[]; readonly at: PartAt; readonly result: ApplyResult }
  | { readonly kind: "held"; readonly parts: readonly PartDone[]; readonly at: PartAt; readonly held: Held }
  /** Somebody has written since the plan was made. */
  | { readonly kind: "conflict"; readonly parts: readonly PartDone[]; readonly at: PartAt; readonly key: string }
  /** It was written, and does not say what was decided when looked at again. */
  | { readonly kind: "unseen"; readonly parts: readonly PartDone[]; readonly at: PartAt; readonly key: string; readonly says: string };

export interface PartAt {
  readonly wave: Wave["name"];
  readonly target: string;
}

export type Stop = Exclude<Carried, { kind: "done" }>;

/** A reconcile under way, and what of it has landed. */
export interface Carrying {
  readonly records: RecordsBench;
  readonly whole: IdentifiedPlan;
  readonly part: RecordsPart;
  readonly parts: PartDone[];
}

/** The system whose site has this target: a stage is no system's own. */
export async function placeOfSystem(
  records: RecordsBench,
  { system: of, site, target }: Pick<RecordReach, "system" | "site" | "target">,
): Promise<{ readonly bench: Workbench; readonly target: Target }> {
  const system = systemNamed(records.kind, of);
  const place = system && (await records.placeOf(system));
  const found = place?.bench.site.targets.find(({ name }) => name === target);
  if (place && found && place.bench.site.name === site) return { bench: place.bench, target: found };
  throw new BelayError(
    "plan-stale",
    `belay.yaml has no target ${target} of ${site} any more.`,
    "Make the plan again: belay reconcile KIND ID",
  );
}
