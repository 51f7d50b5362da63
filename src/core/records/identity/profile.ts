/** A sighting's traits in the forms that compare: made once, so that pairs are cheap. */

import { textsOfValue } from "../compare-values.ts";
import type { Moment, Value } from "../value.ts";
import type { FieldType } from "../value.ts";
import { normalEmail, normalKey, phoneDigits, wordsOf, foldText } from "./fold-text.ts";
import { nameWords } from "./person-name.ts";
import { isMoment, type MatchRules, pointed, type Traits } from "./traits.ts";

/** `name`: words of a name, in any order. `words`: idem, of any text. `exact`: one token that is the same or not. `digits`: may be a slip apart. */
export type FeatureKind = "name" | "words" | "exact" | "phone" | "email" | "digits";

export interface Feature {
  readonly kind: FeatureKind;
  /** One entry for each thing the sighting says there. */
  readonly said: readonly { readonly raw: string; readonly tokens: readonly string[] }[];
}

/** Minutes since midnight; an end beyond 1440 is on the next day. */
export interface Slot {
  readonly start: number;
  readonly end?: number;
}

export interface Profile {
  readonly at: number;
  readonly traits: Traits;
  /** Days since 1 January 1970, ascending. */
  readonly days: readonly number[];
  readonly slots: readonly Slot[];
  /** Normal forms of exact keys, by field. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly features: ReadonlyMap<string, Feature>;
  readonly words: readonly string[];
  readonly isCancelled: boolean;
}

/** `anchor`: the fields of the rules, with the start and end settled. Templates are left out. */
export function profilesOf(sightings: readonly Traits[], rules: MatchRules): readonly Profile[] {
  const settled = settleAnchor(sightings, rules);
  return sightings.filter(({ isTemplate }) => isTemplate !== true).map((traits, at) => profileOf(traits, at, settled));
}

function settleAnchor(sightings: readonly Traits[], rules: MatchRules): MatchRules {
  if (rules.start !== undefined) return rules;
  for (const { values } of sightings)
    for (const [field, said] of values) {
      const isSlot = isMoment(rules.typeOf(field)) && !rules.match.includes(field) && !rules.keys.includes(field);
      if (isSlot && said.some((value) => value.kind === "moment")) return { ...rules, start: field };
    }
  return rules;
}

function profileOf(traits: Traits, at: number, rules: MatchRules): Profile {
  const keys = new Map<string, readonly string[]>();
  for (const field of rules.keys) {
    const said = textsOf(traits, field).map(normalKey);
    if (said.some((key) => key !== "")) keys.set(field, [...new Set(said.filter((key) => key !== ""))]);
  }
  const features = new Map<string, Feature>();
  for (const field of rules.match) {
    const feature = featureOf(textsOf(traits, field), rules.typeOf(field));
    if (feature !== undefined) features.set(field, feature);
  }
  const words = wordsOf(traits.text ?? "");
  return {
    at,
    traits,
    days: daysOf(traits, rules),
    slots: slotsOf(traits, rules),
    keys,
    features,
    words,
    isCancelled: isCancelled(traits),
  };
}

const textsOf = (traits: Traits, field: string): readonly string[] => (traits.values.get(field) ?? []).flatMap(textOf);

const textOf = (value: Value): readonly string[] =>
  value.kind === "moment" ? [[value.date ?? "", value.time ?? ""].join(" ").trim()] : textsOfValue(value);

const featureKinds: Readonly<Record<FieldType, FeatureKind>> = {
  datetime: "digits",
  date: "digits",
  time: "digits",
  duration: "exact",
  text: "words",
  person: "name",
  people: "name",
  place: "words",
  link: "exact",
  key: "exact",
  email: "email",
  phone: "phone",
  number: "digits",
};

function featureOf(texts: readonly string[], type: FieldType): Feature | undefined {
  const kind = featureKinds[type];
  const said = texts.map((raw) => ({ raw: raw.trim(), tokens: tokensOf(raw, kind, type) })).filter(({ tokens }) => tokens.length > 0);
  const distinct = said.filter(({ tokens }, at) => said.findIndex((other) => other.tokens.join(" ") === tokens.join(" ")) === at);
  return distinct.length === 0 ? undefined : { kind, said: distinct };
}

const streetWords: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "st street|str street|rd road|ave avenue|av avenue|blvd boulevard|dr drive|ln lane|ct court|pl place|sq square|hwy highway|pkwy parkway|ter terrace|cir circle|" +
    "cres crescent|apt apartment|ste suite|bldg building|fl floor|mt mount|n north|s south|e east|w west|ne northeast|nw northwest|se southeast|sw southwest|strasse street"
  )
    .split("|")
    .map((pair) => pair.split(" ")),
);

function tokensOf(raw: string, kind: FeatureKind, type: FieldType): readonly string[] {
  switch (kind) {
    case "name":
      return nameWords(raw);
    case "words":
      return wordsOf(raw).map((word) => (type === "place" && Object.hasOwn(streetWords, word) ? (streetWords[word] ?? word) : word));
    case "exact":
      return [type === "link" ? foldText(pointed(raw)) : normalKey(raw)].filter((token) => token !== "");
    case "phone":
      return [phoneDigits(raw)].filter((digits) => digits.length >= 7);
    case "email":
      return [normalEmail(raw)].filter((mail) => mail !== "");
    case "digits":
      return [raw.replaceAll(/[^\p{L}\p{N}]/gu, "")].filter((token) => token !== "");
  }
}

const momentsOf = (traits: Traits, field: string | undefined): readonly Moment[] =>
  field === undefined ? [] : (traits.values.get(field) ?? []).filter((value) => value.kind === "moment");

/** Where the start says no day, other moments of the record do, then the words. */
function daysOf(traits: Traits, rules: MatchRules): readonly number[] {
  const own = datesOf([...momentsOf(traits, rules.start), ...momentsOf(traits, rules.day)]);
  if (own.length > 0) return own;
  const others = [...traits.values.keys()].filter((field) => rules.typeOf(field) === "date" && !rules.match.includes(field));
  const day = datesOf([...momentsOf(traits, rules.end), ...others.flatMap((field) => momentsOf(traits, field))]);
  if (day.length > 0) return day;
  const written = [...(traits.text ?? "").matchAll(/(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)/gu)].map(([date]) => ({ date }));
  return datesOf(written);
}

function datesOf(moments: readonly { readonly date?: string }[]): readonly number[] {
  const days = moments.map(({ date }) => dayOf(date ?? "")).filter((day) => !Number.isNaN(day));
  return [...new Set(days)].toSorted((a, b) => a - b);
}

const dayOf = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);

function slotsOf(traits: Traits, rules: MatchRules): readonly Slot[] {
  const [starts, ends] = [rules.start, rules.end].map((field) =>
    momentsOf(traits, field).flatMap(({ time }) => (time === undefined ? [] : [minuteOf(time)])),
  );
  const end = ends?.length === 1 ? ends[0] : undefined;
  const timed = (starts ?? []).length > 0 || rules.start === undefined ? (starts ?? []) : separateTimes(traits, rules);
  return [...new Set(timed)].map((start) => (end === undefined ? { start } : { start, end: end <= start ? end + 1440 : end }));
}

/** Where the start is a date, a field of type `time` that is no end says when. */
function separateTimes(traits: Traits, rules: MatchRules): readonly number[] {
  const field = [...traits.values.keys()].find(
    (name) => name !== rules.end && rules.typeOf(name) === "time" && !rules.match.includes(name),
  );
  return momentsOf(traits, field).flatMap(({ time }) => (time === undefined ? [] : [minuteOf(time)]));
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function isCancelled(traits: Traits): boolean {
  for (const said of traits.values.values())
    for (const value of said)
      if (value.kind === "text" && /^(?:cancell?ed|canceled by .*|cancelled by .*)$/iu.test(value.text.trim())) return true;
  return false;
}
