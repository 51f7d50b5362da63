/** What belongs to a whole file rather than to its lines: the byte order mark and the style of its line endings. */

const byteOrderMark = "\uFEFF";

export type Ending = "\n" | "\r\n";

export interface StyledText {
  /** The byte order mark, or empty. */
  readonly mark: string;
  /** Without the mark, with every ending as it was. */
  readonly body: string;
  /** The one ending that all terminated lines share; `mixed` where they differ, `none` where no line is terminated. */
  readonly endings: Ending | "mixed" | "none";
}

export function styledText(text: string): StyledText {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : "";
  const body = text.slice(mark.length);
  return { mark, body, endings: endingsOf(body) };
}

function endingsOf(body: string): StyledText["endings"] {
  const windows = count(body, "\r\n");
  const all = count(body, "\n");
  if (all === 0) return "none";
  if (windows === 0) return "\n";
  return windows === all ? "\r\n" : "mixed";
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}

/** The body with one ending throughout. A missing final newline stays missing. */
export const withEndings = (body: string, ending: Ending): string => body.replaceAll(/\r?\n/gu, ending);
