/** What holds, field by field: by agreement, by derivation, by a rule, by a person; what is left is asked (R6). */

import { question, questionOn } from "./ask-field.ts";
import { isReadAs, saidBy, speaking, type Said } from "./cell-values.ts";
import { compareValues } from "./compare-values.ts";
import { wholeSaid } from "./day-and-time.ts";
import {
  agreement,
  decision,
  isShownOnce,
  stillStanding,
  voicesOf,
  wholeMade,
  type DecideFacts,
  type Found,
  type Table,
  type Voice,
} from "./decide-table.ts";
import type { Decision, Question } from "./decision.ts";
import { derived, inOrder, moveWith } from "./derive.ts";
import type { Field } from "./kind.ts";
import { answerOn, wordOn } from "./person-word.ts";
import type { Value } from "./value.ts";

export type { Answer, Standing } from "./decide-table.ts";

export interface Decided {
  readonly decisions: readonly Decision[];
  readonly questions: readonly Question[];
}

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

/** What the zone's clock never shows, or shows twice, cannot hold, however many say it. */
function decideField(field: Field, table: Table): Found {
  const found = chosen(field, table);
  if (!found || !("value" in found) || isShownOnce(field, found.value, table)) return found;
  const voices = voicesOf(field.name, table);
  const held = stillStanding(field, voices, table);
  if (held && isShownOnce(field, held.value, table)) return held;
  const says = found.how === "person" ? [found.because] : voices.map(({ sighting }) => `${sighting.system} ${sighting.at.key}`);
  return questionOn(field, found.value, table, says);
}

function chosen(field: Field, table: Table): Found {
  const answer = answerOn(field, table);
  if (answer) return wordOn(field, answer.value, table, { how: "person", because: answer.because });
  const voices = voicesOf(field.name, table);
  const { derivation } = field;
  if (derivation?.kind === "offset") return decideDerived(field, derivation, table);
  if (derivation?.kind === "moves-with") return decideMoving(field, derivation.from, table);
  if (voices.length === 0) return undefined;
  const agreed = agreement(voices, field);
  if (agreed && isShownOnce(field, agreed, table)) return decision(field, agreed, "agreed", "no system says otherwise");
  return stillStanding(field, voices, table) ?? byAuthority(field, table);
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
    if (newest) return wordOn(field, newest.value, table, newest);
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
    if (said) return wordOn(field, said, table, { how: "authority", because: `authority: ${field.authority.system}` });
  }
  const value = derived({ kind: "offset", from, minutes }, wholeMade(from, table) ?? base.value, table.clock);
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
function isExplained({ sighting, said }: Voice, { field, from, minutes, now }: Rule, { speakers, clock, facts }: Table): boolean {
  const { kind } = facts;
  const own = speakers.flatMap((speaker) => (speaker.sighting === sighting ? startsIn(wholeSaid(speaker.said, from, kind)) : []));
  // A place that knows the end alone (a table without a start) is judged by any start that somebody has.
  const starts = own.length > 0 ? own : speakers.flatMap((speaker) => startsIn(wholeSaid(speaker.said, from, kind)));
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
  const base = wholeMade(from, table);
  // Where nobody says what it moves with, it stands for itself.
  if (!base && voicesOf(from, table).length > 0) return undefined;
  const moved = !base
    ? voices
    : voices.map((voice): Voice => {
        const speaker = table.speakers.find(({ sighting }) => sighting === voice.sighting);
        const start = speaker && wholeSaid(speaker.said, from, table.facts.kind);
        const { value: _old, ...rest } = voice.said;
        // With a start that contradicts itself nobody knows which of the two it moved with.
        if (start?.isInner === true) return { ...voice, said: rest };
        const own = start?.value;
        if (own === undefined) return voice;
        const distance = { old: own, now: base };
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

function words(minutes: number): string {
  const hours = Math.trunc(minutes / 60);
  const rest = minutes % 60;
  return `${hours > 0 ? `${hours}h` : ""}${rest > 0 || hours === 0 ? `${rest}m` : ""}`;
}
