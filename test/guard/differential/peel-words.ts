/** Words as the other parser reads them: text where it is plain, a hole elsewhere, and what would run inside. */

import { hole } from "../../../src/core/guard/word.ts";
import { secondReading, type Span } from "./second-parser.ts";

/** What is found inside of words. */
export interface Found {
  /** Statements of a substitution. */
  readonly list: (text: string) => void;
  /** A text that the other parser takes for a part and that could not be taken apart. */
  readonly unread: (text: string) => void;
}

type Quoting = "plain" | "double";

/** Parts of a word one after another. */
export function peelParts(text: string, parts: readonly Span[], quoting: Quoting, found: Found): string {
  return parts.map(({ from, to }) => peelPart(text.slice(from, to), quoting, found)).join("");
}

function peelPart(text: string, quoting: Quoting, found: Found): string {
  if (text.startsWith("$") || text.startsWith("`")) return peelExpansion(text, quoting, found);
  if (quoting === "double") return text.replaceAll(/\\([$"`\\])|\\\n/g, "$1");
  if (text.startsWith("'")) return text.slice(1, -1);
  if (text.startsWith('"')) return peelDouble(text.slice(1, -1), found);
  if (/^[<>]\(/.test(text)) return inside(text.slice(2, -1), found.list);
  if (/^[?*+@!]\(/.test(text)) return inside(text.slice(2, -1), (inner) => peelWords(inner, found));
  return plain(text);
}

function peelExpansion(text: string, quoting: Quoting, found: Found): string {
  if (quoting === "plain" && text.startsWith("$'")) return unescapedAnsi(text.slice(2, -1));
  if (quoting === "plain" && text.startsWith('$"')) return peelDouble(text.slice(2, -1), found);
  if (text.startsWith("$((")) return inside(text.slice(3, -2), (inner) => peelSum(inner, found));
  if (text.startsWith("$[")) return inside(text.slice(2, -1), (inner) => peelSum(inner, found));
  if (text.startsWith("$(")) return inside(text.slice(2, -1), found.list);
  if (text.startsWith("${")) return inside(text.slice(2, -1), (inner) => peelParameter(inner, quoting, found));
  if (text.startsWith("`")) return inside(text.slice(1, -1), (inner) => found.list(unescapedBackquotes(inner, quoting)));
  return /^\$[\w@*#?$!-]/.test(text) ? hole : text;
}

function inside(text: string, peel: (text: string) => void): string {
  peel(text);
  return hole;
}

/** Patterns, braces and tildes are for the shell to fill in. */
function plain(text: string): string {
  const filled = text
    .replace(/^~[\w.+-]*(?=\/|$)/, hole)
    .replaceAll(/\\\n/g, "")
    .replaceAll(/\\(.)|[*?]|\[[^\]\s]+\]|\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}/gs, (_, char: string | undefined) => char ?? hole);
  // Braces that other parts of the word close.
  return filled.replaceAll(/\{(?!\}).*|.*(?<!\{)\}/gs, hole);
}

const ansi: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: "\n", t: "\t", r: "\r", a: "\u0007", b: "\b", e: "\u001b", E: "\u001b", f: "\f", v: "\v" }),
);

const unescapedAnsi = (text: string): string =>
  text.replaceAll(/\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|[uUc].*|(.))/gs, (_, hex?: string, octal?: string, char?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) % 256);
    return char === undefined ? hole : (ansi.get(char) ?? char);
  });

const unescapedBackquotes = (text: string, quoting: Quoting): string =>
  text.replaceAll(quoting === "double" ? /\\([$`\\"])/g : /\\([$`\\])/g, "$1");

const end = "SECOND_PARSER_END";

/** Text between double quotes: the same parts stand in a here-document. */
function peelDouble(text: string, found: Found): string {
  if (!/[$`\\]/.test(text)) return text;
  const whole = `: <<${end}\n${text}\n${end}\n`;
  const reading = secondReading(whole);
  const document = "failure" in reading ? undefined : reading.statements[0]?.redirects[0]?.document;
  if (document === undefined) {
    found.unread(text);
    return hole;
  }
  // The last part goes on to where the here-document has ended.
  return peelParts(whole, document.parts, "double", found).replace(new RegExp(`\n(?:${end})?$`), "");
}

/** In a sum, quotes mean nothing. */
export function peelSum(text: string, found: Found): void {
  if (/[$`]/.test(text)) peelDouble(text, found);
}

/** What follows `${`. */
function peelParameter(text: string, quoting: Quoting, found: Found): void {
  if (!/[$`]|[<>]\(/.test(text)) return;
  const operand = text.replace(/^[!#]?(?:\w+|[@*#?$!-])/, "");
  if (quoting === "double") peelDouble(operand, found);
  else peelWords(operand.replace(/^[:+=?^,@#%/]+/, " "), found);
}

/** Where a word may end. */
const border = /[\s;|&<>()]/;
const plainWord = /[\w\-./:,@%+]+(?=[\s;|&)]|[<>](?!\()|$)/y;

/** The end of the word that begins at `from`; `undefined` where none does. The first border at which the text before it is a word as a whole. */
export function wordEnd(text: string, from: number): number | undefined {
  plainWord.lastIndex = from;
  if (plainWord.test(text)) return plainWord.lastIndex;
  let start = from + 1;
  if (text.charAt(from) === "'") start = Math.max(start, text.indexOf("'", from + 1));
  for (let at = start; at <= text.length; at += 1) {
    if (isBorder(text, at) && wordParts(text.slice(from, at)) !== undefined) return at;
  }
  return undefined;
}

/** No parenthesis that opens belongs to what follows a word, unless it stands in a pattern. */
function isBorder(text: string, at: number): boolean {
  if (at === text.length) return true;
  const [char, next] = [text.charAt(at), text.charAt(at + 1)];
  if (char === "(") return /[\w^|.\])/=]/.test(text.charAt(at - 1));
  return border.test(char) && !(/[<>]/.test(char) && next === "(");
}

const before = ": <<< ";

function wordParts(text: string): readonly Span[] | undefined {
  if (/(?<!\\)(?:\\\\)*\\$/.test(text)) return undefined;
  const reading = secondReading(`${before}${text}\n`);
  if ("failure" in reading || reading.statements.length !== 1) return undefined;
  const [redirect, ...others] = reading.statements[0]?.redirects ?? [];
  if (redirect === undefined || others.length > 0) return undefined;
  const { from, to, parts } = redirect.word;
  return from === before.length && to === before.length + text.length ? parts : undefined;
}

/** `text`: a word as a whole. */
export function peelWord(text: string, found: Found): string {
  if (/^[\w\-./:=,@%+]+$/.test(text)) return text;
  const parts = wordParts(text);
  if (parts === undefined) {
    found.unread(text);
    return hole;
  }
  return peelParts(`${before}${text}\n`, parts, "plain", found);
}

/** All words of a text, between whatever parts them: patterns, operands, arrays, the inside of `[[ ]]`. */
export function peelWords(text: string, found: Found): void {
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at);
    if (char === "(" || isBorder(text, at)) at += 1;
    else if (text.startsWith("\\\n", at)) at += 2;
    else if (char === "#") at = lineEnd(text, at);
    else {
      const next = wordEnd(text, at);
      if (next === undefined) {
        found.unread(text.slice(at));
        return;
      }
      peelWord(text.slice(at, next), found);
      at = next;
    }
  }
}

const lineEnd = (text: string, from: number): number => {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
};
