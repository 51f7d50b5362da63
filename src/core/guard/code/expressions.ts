/** Expressions: enough of every language's grammar to tell calls, their arguments, and how texts are put together. */

import { assign, isAssigning } from "./binding.ts";
import { anonymous, arrowFollows, asParameter, functionBody } from "./function-literals.ts";
import { entriesOf, itemsUntil } from "./items.ts";
import { powerOf } from "./operators.ts";
import type { Parser } from "./parser.ts";
import { postfix } from "./postfix.ts";
import { unknownExpr } from "./syntax.ts";
import type { Expr } from "./syntax.ts";
import { partsOf, strings } from "./text-literals.ts";
import type { Token } from "./token.ts";

/** Words before a value that change nothing here. Some are names in other languages. */
const prefixes = new Set([
  "new",
  "await",
  "async",
  "yield",
  "not",
  "typeof",
  "void",
  "throw",
  "raise",
  "const",
  "let",
  "var",
  "return",
  "static",
  "delete",
  "else",
]);
const ownPrefixes: ReadonlyMap<string, string> = new Map([
  ["go", "go"],
  ["defer", "go"],
  ["my", "perl"],
  ["our", "perl"],
  ["local", "perl lua php"],
  ["then", "ruby lua julia"],
  ["do", "ruby lua julia perl"],
  ["begin", "ruby julia"],
]);

const isPrefix = (word: string, dialect: string): boolean =>
  prefixes.has(word) || ownPrefixes.get(word)?.split(" ").includes(dialect) === true;
const prefixOperators = new Set(["!", "-", "+", "&", "*", "**", "...", "~", "\\", "@", "++", "--", "|", "..", "?"]);
const closing = new Set([")", "]", "}", ",", ";", ":", "=>", "="]);

/** An expression with assignment: `x = 1` binds and is worth what was assigned. */
export function expression(parser: Parser): Expr {
  return parser.deeper(() => {
    const left = conditional(parser);
    if (!isAssigning(parser)) return left;
    return assign(parser, left);
  }, unknownExpr);
}

/** `a ? b : c`, `a if b else c`. */
function conditional(parser: Parser): Expr {
  const left = binary(parser, 0);
  if (parser.dialect.name === "python") {
    if (!parser.is("if")) return left;
    parser.next();
    binary(parser, 0);
    return parser.take("else") ? { kind: "either", options: [left, conditional(parser)] } : left;
  }
  parser.continueOn(["?"]);
  if (!parser.is("?") || parser.peek().kind !== "op") return left;
  parser.next();
  parser.skipNewlines();
  const yes = closing.has(parser.peek().text) ? left : expression(parser);
  parser.skipNewlines();
  if (!parser.take(":")) return yes;
  parser.skipNewlines();
  return { kind: "either", options: [yes, expression(parser)] };
}

function powerHere(parser: Parser): number {
  const token = parser.peek();
  if (token.sigil !== "" || (token.kind !== "op" && token.kind !== "name")) return 0;
  if (token.text === "x" && parser.dialect.name !== "perl") return 0;
  if (token.text === "." && !parser.dialect.joins.includes(".")) return 0;
  if ((token.text === "in" || token.text === "|") && parser.isInHead) return 0;
  return powerOf(token.text);
}

/** Operands and operators that bind more strongly than `least`. */
export function binary(parser: Parser, least: number): Expr {
  let left = unary(parser);
  for (;;) {
    parser.continueOn(["+", "||", "&&", "??", ".."]);
    if (parser.is("not") && parser.is("in", 1)) parser.next();
    const power = powerHere(parser);
    if (power <= least) return left;
    const op = parser.next().text;
    parser.skipNewlines();
    const right = parser.deeper(() => binary(parser, power), unknownExpr);
    left = op === "||" || op === "or" || op === "??" ? { kind: "either", options: [left, right] } : { kind: "binary", op, left, right };
  }
}

function unary(parser: Parser): Expr {
  while (
    (parser.peek().kind === "op" && prefixOperators.has(parser.peek().text)) ||
    (parser.peek().kind === "name" &&
      parser.peek().sigil === "" &&
      isPrefix(parser.peek().text, parser.dialect.name) &&
      beginsValue(parser, 1))
  ) {
    parser.next();
  }
  return postfix(parser, primary(parser));
}

const openers = new Set(["(", "[", "{"]);

/** Whether the token there can begin a value. */
function beginsValue(parser: Parser, ahead: number): boolean {
  const token = parser.peek(ahead);
  if (token.kind === "op") return openers.has(token.text) || prefixOperators.has(token.text);
  return token.kind !== "newline" && token.kind !== "end";
}

function primary(parser: Parser): Expr {
  const token = parser.peek();
  switch (token.kind) {
    case "string":
      return strings(parser);
    case "command": {
      parser.next();
      const command = { kind: "command", parts: partsOf(parser, token.parts ?? []), at: parser.position } as const;
      // Julia's backticks only make a command, which `run` then runs.
      parser.program.calls.push(command);
      return command;
    }
    case "number":
      parser.next();
      return { kind: "number", value: Number(token.text.replaceAll("_", "").replace(/n$/, "")) };
    case "name":
      return named(parser, token);
    case "op":
      if (token.text === "(") return parenthesised(parser);
      if (token.text === "[") return bracketed(parser);
      if (token.text === "{") return braces(parser);
      if (!closing.has(token.text)) parser.next();
      return unknownExpr;
    case "regex":
      parser.next();
      return unknownExpr;
    case "newline":
    case "end":
      return unknownExpr;
  }
}

function named(parser: Parser, token: Token): Expr {
  const { dialect } = parser;
  if (token.sigil === "" && /^(?:function|func|fn|sub|lambda|proc)$/.test(token.text)) {
    const made = anonymous(parser);
    if (made !== undefined) return made;
  }
  parser.next();
  parser.mention(token.text, 1);
  // JavaScript's `x => …`.
  if (parser.is("=>") && dialect.name === "javascript") return functionBody(parser, "", [{ name: token.text }]);
  const pieces = dialect.name === "r" ? token.text.split("$") : [token.text];
  let made: Expr = { kind: "name", name: pieces[0] ?? "", at: parser.position, block: parser.block };
  for (const piece of pieces.slice(1)) made = { kind: "member", object: made, name: piece };
  return made;
}

function parenthesised(parser: Parser): Expr {
  return parser.deeper(() => {
    parser.next();
    const wasInHead = parser.isInHead;
    parser.isInHead = false;
    const items = itemsUntil(parser, ")");
    parser.isInHead = wasInHead;
    if (parser.dialect.name === "javascript" && (parser.is("=>") || (parser.is(":") && arrowFollows(parser)))) {
      return functionBody(parser, "", items.flatMap(asParameter));
    }
    if (items.length === 1 && items[0] !== undefined && items[0].isTuple !== true && items[0].entry.key === undefined)
      return items[0].entry.value;
    return { kind: "list", items: items.map(({ entry }) => ({ value: entry.value, spread: entry.spread === true })) };
  }, unknownExpr);
}

function bracketed(parser: Parser): Expr {
  return parser.deeper(() => {
    parser.next();
    const items = itemsUntil(parser, "]");
    const [only] = items;
    if (items.length === 1 && only?.entry.value.kind === "each") return only.entry.value;
    // PHP's `["a" => 1]`.
    if (items.some((item) => item.entry.key !== undefined) && parser.dialect.name !== "python") {
      return { kind: "dict", entries: items.map((item) => item.entry) };
    }
    return { kind: "list", items: items.map(({ entry }) => ({ value: entry.value, spread: entry.spread === true })) };
  }, unknownExpr);
}

/** An object, a dict, a set; also a body where one was not expected. */
function braces(parser: Parser): Expr {
  return parser.deeper(() => {
    parser.next();
    const items = itemsUntil(parser, "}");
    return { kind: "dict", entries: entriesOf(items, parser.dialect.name) };
  }, unknownExpr);
}
