/** One program that a command would start, with what is known of how. */

import type { Word } from "./word.ts";

export interface Invocation {
  /** The program as written (`/usr/local/bin/aws`, `aws`), then its arguments. Never empty. */
  readonly argv: readonly Word[];
  /** Absolute, or with a hole where a `cd` could not be followed. */
  readonly cwd: Word;
  /** Variables that it would see and whose value the command itself sets. */
  readonly env: ReadonlyMap<string, Word>;
  /** What it would read on its standard input; absent where that is a terminal, nothing, or inherited. */
  readonly stdin?: Word;
  /** Words with a hole that stands for what a pattern matches (`.b*`), and those patterns. */
  readonly patterns?: ReadonlyMap<Word, readonly string[]>;
  /** What started it, outermost first: `sudo`, `xargs`, `bash -c`, `package script deploy`. For messages. */
  readonly through: readonly string[];
}

/** Text inside an invocation that runs in its turn. */
export type Nested =
  | {
      readonly kind: "shell";
      readonly text: Word;
      /** `$1` and on. */
      readonly args?: readonly Word[];
      /** `$0`, where whoever starts it says so. */
      readonly name?: Word;
      readonly at: Partial<Pick<Invocation, "cwd" | "env" | "stdin">>;
      readonly through: string;
    }
  | {
      readonly kind: "argv";
      readonly argv: readonly Word[];
      readonly at: Partial<Pick<Invocation, "cwd" | "env" | "stdin" | "patterns">>;
      readonly through: string;
    }
  | { readonly kind: "code"; readonly language: CodeLanguage; readonly text: Word; readonly through: string }
  /** A file that is run: its kind is told by `as`, its first line or its name. Its arguments become `$1`, `$2`. */
  | {
      readonly kind: "file";
      readonly path: Word;
      readonly as?: "shell" | CodeLanguage;
      readonly args: readonly Word[];
      readonly through: string;
    };

export type CodeLanguage = "python" | "javascript" | "ruby" | "perl" | "php" | "awk" | "powershell" | "other";
