/** What the parts of the walk share. */

import type { Effect } from "../effect.ts";
import type { Invocation } from "../invocation.ts";
import type { ReaderFacts } from "../reading.ts";
import type { Word } from "../word.ts";
import type { CommandFiles } from "./command-files.ts";
import type { Environment } from "./environment.ts";
import type { Expander } from "./expander.ts";
import type { Budget } from "./limits.ts";
import type { Assignment, ParseScript, ShellNode } from "./script.ts";

/** One command as a whole. */
export interface Walk {
  readonly parse: ParseScript;
  readonly facts: ReaderFacts;
  readonly files: CommandFiles;
  readonly budget: Budget;
  /** Those that `export -f` gives to every shell that is started. */
  readonly functions: Map<string, readonly ShellNode[]>;
  /** Tells what one invocation does and follows what runs inside it. Its standard output, or a hole. */
  readonly run: (invocation: Invocation, depth: number) => Word;
  readonly effect: (effect: Effect) => void;
  /** Text that will run and that nobody can read. */
  readonly opaque: (about: string, through: readonly string[]) => void;
  /** A script that was read in part: opaque where its text mentions what matters. */
  readonly incomplete: (text: Word | undefined, through: readonly string[]) => void;
}

/** Where in it one stands. */
export interface Frame {
  readonly environment: Environment;
  readonly stdin: Word | undefined;
  readonly through: readonly string[];
  readonly depth: number;
  /** Bodies of functions that are being run. */
  readonly active?: readonly ShellNode[];
  /** Names that the function under way has made its own. */
  readonly locals?: Set<string>;
  /** Where ways that end early come out; absent where a shell begins. */
  readonly flow?: Flow | undefined;
  /** No condition counts as decided: a round that stands for many others. */
  readonly isUndecided?: boolean;
  /** Whether what is printed as an error goes where the output goes (`2>&1`). */
  readonly mergesErrors?: boolean;
  /** What the words of the command under way were patterns for. */
  readonly patterns?: Map<Word, readonly string[]>;
}

/** What holds where `exit`, `return`, `break` and `continue` were met. */
export interface Flow {
  readonly exits: Environment[];
  /** Of the function or sourced file under way; outside of one, `return` does nothing. */
  readonly returns: Environment[] | undefined;
  /** Loops under way, outermost first. */
  readonly loops: readonly LoopEnds[];
}

export interface LoopEnds {
  readonly breaks: Environment[];
  readonly continues: Environment[];
}

/** What builtins ask of the shell. Each gives what it would print. */
export interface Shell {
  readonly walk: Walk;
  /** Text that is read and run in the very same shell: `eval`, `source`. */
  readonly runText: (text: Word, frame: Frame) => Word;
  /** Words that are a command, past functions and aliases: `command`, `exec`. */
  readonly runWords: (words: readonly Word[], frame: Frame) => Word;
  readonly expander: (frame: Frame) => Expander;
  readonly assign: (assignment: Assignment, frame: Frame, isExported: boolean) => void;
}

/** `words`: the builtin's name and its arguments. `assignments`: those among the arguments of `declare` and the like. */
export type Builtin = (words: readonly Word[], frame: Frame, shell: Shell, assignments: readonly Assignment[]) => Word;
