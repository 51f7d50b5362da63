/** The inside of a string: escapes, and what is interpolated. */

import type { Dialect } from "./dialect.ts";
import { escapeAt } from "./escapes.ts";
import { closingAt } from "./scanner.ts";
import type { LexBudget } from "./scanner.ts";
import type { Part, Token } from "./token.ts";

export type Interpolation = Dialect["interpolation"] | "braces" | "template";

export interface StringKind {
  readonly close: string;
  /** Where brackets delimit it, the opening one, since it may stand inside again. */
  readonly open?: string;
  readonly escapes: "all" | "quotes" | "none";
  readonly interpolation: Interpolation;
  readonly endsWithLine: boolean;
}

export interface ReadString {
  readonly parts: readonly Part[];
  /** Behind the closing quote. */
  readonly end: number;
}

/** Reads interpolated code; passed in, since it is the reader of tokens itself. */
export type LexInner = (text: string, budget: LexBudget) => readonly Token[];

const depthMax = 5;
const dollarName = /\$\w+(?:(?:->)?(?:\[[^\]\n]{0,80}\]|\{[^}\n]{0,80}\})|->\w+){0,6}/y;
const perlArray = /@(?:[A-Za-z_]\w*|\{)/y;

interface Opening {
  readonly code: string;
  readonly end: number;
}

function braced(text: string, at: number, skip: number): Opening {
  const end = closingAt(text, at + skip - 1, "{");
  return { code: text.slice(at + skip, end), end: Math.min(end + 1, text.length) };
}

/** `x!r:>10` → x: what Python's f-strings say about form. */
function withoutFormat(code: string): string {
  let depth = 0;
  for (let at = 0; at < code.length; at += 1) {
    const char = code.charAt(at);
    if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (depth === 0 && char === ":") return code.slice(0, at);
    else if (depth === 0 && char === "!" && code.charAt(at + 1) !== "=") return code.slice(0, at);
  }
  return code.replace(/=\s*$/, "");
}

function dollarOpening(text: string, at: number): Opening | undefined {
  const next = text.charAt(at + 1);
  if (next === "(") {
    const end = closingAt(text, at + 1, "(");
    return { code: text.slice(at + 2, end), end: Math.min(end + 1, text.length) };
  }
  dollarName.lastIndex = at;
  const found = dollarName.exec(text);
  if (found !== null) return { code: found[0], end: at + found[0].length };
  if (next === "{") {
    const inner = braced(text, at, 2);
    return { code: /^\w+$/.test(inner.code) ? `$${inner.code}` : inner.code, end: inner.end };
  }
  return undefined;
}

function arrayOpening(text: string, at: number): Opening | undefined {
  perlArray.lastIndex = at;
  const found = perlArray.exec(text);
  if (found === null) return undefined;
  return found[0].endsWith("{") ? braced(text, at, 2) : { code: found[0], end: at + found[0].length };
}

/** What begins here if something is interpolated. */
function openingAt(text: string, at: number, interpolation: Interpolation): Opening | undefined {
  const two = text.slice(at, at + 2);
  switch (interpolation) {
    case "none":
      return undefined;
    case "braces": {
      if (two.charAt(0) !== "{") return undefined;
      const inner = braced(text, at, 1);
      return { code: withoutFormat(inner.code), end: inner.end };
    }
    case "template":
      return two === "${" ? braced(text, at, 2) : undefined;
    case "hash-brace":
      return two === "#{" ? braced(text, at, 2) : undefined;
    case "dollar":
      if (two.startsWith("$")) return dollarOpening(text, at);
      if (two === "{$") return braced(text, at, 1);
      return two.startsWith("@") ? arrayOpening(text, at) : undefined;
  }
}

const isEnd = (text: string, at: number, kind: StringKind): boolean =>
  text.startsWith(kind.close, at) || (kind.endsWithLine && text.charAt(at) === "\n");

/** Doubled braces of an f-string stand for themselves. */
const doubledBrace = (text: string, at: number, kind: StringKind): boolean =>
  kind.interpolation === "braces" && (text.startsWith("{{", at) || text.startsWith("}}", at));

class PartsDraft {
  readonly parts: Part[] = [];
  #buffer = "";

  add(text: string): void {
    this.#buffer += text;
  }

  addCode(tokens: readonly Token[]): void {
    this.flush();
    this.parts.push(tokens);
  }

  flush(): readonly Part[] {
    if (this.#buffer !== "") this.parts.push(this.#buffer);
    this.#buffer = "";
    return this.parts;
  }
}

/** One step inside a string; gives the next place. */
function backslash(text: string, at: number, kind: StringKind, draft: PartsDraft): number {
  const next = text.charAt(at + 1);
  if (kind.escapes === "all") {
    const escape = escapeAt(text, at);
    draft.add(escape.text);
    return at + escape.length;
  }
  // A raw string of Python keeps the backslash, but the quote behind it does not close.
  draft.add(kind.escapes === "quotes" && (next === "\\" || next === kind.close || next === kind.open) ? next : `\\${next}`);
  return at + 2;
}

/** Reads on from `from`, behind the opening quote. Unclosed strings end with the text, or their line. */
export function readString(
  text: string,
  from: number,
  kind: StringKind,
  lexing: { readonly lex: LexInner; readonly budget: LexBudget },
): ReadString {
  const draft = new PartsDraft();
  const isNesting = kind.open !== undefined && kind.open !== kind.close;
  let at = from;
  let depth = 0;
  while (at < text.length) {
    if (depth === 0 && isEnd(text, at, kind)) break;
    if (isNesting && text.charAt(at) === kind.open) depth += 1;
    else if (isNesting && text.charAt(at) === kind.close) depth -= 1;
    const isPlain = lexing.budget.depth >= depthMax || doubledBrace(text, at, kind);
    const opening = isPlain ? undefined : openingAt(text, at, kind.interpolation);
    if (opening === undefined) at = plainStep(text, at, kind, draft);
    else {
      draft.addCode(lexing.lex(opening.code, lexing.budget));
      at = opening.end;
    }
  }
  const closed = text.startsWith(kind.close, at) ? kind.close.length : 0;
  return { parts: draft.flush(), end: Math.min(at + closed, text.length) };
}

/** A character, an escape, or a doubled brace; gives the next place. */
function plainStep(text: string, at: number, kind: StringKind, draft: PartsDraft): number {
  const char = text.charAt(at);
  if (char === "\\" && (kind.escapes !== "none" || kind.close.length === 1)) return backslash(text, at, kind, draft);
  draft.add(char);
  return at + (doubledBrace(text, at, kind) ? 2 : 1);
}
