/** The shell's own commands that say whether something holds, and those that end a way. */

import { hole, isKnown, type Word } from "../word.ts";
import { arithmetic } from "./arithmetic.ts";
import { testTruth } from "./conditions.ts";
import { branchOf, setVariable, textValue, type Environment } from "./environment.ts";
import { runsWhenShown, shownText } from "./shown-text.ts";
import { textOf, valuesOf } from "./variable-values.ts";
import type { Builtin, Frame } from "./walk.ts";

/** What holds here comes out at one of `ends`; nothing behind runs on this way. */
function leave({ environment }: Frame, ends: Environment[]): Word {
  ends.push(branchOf(environment));
  environment.hasLeft = true;
  return "";
}

const bracket: Builtin = (words, { environment }) => {
  const isClosed = words.at(-1) === "]";
  environment.status = words[0] === "[" ? (isClosed ? testTruth(words.slice(1, -1)) : undefined) : testTruth(words.slice(1));
  return "";
};

const no: Builtin = (_words, { environment }) => {
  environment.status = false;
  return "";
};

/** `exit N`, `return N`: without a number, as the last command ended. */
function statusOf(word: Word | undefined, before: Environment["status"]): Environment["status"] {
  if (word === undefined) return before;
  return /^\d{1,9}$/.test(word) ? Number(word) % 256 === 0 : undefined;
}

const exit: Builtin = (words, frame) => {
  const { environment, flow } = frame;
  if (flow === undefined || words.length > 2 || !words.every(isKnown)) return "";
  environment.status = statusOf(words[1], environment.status);
  return leave(frame, flow.exits);
};

/** Outside of functions and sourced files it is a mistake, and what follows runs. */
const leaveFunction: Builtin = (words, frame) => {
  const { environment, flow } = frame;
  if (flow?.returns === undefined || words.length > 2 || !words.every(isKnown)) return "";
  environment.status = statusOf(words[1], environment.status);
  return leave(frame, flow.returns);
};

/** `break`, `continue`, with a number of loops. Where that is not known, what follows counts as well. */
const leaveLoop =
  (kind: "breaks" | "continues"): Builtin =>
  (words, frame) => {
    const loops = frame.flow?.loops ?? [];
    const count = words[1] ?? "1";
    if (loops.length === 0 || words.length > 2) return "";
    if (!/^[1-9]\d{0,3}$/.test(count)) return "";
    const loop = loops[Math.max(0, loops.length - Number(count))];
    frame.environment.status = true;
    return loop === undefined ? "" : leave(frame, loop[kind]);
  };

const shift: Builtin = (words, { environment }) => {
  const { positionals } = environment;
  const count = /^\d{1,6}$/.test(words[1] ?? "1") ? Number(words[1] ?? "1") : undefined;
  // How many there are is not known, nor is which is the first then.
  if (count === undefined || positionals.slice(0, count).some((word) => !isKnown(word) && word.length === 1)) return "";
  environment.status = count <= positionals.length ? true : positionals.every(isKnown) ? false : undefined;
  if (count <= positionals.length) environment.positionals = positionals.slice(count);
  return "";
};

const letBuiltin: Builtin = (words, frame, shell) => {
  const { environment } = frame;
  const evaluated = (text: Word): void => {
    if (runsWhenShown(text)) shell.runText(shownText(text), { ...frame, environment: branchOf(environment), flow: undefined });
  };
  const valueOf = (name: string): Word => {
    const [value, ...others] = valuesOf(environment, name, shell.walk.facts.homeFolder);
    const text = value === undefined || others.length > 0 ? hole : (textOf(value) ?? "");
    evaluated(text);
    return text;
  };
  for (const word of words.slice(1)) evaluated(word);
  const assign = (name: string, value: Word): void => {
    setVariable(environment, name, [textValue(value)]);
  };
  const values = words.slice(1).map((word) => arithmetic(word, { valueOf, assign }));
  const last = values.at(-1) ?? "";
  environment.status = isKnown(last) && last !== "" ? last !== "0" : undefined;
  return "";
};

/** `getopts LETTERS NAME`: one option for each call. `OPTIND` is kept as `WORD`, or `WORD:LETTER` within a bundle. */
const getopts: Builtin = (words, { environment }) => {
  const [letters = "", name = ""] = words.slice(1);
  const args = words.length > 3 ? words.slice(3) : environment.positionals;
  const set = (values: Readonly<Record<string, Word>>): void => {
    for (const [variable, value] of Object.entries(values)) if (variable !== "") setVariable(environment, variable, [textValue(value)]);
  };
  const [, word, letter = "1"] = /^(\d{1,6})(?::(\d{1,6}))?$/.exec(placeOf(environment)) ?? [];
  if (word === undefined || ![letters, ...args].every(isKnown)) {
    set({ [name]: hole, OPTARG: hole, OPTIND: hole });
    return "";
  }
  const current = args[Number(word) - 1];
  environment.status = current !== undefined && /^-./.test(current) && current !== "--";
  set(environment.status ? nextOption({ args, letters, at: Number(word), inside: Number(letter) }, name) : { [name]: "?" });
  return "";
};

/** `OPTIND`; a hole where it may be one of several. */
function placeOf({ variables }: Environment): Word {
  const [place = textValue("1"), ...others] = variables.get("OPTIND")?.values ?? [];
  return others.length > 0 ? hole : (textOf(place) ?? "");
}

interface OptionPlace {
  readonly args: readonly Word[];
  readonly letters: string;
  /** The word, counted from one, and the letter in it. */
  readonly at: number;
  readonly inside: number;
}

function nextOption({ args, letters, at, inside }: OptionPlace, name: string): Readonly<Record<string, Word>> {
  const current = args[at - 1] ?? "";
  const option = current.charAt(inside);
  const rest = current.slice(inside + 1);
  const found = { [name]: letters.includes(option) && option !== ":" ? option : "?" };
  if (!letters.includes(`${option}:`))
    return { ...found, OPTARG: "", OPTIND: rest === "" ? String(at + 1) : `${String(at)}:${String(inside + 1)}` };
  return rest === "" ? { ...found, OPTARG: args[at] ?? "", OPTIND: String(at + 2) } : { ...found, OPTARG: rest, OPTIND: String(at + 1) };
}

/** `nocasematch` and its kin change what patterns match; a builtin that is taken away leaves its name to a program. */
const options: Builtin = (words, { environment }) => {
  if (words.some((word) => /nocase|^-n$|extendedglob|ksh_?arrays|sh_?word/i.test(word))) environment.isUndecided = true;
  return words.slice(1).some((word) => !word.startsWith("-")) ? "" : hole;
};

export const flowBuiltins: readonly (readonly [string, Builtin])[] = [
  ["test", bracket],
  ["[", bracket],
  ["false", no],
  ["exit", exit],
  ["return", leaveFunction],
  ["break", leaveLoop("breaks")],
  ["continue", leaveLoop("continues")],
  ["shift", shift],
  ["let", letBuiltin],
  ["getopts", getopts],
  ["shopt", options],
  ["setopt", options],
  ["unsetopt", options],
  ["enable", options],
];
