/** The value of a property as a reader gets it, with the way back to its bytes. */

import type { Place, Segment, Span } from "../../core/records/document.ts";
import { byteAt, bytesBetween, decodedText, isAscii, type ContentLine } from "./content-line.ts";
import { takesText } from "./property-type.ts";
import { isQuotedPrintable, type ValueKind } from "./value-kind.ts";

/** Where one value of a line lies, in offsets of the line's text. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

const utf8 = new TextEncoder();
const escaped = /\\[\\;,nN]/gu;
// oxlint-disable-next-line no-control-regex -- what RFC 5545 allows in no value; line feeds are handled before.
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/u;

/** The values of a line: one, or those between its commas where the property takes several. */
export function extentsOf(line: ContentLine, kind: ValueKind): readonly Extent[] {
  const end = line.text.length;
  if (kind !== "texts" && kind !== "values") return [{ from: line.valueAt, to: end }];
  const extents: Extent[] = [];
  let from = line.valueAt;
  for (let at = from; at < end; at += 1) {
    const code = line.text.charCodeAt(at);
    if (code === 92 /* \ */ && kind === "texts") at += 1;
    else if (code === 44 /* , */) {
      extents.push({ from, to: at });
      from = at + 1;
    }
  }
  return [...extents, { from, to: end }];
}

/** What stands at an extent, decoded. `offsets[i]` is where unit `i` of the text begins, in bytes from the extent's beginning. */
interface Decoded {
  readonly text: string;
  readonly isUtf8: boolean;
  /** Absent where every unit is one byte. */
  readonly offsets?: Uint32Array;
}

function decodedExtent(bytes: Uint8Array, line: ContentLine, { from, to }: Extent, kind: ValueKind): Decoded {
  if (isQuotedPrintable(line)) return decodedPrintable(line.text.slice(from, to));
  const units = line.text.slice(from, to);
  const hasEscapes = kind !== "plain" && kind !== "values" && kind !== "binary" && units.includes("\\");
  if (isAscii(units)) return hasEscapes ? unescaped(units, undefined, true) : { text: units, isUtf8: true };
  const { text, isUtf8 } = decodedText(bytesBetween(bytes, line, from, to));
  const offsets = isUtf8 ? utf8Offsets(text) : undefined;
  if (hasEscapes) return unescaped(text, offsets, isUtf8);
  return { text, isUtf8, ...(offsets && { offsets }) };
}

/** Where each UTF-16 unit's character begins in UTF-8, and at the end the length. */
function utf8Offsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  let at = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.codePointAt(index) ?? 0;
    offsets[index] = at;
    if (code > 0xffff) {
      index += 1;
      offsets[index] = at;
    }
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  offsets[text.length] = at;
  return offsets;
}

function unescaped(text: string, before: Uint32Array | undefined, isUtf8: boolean): Decoded {
  const offsets = new Uint32Array(text.length + 1);
  const parts: string[] = [];
  let [length, from] = [0, 0];
  const take = (part: string, at: number): void => {
    for (let index = 0; index < part.length; index += 1) offsets[length + index] = before?.[at + index] ?? at + index;
    parts.push(part);
    length += part.length;
  };
  for (const { 0: pair, index } of text.matchAll(escaped)) {
    take(text.slice(from, index), from);
    take(pair[1] === "n" || pair[1] === "N" ? "\n" : (pair[1] ?? ""), index);
    from = index + pair.length;
  }
  take(text.slice(from), from);
  offsets[length] = before?.[text.length] ?? text.length;
  return { text: parts.join(""), isUtf8, offsets: offsets.subarray(0, length + 1) };
}

function decodedPrintable(units: string): Decoded {
  const held = new Uint8Array(units.length);
  const starts = new Uint32Array(units.length + 1);
  let length = 0;
  for (let at = 0; at < units.length; at += 1) {
    starts[length] = at;
    const hex = /^=[0-9A-Fa-f]{2}/u.exec(units.slice(at, at + 3))?.[0];
    held[length] = hex === undefined ? units.charCodeAt(at) & 0xff : Number.parseInt(hex.slice(1), 16);
    length += 1;
    if (hex !== undefined) at += 2;
  }
  starts[length] = units.length;
  const { text, isUtf8 } = decodedText(held.subarray(0, length));
  const inBytes = isUtf8 ? utf8Offsets(text) : Uint32Array.from({ length: text.length + 1 }, (_, index) => index);
  return { text, isUtf8, offsets: inBytes.map((offset) => starts[offset] ?? 0) };
}

/** A text that is written in a property, escaped as the property wants it; `undefined` where it cannot be said there. */
function encodedValue(
  text: string,
  kind: ValueKind,
  { isBare, isPrintable }: { readonly isBare: boolean; readonly isPrintable: boolean },
): string | undefined {
  const plain = text.replaceAll("\r\n", "\n");
  if (control.test(plain) || !plain.isWellFormed()) return undefined;
  if (isPrintable)
    return [...utf8.encode(plain.replaceAll("\n", "\r\n"))]
      .map((byte) =>
        byte >= 32 && byte < 127 && byte !== 61 ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`,
      )
      .join("");
  switch (kind) {
    case "text":
    case "texts":
      return escapedText(plain, /[\\;,]/gu);
    case "lenient":
      return escapedText(plain, isBare ? /\\(?=[\\;,nN])/gu : /[\\;,]/gu);
    case "plain":
      return plain.includes("\n") ? undefined : plain;
    case "values":
      return /[\n,]/u.test(plain) ? undefined : plain;
    case "binary":
      return undefined;
  }
}

const escapedText = (text: string, marks: RegExp): string => text.replaceAll(marks, String.raw`\$&`).replaceAll("\n", String.raw`\n`);

export interface ValueSource {
  readonly bytes: Uint8Array;
  readonly line: ContentLine;
  readonly extent: Extent;
  readonly kind: ValueKind;
}

/**
 * A value as a segment, decoded when it is first looked at. One span covers what it covers in the bytes, folds included: an edit
 * replaces a fold together with the text around it, and `seal` folds the line anew.
 */
export class PropertySegment implements Segment {
  readonly place: Place;
  readonly #source: ValueSource;
  #decoded: Decoded | undefined;

  constructor(source: ValueSource, place: Place) {
    this.#source = source;
    this.place = place;
  }

  get text(): string {
    return this.#read().text;
  }

  spans(from: number, to: number): readonly Span[] {
    const { line, extent } = this.#source;
    const { offsets } = this.#read();
    const start = byteAt(line, extent.from + (offsets?.[from] ?? from));
    return [{ start, end: from >= to ? start : byteAt(line, extent.from + (offsets?.[to] ?? to), true) }];
  }

  encode(said: string): Uint8Array | undefined {
    const { line, extent, kind } = this.#source;
    const { isUtf8, text } = this.#read();
    if ((!isUtf8 && !isAscii(said)) || !takesText(line, said, text)) return undefined;
    // A property that nobody standardised is written as it was: with bare commas where it has them.
    const isBare = /(?:^|[^\\])[;,]/u.test(line.text.slice(extent.from, extent.to));
    const encoded = encodedValue(said, kind, { isBare, isPrintable: isQuotedPrintable(line) });
    return encoded === undefined ? undefined : utf8.encode(encoded);
  }

  #read(): Decoded {
    const { bytes, line, extent, kind } = this.#source;
    this.#decoded ??= decodedExtent(bytes, line, extent, kind);
    return this.#decoded;
  }
}

/** The value of a line as text, escapes decoded; of a property with several values all of them, commas between. */
export const valueText = (bytes: Uint8Array, line: ContentLine): string =>
  decodedExtent(bytes, line, { from: line.valueAt, to: line.text.length }, "text").text;
