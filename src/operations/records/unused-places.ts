/** Places that belay.yaml names and no object has: a slip of the pen would else look like a field of which nobody says anything. */

import { BelayError } from "../../core/belay-error.ts";
import { bytesOf } from "../../core/body.ts";
import { isPlaceNamed, placeMedia } from "../../core/records/claims/field-places.ts";
import { editDistance } from "../../core/records/identity/string-similarity.ts";
import type { Place } from "../../core/records/document.ts";
import type { RecordKind, RecordSystem } from "../../core/records/kind.ts";
import { listNameOf } from "../../core/records/list-elements.ts";
import type { Sketch } from "../../core/records/sketch.ts";
import { concurrently } from "../concurrently.ts";
import type { Context } from "../workbench.ts";
import { systemFingerprint } from "./look-at-system.ts";
import type { RecordsBench } from "./records-bench.ts";
import type { SystemView } from "./system-view.ts";

export interface UnusedPlace {
  readonly system: string;
  /** As belay.yaml spells it. */
  readonly at: string;
  /** What is kept there: a field's name, or `the pointer to pages`. */
  readonly of: string;
  /** How many objects the system has, and how many were read once more to be sure. */
  readonly objects: number;
  readonly looked: number;
  /** A place of those objects with almost that name. */
  readonly nearest?: string;
}

/** So many objects of a system are read for it, and only where nothing was found at a place. */
const lookedMax = 5;
const slipsMax = 3;

/** A system of which nothing says some of the places that belay.yaml names. */
interface Silent {
  readonly view: SystemView;
  readonly places: readonly Configured[];
  /** The first objects: what they have places for is looked at. */
  readonly keys: readonly string[];
}

/** In the order of the systems. What only some objects have is no slip. Objects that are as they were when they were looked at are not read again. */
export async function unusedPlaces(records: RecordsBench, views: readonly SystemView[], context: Context): Promise<readonly UnusedPlace[]> {
  const silent = views.flatMap((view): Silent[] => {
    const places = placesOf(records.kind, view).filter(({ isUsed }) => !view.sketches.some(isUsed));
    const keys = [...new Set(view.sketches.filter(({ isTemplate }) => isTemplate !== true).map(({ at }) => at.key))].slice(0, lookedMax);
    return view.failure || places.length === 0 || keys.length === 0 ? [] : [{ view, places, keys }];
  });
  if (silent.length === 0) return [];
  const basis = await basisOf(records, silent, context);
  const note = basis === undefined ? undefined : await records.book.recall(noteName, context);
  if (basis !== undefined && note?.startsWith(`${basis}\n`) === true) {
    const remembered: readonly UnusedPlace[] = JSON.parse(note.slice(basis.length + 1));
    return remembered;
  }
  const found: (readonly UnusedPlace[] | undefined)[] = [];
  for (const one of silent) found.push(await unusedIn(records, one, context));
  const unused = found.flatMap((places = []) => places);
  if (basis !== undefined && !found.includes(undefined)) await records.book.remember(noteName, `${basis}\n${JSON.stringify(unused)}`);
  return unused;
}

const noteName = "unused-places";

/** What the answer rests on; `undefined` where the book has forgotten one of the objects. */
async function basisOf(records: RecordsBench, silent: readonly Silent[], context: Context): Promise<string | undefined> {
  const basis: unknown[] = [];
  for (const { view, places, keys } of silent) {
    const { marks } = await records.book.marks(view.system.name, systemFingerprint(records, view.system), context);
    const revisions = keys.map((key) => marks.get(key)?.revision);
    if (revisions.includes(undefined)) return undefined;
    basis.push([view.system.name, view.objects, places.map(({ at, of }) => [at, of]), keys, revisions]);
  }
  return JSON.stringify(basis);
}

/** `undefined` where none of its objects could be read a second time. */
async function unusedIn(
  records: RecordsBench,
  { view, places, keys }: Silent,
  context: Context,
): Promise<readonly UnusedPlace[] | undefined> {
  const found = await namesIn(records, { system: view.system, keys }, context).catch((error: unknown) => {
    // What cannot be read a second time is no reason to tell less of the rest.
    if (!(error instanceof BelayError) || context.signal.aborted) throw error;
    return { places: [], looked: 0 };
  });
  if (found.looked === 0) return undefined;
  return places.flatMap(({ at, of }): UnusedPlace[] => {
    if (found.places.some((place) => isPlaceNamed(place, at) || listNameOf(place) === at)) return [];
    const nearest = nearestName(at, found.places);
    const { system, objects } = view;
    return [{ system: system.name, at, of, objects, looked: found.looked, ...(nearest !== undefined && { nearest }) }];
  });
}

interface Configured {
  readonly at: string;
  readonly of: string;
  readonly isUsed: (sketch: Sketch) => boolean;
}

function placesOf(kind: RecordKind, { system }: SystemView): readonly Configured[] {
  const fields = Object.entries(system.fields).flatMap(([field, { at, dateAt }]): Configured[] => {
    if (at === "key") return [];
    const says = (part: "date" | "time" | undefined) => (sketch: Sketch) =>
      sketch.claims.some(
        ({ field: said, value, isAddress }) =>
          said === field && isAddress !== true && (part === undefined || (value.kind === "moment" && value[part] !== undefined)),
      );
    const own = { at, of: field, isUsed: says(dateAt === undefined ? undefined : "time") };
    return dateAt === undefined ? [own] : [{ at: dateAt, of: field, isUsed: says("date") }, own];
  });
  const pointers = kind.pointers.filter(({ from }) => from === system.name);
  return [
    ...fields,
    ...pointers.map(({ at, to }): Configured => ({
      at,
      of: `the pointer to ${to}`,
      isUsed: ({ points = [] }) => points.some((point) => point.at === at && point.to === to),
    })),
  ];
}

/** What the first objects have places for. */
async function namesIn(
  { placeOf, codecOf }: RecordsBench,
  { system, keys }: { readonly system: RecordSystem; readonly keys: readonly string[] },
  context: Context,
): Promise<{ readonly places: readonly Place[]; readonly looked: number }> {
  const { bench, target } = await placeOf(system);
  const store = await bench.storeOf(target.store);
  const places: Place[] = [];
  let looked = 0;
  await concurrently(keys, bench.concurrency, async (key) => {
    const reading = await store.read(key, context);
    const read = reading && codecOf(system).read(await bytesOf(reading.body), reading.observed.headers ?? {});
    if (read?.kind !== "document") return;
    looked += 1;
    places.push(...read.document.segments.map(({ place }) => place));
  });
  return { places, looked };
}

function nearestName(at: string, places: readonly Place[]): string | undefined {
  const prefix = placeMedia.exec(at)?.groups?.["medium"];
  const names = places
    .filter(({ medium }) => (prefix === undefined ? medium === "item" || medium === "property" : medium === prefix))
    .map((place) => listNameOf(place) ?? place.name);
  const wanted = prefix === undefined ? at : at.slice(prefix.length + 1);
  const distanceMax = Math.min(slipsMax, Math.max(2, Math.floor(wanted.length / 3)));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of new Set(names)) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase(), distanceMax);
    if (distance <= distanceMax && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best && (prefix === undefined ? best.name : `${prefix}:${best.name}`);
}
