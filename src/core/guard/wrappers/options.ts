/** Options before a command: where the command begins. */

import type { Invocation, Nested } from "../invocation.ts";
import type { ReaderFacts, Reading } from "../reading.ts";
import { hole, type Word } from "../word.ts";

/** `values`: options that take the next word as their value, single letters and long names, parted by blanks. */
export interface OptionSpec {
  readonly values: string;
  /** So many words after the options belong to the wrapper: a duration, a host. */
  readonly positionals?: number;
}

/** What a reader of wrappers is asked. */
export interface Wrapped {
  readonly program: string;
  readonly args: readonly Word[];
  readonly invocation: Invocation;
  readonly facts: ReaderFacts;
}

export type WrapperReader = (wrapped: Wrapped) => Reading | undefined;

export interface Parsed {
  /** By name without dashes; the last value of each. Flags have "". */
  readonly options: ReadonlyMap<string, Word>;
  /** Every value of every option, in order. */
  readonly values: readonly (readonly [string, Word])[];
  readonly rest: readonly Word[];
}

/** Options up to the first word that is none, or to `--`. */
export function parseOptions(args: readonly Word[], values: string): Parsed {
  const takesValue = new Set(values.split(" "));
  const found: [string, Word][] = [];
  let at = 0;
  while (at < args.length) {
    const word = args[at] ?? "";
    if (word === "--") {
      at += 1;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    at += 1;
    const last = word.startsWith("--") ? longOption(word, takesValue, found) : shortOptions(word, takesValue, found);
    if (last !== undefined && at < args.length) {
      found.push([last, args[at] ?? ""]);
      at += 1;
    }
  }
  return { options: new Map(found), values: found, rest: args.slice(at) };
}

/** Options wherever they stand up to `--`; what follows that is added to the rest, unless `keepsTail` is false. */
export function optionsAnywhere(args: readonly Word[], values: string, keepsTail = true): Parsed {
  const end = args.indexOf("--");
  const found: (readonly [string, Word])[] = [];
  const operands: Word[] = [];
  for (let open = end < 0 ? args : args.slice(0, end); open.length > 0;) {
    const parsed = parseOptions(open, values);
    found.push(...parsed.values);
    operands.push(...parsed.rest.slice(0, 1));
    open = parsed.rest.slice(1);
  }
  const tail = end < 0 || !keepsTail ? [] : args.slice(end + 1);
  return { options: new Map(found), values: found, rest: [...operands, ...tail] };
}

/** The name of an option whose value is the next word. */
function longOption(word: Word, takesValue: ReadonlySet<string>, found: [string, Word][]): string | undefined {
  const at = word.indexOf("=");
  const name = at < 0 ? word.slice(2) : word.slice(2, at);
  if (at < 0 && takesValue.has(name)) return name;
  found.push([name, at < 0 ? "" : word.slice(at + 1)]);
  return undefined;
}

function shortOptions(word: Word, takesValue: ReadonlySet<string>, found: [string, Word][]): string | undefined {
  // Some programs write long names with one dash.
  if (takesValue.has(word)) return word.slice(1);
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at);
    if (takesValue.has(letter)) {
      if (at === word.length - 1) return letter;
      found.push([letter, word.slice(at + 1).replace(/^=/, "")]);
      return undefined;
    }
    found.push([letter, ""]);
  }
  return undefined;
}

/** Leading `NAME=value` words. */
export function takeAssignments(words: readonly Word[]): {
  readonly assignments: readonly (readonly [string, Word])[];
  readonly rest: readonly Word[];
} {
  const assignments: (readonly [string, Word])[] = [];
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) break;
    assignments.push([name, value]);
  }
  return { assignments, rest: words.slice(assignments.length) };
}

export type At = Extract<Nested, { kind: "argv" }>["at"];

/** A command in words; where its first word may be an option nobody knows, with and without it. */
export function commandOf(words: readonly Word[], through: string, at: At = {}): Reading {
  const nested: Nested[] = words.length === 0 ? [] : [{ kind: "argv", argv: words, at, through }];
  if (words[0] === hole && words.length > 1) nested.push({ kind: "argv", argv: words.slice(1), at, through });
  return { effects: [], nested };
}

export const shellOf = (text: Word, through: string, at: At = {}): Reading => ({
  effects: [],
  nested: [{ kind: "shell", text, at, through }],
});

export const joinReadings = (readings: readonly Reading[]): Reading => ({
  effects: readings.flatMap((reading) => reading.effects),
  nested: readings.flatMap((reading) => reading.nested),
});

/** Words as text that a shell reads as the same words. */
export const quoted = (words: readonly Word[]): Word => words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");

export const withEnv = (invocation: Invocation, assignments: Iterable<readonly [string, Word]>): ReadonlyMap<string, Word> =>
  new Map([...invocation.env, ...assignments]);

/** A shell that waits for whoever writes to it. */
export const interactive = (tool: string, invocation: Invocation): Reading => ({
  effects: [{ tool, verb: "delegate", destination: { kind: "opaque", about: "an interactive shell" }, through: invocation.through }],
  nested: [],
});

export const unread = (tool: string, about: string, invocation: Invocation): Reading => ({
  effects: [{ tool, verb: "write", destination: { kind: "opaque", about }, through: invocation.through }],
  nested: [],
});
