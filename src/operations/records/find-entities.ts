/** Which sightings are one record, as outlines with names; and the records themselves, one by one. */

import { canonicalBytes } from "../../core/canonical-json.ts";
import type { Entity, Sighting } from "../../core/records/claim.ts";
import { canonicalText, showValue } from "../../core/records/compare-values.ts";
import { normalKey } from "../../core/records/identity/fold-text.ts";
import { resolveIdentity, type Identity } from "../../core/records/identity/resolve-identity.ts";
import { matchRules, pointed, traitsOf } from "../../core/records/identity/traits.ts";
import type { RecordKind } from "../../core/records/kind.ts";
import { isSilent, type Sketch } from "../../core/records/sketch.ts";
import type { Context } from "../workbench.ts";
import { knownIn } from "./observe-systems.ts";
import type { SystemView } from "./system-view.ts";
import { readSightings } from "./read-sightings.ts";
import type { RecordsBench } from "./records-bench.ts";

/** A record as it is held while the others are too: without its evidence. */
export interface EntityOutline extends Pick<Entity, "id" | "links" | "doubts"> {
  readonly sketches: readonly Sketch[];
}

/** In the order of the systems and their keys. What says nothing of any record, and is pointed at by none, belongs to none. */
export async function findEntities(
  records: RecordsBench,
  views: readonly SystemView[],
  context: Context,
): Promise<readonly EntityOutline[]> {
  const { kind } = records;
  const sketches = speakingOf(views.flatMap((view) => view.sketches));
  const byId = new Map(sketches.map((sketch) => [sketch.id, sketch]));
  const { entities, links, doubts } = await resolved(records, sketches, context);
  const entityOf = new Map(entities.flatMap((ids, index) => ids.map((id) => [id, index] as const)));
  const linksBy = groupBy(links, ({ a }) => [entityOf.get(a)]);
  const doubtsBy = groupBy(doubts, ({ a, b }) => [entityOf.get(a), entityOf.get(b)]);
  const names = new Map<string, number>();
  return entities.map((ids, index): EntityOutline => {
    const members = ids.flatMap((id) => byId.get(id) ?? []);
    const name = nameOf(members, kind);
    const times = (names.get(name) ?? 0) + 1;
    names.set(name, times);
    return {
      id: times === 1 ? name : `${name}~${times}`,
      sketches: members,
      links: linksBy.get(index) ?? [],
      doubts: doubtsBy.get(index) ?? [],
    };
  });
}

function speakingOf(sketches: readonly Sketch[]): readonly Sketch[] {
  const named = new Set(sketches.flatMap(({ points = [] }) => points.map(({ raw }) => pointed(raw))));
  return sketches.filter((sketch) => !isSilent(sketch) || isPointedAt(sketch.at.key, named));
}

/** As a whole, or by its last part. */
function isPointedAt(key: string, named: ReadonlySet<string>): boolean {
  const whole = pointed(key);
  return named.has(whole) || named.has(whole.slice(whole.lastIndexOf("/") + 1));
}

/** Whether a pointer's text names one of a system's objects. A page that only leads to another one is none. */
export function pointedNames({ sketches, unreadable }: SystemView): (raw: string) => boolean {
  const keys = new Set([...sketches.map(({ at }) => at.key), ...unreadable.map(({ key }) => key)]);
  const named = new Set([...keys].map(pointed).flatMap((whole) => [whole, whole.slice(whole.lastIndexOf("/") + 1)]));
  return (raw) => named.has(pointed(raw));
}

/** The same sketches under the same rules are the same records: what was found then is found now. */
async function resolved(records: RecordsBench, sketches: readonly Sketch[], context: Context): Promise<Identity> {
  const { kind, book } = records;
  const digest = digestOf(records, sketches);
  const note = await book.recall("identity", context);
  if (note?.startsWith(`${digest}\n`) === true) {
    const found: Identity = JSON.parse(note.slice(digest.length + 1));
    return found;
  }
  context.report({ phase: "comparing", done: 0, total: sketches.length });
  const identity = resolveIdentity(sketches.map(traitsOf), matchRules(kind));
  await book.remember("identity", `${digest}\n${JSON.stringify(identity)}`);
  return identity;
}

const sketchesAtOnce = 500;
const encoder = new TextEncoder();

/** Piece by piece: all of them as one text would be as much memory again. */
function digestOf({ kind, home }: RecordsBench, sketches: readonly Sketch[]): string {
  const { sha256 } = home.runtime;
  let digest: string = sha256(canonicalBytes(JSON.parse(JSON.stringify([kind.identity, kind.fields]))));
  for (let at = 0; at < sketches.length; at += sketchesAtOnce) {
    digest = sha256(encoder.encode(`${digest}${JSON.stringify(sketches.slice(at, at + sketchesAtOnce))}`));
  }
  return digest;
}

function groupBy<Item>(items: readonly Item[], of: (item: Item) => readonly (number | undefined)[]): Map<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    for (const index of new Set(of(item))) {
      if (index === undefined) continue;
      const group = groups.get(index);
      if (group) group.push(item);
      else groups.set(index, [item]);
    }
  }
  return groups;
}

/** The first exact key that a member has, else the first member's address. */
function nameOf(members: readonly Sketch[], kind: RecordKind): string {
  for (const key of kind.identity.keys) {
    const claim = members.flatMap(({ claims }) => claims).find(({ field }) => field === key);
    if (claim) return showValue(claim.value).replace(/^#/u, "");
  }
  const [first] = members;
  return first ? `${first.system}:${first.at.key}${first.part === "" ? "" : `#${first.part}`}` : "";
}

/** Every record that a person could mean: by its name, by any of its keys, or by the address of any of its objects. */
export function entitiesNamed(outlines: readonly EntityOutline[], named: string, kind: RecordKind): readonly EntityOutline[] {
  const exact = outlines.filter(({ id }) => id === named);
  if (exact.length > 0) return exact;
  const [wanted, folded] = [canonicalText(named, "key"), normalKey(named)];
  const isWanted = (text: string): boolean => canonicalText(text, "key") === wanted || (folded !== "" && normalKey(text) === folded);
  return outlines.filter(({ sketches }) =>
    sketches.some(
      ({ at, claims }) =>
        at.key === named ||
        claims.some(({ field, value }) => kind.identity.keys.includes(field) && value.kind === "text" && isWanted(value.text)),
    ),
  );
}

/** A record with its evidence: from what is remembered, else read once more. */
export async function loadEntity(
  records: RecordsBench,
  { outline, views }: { readonly outline: EntityOutline; readonly views: readonly SystemView[] },
  context: Context,
): Promise<Entity> {
  const { id, sketches, links, doubts } = outline;
  const sightings: Sighting[] = [];
  const loaded = new Map<string, readonly Sighting[]>();
  for (const sketch of sketches) {
    const name = JSON.stringify([sketch.system, sketch.at.key]);
    const all = loaded.get(name) ?? (await sightingsAt(records, { sketch, views }, context));
    loaded.set(name, all);
    sightings.push(...all.filter((one) => one.id === sketch.id));
  }
  return { id, sightings, links, doubts };
}

async function sightingsAt(
  records: RecordsBench,
  { sketch: { system, at }, views }: { readonly sketch: Sketch; readonly views: readonly SystemView[] },
  context: Context,
): Promise<readonly Sighting[]> {
  return (
    (await records.book.sightings(system, at.key, context)) ??
    (await readSightings(records, { system, key: at.key, known: knownIn(records.kind, views) }, context))
  );
}
