/** Which of several objects of one system stays, where they turned out to be one record (decision 31: a person is asked unless the kind says who decides). */

import type { Entity, Sighting } from "./claim.ts";
import type { Question, Survivor } from "./decision.ts";

/** Sightings of one system, two or more, in the order in which the entity has them. Templates and several parts of one object are no duplicates. */
export function duplicatesIn({ sightings }: Pick<Entity, "sightings">): readonly (readonly Sighting[])[] {
  const bySystem = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    if (sighting.isTemplate === true) continue;
    const group = bySystem.get(sighting.system) ?? [];
    bySystem.set(sighting.system, group);
    if (!group.some(({ at }) => at.store === sighting.at.store && at.key === sighting.at.key)) group.push(sighting);
  }
  return [...bySystem.values()].filter((group) => group.length > 1);
}

/** Features of each object by its key: what its forms, scripts and endpoints do. A key that is missing was not looked at. */
export type Inventories = ReadonlyMap<string, ReadonlySet<string>>;

/** What is known about the use of each object, by key. A map that is absent, or a key that it lacks, means *unknown*; an empty list means nobody. */
export interface UseFacts {
  /** Names of what points at it: `record S2FJLN`. */
  readonly pointedAt?: ReadonlyMap<string, readonly string[]>;
  /** Pages that link to it. */
  readonly linkedBy?: ReadonlyMap<string, readonly string[]>;
  /** Who fetched it, from logs: `guest, 12 times, last on 2026-05-19`. */
  readonly fetchedBy?: ReadonlyMap<string, readonly string[]>;
  /** ISO 8601, UTC. */
  readonly createdAt?: ReadonlyMap<string, string>;
}

/** How the choice is made: the person's key, or that whatever has every feature of the others stays. Absent: asked. */
export type SurvivorRule = { readonly kind: "keep"; readonly key: string; readonly because: string } | { readonly kind: "richest" };

export interface Group {
  readonly sightings: readonly Sighting[];
  readonly inventories: Inventories;
  readonly facts: UseFacts;
}

/** `deletes`: removal was asked for. The richest is taken only where nothing would be lost and it is one; all else is a question. */
export function chooseSurvivor(group: Group, rule?: SurvivorRule, deletes = false): Survivor | Question {
  const keys = group.sightings.map(({ at }) => at.key);
  const [system = ""] = group.sightings.map((sighting) => sighting.system);
  const chosen =
    rule?.kind === "keep" ? keys.find((key) => key === rule.key) : rule?.kind === "richest" ? richest(keys, group.inventories) : undefined;
  if (chosen === undefined) return questionAbout(system, keys, group);
  const replace = keys.filter((key) => key !== chosen);
  const because = rule?.kind === "keep" ? rule.because : `${chosen} has every feature of ${replace.join(", ")}`;
  return {
    system,
    keep: chosen,
    replace,
    how: deletes ? "delete" : "redirect",
    loses: lostWithout(chosen, replace, group.inventories),
    because,
  };
}

/** The one that has all that the others have, and more; none where an inventory is missing or two are alike. */
function richest(keys: readonly string[], inventories: Inventories): string | undefined {
  if (keys.some((key) => !inventories.has(key))) return undefined;
  const richer = (one: string, other: string): boolean => {
    const [mine, theirs] = [featuresOf(one, inventories), featuresOf(other, inventories)];
    return mine.size > theirs.size && [...theirs].every((feature) => mine.has(feature));
  };
  return keys.find((one) => keys.every((other) => other === one || richer(one, other)));
}

/** For people, one line: which of them has all that the others have, and what it has alone; `undefined` where one was not looked at. */
export function richerLine(keys: readonly string[], inventories: Inventories): string | undefined {
  if (keys.some((key) => !inventories.has(key))) return undefined;
  const best = richest(keys, inventories);
  if (best !== undefined) return `${best} is richer: it alone has ${shown(aloneIn(best, keys, inventories))}`;
  const isAlike = keys.every((key) => lostWithout(key, keys, inventories).length === 0);
  return isAlike ? "none is richer: all of them have the same features" : "none is richer: each lacks something that another one has";
}

/** Features that none of the others has, sorted. */
const aloneIn = (key: string, keys: readonly string[], inventories: Inventories): readonly string[] =>
  [...featuresOf(key, inventories)]
    .filter((feature) => keys.every((other) => other === key || !featuresOf(other, inventories).has(feature)))
    .toSorted();

const featuresOf = (key: string, inventories: Inventories): ReadonlySet<string> => inventories.get(key) ?? new Set();

/** Features of what would be replaced that the one that stays lacks, sorted; what was not looked at may lose anything, and says so. */
function lostWithout(keep: string, replace: readonly string[], inventories: Inventories): readonly string[] {
  const unseen = [keep, ...replace].filter((key) => !inventories.has(key));
  if (unseen.length > 0) return unseen.map((key) => `unknown: ${key} was not looked at`);
  const kept = featuresOf(keep, inventories);
  const lost = replace.flatMap((key) => [...featuresOf(key, inventories)].filter((feature) => !kept.has(feature)));
  return [...new Set(lost)].toSorted();
}

function questionAbout(system: string, keys: readonly string[], group: Group): Question {
  const choices = keys.map((key) => ({ answer: key, says: saysOf(key, keys, group) }));
  return { about: "survivor", name: system, choices, ask: `--keep ${keys[0] ?? ""}` };
}

/** For people, one line each: what it alone has, what would be lost with the others, who uses it. */
function saysOf(key: string, keys: readonly string[], { inventories, facts }: Group): readonly string[] {
  const others = keys.filter((other) => other !== key);
  const unseen = [key, ...others].filter((one) => !inventories.has(one));
  const alone = aloneIn(key, keys, inventories);
  const lost = lostWithout(key, others, inventories);
  const compared =
    unseen.length > 0
      ? [`features: unknown, ${unseen.join(", ")} was not looked at`]
      : [`has alone: ${shown(alone)}`, `keeping it loses: ${shown(lost)}`];
  return [
    ...compared,
    `pointed at by: ${known(facts.pointedAt, key)}`,
    `linked by: ${known(facts.linkedBy, key)}`,
    `fetched by: ${known(facts.fetchedBy, key)}`,
    `created: ${facts.createdAt?.get(key) ?? "unknown"}`,
  ];
}

const shown = (names: readonly string[]): string => (names.length === 0 ? "nothing" : names.join(", "));

function known(facts: ReadonlyMap<string, readonly string[]> | undefined, key: string): string {
  const names = facts?.get(key);
  if (names === undefined) return "unknown";
  return names.length === 0 ? "nobody" : names.join(", ");
}
