/** A part of somebody else's text file that is belay's, between two lines. */

export interface Marks {
  /** Finds the first line, with the rest of what it says in group 1. No flags but `mu`. */
  readonly begin: RegExp;
  readonly end: RegExp;
}

/** HTML comments: Claude Code strips them before its model reads the file. */
export const markdownMarks: Marks = { begin: /^<!-- belay:begin([^\n]*?)-->[ \t]*\r?$/mu, end: /^<!-- belay:end -->[ \t]*\r?$/mu };
export const tomlMarks: Marks = { begin: /^# belay:begin([^\n]*)$/mu, end: /^# belay:end[ \t]*\r?$/mu };

export interface Block {
  /** Offsets of the block with its marks, without the line break behind it. */
  readonly start: number;
  readonly end: number;
  /** What stands behind `belay:begin`. */
  readonly label: string;
  /** Between the marks, with plain line breaks; ends with one. */
  readonly body: string;
}

/** The first block; `undefined` where there is none, or where it does not end. */
export function blockIn(text: string, marks: Marks): Block | undefined {
  const begin = marks.begin.exec(text);
  if (begin === null) return undefined;
  const inside = begin.index + begin[0].length;
  const end = marks.end.exec(text.slice(inside));
  if (end === null) return undefined;
  const lines = text.slice(inside, inside + end.index).replaceAll("\r\n", "\n");
  return {
    start: begin.index,
    end: inside + end.index + end[0].replace(/\r$/u, "").length,
    label: (begin[1] ?? "").trim(),
    body: lines.replace(/^\r?\n/u, ""),
  };
}

/** The line break that a text uses; that of its first line decides. */
const lineBreakOf = (text: string): "\r\n" | "\n" => (/\r?\n/u.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n");

/** What is put in, and what it replaces. */
export interface BlockEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Puts a block, marks and all, where one stands, or behind everything else after a blank line; in the line breaks of the text. */
export function editBlock(text: string, marks: Marks, written: string): BlockEdit {
  const lineBreak = lineBreakOf(text);
  const broken = written.replaceAll("\n", lineBreak);
  const block = blockIn(text, marks);
  if (block) return { start: block.start, end: block.end, text: broken };
  const lead = text === "" ? "" : text.endsWith("\n") ? lineBreak : lineBreak + lineBreak;
  return { start: text.length, end: text.length, text: `${lead}${broken}${lineBreak}` };
}

/** The text without its block and without the blank line before it. */
export function withoutBlock(text: string, marks: Marks): string {
  const block = blockIn(text, marks);
  if (block === undefined) return text;
  const before = text.slice(0, block.start).replace(/(\r?\n)\r?\n$/u, "$1");
  return before + text.slice(block.end).replace(/^\r?\n/u, "");
}
