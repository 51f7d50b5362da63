/** Pieces of text and attribute values, in which `&ndash;` is one character. */

import { DecodingMode, EntityDecoder, htmlDecodeTree } from "entities/decode";
import type { Piece } from "./source-page.ts";

/** The longest name of the standard, with `&` and `;`, is shorter; a number may have any count of leading zeros, few of which are read. */
const referenceMax = 64;

/** Finds references in ranges of one page. They are asked for nearly in order, so the next ampersand is looked for once. */
export class CharacterReferences {
  readonly #view: string;
  /** There is no ampersand from `#from` up to `#next`. */
  #from = 0;
  #next = -1;

  constructor(view: string) {
    this.#view = view;
  }

  /** Adds the pieces of code units `start` to `end` to `pieces`. In attributes `&copy=` stays what it is, as browsers have it. */
  add({ start, end }: Piece, isAttribute: boolean, pieces: Piece[]): void {
    let from = start;
    for (let at = this.#after(start); at < end; at = this.#after(at)) {
      const read = readReference(this.#view.slice(at + 1, Math.min(end, at + referenceMax)), isAttribute);
      if (read === undefined) {
        at += 1;
        continue;
      }
      if (from < at) pieces.push({ start: from, end: at });
      pieces.push({ start: at, end: at + read.consumed, said: read.said });
      from = at + read.consumed;
      at = from;
    }
    if (from < end) pieces.push({ start: from, end });
  }

  #after(at: number): number {
    if (at >= this.#from && at <= this.#next) return this.#next;
    const found = this.#view.indexOf("&", at);
    this.#from = at;
    this.#next = found < 0 ? this.#view.length : found;
    return this.#next;
  }
}

/** `rest`: what follows the ampersand. `consumed` counts the ampersand. */
function readReference(rest: string, isAttribute: boolean): { readonly said: string; readonly consumed: number } | undefined {
  if (!/^(?:#[\dxX]|[a-zA-Z])/u.test(rest)) return undefined;
  let said = "";
  let consumed = 0;
  const decoder = new EntityDecoder(htmlDecodeTree, (code, size) => {
    said += String.fromCodePoint(code);
    consumed = size;
  });
  decoder.startEntity(isAttribute ? DecodingMode.Attribute : DecodingMode.Legacy);
  if (decoder.write(rest, 0) < 0) decoder.end();
  return consumed === 0 ? undefined : { said, consumed };
}
