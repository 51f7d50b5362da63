/** A plan may be carried out long after it was made: before it deletes, links to what goes are looked for once more (decision 32). */

import type { Wave } from "../../core/plan/plan.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { Context } from "../workbench.ts";
import type { Carrying, Stop } from "./carrying.ts";
import { scanLinks } from "./scan-links.ts";

/** A conflict at the page that leads there by now, or that cannot be looked into. What is gone already is not asked about. */
export async function linkedSince({ records, part, parts }: Carrying, wave: Wave, context: Context): Promise<Stop | undefined> {
  const going = new Set(wave.steps.flatMap(({ change }) => (change.kind === "delete" ? [`${change.at.store} ${change.at.key}`] : [])));
  for (const name of new Set(part.survivors.flatMap(({ how, system }) => (how === "delete" ? [system] : [])))) {
    const system = systemNamed(records.kind, name);
    if (!system) continue;
    const { bench, target } = await records.placeOf(system);
    const store = await bench.storeOf(target.store);
    const pages: { readonly key: string; readonly paths: readonly string[] }[] = [];
    for (const { at, paths } of part.reach) {
      const isHere = at.store === target.store && going.has(`${at.store} ${at.key}`);
      if (isHere && (await store.read(at.key, context))) pages.push({ key: at.key, paths });
    }
    if (pages.length === 0) continue;
    const scan = await scanLinks(records, { system, pages }, context);
    const found = [...scan.values()].flatMap(({ linking, unread }) => [...linking, ...unread])[0];
    if (found !== undefined) return { kind: "conflict", parts, at: { wave: wave.name, target: target.name }, key: found };
  }
  return undefined;
}
