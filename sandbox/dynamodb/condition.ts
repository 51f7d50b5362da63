/** Condition and filter expressions: what they ask of an item. By the Developer Guide, "Condition and filter expressions, operators, and functions". */

import { areEqual, attributeBytes, compared, made, type Attribute, type Item } from "./attribute.ts";
import { valueAt, Words, type Substitutes } from "./expression-words.ts";

type Test = (item: Item) => boolean;
type Operand = (item: Item) => Attribute | undefined;

/** The condition as a test of an item; an item that is absent is an empty one. Throws a ValidationException for a text that is none. */
export function readCondition(kind: string, text: string, substitutes: Substitutes): Test {
  const words = new Words(kind, text, substitutes);
  const test = either(words);
  if (!words.isAtEnd()) throw words.wrong(`Syntax error; token: "${words.next()}"`);
  return test;
}

function either(words: Words): Test {
  let test = both(words);
  while (words.takes("OR")) {
    words.countOperator();
    const [left, right] = [test, both(words)];
    test = (item) => left(item) || right(item);
  }
  return test;
}

function both(words: Words): Test {
  let test = negation(words);
  while (words.takes("AND")) {
    words.countOperator();
    const [left, right] = [test, negation(words)];
    test = (item) => left(item) && right(item);
  }
  return test;
}

function negation(words: Words): Test {
  if (!words.takes("NOT")) return single(words);
  words.countOperator();
  const test = negation(words);
  return (item) => !test(item);
}

function single(words: Words): Test {
  if (words.takes("(")) {
    const test = either(words);
    words.expect(")");
    return test;
  }
  const word = words.peek() ?? "";
  if (words.peek(1) === "(" && word !== "size") return call(words, words.next());
  return comparison(words);
}

const functions: Readonly<Record<string, (operands: readonly Operand[]) => Test>> = {
  attribute_exists:
    ([one]) =>
    (item) =>
      one?.(item) !== undefined,
  attribute_not_exists:
    ([one]) =>
    (item) =>
      one?.(item) === undefined,
  attribute_type:
    ([one, type]) =>
    (item) =>
      one?.(item)?.type === type?.(item)?.text,
  begins_with:
    ([one, other]) =>
    (item) => {
      const [text, start] = [one?.(item), other?.(item)];
      return text?.type === start?.type && text?.type === "S" && text.text.startsWith(start?.text ?? "");
    },
  contains:
    ([one, other]) =>
    (item) => {
      const [holder, sought] = [one?.(item), other?.(item)];
      if (!holder || !sought) return false;
      if (holder.type === "L") return holder.list.some((each) => areEqual(each, sought));
      return holder.type === sought.type ? holder.text.includes(sought.text) : holder.members.includes(sought.text);
    },
};

function call(words: Words, name: string): Test {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!found) throw words.wrong(`Invalid function name; function: ${name}`);
  words.countOperator();
  words.expect("(");
  const operands = [operand(words)];
  while (words.takes(",")) operands.push(operand(words));
  words.expect(")");
  const operandsMax = name === "attribute_exists" || name === "attribute_not_exists" ? 1 : 2;
  if (operands.length !== operandsMax)
    throw words.wrong(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  return found(operands);
}

const comparators: Readonly<Record<string, (left: Attribute, right: Attribute) => boolean>> = {
  "=": areEqual,
  "<>": (left, right) => !areEqual(left, right),
  "<": (left, right) => (compared(left, right) ?? 0) < 0,
  ">": (left, right) => (compared(left, right) ?? 0) > 0,
  "<=": (left, right) => (compared(left, right) ?? 1) <= 0,
  ">=": (left, right) => (compared(left, right) ?? -1) >= 0,
};

function comparison(words: Words): Test {
  const left = operand(words);
  words.countOperator();
  if (words.takes("BETWEEN")) {
    const low = operand(words);
    words.expect("AND");
    return ordered(left, low, operand(words));
  }
  if (words.takes("IN")) return oneOf(words, left);
  const sign = words.next();
  const compare = Object.hasOwn(comparators, sign) ? comparators[sign] : undefined;
  if (!compare) throw words.wrong(`Syntax error; token: "${sign}"`);
  const right = operand(words);
  return (item) => {
    const [one, other] = [left(item), right(item)];
    // Nothing differs from every value, and compares with none.
    return one && other ? compare(one, other) : sign === "<>" && one !== other;
  };
}

function ordered(operandAt: Operand, low: Operand, high: Operand): Test {
  return (item) => {
    const [value, least, most] = [operandAt(item), low(item), high(item)];
    return (
      value !== undefined &&
      least !== undefined &&
      most !== undefined &&
      (compared(value, least) ?? -1) >= 0 &&
      (compared(value, most) ?? 1) <= 0
    );
  };
}

function oneOf(words: Words, left: Operand): Test {
  words.expect("(");
  const choices = [operand(words)];
  while (words.takes(",")) choices.push(operand(words));
  words.expect(")");
  return (item) => {
    const value = left(item);
    return (
      value !== undefined &&
      choices.some((choice) => {
        const other = choice(item);
        return other !== undefined && areEqual(value, other);
      })
    );
  };
}

function operand(words: Words): Operand {
  if (words.peek() === "size" && words.peek(1) === "(") return size(words);
  const value = words.value();
  if (value) return () => value;
  const path = words.path();
  return (item) => valueAt(item, path);
}

function size(words: Words): Operand {
  words.next();
  words.countOperator();
  words.expect("(");
  const inner = operand(words);
  words.expect(")");
  return (item) => {
    const value = inner(item);
    return value && made("N", { text: String(sizeOf(value)) });
  };
}

function sizeOf(value: Attribute): number {
  if (value.type === "L" || value.type === "M") return value.list.length + value.map.size;
  return value.members.length > 0 ? value.members.length : attributeBytes(value);
}
