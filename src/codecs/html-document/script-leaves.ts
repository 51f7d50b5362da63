/**
 * The strings, numbers and comments of a script, where they stand and what they are called. A scanner, not a parser: it goes on where
 * a script is wrong, and never runs anything. What it takes for a string is held against a real parser before an edit (second-opinion).
 */

import { readScriptString, type ScriptString } from "./script-string.ts";
import { ScriptNames } from "./script-names.ts";
import type { Piece } from "./source-page.ts";

export interface ScriptLeaf {
  readonly kind: "string" | "number" | "comment";
  /** `CUTOFF_UTC`, `TRIP.start`, `countdown()` for an argument; empty where it has no name. */
  readonly name: string;
  readonly pieces: readonly Piece[];
  readonly quote: "'" | '"' | "`";
}

/** Sticky patterns of what begins with a character of its own. */
const lineComment = /(?:\/\/|<!--)[^\n\r]*/y;
const blockComment = /\/\*[\s\S]*?(?:\*\/|$)/y;
const numeral = /(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)n?/y;
const flags = /[a-z]*/y;
const punctuation = /=>|[=!]==?|[<>]=|\?\.|\?\?=?|&&=?|\|\|=?|\*\*=?|[-+*/%&|^]=|\+\+|--|\.{3}|[\s\S]/y;

/** Where a match at `at` ends; `at` itself where there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Characters of names: ASCII letters, digits, `$`, `_`, `#`, `@`, `\`, and whatever is not ASCII; bytes above it belong to names. */
const isNameUnit: readonly boolean[] = Array.from({ length: 128 }, (_, code) => /[\w$#@\\]/u.test(String.fromCharCode(code)));

function endOfName(text: string, at: number): number {
  let end = at;
  while (end < text.length && (isNameUnit[text.charCodeAt(end)] ?? text.charCodeAt(end) !== 0xa0)) end += 1;
  return end;
}

function endOfBlank(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code === 32 || (code >= 9 && code <= 13) || code === 0xa0; code = text.charCodeAt(end)) end += 1;
  return end;
}

/** So many characters are looked at in vain for ends of regular expressions; then slashes are divisions. It bounds the time. */
const vainMax = 64 * 1024;

/** Where the regular expression at `at` ends, its flags included; `undefined` where there is none. `vain`: how far was looked. */
function endOfPattern(source: string, at: number): { readonly end?: number; readonly vain: number } {
  let isInClass = false;
  let here = at + 1;
  for (; here < source.length && here - at < vainMax; here += 1) {
    const character = source.charAt(here);
    if (character === "\n" || character === "\r") break;
    if (character === "\\") here += 1;
    else if (character === "[") isInClass = true;
    else if (character === "]") isInClass = false;
    else if (character === "/" && !isInClass) return { end: endOf(flags, source, here + 1), vain: 0 };
  }
  return { vain: here - at };
}

/** Leaves of a script, in order. `source` is the script alone, `offset` where it begins in the view; those that begin at `until` and beyond are left out. */
export function scriptLeaves(source: string, offset: number, until: number = Infinity): readonly ScriptLeaf[] {
  const scanner = new ScriptScanner(source, offset);
  scanner.run(until - offset);
  return scanner.leaves;
}

class ScriptScanner {
  readonly leaves: ScriptLeaf[] = [];
  readonly #names: ScriptNames = new ScriptNames();
  readonly #source: string;
  readonly #offset: number;
  #at = 0;
  #vain = 0;

  constructor(source: string, offset: number) {
    this.#source = source;
    this.#offset = offset;
  }

  run(until: number): void {
    const last = Math.min(this.#source.length, until);
    this.#at = endOfBlank(this.#source, 0);
    while (this.#at < last) {
      const character = this.#source.charAt(this.#at);
      const isTaken = this.#comment(character) || this.#string(character) || this.#number(character) || this.#word();
      if (!isTaken) this.#sign(character);
      this.#at = endOfBlank(this.#source, this.#at);
    }
  }

  #comment(character: string): boolean {
    if (character !== "/" && character !== "<") return false;
    const source = this.#source;
    const next = Math.max(endOf(lineComment, source, this.#at), endOf(blockComment, source, this.#at));
    if (next === this.#at) return false;
    const isBlock = source.startsWith("/*", this.#at);
    const start = this.#at + (character === "<" ? 4 : 2);
    const end = isBlock && next >= start + 2 && source.startsWith("*/", next - 2) ? next - 2 : next;
    if (start < end) this.#leaf("comment", "", [{ start, end }], '"');
    this.#at = next;
    return true;
  }

  #string(character: string): boolean {
    const isResumed = character === "}" && this.#names.isInTemplate;
    if (character !== '"' && character !== "'" && character !== "`" && !isResumed) return false;
    const string = readScriptString(this.#source, this.#at, isResumed ? "`" : character);
    if (isResumed) this.#names.resume();
    if (this.#isKey(character, string)) this.#names.word(this.#source.slice(this.#at + 1, string.end - 1));
    else this.#value(string);
    this.#at = string.end;
    return true;
  }

  #isKey(character: string, { end }: ScriptString): boolean {
    if ((character !== '"' && character !== "'") || !this.#names.mayBeKey) return false;
    return this.#source.charAt(endOfBlank(this.#source, end)) === ":";
  }

  #value({ pieces, quote, isInterrupted }: ScriptString): void {
    this.#names.beforeValue();
    if (pieces.length > 0) this.#leaf("string", this.#names.current(), pieces, quote);
    if (isInterrupted) this.#names.interrupt();
    else this.#names.value();
  }

  #number(character: string): boolean {
    if (character !== "." && !isDigit(character)) return false;
    const end = endOf(numeral, this.#source, this.#at);
    if (end === this.#at) return false;
    this.#names.beforeValue();
    this.#leaf("number", this.#names.current(), [{ start: this.#at, end }], '"');
    this.#names.value(this.#source.slice(this.#at, end));
    this.#at = end;
    return true;
  }

  #word(): boolean {
    const end = endOfName(this.#source, this.#at);
    if (end === this.#at) return false;
    this.#names.word(this.#source.slice(this.#at, end));
    this.#at = end;
    return true;
  }

  #sign(character: string): void {
    const isPattern = character === "/" && !this.#names.isAfterValue && this.#vain < vainMax;
    const { end, vain } = isPattern ? endOfPattern(this.#source, this.#at) : { vain: 0 };
    this.#vain += vain;
    if (end !== undefined) {
      this.#names.value();
      this.#at = end;
      return;
    }
    const next = endOf(punctuation, this.#source, this.#at);
    this.#names.sign(this.#source.slice(this.#at, next));
    this.#at = next;
  }

  #leaf(kind: ScriptLeaf["kind"], name: string, pieces: readonly Piece[], quote: ScriptLeaf["quote"]): void {
    const offset = this.#offset;
    this.leaves.push({
      kind,
      name,
      pieces: pieces.map((piece) => ({ ...piece, start: piece.start + offset, end: piece.end + offset })),
      quote,
    });
  }
}

const isDigit = (character: string): boolean => character >= "0" && character <= "9";
