/** Which bytes are read as a page, and how its text is folded for people. */

import { textBytesMax } from "../text-diff/text-lines.ts";

/** Above this a page is not read: its terms are then unknown, not empty by proof. */
export const pageBytesMax: number = textBytesMax;

export const termTextMax = 200;

const sniffedBytes = 8 * 1024;

/** Text in UTF-8 or in any encoding that extends ASCII, of at most `pageBytesMax` bytes. An empty file is text. */
export function isPageText(bytes: Uint8Array): boolean {
  if (bytes.byteLength > pageBytesMax || bytes.includes(0)) return false;
  const head = bytes.subarray(0, sniffedBytes);
  const odd = head.filter((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27).length;
  return odd * 20 <= head.byteLength;
}

/** The bytes as text, without a byte order mark, invalid bytes as U+FFFD; `undefined` where they are no page text. */
export const pageText = (bytes: Uint8Array): string | undefined => (isPageText(bytes) ? new TextDecoder().decode(bytes) : undefined);

/** One line without control or invisible formatting characters, white space folded. */
export function folded(text: string): string {
  return text
    .replaceAll(/[\u00AD\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]/gu, "")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .toWellFormed();
}

/**
 * At most `termTextMax` characters. What is cut off is told apart by a short checksum, so that two long
 * texts that begin alike do not pass for the same.
 */
export function clipped(text: string): string {
  if (text.length <= termTextMax) return text;
  return `${text.slice(0, termTextMax - 12).toWellFormed()}… ${checksum(text)}`;
}

/** FNV-1a, 32 bits: tells texts apart, proves nothing. */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, "0");
}

/** A folded text as pieces of at most `termTextMax` characters: whole where it fits, else sentence by sentence, so that an edit shows where it is. */
export function pieces(text: string): string[] {
  if (text.length <= termTextMax) return text === "" ? [] : [text];
  return text.split(/(?<=[.!?…。][”’"')]?) /u).flatMap(cutAtWords);
}

function cutAtWords(sentence: string): string[] {
  const cut: string[] = [];
  let rest = sentence;
  while (rest.length > termTextMax) {
    const space = rest.lastIndexOf(" ", termTextMax);
    const end = space > 0 ? space : termTextMax;
    cut.push(rest.slice(0, end).toWellFormed());
    rest = rest.slice(end).trimStart();
  }
  return rest === "" ? cut : [...cut, rest.toWellFormed()];
}
