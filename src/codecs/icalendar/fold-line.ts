/** Folding: lines of at most 75 octets, no character cut in two (RFC 5545, section 3.1). */

const octetsMax = 75;
const [lineFeed, carriageReturn, space] = [10, 13, 32];

/** A content line without its ending, folded and ended. `ending`: `\r\n`, or `\n` where the document has that. */
export function foldedLine(line: Uint8Array, ending: "\r\n" | "\n" = "\r\n"): Uint8Array {
  const mark = ending === "\n" ? [lineFeed] : [carriageReturn, lineFeed];
  if (line.byteLength <= octetsMax) return joined([line, Uint8Array.from(mark)]);
  const parts: Uint8Array[] = [];
  const fold = Uint8Array.from([...mark, space]);
  let from = 0;
  let room = octetsMax;
  while (line.byteLength - from > room) {
    const to = characterStart(line, from + room, from);
    parts.push(line.subarray(from, to), fold);
    from = to;
    // The blank of the fold counts.
    room = octetsMax - 1;
  }
  return joined([...parts, line.subarray(from), Uint8Array.from(mark)]);
}

/** The beginning of the character at `at`, never as far back as `after`. Bytes that are no UTF-8 are cut anywhere. */
function characterStart(line: Uint8Array, at: number, after: number): number {
  for (let back = at; back > at - 4 && back > after; back -= 1) if (((line[back] ?? 0) & 0xc0) !== 0x80) return back;
  return at;
}

/** Bytes one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
