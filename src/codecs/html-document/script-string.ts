import type { Piece } from "./source-page.ts";

/** A string, or a part of a template literal, with its escapes decoded. */
export interface ScriptString {
  readonly quote: "'" | '"' | "`";
  readonly pieces: readonly Piece[];
  /** Right after the closing quote, or after the `${` that interrupts a template literal. */
  readonly end: number;
  readonly isInterrupted: boolean;
}

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
const escape = /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3]?[0-7]{1,2})|(\r\n|[\s\S]))/uy;
const codePointMax = 0x10_ff_ff;

/** The string whose quote (or, after an interruption, closing brace) is at `at`. One that is cut off by the end of its line ends there. */
export function readScriptString(source: string, at: number, quoted: string): ScriptString {
  const quote = quoted === "'" || quoted === "`" ? quoted : '"';
  const pieces: Piece[] = [];
  let from = at + 1;
  let here = from;
  const close = (end: number, isInterrupted: boolean): ScriptString => {
    if (from < here) pieces.push({ start: from, end: here });
    return { quote, pieces, end, isInterrupted };
  };
  while (here < source.length) {
    const character = source.charAt(here);
    if (character === quote) return close(here + 1, false);
    if (quote === "`" && character === "$" && source.charAt(here + 1) === "{") return close(here + 2, true);
    if (quote !== "`" && (character === "\n" || character === "\r")) return close(here, false);
    if (character !== "\\") {
      here += 1;
      continue;
    }
    if (from < here) pieces.push({ start: from, end: here });
    const piece = readEscape(source, here);
    pieces.push(piece);
    here = piece.end;
    from = here;
  }
  return close(source.length, false);
}

function readEscape(source: string, at: number): Piece {
  escape.lastIndex = at;
  const [whole = "\\", braced, four, two, octal, other = ""] = escape.exec(source) ?? [];
  const end = at + whole.length;
  const hex = braced ?? four ?? two;
  if (hex !== undefined) return { start: at, end, said: String.fromCodePoint(Math.min(Number.parseInt(hex, 16), codePointMax)) };
  if (octal !== undefined) return { start: at, end, said: String.fromCharCode(Number.parseInt(octal, 8)) };
  // A line that goes on in the next one says nothing.
  if (/^[\r\n]/u.test(other)) return { start: at, end, said: "" };
  return { start: at, end, said: escapes[other] ?? other };
}
