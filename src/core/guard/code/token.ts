/** Words of a program's text, with strings and comments told apart. */

import type { Word } from "../word.ts";

/** A stretch of a string: text after escapes, or the tokens of what is interpolated. */
export type Part = Word | readonly Token[];

export interface Token {
  /** `command` is a string that a shell runs: backticks, `%x()`, `qx()`. `end` stands behind the last one. */
  readonly kind: "name" | "string" | "command" | "number" | "op" | "regex" | "newline" | "end";
  /** As written; of names without sigils (`$x`, `@x`). Empty for strings. */
  readonly text: string;
  readonly parts?: readonly Part[];
  /** Of a newline: how far the next line is indented. */
  readonly indent: number;
  /** Whether blank stands before it. */
  readonly isSpaced: boolean;
  /** `:` before a Ruby symbol, `$` before a variable, `b` before bytes. */
  readonly sigil: string;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  /** Whether a limit ended the reading before the text did. */
  readonly isCut: boolean;
}
