/** The words of an interpreter's command line, sorted by what they are to it. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import type { Interpreter } from "./interpreters.ts";

export interface InterpreterLine {
  /** Program texts in their order. */
  readonly code: readonly Word[];
  /** Files that it runs, the script last. */
  readonly files: readonly Word[];
  /** What the program finds as its arguments. */
  readonly args: readonly Word[];
  /** `-m MODULE` of Python and of `coverage run`. */
  readonly module?: Word;
  /** Perl's and Ruby's `-i`: the arguments are rewritten in place. */
  readonly isInPlace: boolean;
  /** `-`, or nothing where a script could stand. */
  readonly readsStdin: boolean;
  /** `--version`, `--help`: nothing runs. `subcommand`: it is one that runs no file. */
  readonly isHarmless: boolean;
}

interface Draft {
  code: Word[];
  files: Word[];
  module: Word | undefined;
  isInPlace: boolean;
  isHarmless: boolean;
  readsStdin: boolean;
  subcommand: "file" | "code" | undefined;
}

const tellers = new Set([
  "--version",
  "--help",
  "-h",
  "-?",
  "--help-all",
  "--v8-options",
  "-version",
  "-help",
  "--check-upgrade",
  "--test",
]);

/** How an option was taken: how many words it needs, or that everything after it belongs to the program. */
type Taken = { readonly words: number; readonly ends?: boolean };

function takeLong(interpreter: Interpreter, word: Word, next: Word | undefined, draft: Draft): Taken {
  const equals = word.indexOf("=");
  const name = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, "");
  const attached = equals < 0 ? undefined : word.slice(equals + 1);
  const value = attached ?? next;
  const words = attached === undefined ? 2 : 1;
  if (interpreter.longCode?.includes(name) === true) {
    if (value !== undefined) draft.code.push(value);
    return { words };
  }
  if (interpreter.longFiles?.includes(name) === true) {
    if (value !== undefined) draft.files.push(value);
    return { words };
  }
  return interpreter.longValued?.includes(name) === true ? { words } : { words: 1 };
}

/** A cluster of letters: `-Bc TEXT`, `-lne TEXT`, `-pi.bak`. */
function takeShort(interpreter: Interpreter, word: Word, next: Word | undefined, draft: Draft): Taken {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at);
    const rest = word.slice(at + 1);
    if (letter === hole) return { words: 1 };
    // Node's `-pe TEXT`: the second letter says the same.
    if (/^[ep]$/.test(rest) && interpreter.language === "javascript") continue;
    const taken = takeLetter(interpreter, { letter, value: rest === "" ? next : rest, words: rest === "" ? 2 : 1, rest }, draft);
    if (taken !== undefined) return taken;
  }
  if (/^-[Vh]/.test(word) && interpreter.language === "python") draft.isHarmless = true;
  if (word === "-v" && interpreter.language === "javascript") draft.isHarmless = true;
  return { words: 1 };
}

interface Letter {
  readonly letter: string;
  /** What it would take as its value, and how many words that takes. */
  readonly value: Word | undefined;
  readonly words: number;
  readonly rest: string;
}

const has = (letters: string | undefined, letter: string): boolean => letters?.includes(letter) === true;

/** `undefined` for a letter without a value. */
function takeLetter(interpreter: Interpreter, { letter, value, words, rest }: Letter, draft: Draft): Taken | undefined {
  const isPython = interpreter.language === "python";
  if (isPython && letter === "m") {
    draft.module = value ?? "";
    return { words, ends: true };
  }
  if (has(interpreter.code, letter)) {
    if (value !== undefined) draft.code.push(value);
    return { words, ends: isPython };
  }
  if (has(interpreter.files, letter)) {
    if (value !== undefined) draft.files.push(value);
    return { words };
  }
  if (has(interpreter.attached, letter)) {
    if (letter === "i") draft.isInPlace = true;
    // Perl's `-lne`: letters follow, not a value.
    return letter === "l" && /^[a-zA-Z]/.test(rest) ? undefined : { words: 1 };
  }
  return has(interpreter.valued, letter) ? { words } : undefined;
}

function takeOption(interpreter: Interpreter, word: Word, next: Word | undefined, draft: Draft): Taken {
  if (tellers.has(word)) {
    draft.isHarmless = true;
    return { words: 1 };
  }
  return word.startsWith("--") || interpreter.hasSingleDashWords === true
    ? takeLong(interpreter, word, next, draft)
    : takeShort(interpreter, word, next, draft);
}

/** The first word that is no option: a subcommand, program text, or the script. Says whether the options end here. */
function takePositional(interpreter: Interpreter, word: Word, draft: Draft): boolean {
  if (draft.subcommand === undefined && draft.files.length === 0) {
    const subcommand =
      interpreter.subcommands !== undefined && Object.hasOwn(interpreter.subcommands, word) ? interpreter.subcommands[word] : undefined;
    if (subcommand === "nothing" || (subcommand === undefined && interpreter.needsSubcommand === true)) {
      draft.isHarmless = true;
      return true;
    }
    if (subcommand !== undefined) {
      draft.subcommand = subcommand;
      return false;
    }
  }
  if (draft.subcommand === "code") draft.code.push(word);
  else if (word === "-") draft.readsStdin = true;
  else draft.files.push(word);
  return true;
}

/** Sorts `words`, the arguments after the program's name. */
export function interpreterLine(interpreter: Interpreter, words: readonly Word[]): InterpreterLine {
  const draft: Draft = {
    code: [],
    files: [],
    module: undefined,
    isInPlace: false,
    isHarmless: false,
    readsStdin: false,
    subcommand: undefined,
  };
  const { at, hasScript } = takeWords(interpreter, words, draft);
  // Behind the script's name they would be its own.
  const onlyChecks = words.slice(0, hasScript ? at - 1 : at).some((word) => interpreter.checks?.includes(word) === true);
  if (onlyChecks) return { code: [], files: [], args: [], isInPlace: false, readsStdin: false, isHarmless: true };
  const hasProgram = hasScript || draft.code.length > 0 || draft.module !== undefined || draft.files.length > 0;
  return {
    code: draft.code,
    files: draft.files,
    args: words.slice(at),
    ...(draft.module === undefined ? {} : { module: draft.module }),
    isInPlace: draft.isInPlace,
    readsStdin: draft.readsStdin || (!hasProgram && !draft.isHarmless),
    isHarmless: draft.isHarmless && draft.code.length === 0 && draft.files.length === 0,
  };
}

interface Walked {
  /** Where the program's own arguments begin. */
  readonly at: number;
  readonly hasScript: boolean;
}

function takeWords(interpreter: Interpreter, words: readonly Word[], draft: Draft): Walked {
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? "";
    if (word === "--") return afterDashes(interpreter, words, at + 1, draft);
    if (word.startsWith("-") && word !== "-") {
      const taken = takeOption(interpreter, word, words[at + 1], draft);
      at += taken.words;
      if (taken.ends === true) break;
      continue;
    }
    // With program text, what follows are its arguments.
    if (draft.code.length > 0 && draft.subcommand === undefined) break;
    at += 1;
    if (takePositional(interpreter, word, draft)) return { at, hasScript: true };
  }
  return { at, hasScript: false };
}

/** What follows `--` is the script, unless the program came with an option. */
function afterDashes(interpreter: Interpreter, words: readonly Word[], at: number, draft: Draft): Walked {
  if (draft.code.length > 0 || at >= words.length) return { at, hasScript: false };
  takePositional({ language: interpreter.language }, words[at] ?? "", draft);
  return { at: at + 1, hasScript: false };
}
