/** What an edited calendar needs before it is written: the lines that changed, folded anew. */

import { bytesBetween, byteText } from "./content-line.ts";
import { foldedLine, joined } from "./fold-line.ts";
import { readLines } from "./read-lines.ts";

/**
 * Edited bytes with every line that `original` does not hold folded at 75 octets; all others keep their bytes. Bytes that are no
 * longer lines of a calendar come back as they are.
 */
export function sealCalendar(original: Uint8Array, edited: Uint8Array): Uint8Array {
  const source = byteText(original);
  const known = new Set(readLines(original).lines.map(({ span }) => source.slice(span.start, span.end)));
  const written = byteText(edited);
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (const line of readLines(edited).lines) {
    const text = written.slice(line.span.start, line.span.end);
    if (line.name === "" || known.has(text)) continue;
    const ending = text.endsWith("\r\n") ? "\r\n" : "\n";
    // A last line without an ending keeps none.
    if (!text.endsWith("\n")) continue;
    parts.push(edited.subarray(kept, line.span.start), foldedLine(bytesBetween(edited, line, 0, line.text.length), ending));
    kept = line.span.end;
  }
  return parts.length === 0 ? edited : joined([...parts, edited.subarray(kept)]);
}
