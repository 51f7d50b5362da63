/** The words of a command as options and operands, in the ways that programs read them. */

import { hole, type Word } from "../word.ts";

export interface ArgumentStyle {
  /** Options that take the next word as their value where none is attached, with their dashes: `-o`, `--output`. */
  readonly valued?: ReadonlySet<string>;
  /** Options without a value. What stands in neither list takes the next word where `unknown` is `valued`. */
  readonly flags?: ReadonlySet<string>;
  readonly unknown?: "flag" | "valued";
  /** `-abc` is `-a -b -c` (`getopt`), or one long option (`go`): then `-bucket` counts as `--bucket`. */
  readonly single?: "getopt" | "go";
  /** Nothing is an option after the first operand. */
  readonly stopsAtOperand?: boolean;
}

export interface Arguments {
  /** By name with dashes, in order; an option without a value has "". */
  readonly options: ReadonlyMap<string, readonly Word[]>;
  readonly operands: readonly Word[];
}

/** Reads words after the program's name. A word that begins with a hole is an operand. */
export function parseArguments(words: readonly Word[], style: ArgumentStyle): Arguments {
  const options = new Map<string, Word[]>();
  const operands: Word[] = [];
  const add = (name: string, value: Word): void => {
    const held = options.get(name);
    if (held === undefined) options.set(name, [value]);
    else held.push(value);
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "--" || (style.stopsAtOperand === true && !isOption(word))) {
      operands.push(...words.slice(word === "--" ? at + 1 : at));
      break;
    }
    if (!isOption(word)) {
      operands.push(word);
      continue;
    }
    const next = words[at + 1];
    if (readOption(word, next, { style, add })) at += 1;
  }
  return { options, operands };
}

const isOption = (word: Word): boolean => word.startsWith("-") && word !== "-";

interface Reading {
  readonly style: ArgumentStyle;
  readonly add: (name: string, value: Word) => void;
}

/** Whether the option took the next word. */
function readOption(word: Word, next: Word | undefined, { style, add }: Reading): boolean {
  const isLong = word.startsWith("--") || style.single === "go";
  if (!isLong) return readCluster(word, next, { style, add });
  const spelled = word.startsWith("--") ? word : `-${word}`;
  const equals = spelled.indexOf("=");
  if (equals > 0) {
    add(spelled.slice(0, equals), spelled.slice(equals + 1));
    return false;
  }
  const takes = next !== undefined && takesValue(spelled, next, style);
  add(spelled, takes ? next : "");
  return takes;
}

function takesValue(name: string, next: Word, { valued, flags, unknown = "flag" }: ArgumentStyle): boolean {
  if (valued?.has(name) === true) return true;
  if (flags?.has(name) === true) return false;
  return unknown === "valued" && !isOption(next);
}

function readCluster(word: Word, next: Word | undefined, { style, add }: Reading): boolean {
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at] ?? ""}`;
    const rest = word.slice(at + 1);
    if (style.valued?.has(name) === true) {
      const attached = rest.startsWith("=") ? rest.slice(1) : rest;
      add(name, rest === "" ? (next ?? "") : attached);
      return rest === "" && next !== undefined;
    }
    add(name, "");
    if (rest.startsWith("=")) return false;
  }
  return false;
}

/** The last value of any of the names; `undefined` where none is given. */
export function valueOf({ options }: Arguments, ...names: readonly string[]): Word | undefined {
  for (const name of names) {
    const value = options.get(name)?.at(-1);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether a switch is on: given, and not as `--switch=false`. */
export const isOn = ({ options }: Arguments, ...names: readonly string[]): boolean =>
  names.some((name) => options.has(name) && !/^(?:0|f|false|no)$/iu.test(options.get(name)?.at(-1) ?? ""));

export const has = ({ options }: Arguments, ...names: readonly string[]): boolean => names.some((name) => options.has(name));

/** Every value of any of the names. */
export const valuesOf = ({ options }: Arguments, ...names: readonly string[]): Word[] => names.flatMap((name) => options.get(name) ?? []);

/** A table in one line of words. */
export const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** A program's name without folder and the ending that Windows gives it; "" where it has a hole. */
export function baseName(program: Word): string {
  const last = program.slice(Math.max(program.lastIndexOf("/"), program.lastIndexOf("\\")) + 1);
  return last.includes(hole) ? "" : last.replace(/\.(?:exe|cmd|bat|ps1)$/iu, "");
}
