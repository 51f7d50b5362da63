/** What a shell knows while it runs, with several possible values where branches differ. */

import { hole, type Word } from "../word.ts";
import { agreed, type Truth } from "./conditions.ts";
import type { ShellNode } from "./script.ts";

/** Arrays by index or key. `undefined` values: not set. */
export type Value =
  | { readonly kind: "text"; readonly text: Word }
  | { readonly kind: "array"; readonly entries: ReadonlyMap<string, Word> }
  | unset;
interface unset {
  readonly kind: "unset";
}

export interface Variable {
  /** At least one. */
  readonly values: readonly Value[];
  readonly isExported: boolean;
  readonly attribute?: Attribute | undefined;
}

/** What `declare` and its kin make of every later assignment. `other`: it is not followed. */
export type Attribute = "number" | "lower" | "upper" | "fixed" | "other";

export interface Environment {
  readonly variables: Map<string, Variable>;
  /** Every body that a name may have. */
  readonly functions: Map<string, readonly ShellNode[]>;
  readonly aliases: Map<string, readonly Word[]>;
  /** `$1` and on. */
  positionals: readonly Word[];
  /** Absolute, or with a hole; where it may be one of several, all of them. */
  folders: readonly Word[];
  /** Where `cd -` goes back to; `undefined` where it was never elsewhere. */
  lastFolders: readonly Word[] | undefined;
  /** What `pushd` put away, the newest last. */
  pushedFolders: readonly (readonly Word[])[];
  /** Text of `trap … EXIT`. */
  traps: readonly Word[];
  /** `set -a`. */
  exportsAll: boolean;
  /** Whether the last command did well (`$?`), as far as that is known. */
  status: Truth;
  /** Whether this way has ended: after `exit`, `return`, `break`. Nothing that follows runs on it. */
  hasLeft: boolean;
  /** Whether something makes comparisons come out otherwise than they are read (`nocasematch`), so that none is decided. */
  isUndecided: boolean;
}

/** Among the bodies of a function: on some way there is none, and the name is a program's. */
export const noFunction: ShellNode = { kind: "group", body: [] };

const valuesMax = 8;
const foldersMax = 3;
const textMax = 1 << 16;

export const unsetValue: Value = { kind: "unset" };
export const holeValue: Value = { kind: "text", text: hole };

/** A text that grew beyond reason is known no longer. */
export const bounded = (text: Word): Word => (text.length > textMax ? hole : text);

export const textValue = (text: Word): Value => ({ kind: "text", text: bounded(text) });

export const listValue = (items: readonly Word[]): Value => ({
  kind: "array",
  entries: new Map(items.map((item, index) => [String(index), item])),
});

export function newEnvironment(
  folder: Word,
  variables: Iterable<readonly [string, Word]> = [],
  positionals: readonly Word[] = [],
): Environment {
  const known = [...variables].map(([name, text]) => [name, { values: [textValue(text)], isExported: true }] as const);
  return {
    variables: new Map(known),
    functions: new Map(),
    aliases: new Map(),
    positionals,
    folders: [folder],
    lastFolders: undefined,
    pushedFolders: [],
    traps: [],
    exportsAll: false,
    status: true,
    hasLeft: false,
    isUndecided: false,
  };
}

/** `$0` and `BASH_SOURCE`: by them scripts find what lies beside them. */
export function nameScript(environment: Environment, path: Word): void {
  environment.variables.set("0", { values: [textValue(path)], isExported: false });
  environment.variables.set("BASH_SOURCE", { values: [listValue([path])], isExported: false });
}

/** For a subshell or a branch: what changes there stays there. */
export const branchOf = (environment: Environment): Environment => ({
  ...environment,
  variables: new Map(environment.variables),
  functions: new Map(environment.functions),
  aliases: new Map(environment.aliases),
});

export function setVariable(environment: Environment, name: string, values: readonly Value[], isExported = false): void {
  const before = environment.variables.get(name);
  const known = distinct(before?.attribute === undefined ? values : takenBy(before.attribute, before.values, values));
  environment.variables.set(name, {
    values: known.length > valuesMax ? [holeValue] : known,
    isExported: isExported || environment.exportsAll || before?.isExported === true,
    attribute: before?.attribute,
  });
}

/** What a variable with an attribute holds once it was given `values`. */
function takenBy(attribute: Attribute, before: readonly Value[], values: readonly Value[]): readonly Value[] {
  switch (attribute) {
    case "number":
      return values.map((value) => changed(value, (text) => (/^-?(?:0|[1-9]\d*)$/.test(text) ? text : hole)));
    case "lower":
      return values.map((value) => changed(value, (text) => text.toLowerCase()));
    case "upper":
      return values.map((value) => changed(value, (text) => text.toUpperCase()));
    case "fixed":
      // The assignment fails; whether the script goes on behind it differs.
      return [...before, ...values];
    case "other":
      return [holeValue];
  }
}

function changed(value: Value, change: (text: Word) => Word): Value {
  if (value.kind === "text") return textValue(change(value.text));
  return value.kind === "unset" ? value : { kind: "array", entries: new Map([...value.entries].map(([key, text]) => [key, change(text)])) };
}

/** Gives it to a name; what the name holds by now stays. */
export function setAttribute({ variables }: Environment, name: string, attribute: Attribute | undefined): void {
  const { values = [holeValue], isExported = false } = variables.get(name) ?? {};
  variables.set(name, { values, isExported, attribute });
}

/** Makes `target` what holds after one of several ways was gone, nobody knows which. Of those that have ended nothing is taken over. */
export function mergeInto(target: Environment, all: readonly Environment[]): void {
  const open = all.filter((way) => !way.hasLeft);
  const ways = open.length > 0 ? open : all;
  target.hasLeft = open.length === 0;
  target.status = agreed(ways.map((way) => way.status));
  target.isUndecided = ways.some((way) => way.isUndecided);
  mergeVariables(target, ways);
  mergeLists(
    target.functions,
    ways.map((way) => way.functions),
    () => noFunction,
  );
  mergeLists(
    target.aliases,
    ways.map((way) => way.aliases),
    (name) => name,
  );
  target.folders = anyFolder(ways.map((way) => way.folders));
  target.lastFolders = ways.every((way) => way.lastFolders === undefined)
    ? undefined
    : anyFolder(ways.map((way) => way.lastFolders ?? [hole]));
  target.pushedFolders = mergedStack(ways.map((way) => way.pushedFolders));
  target.positionals = ways.every((way) => isSame(way.positionals, ways[0]?.positionals ?? [])) ? (ways[0]?.positionals ?? []) : [hole];
  target.traps = [...new Set(all.flatMap((way) => way.traps))];
}

function anyFolder(all: readonly (readonly Word[])[]): readonly Word[] {
  const folders = [...new Set(all.flat())];
  return folders.length > foldersMax ? [hole] : folders;
}

/** Place by place, counted from the newest; beyond the shortest stack the others may or may not have one. */
function mergedStack(stacks: readonly (readonly (readonly Word[])[])[]): readonly (readonly Word[])[] {
  const [first = []] = stacks;
  if (stacks.every((stack) => stack === first)) return first;
  const most = Math.max(...stacks.map((stack) => stack.length));
  const least = Math.min(...stacks.map((stack) => stack.length));
  return Array.from({ length: most }, (_, index) => {
    const found = stacks.flatMap((stack) => stack[stack.length - most + index] ?? []);
    return anyFolder(most - index > least ? [found, [hole]] : [found]);
  });
}

function mergeVariables(target: Environment, ways: readonly Environment[]): void {
  const names = new Set(ways.flatMap((way) => [...way.variables.keys()]));
  for (const name of target.variables.keys()) if (!names.has(name)) target.variables.delete(name);
  for (const name of names) {
    const found = ways.map((way) => way.variables.get(name));
    const [first] = found;
    if (first !== undefined && found.every((variable) => variable === first)) target.variables.set(name, first);
    else {
      // What no command has set comes from outside, and may be anything.
      const values = distinct(found.flatMap((variable) => variable?.values ?? [holeValue]));
      const isExported = found.some((variable) => variable?.isExported === true);
      const attribute = found.every((variable) => variable?.attribute === first?.attribute) ? first?.attribute : "other";
      target.variables.set(name, { values: values.length > valuesMax ? [holeValue] : values, isExported, attribute });
    }
  }
}

/** `missing`: what stands for a name that one of the ways does not know. */
function mergeLists<T>(
  target: Map<string, readonly T[]>,
  ways: readonly ReadonlyMap<string, readonly T[]>[],
  missing: (name: string) => T,
): void {
  const names = new Set(ways.flatMap((way) => [...way.keys()]));
  for (const name of target.keys()) if (!names.has(name)) target.delete(name);
  for (const name of names) target.set(name, [...new Set(ways.flatMap((way) => way.get(name) ?? [missing(name)]))].slice(0, valuesMax));
}

/** Whether two environments give the same answers, so that going round once more shows nothing new. */
export function isSameEnvironment(left: Environment, right: Environment): boolean {
  return (
    isSame(left.positionals, right.positionals) &&
    isSame(left.folders, right.folders) &&
    isSame(left.traps, right.traps) &&
    isSameMap(left.variables, right.variables, isSameVariable) &&
    isSameMap(left.functions, right.functions, isSameList) &&
    isSameMap(left.aliases, right.aliases, isSameList)
  );
}

function isSameMap<T>(left: ReadonlyMap<string, T>, right: ReadonlyMap<string, T>, same: (one: T, other: T) => boolean): boolean {
  if (left.size !== right.size) return false;
  for (const [name, value] of left) {
    const other = right.get(name);
    if (other === undefined || (other !== value && !same(value, other))) return false;
  }
  return true;
}

const isSameList = <T>(left: readonly T[], right: readonly T[]): boolean =>
  left.length === right.length && left.every((item, index) => item === right[index]);

const isSameVariable = (left: Variable, right: Variable): boolean =>
  left.isExported === right.isExported &&
  left.attribute === right.attribute &&
  distinct([...left.values, ...right.values]).length === distinct(left.values).length &&
  left.values.length === right.values.length;

const isSame = (left: readonly Word[], right: readonly Word[]): boolean =>
  left === right || (left.length === right.length && left.every((word, index) => word === right[index]));

function distinct(values: readonly Value[]): readonly Value[] {
  if (values.length < 2) return values;
  const seen = new Map<string, Value>();
  for (const value of values)
    seen.set(value.kind === "array" ? JSON.stringify([...value.entries]) : value.kind === "text" ? `=${value.text}` : "", value);
  return [...seen.values()];
}

/** One that was taken away is given as an empty one: for whoever asks, it says as little. */
const textGiven = (value: Exclude<Value, { kind: "array" }> | undefined): Word => (value?.kind === "text" ? value.text : "");

/** The variables that a program would be given, one value each. */
export function exportedBy(environment: Environment): Map<string, Word> {
  const exported = new Map<string, Word>();
  for (const [name, { values, isExported }] of environment.variables) {
    const [only] = values;
    if (isExported) exported.set(name, values.length === 1 && only?.kind !== "array" ? textGiven(only) : hole);
  }
  return exported;
}
