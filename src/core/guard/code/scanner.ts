/** A place in a program's text, moving on, and the tokens found so far. */

import { hole } from "../word.ts";
import type { Dialect } from "./dialect.ts";
import type { Part, Token } from "./token.ts";

/** How many tokens a text and all that is interpolated in it may still give, and how deep interpolation may go. */
export interface LexBudget {
  tokens: number;
  readonly depth: number;
}

interface Pending {
  readonly at: number;
  readonly word: string;
  readonly isRaw: boolean;
  readonly isIndented: boolean;
}

const wordsBeforeValues = new Set(
  [
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "and",
    "or",
    "not",
    "if",
    "unless",
    "while",
    "until",
    "when",
    "then",
    "do",
    "else",
    "puts",
    "print",
  ].concat(["await", "yield", "new", "delete", "void", "throw", "echo", "push", "join", "split", "grep", "map"]),
);

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

export const closerOf = (open: string): string => closers[open] ?? open;

const plain = {};

export class Scanner {
  readonly text: string;
  readonly dialect: Dialect;
  readonly budget: LexBudget;
  readonly tokens: Token[] = [];
  readonly brackets: string[] = [];
  /** Here-documents whose text begins on the next line. */
  pending: Pending[] = [];
  at = 0;
  isSpaced = false;

  /** Reads what is interpolated. */
  readonly lexInner: (text: string, budget: LexBudget) => readonly Token[];

  constructor(text: string, dialect: Dialect, budget: LexBudget, lexInner: (text: string, budget: LexBudget) => readonly Token[]) {
    this.lexInner = lexInner;
    this.text = text;
    this.dialect = dialect;
    this.budget = budget;
  }

  char(ahead = 0): string {
    return this.text.charAt(this.at + ahead);
  }

  /** What a sticky pattern finds here. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  push(
    kind: Token["kind"],
    text: string,
    more: { readonly parts?: readonly Part[]; readonly indent?: number; readonly sigil?: string } = plain,
  ): void {
    const { isSpaced } = this;
    const { parts, indent = 0, sigil = "" } = more;
    this.budget.tokens -= 1;
    this.isSpaced = false;
    this.tokens.push(parts === undefined ? { kind, text, indent, isSpaced, sigil } : { kind, text, parts, indent, isSpaced, sigil });
  }

  get isOver(): boolean {
    return this.budget.tokens <= 0;
  }

  get last(): Token | undefined {
    return this.tokens.at(-1);
  }

  /** Whether what stands before is a value, so that `/`, `%` and `<<` divide, and do not begin a literal. */
  get isAfterValue(): boolean {
    const { last } = this;
    if (last === undefined) return false;
    if (last.kind === "name") return last.sigil !== "" || !wordsBeforeValues.has(last.text);
    if (last.kind === "op") return last.text === ")" || last.text === "]" || last.text === "}";
    return last.kind !== "newline";
  }
}

/** Where the bracket that opens at `at` closes; the end of the text where it does not. Strings inside are passed over. */
export function closingAt(text: string, at: number, open: string): number {
  const close = closerOf(open);
  let depth = 0;
  let quote = "";
  for (let index = at; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === "\\") index += 1;
    else if (quote !== "") quote = char === quote ? "" : quote;
    else if (char === '"' || char === "'" || char === "`") quote = char;
    else if (char === open) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return text.length;
}

/** Names in all languages here; a hole may be part of one. Beyond ASCII everything counts, since classes of letters are slow to build. */
export const namePattern: RegExp = new RegExp(`[A-Za-z_$${hole}\u0080-\uffff][\\w$${hole}\u0080-\uffff]*`, "y");
