/** What holds, field by field: by agreement, by derivation, by a rule, by a person; what is left is asked (R6). */

import { isReadAs, isReadOtherwise, saidBy, speaking, type Said, type SaidBy } from "./cell-values.ts";
import type { Entity, Sighting } from "./claim.ts";
import { compareValues, joinValues, showValue } from "./compare-values.ts";
import type { Decision, Question } from "./decision.ts";
import { derived, inOrder, moveWith, type Clock } from "./derive.ts";
import type { Field, RecordKind } from "./kind.ts";
import { isSkipped, shownMoments } from "./shown-moments.ts";
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
  if (answer) return wordOn(field, answer.value, table, { how: "person", because: answer.because });
  const voices = voicesOf(field.name, table);
  const { derivation } = field;
  if (derivation?.kind === "offset") return decideDerived(field, derivation, table);
  if (derivation?.kind === "moves-with") return decideMoving(field, derivation.from, table);
  if (voices.length === 0) return undefined;
  const agreed = agreement(voices, field);
  // What the clock never shows cannot hold, however many say it.
  const isPossible = agreed?.kind !== "moment" || !isSkipped(agreed, table.clock);
  if (agreed && isPossible) return decision(field, agreed, "agreed", "no system says otherwise");
  return stillStanding(field, voices, table) ?? byAuthority(field, table);
}

/** A decision holds for as long as only those differ from it that cannot have caught up: then nobody is asked again. */
function stillStanding(field: Field, voices: readonly Voice[], { facts }: Table): Decision | undefined {
  const before = facts.standing?.decisions.find((one) => one.field === field.name);
  if (!before || !facts.standing) return undefined;
  const { excused } = facts.standing;
  const others = voices.filter(({ sighting }) => !excused.has(sighting.id));
  const isHeld =
    others.length > 0 && others.every(({ said }) => !said.isInner && !said.isUnreadable && mayAgree(said, before.value, field));
  return isHeld ? before : undefined;
}

/** What a person said of a field that its rule does not explain stands while what the rule counts from is what it was then. */
function standingApart(
  { field, from, base }: { readonly field: Field; readonly from: string; readonly base: Decision },
  voices: readonly Voice[],
  table: Table,
): Decision | undefined {
  const { facts } = table;
  const then = facts.standing?.decisions.find((one) => one.field === from);
  const type = facts.kind.fields.find(({ name }) => name === from)?.type;
  const held = stillStanding(field, voices, table);
  return held?.how === "person" && then && compareValues(then.value, base.value, type) !== "differs" ? held : undefined;
}

/** Neither what an object says nor any reading of it contradicts a value. */
const mayAgree = (said: Said, value: Value, { type }: Field): boolean =>
  (!said.value || compareValues(said.value, value, type) !== "differs") && !isReadOtherwise(said, value, type);

/** `15:30` for a field that everybody has on 30 May means that day; where the places name several days, it leaves open which of them. */
function wordOn(field: Field, value: Value, table: Table, { how, because }: Pick<Decision, "how" | "because">): Decision | Question {
  if (value.kind !== "moment" || field.type !== "datetime" || (value.date !== undefined && value.time !== undefined))
    return decision(field, value, how, because);
  const missing = value.date === undefined ? "date" : "time";
  const wholes = [...partsSaid(missing, voicesOf(field.name, table))].map(([part, who]) => ({ whole: { ...value, [missing]: part }, who }));
  const [only, ...others] = wholes;
  if (others.length === 0) return decision(field, only?.whole ?? value, how, because);
  const choices = wholes.map(({ whole, who }) => ({ answer: answerOf(whole), says: who }));
  return { about: "field", name: field.name, choices, ask: `--set ${field.name}="${choices[0]?.answer ?? "VALUE"}"` };
}

/** The days, or the times of day, that are said, and where. */
function partsSaid(part: "date" | "time", voices: readonly Voice[]): ReadonlyMap<string, readonly string[]> {
  const says = new Map<string, string[]>();
  for (const { sighting, said } of voices) {
    const text = said.value?.kind === "moment" ? said.value[part] : undefined;
    if (text !== undefined) says.set(text, [...(says.get(text) ?? []), `${sighting.system} ${sighting.at.key}`]);
  }
  return says;
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

/** What all say together; `undefined` where any two contradict, where one contradicts itself or cannot be read, or where nobody can be read for sure. */
function agreement(voices: readonly Voice[], { type }: Field): Value | undefined {
  let value: Value | undefined;
  for (const { said } of voices) {
    if (said.isInner || said.isUnreadable) return undefined;
    if (said.value === undefined) continue;
    if (value === undefined) ({ value } = said);
    else {
      value = joinValues(value, said.value, type);
      if (value === undefined) return undefined;
    }
  }
  // A text of several readings agrees with a value that says which of them is meant; with any other nobody knows what it says.
  const agreed = value;
  return agreed !== undefined && voices.every(({ said }) => isReadAs(said, agreed, type)) ? agreed : undefined;
}

function byAuthority(field: Field, table: Table): Found {
  const { authority } = field;
  const voices = voicesOf(field.name, table);
  if (authority.kind === "system") {
    const value = agreement(
      voices.filter(({ sighting }) => sighting.system === authority.system),
      field,
    );
    if (value) return wordOn(field, value, table, { how: "authority", because: `authority: ${authority.system}` });
  }
  if (authority.kind === "newest") {
    const newest = newestOf(field, voices, table);
    if (newest) return newest;
  }
  return question(field, voices, table);
}

/** The youngest proven change wins; where a voice has no proof, or two are as young, nobody knows. */
function newestOf(field: Field, voices: readonly Voice[], { facts }: Table): Decision | undefined {
  // What one of them says now may be the newest, and nobody can read it.
  if (voices.some(({ said }) => said.isUnreadable)) return undefined;
  const dated = voices
    .filter(({ said }) => said.value !== undefined)
    .map((voice) => ({ ...voice, at: facts.changes?.get(`${voice.sighting.id} ${field.name}`) }));
  if (dated.some(({ at, said }) => at === undefined || said.isInner)) return undefined;
  const [first, second] = dated.toSorted((one, other) => (one.at === other.at ? 0 : (one.at ?? "") < (other.at ?? "") ? 1 : -1));
  if (!first?.said.value || first.at === undefined) return undefined;
  const isTie =
    second?.at === first.at && second.said.value && compareValues(first.said.value, second.said.value, field.type) === "differs";
  // Nobody knows whether a text of several readings says that too.
  const newest = first.said.value;
  const isClear = voices.every(({ said }) => said.value !== undefined || isReadAs(said, newest, field.type));
  return isTie || !isClear ? undefined : decision(field, newest, "newest", `newest: ${first.sighting.system}, ${first.at}`);
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
  if (value === undefined)
    return base.value.kind === "moment" && base.value.time === undefined ? undefined : question(field, voices, table);
  const unexplained = voices.some((voice) => !isExplained(voice, { field, from, minutes, now: value }, table));
  if (unexplained) return standingApart({ field, from, base }, voices, table) ?? question(field, voices, table, value);
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
  const isOne = (value: Value): boolean => explained.some((one) => compareValues(value, one, field.type) !== "differs");
  return said.claims.every(({ value, readings = [] }) => (value ? isOne(value) : readings.length === 0 || readings.some(isOne)));
}

/** Every start that an object says, joined with what else it says of it: a time of day with the object's day. */
function startsIn(said: Said | undefined): readonly Value[] {
  if (!said) return [];
  const values = said.claims.flatMap(({ value, readings = [] }) => (value ? [value] : readings));
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
    if (own === undefined) return voice;
    const distance = { old: own, now: base.value };
    const claims = voice.said.claims.map(({ readings, ...claim }) => ({
      ...claim,
      ...(readings && { readings: readings.map((reading) => moveWith(reading, distance) ?? reading) }),
    }));
    const value = voice.said.value && moveWith(voice.said.value, distance);
    return { ...voice, said: value ? { ...rest, claims, value } : { ...rest, claims } };
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

function question(field: Field, voices: readonly Voice[], { clock }: Table, derivedValue?: Value): Question {
  const choices = new Map<string, string[]>();
  for (const { sighting, said } of voices) {
    // Only what there is can be an answer: a time that the clock skips is none.
    for (const value of choicesOf(said, field).flatMap((one) => shownMoments(one, clock))) {
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

/** What an object may mean: the one thing that it says, each of several, or each reading with what else it says. */
function choicesOf({ value, claims, isAmbiguous }: Said, { type }: Field): readonly Value[] {
  if (!value) return claims.flatMap((claim) => (claim.value ? [claim.value] : (claim.readings ?? [])));
  if (!isAmbiguous) return [value];
  return claims.flatMap(({ readings = [] }) => readings.flatMap((reading) => joinValues(value, reading, type) ?? []));
}

/** As `--set` takes it. */
const answerOf = (value: Value): string =>
  value.kind === "moment" && value.date !== undefined && value.time !== undefined && value.offset !== undefined
    ? `${value.date}T${value.time}${value.offset}`
    : showValue(value);

function words(minutes: number): string {
  const hours = Math.trunc(minutes / 60);
  const rest = minutes % 60;
  return `${hours > 0 ? `${hours}h` : ""}${rest > 0 || hours === 0 ? `${rest}m` : ""}`;
}
