/** Names in prose, found by the words that introduce them: "Captain: Ana Reyes", "your crew is Ben and Cy". */

import type { Field, RecordKind } from "../kind.ts";
import type { Value } from "../value.ts";
import { continuation, isThing, valueIn, valuePattern } from "./labelled-text.ts";
import { namePattern, namesPattern, withoutStop } from "./name-text.ts";
import { isMoment, readText } from "./read-text.ts";

export interface WordClaim {
  readonly field: string;
  /** UTF-16 offsets of the name, without its label. */
  readonly from: number;
  readonly to: number;
  readonly value: Value;
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

function claimsBy(word: string, field: Field, text: string): WordClaim[] {
  if (!text.toLowerCase().includes(word.toLowerCase())) return [];
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  const isName = field.type === "person" || field.type === "people";
  const what = isName ? (field.type === "people" ? namesPattern : namePattern) : valuePattern(field.type);
  // The label alone is read without regard to case; what a name is hangs on its capitals.
  const label = `(?<![\\p{L}\\p{N}])${escaped.replaceAll(/\p{L}/gu, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)}`;
  const joint = isName ? String.raw`(?:\s*[:–—-]\s*|\s+(?:is\s+|are\s+)?)` : String.raw`\s*[:–—]\s*`;
  const pattern = new RegExp(`${label}${joint}(?<said>${what})`, "gdu");
  return [...text.matchAll(pattern)].flatMap((match): WordClaim[] => {
    const span = match.indices?.groups?.["said"];
    const said = match.groups?.["said"];
    if (said === undefined || !span) return [];
    const isLoose = isName && !/[:–—-]/u.test(text.slice(match.index + word.length, span[0]));
    if (isLoose && isThing(said)) return [];
    const raw = isName ? nameIn(said, text.slice(span[1], span[1] + 120), field) : valueIn(said, field.type);
    const value = readText(raw, field.type);
    if (!value) return [];
    return [{ field: field.name, from: span[0], to: span[0] + raw.length, value, because: `"${word}" introduces it` }];
  });
}

/** With the family name from the next line where the line ends behind a first name. */
function nameIn(said: string, after: string, { type }: Field): string {
  const more = type === "person" ? continuation(said, after) : 0;
  return more > 0 ? said + after.slice(0, more) : withoutStop(said);
}
