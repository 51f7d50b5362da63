/** What duplicate pages can do, by key: read only where there is a choice to make. */

import { inventoryOf } from "../../codecs/page-features/inventory-of.ts";
import { bytesOf } from "../../core/body.ts";
import type { Sighting } from "../../core/records/claim.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { Inventories } from "../../core/records/survivor.ts";
import { concurrently } from "../concurrently.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";

const decoder = new TextDecoder();

/** Features by behaviour, and those that belay.yaml names by a text of their own. A page that is gone was not looked at. */
export async function featuresOf(records: RecordsBench, sightings: readonly Sighting[], context: Context): Promise<Inventories> {
  const entries = await concurrently(sightings, records.home.concurrency, async ({ system: name, at }) => {
    const system = systemNamed(records.kind, name);
    if (!system) return [];
    const { bench, target } = await records.placeOf(system);
    const reading = await (await bench.storeOf(target.store)).read(at.key, context);
    if (!reading) return [];
    const { headers = {} } = reading.observed;
    const read = records.codecOf(system).read(await bytesOf(reading.body), headers);
    if (read.kind === "unreadable") return [];
    const { bytes } = read.document;
    const text = decoder.decode(bytes);
    const own = records.kind.features.filter(({ contains }) => text.includes(contains)).map((feature) => feature.name);
    return [[at.key, new Set([...own, ...inventoryOf(bytes, headers).map((feature) => feature.name)])] as const];
  });
  return new Map(entries.flat());
}
