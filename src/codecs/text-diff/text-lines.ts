/** Bytes as lines, without losing a byte: joining the lines and encoding them again gives the bytes back. */

/** Above this belay neither merges text nor reads it as a page (decision 27). */
export const textBytesMax: number = 2 * 1024 * 1024;

/** Above this bytes are not looked at line by line at all. */
const diffableBytesMax = 32 * 1024 * 1024;

const isNul = (byte: number): boolean => byte === 0;

/** Valid UTF-8 without NUL, below `textBytesMax`; a byte order mark stays as its first character. `undefined` for anything else. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength >= textBytesMax || bytes.some(isNul)) return undefined;
  return strictUtf8(bytes);
}

function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Several byte strings as comparable texts: all as UTF-8 where all are, else all one character per byte,
 * so that texts are equal exactly where bytes are. `undefined` where one of them is binary or too large.
 */
export function comparableTexts(...all: readonly Uint8Array[]): readonly string[] | undefined {
  if (all.some((bytes) => bytes.byteLength > diffableBytesMax || bytes.some(isNul))) return undefined;
  const strict = all.map(strictUtf8);
  const texts = strict.filter((text) => text !== undefined);
  if (texts.length === all.length) return texts;
  // In the Encoding Standard this decoder gives every byte a character of its own.
  return all.map((bytes) => new TextDecoder("windows-1252").decode(bytes));
}

/** Lines with their own endings (LF or CRLF). Only the last one can lack an ending; an empty text has no lines. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf("\n", start);
    const end = feed === -1 ? text.length : feed + 1;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}
