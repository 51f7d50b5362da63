/** Looks at every system of a kind (R1). What did not change since the last look is not read again. */

import { BelayError } from "../../core/belay-error.ts";
import { knownDays } from "../../core/records/claims/known-days.ts";
import { indexKnown, type KnownValues } from "../../core/records/claims/known-values.ts";
import type { RecordKind, RecordSystem } from "../../core/records/kind.ts";
import type { Sketch } from "../../core/records/sketch.ts";
import type { Value } from "../../core/records/value.ts";
import type { Context } from "../workbench.ts";
import { lookAtSystem, openLook, type OpenLook, type Seen } from "./look-at-system.ts";
import type { RecordsBench } from "./records-bench.ts";
import type { Known, SystemView } from "./system-view.ts";

/** Structured systems first: what they know of names and keys is looked for in pages. Within a round all at once. */
export async function observeSystems(records: RecordsBench, context: Context): Promise<readonly SystemView[]> {
  const { kind } = records;
  const looks = new Map(kind.systems.map((system) => [system.name, opened(openLook(records, system, context))]));
  const round = async (systems: readonly RecordSystem[], known?: Known): Promise<readonly SystemView[]> =>
    await Promise.all(systems.map(async (system) => await viewOf(records, { system, look: looks.get(system.name), known }, context)));
  const first = await round(kind.systems.filter(isStructured));
  const sketches = first.flatMap((view) => (view.failure ? [] : view.sketches));
  // What a table that fails today knew yesterday is still worth looking for: without it, its names would vanish from every page.
  for (const { system, failure } of first) if (failure) sketches.push(...(await rememberedSketches(looks.get(system.name))));
  const known = { values: indexKnown(kind, valuesOf(sketches)), days: knownDays(kind, sketches) };
  const second = await round(
    kind.systems.filter((system) => !isStructured(system)),
    known,
  );
  const views = new Map([...first, ...second].map((view) => [view.system.name, view]));
  return kind.systems.flatMap(({ name }) => views.get(name) ?? []);
}

/** One that cannot be opened is met when its turn comes, while others are still being looked at: until then nobody waits for it. */
function opened(look: Promise<OpenLook>): Promise<OpenLook> {
  look.catch(() => undefined);
  return look;
}

/** Its fields stand at places of their own, so nothing has to be known before it is read. */
const isStructured = ({ medium }: RecordSystem): boolean => medium === "table";

interface Viewing {
  readonly system: RecordSystem;
  readonly look: Promise<OpenLook> | undefined;
  readonly known: Known | undefined;
}

/** A failure is a part of the view: the other systems are looked at all the same. */
async function viewOf(records: RecordsBench, { system, look, known }: Viewing, context: Context): Promise<SystemView> {
  try {
    if (!look) throw new Error(`belay bug: ${system.name} is not looked at`);
    const seen: Seen = await lookAtSystem(records, await look, known, context);
    return { system, ...seen };
  } catch (error) {
    if (!(error instanceof BelayError) || context.signal.aborted) throw error;
    const nothing = { system, objects: 0, read: 0, sketches: [], unreadable: [] };
    // What nobody but a person sees there is a person's to say.
    if (error.code === "store-denied" && system.isReadOnly && system.manual?.attest === true) return { ...nothing, isAttested: true };
    return { ...nothing, failure: failureAt(system, error) };
  }
}

async function rememberedSketches(look: Promise<OpenLook> | undefined): Promise<readonly Sketch[]> {
  try {
    return [...((await look)?.last.marks.values() ?? [])].flatMap(({ sketches }) => sketches);
  } catch {
    return [];
  }
}

const failureAt = ({ name, store }: RecordSystem, error: BelayError): BelayError =>
  error.message.startsWith(`${name} `)
    ? error
    : new BelayError(error.code, `${name} (${store}) could not be looked at: ${error.message}`, error.remedy, { cause: error });

/** What structured systems know, for whoever reads a page once more. */
export const knownIn = (kind: RecordKind, views: readonly SystemView[]): KnownValues =>
  indexKnown(kind, valuesOf(views.filter(({ system }) => isStructured(system)).flatMap(({ sketches }) => sketches)));

function* valuesOf(sketches: Iterable<Sketch>): Generator<readonly [string, Value]> {
  for (const { claims, isTemplate } of sketches)
    for (const { field, value, isAddress } of isTemplate ? [] : claims) if (!isAddress) yield [field, value];
}

/** The first system that could not be looked at: nothing is written while one is. */
export function requireWhole(views: readonly SystemView[]): void {
  for (const { failure } of views) if (failure) throw failure;
}
