/** What a program would find when it starts: as far as the command says. */

import type { Invocation } from "../invocation.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";

export interface CodeStart {
  /** Absolute, or with a hole. */
  readonly cwd: Word;
  readonly env: ReadonlyMap<string, Word>;
  /** Its arguments, without the program and the script; absent where nobody knows them. */
  readonly args?: readonly Word[];
  readonly stdin?: Word;
  /** Whether its text stands in the command itself: then no script's name comes before the arguments. */
  readonly isInline?: boolean;
  readonly through: readonly string[];
}

/** Where nothing is known. */
export const unknownStart: CodeStart = { cwd: hole, env: new Map(), through: [] };

/** The start of a program that `invocation` runs, named `program` in messages. */
export const startOf = (invocation: Invocation, program: string, args: readonly Word[]): CodeStart => ({
  cwd: invocation.cwd,
  env: invocation.env,
  args,
  isInline: true,
  ...(invocation.stdin === undefined ? {} : { stdin: invocation.stdin }),
  through: [...invocation.through, program],
});
