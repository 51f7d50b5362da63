/** Whether two claims say the same, and how a value reads. */

import type { FieldType, Moment, Value } from "./value.ts";

/** `less`: the first says less than the second and contradicts nothing of it; `more`: the other way round. */
export type Agreement = "same" | "less" | "more" | "differs";

export function compareValues(one: Value, other: Value, type?: FieldType): Agreement {
  if (one.kind === "moment" && other.kind === "moment") return compareMoments(one, other);
  if (one.kind === "text" && other.kind === "text") return compareTexts(one.text, other.text, type);
  if (one.kind === "list" && other.kind === "list") return sameSet(one.items.map(personal), other.items.map(personal)) ? "same" : "differs";
  if (one.kind === "duration" && other.kind === "duration") return one.minutes === other.minutes ? "same" : "differs";
  if (one.kind === "number" && other.kind === "number") {
    return plainDecimal(one.decimal) === plainDecimal(other.decimal) ? "same" : "differs";
  }
  return "differs";
}

/** A first name says less than the full one; a link is the same with and without its scheme's case, a phone number by its digits. */
function compareTexts(one: string, other: string, type: FieldType | undefined): Agreement {
  const [left, right] = [canonicalText(one, type), canonicalText(other, type)];
  if (left === right) return "same";
  if (type !== "person" && type !== "place") return "differs";
  const [few, many] = [left.split(" "), right.split(" ")];
  if (few.every((word) => many.includes(word))) return "less";
  return many.every((word) => few.includes(word)) ? "more" : "differs";
}

/** What of a text counts, by the type of its field. */
export function canonicalText(text: string, type?: FieldType): string {
  const plain = folded(text);
  if (type === "phone") return plain.replaceAll(/[^\d]/gu, "").slice(-10);
  if (type === "key") return plain.replace(/^#/u, "");
  if (type === "link") return plain.replace(/^https?:\/\//u, "").replace(/\/$/u, "");
  return type === "person" ? plain.replaceAll(/[.,]/gu, "") : plain;
}

const momentParts = ["date", "time", "offset", "weekday"] as const;

function compareMoments(one: Moment, other: Moment): Agreement {
  let less = false;
  let more = false;
  for (const part of momentParts) {
    if (part === "weekday" && isOnlyDated(one, other)) continue;
    const left = partOf(one, part);
    const right = partOf(other, part);
    if (left !== undefined && right !== undefined && left !== right) return "differs";
    // A weekday follows from a date, and an offset matters only where the clock is set back: neither adds anything.
    if (isAside(part)) continue;
    less ||= left === undefined && right !== undefined;
    more ||= left !== undefined && right === undefined;
  }
  if (less) return "less";
  return more ? "more" : "same";
}

/** Two dates have the same weekday where they are the same. */
const isOnlyDated = (one: Moment, other: Moment): boolean => one.weekday === undefined && other.weekday === undefined;

const isAside = (part: (typeof momentParts)[number]): boolean => part === "offset" || part === "weekday";

function partOf(moment: Moment, part: (typeof momentParts)[number]): string | number | undefined {
  if (part !== "weekday") return moment[part];
  return moment.weekday ?? (moment.date === undefined ? undefined : weekdayOf(moment.date));
}

/** 0 is Sunday. */
const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();

/** Case, the kinds of spaces and the Unicode spelling of a letter are how a text is written, not what it says. */
const folded = (text: string): string => text.normalize("NFKC").replaceAll(/\s+/gu, " ").trim().toLowerCase();

const personal = (text: string): string => canonicalText(text, "person");

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const left = new Set(one);
  const right = new Set(other);
  return left.size === right.size && [...left].every((item) => right.has(item));
}

/** Digits alone: `12.30` and `12.3` are one number, and no binary fraction is made of either. */
function plainDecimal(decimal: string): string {
  const match = /^(?<sign>[+-]?)0*(?<whole>\d*)(?:\.(?<rest>\d*))?$/u.exec(decimal.trim());
  if (!match?.groups) return decimal.trim().toLowerCase();
  const { sign = "", whole = "", rest = "" } = match.groups;
  const fraction = rest.replace(/0+$/u, "");
  const digits = `${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}

/** Joins what two places say of one field; `undefined` where they contradict one another. */
export function joinValues(one: Value, other: Value, type?: FieldType): Value | undefined {
  const agreement = compareValues(one, other, type);
  if (agreement === "differs") return undefined;
  if (one.kind === "moment" && other.kind === "moment") return { ...one, ...other };
  return agreement === "less" ? other : one;
}

/** For tables and sentences: `2026-05-30 15:30`, `3 h`, `Ana, Ben`. */
export function showValue(value: Value): string {
  switch (value.kind) {
    case "moment":
      return [value.date ?? (value.weekday === undefined ? undefined : weekdays[value.weekday]), value.time, value.offset]
        .filter((part) => part !== undefined)
        .join(" ");
    case "duration":
      return showMinutes(value.minutes);
    case "text":
      return value.text;
    case "list":
      return value.items.join(", ");
    case "number":
      return value.decimal;
  }
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function showMinutes(minutes: number): string {
  const hours = Math.trunc(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** The texts of a value that stand for themselves; a moment has none. */
export function textsOfValue(value: Value): readonly string[] {
  switch (value.kind) {
    case "text":
      return [value.text];
    case "list":
      return value.items;
    case "number":
      return [value.decimal];
    case "duration":
      return [String(value.minutes)];
    case "moment":
      return [];
  }
}
