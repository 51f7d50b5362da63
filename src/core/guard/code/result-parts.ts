/** How results are made of arguments. */

import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import { wordsAt } from "./arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { CodeStart } from "./code-start.ts";
import { membersOf } from "./members.ts";
import { fromBase64, fromHex, joinedWords } from "./text-methods.ts";
import { text, unknownValue, unknownValues, wordOf, wordsOf } from "./value.ts";
import type { Value, Values } from "./value.ts";

/** What the evaluator lends. */
export interface Surroundings {
  readonly start: CodeStart;
  readonly global: (name: string) => Values;
}

const rangeMax = 2000;

/** What stands at a place among the arguments. */
export const firstOf = (args: Arguments, place = 0): Values => args.positional[place] ?? unknownValues;
/** The same, if it can be only one thing. */
export const first = (args: Arguments, place = 0): Value => {
  const values = firstOf(args, place);
  return values.length === 1 ? (values[0] ?? unknownValue) : unknownValue;
};
/** The one value, or an unknown one. */
export const single = (values: Values): Value => (values.length === 1 ? (values[0] ?? unknownValue) : unknownValue);

/** `node:fs/promises` → fs, `npm:@aws-sdk/client-s3@3` → @aws-sdk/client-s3. */
function moduleName(name: string): string {
  const bare = name.replace(/^(?:node|npm|jsr|bun):/, "").replace(/(?<=.)@[\d^~][^/]*$/, "");
  return bare.replace(/\/promises$/, "");
}

/** `import`, `require`: a module by its name. */
export function module(args: Arguments): Values {
  return wordsOf(firstOf(args)).map((word) => (isKnown(word) ? { kind: "symbol", path: moduleName(word) } : unknownValue));
}

/** `getattr(object, name)`. */
export function attribute(args: Arguments): Values {
  return firstOf(args).flatMap((object) =>
    wordsOf(firstOf(args, 1)).flatMap((name): Values =>
      isKnown(name) ? membersOf(object, name) : [{ kind: "member", of: object, name: hole }],
    ),
  );
}

/** Numbers as characters. */
export function characters(args: Arguments): Value {
  const all = args.positional.flatMap((values) => {
    const value = single(values);
    return value.kind === "list" ? value.items.map(single) : [value];
  });
  const words = all.map((value) =>
    value.kind === "number" && value.value > 0 && value.value <= 0x10_ff_ff ? String.fromCodePoint(value.value) : hole,
  );
  return text(words.join(""));
}

/** Pieces of a path, an absolute one beginning anew. */
export function joinedPath(args: Arguments): Values {
  const words = args.positional.map((values) => wordOf(single(values)));
  let path = "";
  for (const word of words) {
    if (word === "") continue;
    path = word.startsWith("/") || path === "" ? word : `${path.replace(/\/$/, "")}/${word}`;
  }
  return [text(args.isOpen ? `${path}/${hole}` : path)];
}

/** A variable of the environment: open unless the command sets it. */
export function environmentOf(args: Arguments, start: CodeStart): Values {
  return wordsOf(firstOf(args)).flatMap((name): Values => {
    const known = isKnown(name) ? start.env.get(name) : undefined;
    // What is not set here may be set outside: the default is only one of the possibilities.
    return known === undefined ? [unknownValue] : [text(known)];
  });
}

const numbersOf = (args: Arguments): readonly number[] | undefined => {
  const numbers = args.positional.map((values) => single(values)).map((value) => (value.kind === "number" ? value.value : Number.NaN));
  return numbers.some(Number.isNaN) ? undefined : numbers;
};

/** `range(from, to, by)`, at most 2,000 numbers. */
export function range(args: Arguments): Value {
  const numbers = numbersOf(args);
  if (numbers === undefined) return unknownValue;
  const [from, to, by] = numbers.length === 1 ? [0, numbers[0] ?? 0, 1] : [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 1];
  if (by === 0 || Math.abs((to - from) / by) > rangeMax) return unknownValue;
  const items: Values[] = [];
  for (let value = from; by > 0 ? value < to : value > to; value += by) items.push([{ kind: "number", value }]);
  return { kind: "list", items, isOpen: false };
}

/** The texts of a list as one. */
export function joinedList(list: Value, separator: Word): Value {
  return list.kind === "list" ? text(joinedWords(list.items.map(single), separator, list.isOpen)) : unknownValue;
}

/** `Buffer.from(x, "base64")`, `bytes([112, 114])`. */
export function bytes(args: Arguments): Values {
  const value = first(args);
  const encoding = wordsAt(args, ["encoding"], 1)?.[0];
  if (value.kind === "list") return [characters(args)];
  if (encoding === "base64" || encoding === "base64url")
    return wordsOf(firstOf(args)).map((word) => (isKnown(word) ? text(fromBase64(word)) : unknownValue));
  if (encoding === "hex") return wordsOf(firstOf(args)).map((word) => (isKnown(word) ? text(fromHex(word)) : unknownValue));
  return firstOf(args);
}
