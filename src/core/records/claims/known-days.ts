/** Which days are touched by what structured systems have learnt or forgotten: names and keys, with the days of their records. */

import { canonicalText } from "../compare-values.ts";
import type { RecordKind } from "../kind.ts";
import type { Sketch, SketchClaim } from "../sketch.ts";
import type { FieldType } from "../value.ts";
import { isSought, textsIn } from "./known-values.ts";
import { plainWord } from "./plain-word.ts";

/** By field and value, the days of the records that say so, in order. No days at all: of no record with a day. */
export type KnownDays = ReadonlyMap<string, readonly string[]>;

export function knownDays(kind: RecordKind, sketches: Iterable<Sketch>): KnownDays {
  const types = new Map(kind.fields.map(({ name, type }) => [name, type]));
  const found = new Map<string, string[]>();
  for (const { claims, isTemplate } of sketches) {
    if (isTemplate) continue;
    const days = daysIn({ claims });
    const names = claims.flatMap((claim) => namesOf(claim, types.get(claim.field)));
    for (const name of names) addTo(found, name, days);
  }
  return new Map([...found].map(([name, days]) => [name, [...new Set(days)].toSorted()]));
}

function addTo(found: Map<string, string[]>, name: string, days: readonly string[]): void {
  const known = found.get(name);
  if (known) known.push(...days);
  else found.set(name, [...days]);
}

function namesOf({ field, value, isAddress }: SketchClaim, type: FieldType | undefined): readonly string[] {
  if (type === undefined || isAddress || !isSought(type)) return [];
  return textsIn(value).map((text) => `${field} ${canonicalText(text, type)}`);
}

/** Of all days that a sketch speaks of. */
const daysIn = ({ claims }: Pick<Sketch, "claims">): readonly string[] => [
  ...new Set(claims.flatMap(({ value }) => (value.kind === "moment" && value.date !== undefined ? [value.date] : []))),
];

/** What an object has to speak of to be read again. */
export type Stirred =
  | { readonly kind: "nothing" }
  /** Objects of these days; and of those that name no day the ones that may hold one of the words, or all where there is none to tell by. */
  | { readonly kind: "days"; readonly days: ReadonlySet<string>; readonly words: ReadonlySet<string> | undefined }
  | { readonly kind: "everything" };

/**
 * Values that came or went, with their records' days before and now. A value that more records share than before is looked for
 * everywhere already, so it stirs nothing; one of a record without a day could stand anywhere.
 */
export function stirredBy(before: KnownDays, now: KnownDays): Stirred {
  const days = new Set<string>();
  const words = new Set<string | undefined>();
  for (const [one, other] of [
    [before, now],
    [now, before],
  ] as const) {
    for (const [name, said] of one) {
      if (other.has(name)) continue;
      if (said.length === 0) return { kind: "everything" };
      words.add(plainWord(name.slice(name.indexOf(" ") + 1)));
      for (const day of said) days.add(day);
    }
  }
  if (words.size === 0) return { kind: "nothing" };
  const plain = [...words].filter((word) => word !== undefined);
  return { kind: "days", days, words: plain.length === words.size ? new Set(plain) : undefined };
}

/** As text that `readKnownDays` takes back. */
export const writeKnownDays = (known: KnownDays): string => JSON.stringify([...known].toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** Of a text that is none: nothing was known. */
export function readKnownDays(text: string): KnownDays {
  if (text === "") return new Map();
  const entries: readonly (readonly [string, readonly string[]])[] = JSON.parse(text);
  return new Map(entries);
}
