/** A look at a page's bytes that spares most pages of a site the reading (R2): it answers no only where reading would find no claim. */

import { openPrefilter } from "../../codecs/html-document/may-hold.ts";
import type { KnownValues } from "../../core/records/claims/known-values.ts";
import { plainWord } from "../../core/records/claims/plain-word.ts";
import type { RecordKind, RecordSystem } from "../../core/records/kind.ts";

/** Of a page's bytes as they are stored. */
export type PageFilter = (bytes: Uint8Array) => boolean;

/**
 * Clock texts, the words that introduce a field, and a word of every value that other systems know. `undefined` where a page
 * cannot be ruled out without reading it: a field stands at a place of its own, or a known value has no plain word.
 */
export function openPageFilter(kind: RecordKind, system: RecordSystem, known: KnownValues = new Map()): PageFilter | undefined {
  const isPlaced = Object.keys(system.fields).length > 0 || kind.pointers.some(({ from }) => from === system.name);
  const words = system.medium === "pages" && !isPlaced ? plainWords(known) : undefined;
  return words && openPrefilter({ needles: kind.fields.flatMap((field) => field.words), isClock: true, words, skipsStyles: true });
}

function plainWords(known: KnownValues): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  for (const bucket of known.values()) {
    for (const { words } of bucket) {
      const word = plainWord(words.join(" "));
      if (word === undefined) return undefined;
      found.add(word);
    }
  }
  return found;
}
