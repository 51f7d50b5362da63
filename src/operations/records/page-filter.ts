/** A look at a page's bytes that spares most pages of a site the reading, and most of a page (R2): it passes over nothing that a claim could be read from. */

import { openForeignLook } from "../../codecs/html-document/foreign-look.ts";
import { openPageLook, type PageLook } from "../../codecs/html-document/page-signs.ts";
import { placeMedia, standardNames } from "../../core/records/claims/field-places.ts";
import type { KnownValues } from "../../core/records/claims/known-values.ts";
import { ownNames } from "../../core/records/claims/own-names.ts";
import { plainWord } from "../../core/records/claims/plain-word.ts";
import type { RecordKind, RecordSystem } from "../../core/records/kind.ts";

/**
 * Clock texts, the words that introduce a field, and a word of every value that other systems know; a page that may hold a name
 * without such a word is read in full. `undefined` where no page can be ruled out without reading it: a field stands at a place of
 * its own, or a known value has nothing to be told by.
 */
export function openPageFilter(kind: RecordKind, system: RecordSystem, known: KnownValues = new Map()): PageLook | undefined {
  const places = Object.values(system.fields).flatMap(({ at, dateAt }) => (dateAt === undefined ? [at] : [at, dateAt]));
  const isPlaced = places.some((at) => placeMedia.test(at)) || kind.pointers.some(({ from }) => from === system.name);
  const labels = [...kind.fields.flatMap((field) => field.words), ...ownNames(kind).filter((name) => !name.startsWith("@"))].map(labelWord);
  if (system.medium !== "pages" || isPlaced || labels.includes(undefined)) return undefined;
  const { words, foreign } = wordsOf(known);
  const isForeign = openForeignLook(foreign);
  if (!isForeign) return undefined;
  // What structured data call a start or an end is a claim, whatever stands there.
  const names = [...standardNames].map((name) => name.toLowerCase());
  const look = openPageLook(new Set([...words, ...names, ...labels.filter((word) => word !== undefined)]));
  if (foreign.length === 0) return look;
  return (bytes) => {
    const looked = look(bytes);
    return looked.signs === undefined || !isForeign(bytes) ? looked : { mayHold: true, signs: undefined };
  };
}

/** A plain word of each known value, and those that have none. */
function wordsOf(known: KnownValues): { readonly words: ReadonlySet<string>; readonly foreign: readonly string[] } {
  const found = new Set<string>();
  const foreign: string[] = [];
  for (const bucket of known.values()) {
    for (const { words } of bucket) {
      const text = words.join(" ");
      const word = plainWord(text);
      if (word === undefined) foreign.push(text);
      else found.add(word);
    }
  }
  return { words: found, foreign };
}

/** The longest run of ASCII letters and digits in a label, as short as it may be. */
function labelWord(label: string): string | undefined {
  const runs = label.toLowerCase().match(/[a-z\d]+/gu) ?? [];
  return runs.toSorted((one, other) => other.length - one.length)[0];
}
