/** `export`, `declare`, `typeset`, `local`, `readonly`. */

import { hole, type Word } from "../word.ts";
import { setAttribute, setVariable, textValue, type Attribute } from "./environment.ts";
import type { Builtin, Frame, Shell } from "./walk.ts";

/** Names, `NAME=value` as words, and arrays. */
export const declare: Builtin = (words, frame, shell, assignments) => {
  const [name = "", ...args] = words;
  const how = howOf(name, args);
  if (how.isFunction) return exportFunctions(args, frame, how.isExported ? shell : undefined);
  const own = how.isReference ? [] : assignments;
  const done = new Set(own.map((assignment) => assignment.name));
  const names = new Set([...done, ...args].flatMap((word) => /^[A-Za-z_]\w*/.exec(word)?.[0] ?? []));
  if (how.isLocal) noteLocals(names, frame);
  const attribute = attributeOf(args);
  mark(names, attribute, frame);
  for (const assignment of own) shell.assign(assignment, frame, how.isExported);
  for (const word of args) declareWord(word, frame, { ...how, done });
  if (how.isFixed) mark(names, attribute === undefined ? "fixed" : "other", frame);
  return how.isPrinted ? hole : "";
};

interface How {
  readonly isExported: boolean;
  /** `-n`: another name for a variable. */
  readonly isReference: boolean;
  readonly isFunction: boolean;
  readonly isLocal: boolean;
  readonly isFixed: boolean;
  readonly isPrinted: boolean;
}

function howOf(name: Word, args: readonly Word[]): How {
  const options = args.filter((word) => /^[-+]/.test(word)).join("");
  return {
    isExported: name === "export" || options.includes("x"),
    isReference: options.includes("n") && name !== "export",
    isFunction: options.includes("f"),
    isLocal: name !== "export" && name !== "readonly" && !options.includes("g"),
    isFixed: name === "readonly" || /-[a-zA-Z]*r/.test(options),
    isPrinted: /^-[pF]+$/.test(options),
  };
}

function mark(names: Iterable<string>, attribute: Attribute | undefined, { environment }: Frame): void {
  if (attribute !== undefined) for (const name of names) setAttribute(environment, name, attribute);
}

/** `-i`, `-l`, `-u`; whatever else changes what is assigned, or takes such a change away, is not followed. */
function attributeOf(args: readonly Word[]): Attribute | undefined {
  const letters = new Set(
    args.filter((word) => /^[-+]/.test(word)).flatMap((word) => word.match(/[ilucLRZE]/g)?.map((letter) => word.charAt(0) + letter) ?? []),
  );
  const [only, ...others] = letters;
  if (only === undefined) return undefined;
  return (others.length === 0 ? attributes.get(only) : undefined) ?? "other";
}

const attributes: ReadonlyMap<string, Attribute> = new Map([
  ["-i", "number"],
  ["-l", "lower"],
  ["-u", "upper"],
]);

/** Inside a function these hold until it ends, and begin without the attributes of what they hide. */
function noteLocals(names: Iterable<string>, { locals, environment }: Frame): void {
  for (const name of names) {
    if (locals?.has(name) === false && environment.variables.get(name)?.attribute !== undefined) setAttribute(environment, name, undefined);
    locals?.add(name);
  }
}

/** `export -f`: shells that are started know them, too. Without `shell` they are printed. */
function exportFunctions(names: readonly Word[], { environment }: Frame, shell: Shell | undefined): Word {
  for (const name of names) {
    const bodies = environment.functions.get(name);
    if (bodies !== undefined) shell?.walk.functions.set(name, bodies);
  }
  return shell === undefined ? hole : "";
}

interface Declared extends Pick<How, "isExported" | "isReference"> {
  /** Names that are assigned already. */
  readonly done: ReadonlySet<string>;
}

function declareWord(word: Word, { environment }: Frame, { isExported, isReference, done }: Declared): void {
  const [, variable, append, value] = /^([A-Za-z_]\w*)(?:(\+?)=([\s\S]*))?$/.exec(word) ?? [];
  if (variable === undefined || done.has(variable)) return;
  const given = value === undefined ? undefined : [textValue(append === "+" ? hole : value)];
  // A name for another variable may be any of them.
  const values = isReference ? [textValue(hole)] : (given ?? environment.variables.get(variable)?.values);
  if (values !== undefined) setVariable(environment, variable, values, isExported);
}
