/** From UTF-16 units of a decoded text to the bytes that they came from. */

/** `byteAt(unit)`: the byte before which the unit begins; for the text's length, the end. */
export type ByteAt = (unit: number) => number;

/** For UTF-8 bytes that decode to `text`, `shift` bytes after their beginning. A low surrogate begins where its pair begins. */
export function bytesBehind(text: string, sizeBytes: number, shift: number): ByteAt {
  if (sizeBytes - shift === text.length) return (unit) => unit + shift;
  let offsets: Uint32Array | undefined;
  return (unit) => {
    offsets ??= offsetsOf(text, shift);
    return offsets[unit] ?? sizeBytes;
  };
}

function offsetsOf(text: string, shift: number): Uint32Array {
  const offsets = new Uint32Array(text.length + 1);
  let at = shift;
  for (let unit = 0; unit < text.length;) {
    const point = text.codePointAt(unit) ?? 0;
    const units = point > 0xffff ? 2 : 1;
    offsets.fill(at, unit, unit + units);
    at += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
    unit += units;
  }
  offsets[text.length] = at;
  return offsets;
}

/** Where in a JSON token's inside each unit of its decoded text begins, and after the last one where it ends. */
export function escapedOffsets(inside: string): readonly number[] {
  const offsets: number[] = [];
  for (let at = 0; at < inside.length;) {
    offsets.push(at);
    at += inside[at] !== "\\" ? 1 : inside[at + 1] === "u" ? 6 : 2;
  }
  return [...offsets, inside.length];
}

/** Whether a cut before this unit would part a surrogate pair. */
export const isInsidePair = (text: string, unit: number): boolean =>
  unit > 0 && unit < text.length && (text.codePointAt(unit - 1) ?? 0) > 0xffff;
