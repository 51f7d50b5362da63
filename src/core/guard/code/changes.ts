/** Lists and dicts that are changed in place. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import type { Block, CallExpr, Expr } from "./syntax.ts";
import { unknownValue } from "./value.ts";
import type { Value, Values } from "./value.ts";

/** What expressions are worth. */
export interface Worth {
  readonly values: (expr: Expr) => Values;
  readonly words: (expr: Expr) => readonly Word[];
}

const textExpr = (word: Word): Expr => ({ kind: "text", parts: [word] });

/** Right in the program or a function, in no branch or loop. */
const isUnconditional = ({ parent, scope }: Block): boolean => parent === undefined || parent.scope !== scope;

/** A dict with the entries that were put into it later. */
export function withEntries(
  evaluator: Worth,
  dict: Extract<Value, { kind: "dict" }>,
  more: readonly { readonly key: Expr; readonly value: Expr }[],
): Value {
  const entries = new Map(dict.entries);
  let { isOpen } = dict;
  for (const { key, value } of more) {
    for (const word of evaluator.words(key)) {
      if (word.includes(hole)) isOpen = true;
      else entries.set(word, [...(entries.get(word) ?? []), ...evaluator.values(value)]);
    }
  }
  return { kind: "dict", entries, isOpen };
}

/** What `append` and `update` leave of a list or dict. */
export function changed(evaluator: Worth, value: Value, changes: readonly CallExpr[]): Value {
  if (changes.length === 0 || (value.kind !== "list" && value.kind !== "dict")) return value;
  if (value.kind === "dict") {
    const named = changes.flatMap((change) =>
      change.args.flatMap((arg) => (arg.name === undefined ? [] : [{ key: textExpr(arg.name), value: arg.value }])),
    );
    const spread = changes.flatMap((change) => change.args.flatMap((arg) => (arg.name === undefined ? evaluator.values(arg.value) : [])));
    const entries = new Map([...value.entries, ...spread.flatMap((one) => (one.kind === "dict" ? [...one.entries] : []))]);
    return withEntries(evaluator, { kind: "dict", entries, isOpen: true }, named);
  }
  const names = changes.map((change) => (change.callee.kind === "member" ? change.callee.name : ""));
  // What only grows at its end keeps its beginning.
  if (!names.every((name) => /^(?:append|push|extend)$/.test(name))) return unknownValue;
  const isSure = changes.every((change, index) => names[index] !== "extend" && isUnconditional(change.block));
  if (!isSure) return { ...value, isOpen: true };
  return { ...value, items: [...value.items, ...changes.flatMap((change) => change.args.map((arg) => evaluator.values(arg.value)))] };
}
