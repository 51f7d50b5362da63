/** Functions as values: `lambda`, `function (…) {…}`, arrows. */

import type { Item } from "./items.ts";
import { namesOf, parameters } from "./parameters.ts";
import type { Parser } from "./parser.ts";
import { literalOf } from "./syntax.ts";
import type { Expr, Parameter } from "./syntax.ts";

const bodySearchMax = 24;

/** A function without a name as a value; `undefined` where the word is only a name. */
export function anonymous(parser: Parser): Expr | undefined {
  const { dialect } = parser;
  const start = parser.at;
  parser.next();
  if (dialect.name === "python") {
    const list = parameters(parser, ":", (at) => at.expression());
    parser.take(":");
    const made = parser.newFunction("", list);
    parser.within(made.block, () => made.scope.returns.push(parser.expression()));
    return made;
  }
  parser.take("*");
  const name = parser.peek().kind === "name" && parser.is("(", 1) ? parser.next().text : "";
  if (!parser.is("(") && !parser.is("{")) {
    parser.at = start;
    return undefined;
  }
  const list = parser.take("(") ? parameters(parser, ")", (at) => at.expression()) : [];
  parser.take(")");
  return functionBody(parser, name, list);
}

/** What stands between a function's parameters and its body (types, `use (…)`), then the body. */
export function functionBody(parser: Parser, name: string, list: Parameter[]): Expr {
  const made = parser.newFunction(name, list);
  if (parser.take("=>")) {
    parser.skipNewlines();
    if (!parser.is("{")) {
      parser.within(made.block, () => made.scope.returns.push(parser.expression()));
      return made;
    }
  }
  for (let step = 0; step < bodySearchMax && !parser.is("{") && !parser.isAtEnd && !parser.is(";") && !parser.is("}"); step += 1) {
    if (parser.peek().kind === "newline" && !parser.is("{", 1)) break;
    parser.next();
  }
  if (parser.is("{")) parser.bracedBody(made.block, made);
  return made;
}

/** TypeScript's `(a): T => …`. */
export function arrowFollows(parser: Parser): boolean {
  for (let ahead = 1; ahead < 12; ahead += 1) {
    if (parser.is("=>", ahead)) return true;
    if (parser.peek(ahead).kind === "newline" || parser.is(";", ahead) || parser.is(",", ahead)) return false;
  }
  return false;
}

/** An item of `(a, { b })` as a parameter of the arrow that follows. */
export function asParameter({ entry }: Item): readonly Parameter[] {
  const value = entry.key ?? entry.value;
  const literal = literalOf(value);
  if (literal !== undefined) return [{ name: literal }];
  if (value.kind !== "dict")
    return namesOf(value)
      .slice(0, 1)
      .map((name) => ({ name }));
  const fields = value.entries.flatMap((field) => {
    const key = literalOf(field.key);
    return key === undefined ? [] : namesOf(field.value).map((name): readonly [string, string] => [key, name]);
  });
  return [{ name: "", fields }];
}
