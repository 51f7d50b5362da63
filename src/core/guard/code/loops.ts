/** Loops over lists, and what `with` names. */

import { body } from "./blocks.ts";
import type { Parser } from "./parser.ts";
import { unknownExpr } from "./syntax.ts";
import type { Expr } from "./syntax.ts";

const tupleMax = 64;
const betweenMax = 16;
const between = new Set(["in", "of", "range", ":"]);

/** `for (let i = 0; i < n; i++)`: statements up to the body. */
function plainHead(parser: Parser): void {
  const wasInHead = parser.isInHead;
  parser.isInHead = true;
  if (!parser.is("{") && !parser.is(":") && parser.peek().kind !== "newline") parser.statement();
  while (parser.take(";")) parser.statement();
  parser.isInHead = wasInHead;
}

/** The names that a loop binds, if it walks over something: `for k, v in xs`, `for (const x of xs)`, `foreach (xs as k => v)`. */
function walkedNames(parser: Parser): readonly string[] | undefined {
  const names: string[] = [];
  for (let ahead = 0; ahead < betweenMax; ahead += 1) {
    const token = parser.peek(ahead);
    if (token.kind === "newline" || token.kind === "end" || token.text === ";") return undefined;
    if (parser.isOneOf(between, ahead)) {
      parser.at += ahead + 1;
      return names;
    }
    // Perl's `for my $x (list)`.
    if (token.text === "(" && names.length > 0 && parser.dialect.name === "perl") {
      parser.at += ahead;
      return names;
    }
    if (token.kind === "name" && !/^(?:const|let|var|my|our|auto|final|await)$/.test(token.text)) names.push(token.text);
  }
  return undefined;
}

/** `for`, in every notation: binds what is walked over. */
export function forStatement(parser: Parser): boolean {
  parser.next();
  parser.take("await");
  if (parser.dialect.name === "php") return phpForeach(parser);
  const names = walkedNames(parser);
  const block = parser.child(true);
  if (names === undefined) {
    // `for (list) {` of Perl names its element `$_`.
    const start = parser.at;
    if (parser.dialect.name === "perl" && parser.is("(")) {
      parser.within(block, () => parser.bind("_", headValue(parser), "element"));
      body(parser, block);
      return true;
    }
    parser.at = start;
    parser.within(block, () => plainHead(parser));
  } else {
    parser.within(block, () => {
      const over = headValue(parser);
      // `for _, x := range xs` and `for _, x in ipairs(xs)`: the last one is the element.
      const hasIndex = names.length > 1;
      for (const [index, name] of names.entries()) {
        if (!hasIndex || (parser.dialect.name !== "python" && index === names.length - 1)) parser.bind(name, over, "element");
        else
          parser.bind(name, {
            kind: "index",
            object: { kind: "index", object: over, index: unknownExpr },
            index: { kind: "number", value: index },
          });
      }
    });
    parser.take(")");
  }
  parser.take(":");
  body(parser, block);
  return true;
}

function headValue(parser: Parser): Expr {
  const wasInHead = parser.isInHead;
  parser.isInHead = true;
  const value = parser.expression();
  parser.isInHead = wasInHead;
  return value;
}

function phpForeach(parser: Parser): boolean {
  const block = parser.child(true);
  if (!parser.take("(")) return true;
  const over = parser.expression();
  if (parser.take("as")) {
    const names: string[] = [];
    while (!parser.isAtEnd && !parser.is(")") && names.length < tupleMax) {
      const token = parser.next();
      if (token.kind === "name") names.push(token.text);
    }
    const last = names.at(-1);
    parser.within(block, () => {
      if (last !== undefined) parser.bind(last, over, "element");
    });
  } else {
    while (!parser.isAtEnd && !parser.is(")") && !parser.is("{")) {
      if (!parser.take(";")) parser.statement();
    }
  }
  parser.take(")");
  body(parser, block);
  return true;
}

/** `with open(x) as f`. */
export function withStatement(parser: Parser): boolean {
  parser.next();
  parser.take("(");
  for (let taken = 0; taken < tupleMax; taken += 1) {
    const value = parser.expression();
    if (parser.take("as")) {
      const target = parser.next();
      if (target.kind === "name") parser.bind(target.text, value);
    }
    if (!parser.take(",")) return true;
  }
  return true;
}
