/** Operators and subscripts on values. */

import { hole } from "../word.ts";
import { alternativesMax, text, textMax, unknownValue, unknownValues, wordOf } from "./value.ts";
import type { Value, Values } from "./value.ts";

/** What a loop over a value gets. */
export function elementsOf(value: Value): Values {
  if (value.kind === "list") return value.isOpen ? [...value.items.flat(), unknownValue] : value.items.flat();
  if (value.kind === "dict") return value.isOpen ? unknownValues : [...value.entries.keys()].map(text);
  if (value.kind === "text" && !value.word.includes(hole) && value.word.length <= alternativesMax) return Array.from(value.word, text);
  // `for object in bucket.objects.all()`.
  if (value.kind === "thing" && value.type === "objects")
    return [{ kind: "thing", type: "object", at: { ...value.at, key: value.at["key"] ?? hole } }];
  return unknownValues;
}

/** The item at a place, from the end where it is negative. */
export function itemAt(value: Value, index: number): Values {
  if (value.kind === "list") {
    const at = index < 0 && !value.isOpen ? value.items.length + index : index;
    const isHidden = value.isOpen && value.items.slice(0, at + 1).some((item) => item === unknownValues);
    return isHidden ? unknownValues : (value.items[at] ?? unknownValues);
  }
  if (value.kind === "text" && !value.word.includes(hole)) return [text(value.word.at(index) ?? "")];
  return value.kind === "symbol" ? [{ kind: "symbol", path: `${value.path}.${String(index)}` }] : unknownValues;
}

/** What stands at a place that only running would tell. */
export const anyItemOf = (value: Value): Values => {
  if (value.kind !== "dict") return elementsOf(value);
  const held = [...value.entries.values()].flat();
  return value.isOpen ? [...held, unknownValue] : held;
};

/** The items of a list, or the value itself. */
export const listed = (value: Value): readonly Value[] =>
  value.kind === "list" ? value.items.map((item) => (item.length === 1 ? (item[0] ?? unknownValue) : unknownValue)) : [value];

/** `x * 3`. */
export function repeated(one: Value, other: Value): Value {
  if (one.kind === "number" && other.kind === "number") return { kind: "number", value: one.value * other.value };
  if (one.kind === "text" && other.kind === "number" && one.word.length * other.value < textMax && other.value >= 0)
    return text(one.word.repeat(other.value));
  return unknownValue;
}

/** `a + b`: numbers, lists, texts. */
export function added(one: Value, other: Value): Value {
  if (one.kind === "number" && other.kind === "number") return { kind: "number", value: one.value + other.value };
  if (one.kind === "list" && other.kind === "list")
    return { kind: "list", items: [...one.items, ...other.items], isOpen: one.isOpen || other.isOpen };
  if (one.kind === "list" || other.kind === "list") {
    const items = one.kind === "list" ? [...one.items, unknownValues] : [unknownValues];
    return { kind: "list", items, isOpen: true };
  }
  const word = wordOf(one) + wordOf(other);
  return word.length > textMax ? unknownValue : text(word);
}

/** Numbers only. */
export function arithmetic(op: string, lefts: Values, rights: Values): Values {
  return lefts.flatMap((one) =>
    rights.map((other): Value => {
      if (one.kind !== "number" || other.kind !== "number") return unknownValue;
      if (op === "-") return { kind: "number", value: one.value - other.value };
      if (op === "^") return { kind: "number", value: one.value ^ other.value };
      return unknownValue;
    }),
  );
}

/** `path / "name"`. */
export function joinedPaths(lefts: Values, rights: Values): Values {
  return lefts.flatMap((one) =>
    rights.map((other): Value => {
      const name = wordOf(other);
      const path = name.startsWith("/") ? name : `${wordOf(one)}/${name}`;
      return one.kind === "thing" ? { ...one, at: { ...one.at, path } } : text(path);
    }),
  );
}
