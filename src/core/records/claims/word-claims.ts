/** Names in prose, found by the words that introduce them: "Captain: Ana Reyes", "your crew is Ben and Cy". */

import type { Field, RecordKind } from "../kind.ts";
import type { Value } from "../value.ts";
import { continuation, isThing, valueIn, valuePattern } from "./labelled-text.ts";
import { lastFirst, type LastFirst } from "./last-first.ts";
import { namePattern, namesPattern, withoutStop } from "./name-text.ts";
import { isMoment, readText } from "./read-text.ts";
import { literal, wordPattern } from "./word-pattern.ts";

export interface WordClaim {
  readonly field: string;
  /** UTF-16 offsets of the name, without its label. */
  readonly from: number;
  readonly to: number;
  /** Absent where a name can be read in several ways. */
  readonly value?: Value;
  readonly readings?: readonly Value[];
  readonly because: string;
}

/** Only fields with words of their own in belay.yaml; a name without a label is found where another system has it. */
export function wordClaims(text: string, kind: RecordKind): readonly WordClaim[] {
  const found: WordClaim[] = [];
  for (const field of kind.fields) {
    if (isMoment(field.type) || field.type === "duration" || field.type === "number") continue;
    for (const word of field.words) found.push(...claimsBy(word, field, text));
  }
  return found.filter((one, index) => !found.some((other, before) => before < index && one.from < other.to && one.to > other.from));
}

function patternOf(word: string, { type }: Field, isName: boolean): RegExp {
  const what = isName ? (type === "people" ? namesPattern : namePattern) : valuePattern(type);
  // The label alone is read without regard to case; what a name is hangs on its capitals.
  const label = `(?<![\\p{L}\\p{N}])${literal(word).replaceAll(/\p{L}/gu, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)}`;
  const joint = isName ? String.raw`(?:\s*[:–—-]\s*|\s+(?:is\s+|are\s+)?)` : String.raw`\s*[:–—]\s*`;
  return new RegExp(`${label}${joint}(?<said>${what})`, "gdu");
}

function claimsBy(word: string, field: Field, text: string): WordClaim[] {
  if (!text.toLowerCase().includes(word.toLowerCase())) return [];
  const isName = field.type === "person" || field.type === "people";
  return [...text.matchAll(wordPattern(`label ${field.type} ${word}`, () => patternOf(word, field, isName)))].flatMap(
    (match): WordClaim[] => {
      const span = match.indices?.groups?.["said"];
      const said = match.groups?.["said"];
      if (said === undefined || !span) return [];
      const isLoose = isName && !/[:–—-]/u.test(text.slice(match.index + word.length, span[0]));
      if (isLoose && isThing(said)) return [];
      const because = `"${word}" introduces it`;
      const ordered = field.type === "person" && !isLoose ? lastFirst(said, text.slice(span[1], span[1] + 120)) : undefined;
      if (ordered) return [{ field: field.name, from: span[0], to: span[1] + ordered.length, ...meant(said, ordered), because }];
      const raw = isName ? nameIn(said, text.slice(span[1], span[1] + 120), field) : valueIn(said, field.type);
      const value = readText(raw, field.type);
      if (!value) return [];
      return [{ field: field.name, from: span[0], to: span[0] + raw.length, value, because }];
    },
  );
}

/** One person with the family name first, or, of "Jonah, Boston", perhaps somebody and a place. */
function meant(said: string, { name, isSure }: LastFirst): Pick<WordClaim, "value" | "readings"> {
  const value: Value = { kind: "text", text: name };
  return isSure ? { value } : { readings: [value, { kind: "text", text: said }] };
}

/** With the family name from the next line where the line ends behind a first name. */
function nameIn(said: string, after: string, { type }: Field): string {
  const more = type === "person" ? continuation(said, after) : 0;
  return more > 0 ? said + after.slice(0, more) : withoutStop(said);
}
