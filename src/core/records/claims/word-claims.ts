/** Names in prose, found by the words that introduce them: "Captain: Ana Reyes", "your crew is Ben and Cy". */

import type { Field, RecordKind } from "../kind.ts";
import type { Value } from "../value.ts";
import { isMoment, readText } from "./read-text.ts";

export interface WordClaim {
  readonly field: string;
  /** UTF-16 offsets of the name, without its label. */
  readonly from: number;
  readonly to: number;
  readonly value: Value;
  readonly because: string;
}

/** At most four capitalised words, joined by spaces, initials and particles; a full stop behind a whole word ends the sentence. */
const part = String.raw`(?:\p{Lu}\.|\p{Lu}[\p{L}\p{M}'’-]*)`;
const name = String.raw`${part}(?:\s+(?:(?:de|la|van|von|der|den|del|da|di)\s+)*${part}){0,3}`;
const names = String.raw`${name}(?:\s*(?:,|&|and|und)\s*${name}){0,7}`;

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
  const said = isName ? (field.type === "people" ? names : name) : String.raw`[^\s,;.:()][^,;.:()\n]{0,79}`;
  // The label alone is read without regard to case; what a name is hangs on its capitals.
  const label = `(?<![\\p{L}\\p{N}])${escaped.replaceAll(/\p{L}/gu, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)}`;
  const joint = isName ? String.raw`(?:\s*[:–—-]\s*|\s+(?:is\s+|are\s+)?)` : String.raw`\s*[:–—]\s*`;
  const pattern = new RegExp(`${label}${joint}(?<said>${said})`, "gdu");
  return [...text.matchAll(pattern)].flatMap((match): WordClaim[] => {
    const span = match.indices?.groups?.["said"];
    const raw = match.groups?.["said"]?.replace(/[\s.]+$/u, "");
    const value = raw === undefined ? undefined : readText(raw, field.type);
    if (!span || raw === undefined || !value) return [];
    return [{ field: field.name, from: span[0], to: span[0] + raw.length, value, because: `"${word}" introduces it` }];
  });
}
