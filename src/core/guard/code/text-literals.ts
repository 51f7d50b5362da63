/** Strings as expressions. */

import type { Parser } from "./parser.ts";
import { unknownExpr } from "./syntax.ts";
import type { Expr } from "./syntax.ts";
import type { Part, Token } from "./token.ts";

/** The parts of a string, with what is interpolated read as expressions. */
export function partsOf(parser: Parser, parts: readonly Part[]): readonly (string | Expr)[] {
  return parts.map((part) => (typeof part === "string" ? part : inner(parser, part)));
}

/** Tokens inside a string: read where they stand, so that names and calls in them count. */
function inner(parser: Parser, tokens: readonly Token[]): Expr {
  return parser.deeper(() => {
    const nested = parser.nested(tokens);
    const found = nested.expression();
    while (!nested.isAtEnd) nested.statement();
    return found;
  }, unknownExpr);
}

/** Strings that stand side by side. */
export function strings(parser: Parser): Expr {
  const parts: (string | Expr)[] = [];
  do {
    parts.push(...partsOf(parser, parser.next().parts ?? []));
  } while (parser.peek().kind === "string" && (parser.dialect.name === "python" || parser.dialect.name === "ruby"));
  return { kind: "text", parts };
}
