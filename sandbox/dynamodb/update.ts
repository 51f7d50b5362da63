/** Update expressions: SET, REMOVE, ADD and DELETE. By the Developer Guide, "Update expressions". */

import { made, type Attribute, type Item } from "./attribute.ts";
import { addDecimals, negated, parseDecimal, spellDecimal } from "./decimal.ts";
import { invalid } from "./dynamo-error.ts";
import { valueAt, withValue, Words, type DocumentPath, type Substitutes } from "./expression-words.ts";

type Value = (before: Item) => Attribute;
interface Action {
  readonly path: DocumentPath;
  /** What stands there afterwards; `undefined` takes it away. Operands are read from the item as it was before. */
  readonly after: (before: Item) => Attribute | undefined;
}

export interface Update {
  readonly paths: readonly DocumentPath[];
  apply(item: Item): Item;
}

/** Throws a ValidationException for a text that is none, and for two actions on one path. */
export function readUpdate(text: string, substitutes: Substitutes): Update {
  const words = new Words("UpdateExpression", text, substitutes);
  const actions: Action[] = [];
  const clauses = new Set<string>();
  while (!words.isAtEnd()) {
    const clause = words.next().toUpperCase();
    const read = Object.hasOwn(clauseReaders, clause) ? clauseReaders[clause] : undefined;
    if (!read) throw words.wrong(`Syntax error; token: "${clause}"`);
    if (clauses.has(clause)) throw words.wrong(`The "${clause}" section can only be used once in an update expression;`);
    clauses.add(clause);
    do actions.push(read(words));
    while (words.takes(","));
  }
  refuseOverlaps(actions);
  return { paths: actions.map(({ path }) => path), apply: (item) => applied(actions, item) };
}

function refuseOverlaps(actions: readonly Action[]): void {
  const seen = actions.map(({ path }) => JSON.stringify(path).slice(0, -1));
  const isTwice = seen.some((one, at) => seen.some((other, index) => index !== at && (other === one || other.startsWith(`${one},`))));
  if (isTwice)
    throw invalid("Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths");
}

function applied(actions: readonly Action[], before: Item): Item {
  const results = actions.map(({ path, after }) => ({ path, value: after(before) }));
  // What is taken out of a list shifts what follows, so the last goes first.
  const [taken, given] = [results.filter(({ value }) => !value).toReversed(), results.filter(({ value }) => value)];
  return [...given, ...taken].reduce((item: Item, { path, value }) => {
    if (!value && valueAt(item, path) === undefined) return item;
    return withValue(item, path, value);
  }, before);
}

const clauseReaders: Readonly<Record<string, (words: Words) => Action>> = {
  SET: (words) => {
    const path = words.path();
    words.expect("=");
    return { path, after: sum(words) };
  },
  REMOVE: (words) => ({ path: words.path(), after: () => undefined }),
  ADD: (words) => withOperand(words, (held, value) => added(held, value)),
  DELETE: (words) => withOperand(words, (held, value) => without(held, value)),
};

function withOperand(words: Words, change: (held: Attribute | undefined, value: Attribute) => Attribute | undefined): Action {
  const path = words.path();
  const value = words.value();
  if (!value) throw words.wrong(`Syntax error; token: "${words.peek() ?? "<EOF>"}"`);
  return { path, after: (before) => change(valueAt(before, path), value) };
}

const wrongOperand = (): Error => invalid("An operand in the update expression has an incorrect data type");

function added(held: Attribute | undefined, value: Attribute): Attribute {
  if (value.type !== "N" && value.members.length === 0) throw wrongOperand();
  if (!held) return value;
  if (held.type !== value.type) throw wrongOperand();
  if (value.type === "N") return made("N", { text: spellDecimal(addDecimals(parseDecimal(held.text), parseDecimal(value.text))) });
  return made(held.type, { members: [...new Set([...held.members, ...value.members])] });
}

function without(held: Attribute | undefined, value: Attribute): Attribute | undefined {
  if (value.members.length === 0 || (held && held.type !== value.type)) throw wrongOperand();
  const members = held?.members.filter((member) => !value.members.includes(member)) ?? [];
  return held && members.length > 0 ? made(held.type, { members }) : undefined;
}

function sum(words: Words): Value {
  const left = operand(words);
  const sign = words.peek();
  if (sign !== "+" && sign !== "-") return left;
  words.next();
  words.countOperator();
  const right = operand(words);
  return (before) => {
    const [one, other] = [left(before), right(before)];
    if (one.type !== "N" || other.type !== "N") throw wrongOperand();
    const term = parseDecimal(other.text);
    return made("N", { text: spellDecimal(addDecimals(parseDecimal(one.text), sign === "+" ? term : negated(term))) });
  };
}

function operand(words: Words): Value {
  const value = words.value();
  if (value) return () => value;
  if (words.peek(1) === "(") return call(words, words.next());
  const path = words.path();
  return (before) => {
    const found = valueAt(before, path);
    if (!found) throw invalid("The provided expression refers to an attribute that does not exist in the item");
    return found;
  };
}

function call(words: Words, name: string): Value {
  words.countOperator();
  words.expect("(");
  if (name === "if_not_exists") {
    const path = words.path();
    words.expect(",");
    const otherwise = operand(words);
    words.expect(")");
    return (before) => valueAt(before, path) ?? otherwise(before);
  }
  if (name !== "list_append") throw words.wrong(`Invalid function name; function: ${name}`);
  const first = operand(words);
  words.expect(",");
  const second = operand(words);
  words.expect(")");
  return (before) => {
    const [one, other] = [first(before), second(before)];
    if (one.type !== "L" || other.type !== "L") throw wrongOperand();
    return made("L", { list: [...one.list, ...other.list] });
  };
}
