/** What stands between brackets: values, entries, named arguments, comprehensions. */

import type { Parser } from "./parser.ts";
import { literalOf, unknownExpr } from "./syntax.ts";
import type { Argument, Entry, Expr } from "./syntax.ts";

/** One of them. */
export interface Item {
  readonly entry: Entry;
  /** A comma followed: `(x,)` is a tuple. */
  isTuple?: boolean;
  /** `name = x` in a language that names arguments so. */
  readonly name?: string;
}

const namesMax = 24;

/** Items between brackets, the closing one included. Recovers by leaving out what fits nowhere. */
export function itemsUntil(parser: Parser, close: string): Item[] {
  const items: Item[] = [];
  while (!parser.isAtEnd) {
    parser.skipNewlines();
    if (parser.take(close)) return items;
    if (parser.is(",") || parser.is(";")) {
      const last = items.at(-1);
      if (last !== undefined) last.isTuple = true;
      parser.next();
      continue;
    }
    const before = parser.at;
    const item = itemOf(parser, close);
    if (parser.at !== before) items.push(item);
    // A bracket of another kind closes here too: what is half written ends.
    else if (closesAnother(parser, close)) return items;
    else parser.next();
  }
  return items;
}

const closesAnother = (parser: Parser, close: string): boolean => parser.is("]") || parser.is("}") || (parser.is(")") && close !== "}");

function spreadHere(parser: Parser): boolean {
  const isSpread = parser.is("...") || ((parser.is("*") || parser.is("**")) && /^(?:python|ruby|julia)$/.test(parser.dialect.name));
  if (isSpread) parser.next();
  return isSpread;
}

/** One item: a value, an entry, or a comprehension. */
export function itemOf(parser: Parser, close: string): Item {
  const spread = spreadHere(parser);
  const named = spread ? undefined : namedItem(parser, close);
  if (named !== undefined) return named;
  const first = parser.expression();
  parser.skipNewlines();
  const made = comprehension(parser, first);
  if (made !== undefined) return { entry: { value: made }, isTuple: close !== ")" };
  if (!parser.is(":") && !parser.is("=>")) return { entry: { value: first, spread } };
  parser.next();
  parser.skipNewlines();
  if (parser.is(close) || parser.is(",")) return { entry: { value: first } };
  const value = parser.expression();
  const key: Expr = first.kind === "name" && parser.dialect.name === "perl" ? { kind: "text", parts: [first.name] } : first;
  comprehension(parser, value);
  return { entry: { key, value } };
}

/** `name: value` of Ruby, PHP 8 and objects; `name = value` of Python. */
function namedItem(parser: Parser, close: string): Item | undefined {
  const { dialect } = parser;
  const token = parser.peek();
  if (token.kind !== "name" || token.sigil !== "") return undefined;
  const isEntry = parser.is(":", 1) && dialect.name !== "python" && dialect.name !== "lua";
  const isNamed = parser.is("=", 1) && (dialect.hasNamedArguments || dialect.name === "lua");
  if (!isEntry && !isNamed) return undefined;
  parser.at += 2;
  parser.skipNewlines();
  if (isNamed) return { entry: { value: parser.expression() }, name: token.text };
  const isBare = parser.is(",") || parser.is(close);
  const value: Expr = isBare ? { kind: "name", name: token.text, at: parser.position, block: parser.block } : parser.expression();
  return { entry: { key: { kind: "text", parts: [token.text] }, value } };
}

/** `… for x in xs if …`: binds x to the elements, for calls inside. */
function comprehension(parser: Parser, item: Expr): Expr | undefined {
  if (!(parser.is("for") || (parser.is("async") && parser.is("for", 1))) || parser.dialect.name !== "python") return undefined;
  let over: Expr = unknownExpr;
  let names: readonly string[] = [];
  while (parser.is("for") || parser.is("async") || parser.is("if")) {
    const keyword = parser.next().text;
    if (keyword === "async") continue;
    if (keyword === "if") {
      parser.operand();
      continue;
    }
    names = forNames(parser);
    over = parser.operand();
    const element: Expr = { kind: "index", object: over, index: unknownExpr };
    for (const [index, name] of names.entries()) {
      if (names.length === 1) parser.bind(name, over, "element");
      else parser.bind(name, { kind: "index", object: element, index: { kind: "number", value: index } });
    }
  }
  return { kind: "each", item, names, over };
}

/** The names up to `in`. */
function forNames(parser: Parser): readonly string[] {
  const names: string[] = [];
  for (let taken = 0; taken < namesMax && !parser.isAtEnd; taken += 1) {
    if (parser.take("in")) return names;
    const token = parser.next();
    if (token.kind === "name") names.push(token.text);
  }
  return names;
}

/** Entries by name: `{a}` is `{a: a}`, and Perl's `a, 1` a pair. */
export function entriesOf(items: readonly Item[], dialect: string): readonly Entry[] {
  return items.map((item) => {
    if (item.name !== undefined) return { key: { kind: "text", parts: [item.name] }, value: item.entry.value };
    const { value } = item.entry;
    const isShort = item.entry.key === undefined && value.kind === "name" && item.entry.spread !== true && dialect === "javascript";
    return isShort ? { key: { kind: "text", parts: [value.name] }, value } : item.entry;
  });
}

/** Arguments of a call, `(` already read. */
export function argumentsOf(parser: Parser, close: string): readonly Argument[] {
  return itemsUntil(parser, close).map(argumentOf);
}

/** An item as an argument. */
export function argumentOf({ entry, name }: Item): Argument {
  const given = name ?? literalOf(entry.key);
  return given === undefined ? { value: entry.value, spread: entry.spread === true } : { name: given, value: entry.value };
}
