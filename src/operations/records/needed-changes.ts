/** When fields last changed, looked up only where it could decide something: it costs versions, plans and commits of each object. */

import { zoneRules } from "../../codecs/zones/zone-rules.ts";
import type { Entity } from "../../core/records/claim.ts";
import { decide, type Answer } from "../../core/records/decide.ts";
import { fieldNamed } from "../../core/records/kind.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";
import { fieldChanges } from "./timeline.ts";

/** `undefined` where no field that the newest claim decides is in question. */
export async function neededChanges(
  records: RecordsBench,
  entity: Entity,
  answers: readonly Answer[],
  context: Context,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { kind } = records;
  if (kind.fields.every(({ authority }) => authority.kind !== "newest")) return undefined;
  const { questions } = decide({ kind, entity, rules: zoneRules, answers });
  const isNeeded = questions.some(({ about, name }) => about === "field" && fieldNamed(kind, name)?.authority.kind === "newest");
  return isNeeded ? await fieldChanges(records, entity, context) : undefined;
}
