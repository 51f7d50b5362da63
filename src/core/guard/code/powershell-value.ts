/** Words of PowerShell, and what its variables hold. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";

/** One word of a command. */
export interface PowershellWord {
  readonly word: Word;
  /** The values of an array or a splatted variable, each a word of its own. */
  readonly list?: readonly Word[];
  /** A hashtable that is splatted: parameters by name. */
  readonly table?: ReadonlyMap<string, Word>;
  readonly isQuoted: boolean;
}

/** One command of a pipeline. */
export interface PowershellCommand {
  readonly words: readonly PowershellWord[];
  readonly redirects: readonly Word[];
}

/** What a variable holds. */
export type Value = Word | readonly Word[] | ReadonlyMap<string, Word>;

/** A word that is being read. */
export interface WordDraft {
  word: Word;
  isQuoted: boolean;
  list: readonly Word[] | undefined;
  table: ReadonlyMap<string, Word> | undefined;
  readonly start: number;
}

/** Whether it is an array. */
export const isList = (value: Value): value is readonly Word[] => Array.isArray(value);

/** A value inside a text. */
export const plain = (value: Value): Word => (typeof value === "string" ? value : isList(value) ? value.join(" ") : hole);

/** What a backtick makes of a letter. */
export const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "", a: "", b: "", f: "", v: "", e: "" };
