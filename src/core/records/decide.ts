/** What holds, field by field: by agreement, by derivation, by a rule, by a person; what is left is asked (R6). */

import { saidBy, speaking, type Said, type SaidBy } from "./cell-values.ts";
import type { Entity, Sighting } from "./claim.ts";
import { compareValues, joinValues, showValue } from "./compare-values.ts";
import type { Decision, Question } from "./decision.ts";
import { derived, inOrder, moveWith, type Clock } from "./derive.ts";
import type { Field, RecordKind } from "./kind.ts";
import type { Value } from "./value.ts";

/** A person's word on one field. */
export interface Answer {
  readonly field: string;
  readonly value: Value;
  /** Who, and in their own words why: `Mara: guest called`. */
  readonly because: string;
}

export interface DecideFacts {
  readonly kind: RecordKind;
  readonly entity: Entity;
  readonly rules: Clock["rules"];
  readonly answers: readonly Answer[];
  /** When a sighting's field last changed, where something proves it: by `sighting field`. ISO 8601, UTC. */
  readonly changes?: ReadonlyMap<string, string>;
  readonly standing?: Standing;
}

/** What was decided of this record before, and who has not caught up with it yet. */
export interface Standing {
  readonly decisions: readonly Decision[];
  /** Sightings that may still show what was before: a person has the task to change them, or a feed has its lag. Ids. */
  readonly excused: ReadonlySet<string>;
}

export interface Decided {
  readonly decisions: readonly Decision[];
  readonly questions: readonly Question[];
}

interface Speaker {
  readonly sighting: Sighting;
  readonly said: SaidBy;
}

interface Table {
  readonly facts: DecideFacts;
  readonly clock: Clock;
  readonly speakers: readonly Speaker[];
  readonly made: Map<string, Decision>;
}

type Found = Decision | Question | undefined;

export function decide(facts: DecideFacts): Decided {
  const { kind, entity, rules } = facts;
  const table: Table = {
    facts,
    clock: { zone: kind.zone, rules },
    speakers: speaking(entity).map((sighting) => ({ sighting, said: saidBy(sighting, kind) })),
    made: new Map(),
  };
  const questions: Question[] = [];
  for (const field of inOrder(kind)) {
    const found = decideField(field, table);
    if (found === undefined) continue;
    if ("value" in found) table.made.set(field.name, found);
    else questions.push(found);
  }
  return { decisions: [...table.made.values()], questions };
}

function decideField(field: Field, table: Table): Found {
  const answer = table.facts.answers.find((one) => one.field === field.name);
  if (answer) return decision(field, completed(answer.value, field, table), "person", answer.because);
  const voices = voicesOf(field.name, table);
  const { derivation } = field;
  if (derivation?.kind === "offset") return decideDerived(field, derivation, table);
  if (derivation?.kind === "moves-with") return decideMoving(field, derivation.from, table);
  if (voices.length === 0) return undefined;
  const agreed = agreement(voices, field);
  if (agreed) return decision(field, agreed, "agreed", "no system says otherwise");
  return stillStanding(field, voices, table) ?? byAuthority(field, table);
}

/** A decision holds for as long as only those differ from it that cannot have caught up: then nobody is asked again. */
function stillStanding(field: Field, voices: readonly Voice[], { facts }: Table): Decision | undefined {
  const before = facts.standing?.decisions.find((one) => one.field === field.name);
  if (!before || !facts.standing) return undefined;
  const { excused } = facts.standing;
  const others = voices.filter(({ sighting }) => !excused.has(sighting.id));
  const isHeld =
    others.length > 0 &&
    others.every(({ said }) => !said.isInner && (!said.value || compareValues(said.value, before.value, field.type) !== "differs"));
  return isHeld ? before : undefined;
}

/** `15:30` for a field that everybody has on 30 May means that day. */
function completed(value: Value, field: Field, table: Table): Value {
  if (value.kind !== "moment" || field.type !== "datetime" || (value.date !== undefined && value.time !== undefined)) return value;
  const parts = voicesOf(field.name, table).flatMap(({ said }) => (said.value?.kind === "moment" ? [said.value] : []));
  const missing = value.date === undefined ? "date" : "time";
  const known = [...new Set(parts.flatMap((part) => part[missing] ?? []))];
  const [only, ...others] = known;
  return only === undefined || others.length > 0 ? value : { ...value, [missing]: only };
}

interface Voice {
  readonly sighting: Sighting;
  readonly said: Said;
}

const voicesOf = (field: string, { speakers }: Table): Voice[] =>
  speakers.flatMap(({ sighting, said }) => {
    const found = said.get(field);
    return found ? [{ sighting, said: found }] : [];
  });

/** What all say together; `undefined` where any two contradict, where one contradicts itself, or where nobody can be read for sure. */
function agreement(voices: readonly Voice[], { type }: Field): Value | undefined {
  let value: Value | undefined;
  for (const { said } of voices) {
    if (said.isInner) return undefined;
    if (said.value === undefined) continue;
    if (value === undefined) ({ value } = said);
    else {
      value = joinValues(value, said.value, type);
      if (value === undefined) return undefined;
    }
  }
  return value;
}

function byAuthority(field: Field, table: Table): Found {
  const { authority } = field;
  const voices = voicesOf(field.name, table);
  if (authority.kind === "system") {
    const value = agreement(
      voices.filter(({ sighting }) => sighting.system === authority.system),
      field,
    );
    if (value) return decision(field, completed(value, field, table), "authority", `authority: ${authority.system}`);
  }
  if (authority.kind === "newest") {
    const newest = newestOf(field, voices, table);
    if (newest) return newest;
  }
  return question(field, voices);
}

/** The youngest proven change wins; where a voice has no proof, or two are as young, nobody knows. */
function newestOf(field: Field, voices: readonly Voice[], { facts }: Table): Decision | undefined {
  const dated = voices
    .filter(({ said }) => said.value !== undefined)
    .map((voice) => ({ ...voice, at: facts.changes?.get(`${voice.sighting.id} ${field.name}`) }));
  if (dated.some(({ at, said }) => at === undefined || said.isInner)) return undefined;
  const [first, second] = dated.toSorted((one, other) => (one.at === other.at ? 0 : (one.at ?? "") < (other.at ?? "") ? 1 : -1));
  if (!first?.said.value || first.at === undefined) return undefined;
  const isTie =
    second?.at === first.at && second.said.value && compareValues(first.said.value, second.said.value, field.type) === "differs";
  return isTie ? undefined : decision(field, first.said.value, "newest", `newest: ${first.sighting.system}, ${first.at}`);
}

/**
 * A rule decides only where it explains what is there: a record whose systems agree on another end is a record with another
 * end, and then it asks.
 */
function decideDerived(field: Field, { from, minutes }: { readonly from: string; readonly minutes: number }, table: Table): Found {
  const base = table.made.get(from);
  const voices = voicesOf(field.name, table);
  if (!base) return undefined;
  if (field.authority.kind === "system") {
    const said = agreement(
      voices.filter(({ sighting }) => sighting.system === (field.authority.kind === "system" ? field.authority.system : "")),
      field,
    );
    if (said) return decision(field, said, "authority", `authority: ${field.authority.system}`);
  }
  const value = derived({ kind: "offset", from, minutes }, base.value, table.clock);
  if (value === undefined) return base.value.kind === "moment" && base.value.time === undefined ? undefined : question(field, voices);
  const unexplained = voices.some((voice) => !isExplained(voice, { field, from, minutes, now: value }, table));
  if (unexplained) return question(field, voices, value);
  return decision(field, value, "derived", `${from} ${minutes < 0 ? "-" : "+"} ${words(Math.abs(minutes))}`);
}

interface Rule {
  readonly field: Field;
  readonly from: string;
  readonly minutes: number;
  readonly now: Value;
}

/** Each place that says it says what the rule makes of a start that stands in the same object, or of the one that was decided. */
function isExplained({ sighting, said }: Voice, { field, from, minutes, now }: Rule, { speakers, clock }: Table): boolean {
  const own = startsIn(speakers.find((speaker) => speaker.sighting === sighting)?.said.get(from));
  // A place that knows the end alone (a table without a start) is judged by any start that somebody has.
  const starts = own.length > 0 ? own : speakers.flatMap((speaker) => startsIn(speaker.said.get(from)));
  const rule = { kind: "offset", from, minutes } as const;
  const explained = [now, ...starts.flatMap((start) => derived(rule, start, clock) ?? [])];
  return said.claims.every(
    ({ value }) => value === undefined || explained.some((one) => compareValues(value, one, field.type) !== "differs"),
  );
}

/** Every start that an object says, joined with what else it says of it: a time of day with the object's day. */
function startsIn(said: Said | undefined): readonly Value[] {
  if (!said) return [];
  const values = said.claims.flatMap(({ value }) => (value ? [value] : []));
  return [...(said.value ? [said.value] : []), ...values];
}

/** Keeps its distance: old value + (new start − old start), by the old start that stands in the same object. */
function decideMoving(field: Field, from: string, table: Table): Found {
  const voices = voicesOf(field.name, table);
  if (voices.length === 0) return undefined;
  const base = table.made.get(from);
  if (!base) return undefined;
  const moved = voices.map((voice): Voice => {
    const start = table.speakers.find(({ sighting }) => sighting === voice.sighting)?.said.get(from);
    const { value: _old, ...rest } = voice.said;
    // With a start that contradicts itself nobody knows which of the two it moved with.
    if (start?.isInner === true) return { ...voice, said: rest };
    const own = start?.value;
    if (own === undefined || voice.said.value === undefined) return voice;
    const value = moveWith(voice.said.value, { old: own, now: base.value });
    return { ...voice, said: value ? { ...rest, value } : rest };
  });
  const agreed = agreement(moved, field);
  if (!agreed) return stillStanding(field, voices, table) ?? byAuthority(field, table);
  const isStill = voices.every(({ said }) => said.value && compareValues(said.value, agreed, field.type) !== "differs");
  return decision(field, agreed, isStill ? "agreed" : "derived", isStill ? "no system says otherwise" : `moves with ${from}`);
}

const decision = (field: Field, value: Value, how: Decision["how"], because: string): Decision => ({
  field: field.name,
  value,
  how,
  because,
});

function question(field: Field, voices: readonly Voice[], derivedValue?: Value): Question {
  const choices = new Map<string, string[]>();
  for (const { sighting, said } of voices) {
    for (const value of said.value
      ? [said.value]
      : said.claims.flatMap((claim) => (claim.value ? [claim.value] : (claim.readings ?? [])))) {
      const answer = answerOf(value);
      const says = choices.get(answer) ?? [];
      const who = `${sighting.system} ${sighting.at.key}`;
      if (!says.includes(who)) choices.set(answer, [...says, who]);
    }
  }
  if (derivedValue) choices.set(answerOf(derivedValue), [...(choices.get(answerOf(derivedValue)) ?? []), "the rule in belay.yaml"]);
  const [first = "VALUE"] = choices.keys();
  return {
    about: "field",
    name: field.name,
    choices: [...choices].map(([answer, says]) => ({ answer, says })),
    ask: `--set ${field.name}=${/\s/u.test(first) ? `"${first}"` : first}`,
  };
}

/** As `--set` takes it. */
const answerOf = (value: Value): string => showValue(value);

function words(minutes: number): string {
  const hours = Math.trunc(minutes / 60);
  const rest = minutes % 60;
  return `${hours > 0 ? `${hours}h` : ""}${rest > 0 || hours === 0 ? `${rest}m` : ""}`;
}
