/** `${x…}`: the operators on parameters. */

import { hole, isKnown, type Word } from "../word.ts";
import { holeValue, listValue, textValue, unsetValue, type Value } from "./environment.ts";
import { removeMatch, replaceMatch, replacementSteps } from "./pattern.ts";
import type { ParameterOperation, ScriptWord } from "./script.ts";
import { textOf } from "./variable-values.ts";

export interface Operands {
  /** One text without splitting; a hole where it may be several. */
  readonly text: (word: ScriptWord) => Word;
  readonly texts: (word: ScriptWord) => readonly Word[];
  /** As `text`, with quoted parts escaped. */
  readonly pattern: (word: ScriptWord) => Word;
  /** Whether so many characters may still be looked at. */
  readonly spend: (characters: number) => boolean;
}

/** The values after the operation. `assigned`: what `${x:=y}` leaves behind. */
export function operate(value: Value, operation: ParameterOperation, operands: Operands): readonly Value[] {
  if (operation.kind === "default") return withDefault(value, operation, operands);
  if (value.kind === "array" && operation.kind !== "slice") {
    return [listValue([...value.entries.values()].map((item) => change(item, operation, operands)))];
  }
  if (value.kind === "array") return [slicedList([...value.entries.values()], operation, operands)];
  return [textValue(change(textOf(value) ?? "", operation, operands))];
}

function withDefault(value: Value, operation: ParameterOperation, operands: Operands): readonly Value[] {
  const { operator } = operation;
  const other = operation.first === undefined ? [textValue("")] : operands.texts(operation.first).map(textValue);
  const isGiven = givenness(value, operator.startsWith(":"));
  if (operator.endsWith("+")) return isGiven === true ? other : isGiven === false ? [textValue("")] : [...other, textValue("")];
  if (operator.endsWith("?")) return [value];
  return isGiven === true ? [value] : isGiven === false ? other : [value, ...other];
}

/** Whether a value counts as set; `undefined` where nobody knows. */
function givenness(value: Value, emptyIsMissing: boolean): boolean | undefined {
  if (value.kind === "unset") return false;
  if (value.kind === "array") return value.entries.size > 0;
  if (value.text === hole) return undefined;
  return !emptyIsMissing || value.text.replaceAll(hole, "") !== "" || (value.text !== "" ? undefined : false);
}

function change(text: Word, operation: ParameterOperation, operands: Operands): Word {
  const { first, second } = operation;
  if (!isKnown(text)) {
    // What stands in the operands runs all the same.
    for (const operand of [first, second]) if (operand !== undefined) operands.text(operand);
    return hole;
  }
  switch (operation.kind) {
    case "remove":
    case "replace":
      return matched(text, operation, operands);
    case "slice":
      return sliced(text, operation, operands);
    case "case":
      return first === undefined || operands.text(first) === "" ? recased(text, operation.operator) : hole;
    case "other":
      return recased(text, `@${first === undefined ? "" : operands.text(first)}`);
    case "default":
      return hole;
  }
}

function matched(text: string, { kind, operator, first, second }: ParameterOperation, operands: Operands): Word {
  const pattern = first === undefined ? "" : operands.pattern(first);
  const replacement = second === undefined ? "" : operands.text(second);
  if (!isKnown(pattern)) return hole;
  if (kind === "remove") return operands.spend(text.length) ? (removeMatch(text, pattern, operator) ?? hole) : hole;
  if (!operands.spend(replacementSteps(text, pattern))) return hole;
  return replaceMatch(text, pattern, replacement, operator) ?? hole;
}

function recased(text: string, operator: string): Word {
  switch (operator) {
    case "^^":
    case "@U":
      return text.toUpperCase();
    case ",,":
    case "@L":
      return text.toLowerCase();
    case "^":
    case "@u":
      return text.charAt(0).toUpperCase() + text.slice(1);
    case ",":
      return text.charAt(0).toLowerCase() + text.slice(1);
    default:
      return hole;
  }
}

function bounds(length: number, operation: ParameterOperation, operands: Operands): readonly [number, number] | undefined {
  const offset = operation.first === undefined ? "0" : operands.text(operation.first).trim();
  const size = operation.second === undefined ? String(length) : operands.text(operation.second).trim();
  if (!/^-?\d{1,9}$/.test(offset) || !/^-?\d{1,9}$/.test(size)) return undefined;
  // Further back than the beginning there is nothing.
  if (length + Number(offset) < 0) return [0, 0];
  const start = Number(offset) < 0 ? length + Number(offset) : Number(offset);
  return [start, Number(size) < 0 ? length + Number(size) : start + Number(size)];
}

function sliced(text: string, operation: ParameterOperation, operands: Operands): Word {
  const range = bounds(text.length, operation, operands);
  return range === undefined ? hole : text.slice(range[0], Math.max(...range));
}

/** `${@:2}` counts from one, as its zeroth is the shell's name. */
function slicedList(items: readonly Word[], operation: ParameterOperation, operands: Operands): Value {
  const range = bounds(items.length, operation, operands);
  return range === undefined ? holeValue : listValue(items.slice(range[0], Math.max(...range)));
}

/** `${#x}`. */
export function lengthOf(value: Value): Value {
  if (value === unsetValue || value.kind === "unset") return textValue("0");
  if (value.kind === "array") return textValue(String(value.entries.size));
  return textValue(isKnown(value.text) ? String(value.text.length) : hole);
}
