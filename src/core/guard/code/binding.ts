/** Assignments: which names come to stand for what. */

import { namesOf } from "./parameters.ts";
import type { Parser } from "./parser.ts";
import { literalOf, unknownExpr } from "./syntax.ts";
import type { Expr } from "./syntax.ts";

const assigning = new Set(["=", ":=", "+=", "||=", "??=", ".=", "<-", "&&=", "-=", "*="]);

/** Whether `=` or one of its kin stands here. */
export const isAssigning = (parser: Parser): boolean =>
  parser.peek().kind === "op" && assigning.has(parser.peek().text) && (parser.peek().text !== "<-" || parser.dialect.name === "r");

/** `left` and `=` are read; binds and gives the value. */
export function assign(parser: Parser, left: Expr): Expr {
  const op = parser.next().text;
  parser.skipNewlines();
  const right = parser.expression();
  const isAdding = op === "+=" || op === ".=" || op === "*=" || op === "-=";
  const value: Expr = isAdding ? { kind: "binary", op: op.slice(0, -1), left, right } : right;
  bindTo(parser, left, value);
  return value;
}

/** Binds names in `target`, whatever its shape. */
export function bindTo(parser: Parser, target: Expr, value: Expr): void {
  if (target.kind === "name") bindName(parser, target.name, value);
  else if (target.kind === "member") bindMember(parser, target.object, target.name, value);
  else if (target.kind === "index") bindEntry(parser, target.object, target.index, value);
  else if (target.kind === "list")
    bindList(
      parser,
      target.items.map((item) => item.value),
      value,
    );
  else if (target.kind === "dict") bindFields(parser, target, value);
}

function bindName(parser: Parser, name: string, value: Expr): void {
  nameFunction(parser, name, value);
  if (perlParameters(parser, [name], value)) return;
  parser.bind(name, value);
  if (parser.currentClass !== "" && parser.currentFunction === undefined) parser.bindField(name, value);
}

function bindMember(parser: Parser, object: Expr, name: string, value: Expr): void {
  parser.bindField(name, value);
  nameFunction(parser, name, value);
  bindEntry(parser, object, { kind: "text", parts: [name] }, value);
}

/** `items["x"] = value` */
function bindEntry(parser: Parser, object: Expr, entry: Expr, value: Expr): void {
  if (object.kind === "name") parser.bind(object.name, value, { entry });
}

/** `{ a, b: c } = value` */
function bindFields(parser: Parser, target: Extract<Expr, { kind: "dict" }>, value: Expr): void {
  for (const entry of target.entries) {
    const key = literalOf(entry.key);
    for (const name of key === undefined ? [] : namesOf(entry.value)) parser.bind(name, value, { key: key ?? "" });
  }
}

export function bindList(parser: Parser, targets: readonly Expr[], value: Expr): void {
  if (perlParameters(parser, targets.flatMap(namesOf), value)) return;
  for (const [index, target] of targets.entries()) {
    if (target.kind === "name") parser.bind(target.name, value, { index });
    else for (const name of namesOf(target)) parser.bind(name, unknownExpr);
  }
}

/** `my ($a, $b) = @_`, `my $x = shift`: how Perl names its parameters. */
function perlParameters(parser: Parser, names: readonly string[], value: Expr): boolean {
  if (parser.dialect.name !== "perl" || parser.currentFunction === undefined) return false;
  const callee = value.kind === "call" ? value.callee : value;
  if (callee.kind !== "name" || (callee.name !== "_" && callee.name !== "shift")) return false;
  parser.currentFunction.parameters.push(...names.map((name) => ({ name })));
  return true;
}

/** `up = function (b) {…}` can be called by that name. */
function nameFunction(parser: Parser, name: string, value: Expr): void {
  if (value.kind !== "function" || value.name !== "") return;
  parser.mention(name, -1);
  const known = parser.program.functions.get(name);
  if (known === undefined) parser.program.functions.set(name, [value]);
  else known.push(value);
}
