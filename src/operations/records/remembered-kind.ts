/** What this machine remembers of a kind from its last look: for whoever has no time for systems, and no network. */

import type { Context } from "../workbench.ts";
import { findEntities } from "./find-entities.ts";
import type { KnownKind } from "./find-record.ts";
import { systemFingerprint } from "./look-at-system.ts";
import type { RecordsBench } from "./records-bench.ts";
import type { SystemView } from "./system-view.ts";

/** Of systems that were never looked at nothing is known, and none of them fails. */
export async function rememberedKind(records: RecordsBench, context: Context): Promise<KnownKind> {
  const views: SystemView[] = [];
  for (const system of records.kind.systems) {
    const { marks } = await records.book.marks(system.name, systemFingerprint(records, system), context);
    const held = [...marks.values()];
    views.push({ system, objects: held.length, read: 0, sketches: held.flatMap(({ sketches }) => sketches), unreadable: [] });
  }
  return { views, outlines: await findEntities(records, views, context) };
}
