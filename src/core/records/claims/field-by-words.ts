/** Which field the words beside a clock text name: "arrive", "boarding". */

import type { Field, RecordKind } from "../kind.ts";
import type { ClockUnit } from "./clock-units.ts";
import { literal, wordPattern } from "./word-pattern.ts";

/** A word of a field right before a single time, or right behind it: the nearest wins. */
export function fieldByWords(unit: ClockUnit, kind: RecordKind): { readonly field: Field; readonly word: string } | undefined {
  if (unit.role !== undefined) return undefined;
  let best: { field: Field; word: string; distance: number } | undefined;
  for (const field of kind.fields) {
    if (field.type !== "datetime" && field.type !== "time" && field.type !== "date") continue;
    for (const word of field.words) {
      const distance = nearness(unit, word.toLowerCase());
      if (distance !== undefined && (best === undefined || distance < best.distance)) best = { field, word, distance };
    }
  }
  return best && { field: best.field, word: best.word };
}

/** Characters between the word and the time. Another sentence, or another time in between, is no neighbourhood. */
function nearness({ before, after, mention }: ClockUnit, word: string): number | undefined {
  if (!before.includes(word) && !after.includes(word)) return undefined;
  const [behind = ""] = after.split(/[.;·|\n,]|\d/u);
  const ahead = before.split(/[.;·|\n]\s|\d(?:\s*[ap]\.?m\.?)?/u).at(-1) ?? before;
  const at = lastWord(ahead, word);
  const next = firstWord(behind, word);
  const found = [at === undefined ? undefined : ahead.length - at, next === undefined ? undefined : next + 8].filter(
    (one) => one !== undefined,
  );
  // "15 minutes before 4:30": a time that names its own relation needs no neighbour.
  return found.length === 0 || mention.form.shape === "duration" ? undefined : Math.min(...found);
}

const inflection = String.raw`(?:s|ed|ing|al|ure)?`;

/** The word as a whole, inflected or not. */
const patternOf = (word: string): RegExp =>
  wordPattern(`beside ${word}`, () => new RegExp(`(?<![\\p{L}\\p{N}])${literal(word)}${inflection}(?![\\p{L}\\p{N}])`, "gu"));

function lastWord(text: string, word: string): number | undefined {
  if (!text.includes(word)) return undefined;
  const last = [...text.matchAll(patternOf(word))].at(-1);
  return last && last.index + last[0].length;
}

function firstWord(text: string, word: string): number | undefined {
  const at = text.includes(word) ? text.search(patternOf(word)) : -1;
  return at < 0 ? undefined : at;
}
