/** What hangs on a value: calls, members, subscripts, in the notations of all languages. */

import { argumentOf, argumentsOf, itemOf, itemsUntil } from "./items.ts";
import { isOperatorWord } from "./operators.ts";
import type { Parser } from "./parser.ts";
import { unknownExpr } from "./syntax.ts";
import type { Argument, CallExpr, Expr } from "./syntax.ts";
import { strings } from "./text-literals.ts";

const namesMax = 24;
const memberOperators: Readonly<Record<string, readonly string[]>> = {
  php: ["->", "?->", "::"],
  perl: ["->", "::"],
  lua: [".", ":"],
};
const usualMembers = [".", "?.", "::"];
const neverCalled = new Set(
  [
    "if",
    "unless",
    "while",
    "until",
    "for",
    "foreach",
    "and",
    "or",
    "not",
    "in",
    "is",
    "do",
    "then",
    "end",
    "else",
    "elsif",
    "return",
    "my",
    "x",
    "eq",
  ].concat(
    [
      "ne",
      "cmp",
      "lt",
      "gt",
      "our",
      "local",
      "use",
      "my",
      "class",
      "module",
      "def",
      "sub",
      "function",
      "begin",
      "rescue",
      "ensure",
      "when",
      "case",
      "as",
    ],
    [
      "instanceof",
      "new",
      "case",
      "const",
      "static",
      "public",
      "private",
      "protected",
      "final",
      "elseif",
      "extends",
      "implements",
      "namespace",
      "yield",
    ],
  ),
);

const isGoType = (expr: Expr): boolean =>
  expr.kind === "member" || expr.kind === "index" || expr.kind === "list" || (expr.kind === "name" && /^[A-Z]\w*$/.test(expr.name));

const walking = new Set([
  "each",
  "map",
  "each_with_index",
  "each_slice",
  "flat_map",
  "select",
  "collect",
  "times",
  "forEach",
  "each_key",
  "tap",
]);

/** Reads on behind `start`, as far as the expression goes. */
export function postfix(parser: Parser, start: Expr): Expr {
  let left = start;
  const members = memberOperators[parser.dialect.name] ?? usualMembers;
  const continuing = members.filter((sign) => sign !== ":");
  for (;;) {
    parser.continueOn(continuing);
    const bare = bareCall(parser, left);
    if (bare !== undefined) return bare;
    if (left !== start) silentCall(parser, left);
    const next = hanging(parser, left, members);
    if (next === undefined) return left;
    left = next;
  }
}

/** The next thing that hangs on `left`, if there is one. */
function hanging(parser: Parser, left: Expr, members: readonly string[]): Expr | undefined {
  const token = parser.peek();
  if (token.kind === "op") return called(parser, left) ?? subscripted(parser, left, members);
  const isTemplate = token.kind === "string" && token.sigil === "`" && parser.dialect.name === "javascript";
  return isTemplate && left.kind !== "text" ? parser.call(left, [{ value: strings(parser) }], true) : undefined;
}

/** Methods without arguments that change something. */
const acting =
  /^(?:delete|clear|batch_delete|remove|unlink|rmtree|rmdir|destroy|suspend|enable|abort|create|put|save|complete|execute|exec|run|truncate|upload)/;

/** Ruby's and Perl's `object.delete` is a call, too. */
function silentCall(parser: Parser, left: Expr): void {
  const { name } = parser.dialect;
  if (left.kind === "member" && acting.test(left.name) && !parser.is("(") && (name === "ruby" || name === "perl")) parser.call(left, []);
}

/** `f(…)`, `bucket { |x| … }`, `s3.Input{…}`. */
function called(parser: Parser, left: Expr): Expr | undefined {
  const token = parser.peek();
  const { name } = parser.dialect;
  const isCall = token.text === "(" && !(token.isSpaced && name === "ruby" && left.kind !== "name");
  if (isCall || (token.text === "{" && name === "go" && !parser.isInHead && isGoType(left))) {
    return parser.deeper(() => {
      parser.next();
      return trailingBlock(parser, parser.call(left, argumentsOf(parser, isCall ? ")" : "}")));
    }, unknownExpr);
  }
  return token.text === "{" && name === "ruby" && left.kind === "member" ? trailingBlock(parser, parser.call(left, [])) : undefined;
}

/** Members and subscripts. */
function subscripted(parser: Parser, left: Expr, members: readonly string[]): Expr | undefined {
  const token = parser.peek();
  const { dialect } = parser;
  if (members.includes(token.text)) return memberOf(parser, left);
  if (token.text === "[" && !(token.isSpaced && dialect.hasBareCalls)) return indexed(parser, left, "]");
  if (token.text === "{" && dialect.name === "perl" && !token.isSpaced && left.kind !== "unknown") return indexed(parser, left, "}");
  // TypeScript's `x!.y`.
  if (token.text !== "!" || token.isSpaced || !(parser.is(".", 1) || parser.is(")", 1) || parser.is(",", 1))) return undefined;
  parser.next();
  return left;
}

function indexed(parser: Parser, object: Expr, close: string): Expr {
  // Python's `[::-1]`.
  if (parser.is("::", 1) && parser.is("-", 2) && parser.peek(3).text === "1" && parser.is("]", 4)) {
    parser.at += 5;
    return parser.call({ kind: "member", object, name: "reverse" }, []);
  }
  return parser.deeper(() => {
    parser.next();
    const items = itemsUntil(parser, close);
    const only = items[0]?.entry;
    if (items.length !== 1 || only === undefined) return { kind: "index", object, index: unknownExpr };
    const index: Expr = only.value.kind === "name" && close === "}" ? { kind: "text", parts: [only.value.name] } : only.value;
    return { kind: "index", object, index: only.key === undefined ? index : unknownExpr };
  }, unknownExpr);
}

/** `.name`, `->[0]`, `?.()`; a computed name becomes an index. */
function memberOf(parser: Parser, object: Expr): Expr | undefined {
  const operator = parser.next();
  const token = parser.peek();
  if (token.kind === "name") {
    parser.next();
    parser.mention(token.text, 1);
    return { kind: "member", object, name: token.text };
  }
  if (token.text === "[") return indexed(parser, object, "]");
  if (token.text === "{") return indexed(parser, object, "}");
  if (token.text === "(") return object;
  return operator.text === ":" ? undefined : object;
}

/** `system "ls", x`, `s3.put_object bucket: "x"`: calls without brackets. */
function bareCall(parser: Parser, callee: Expr): Expr | undefined {
  if (callee.kind !== "name" && callee.kind !== "member") return undefined;
  if (!parser.dialect.hasBareCalls) return executed(parser, callee);
  const token = parser.peek();
  if (!token.isSpaced && token.kind !== "string") return undefined;
  if (parser.peek(-1).sigil !== "" || (callee.kind === "name" && neverCalled.has(callee.name))) return undefined;
  if (!beginsArgument(parser)) return undefined;
  return parser.deeper(() => trailingBlock(parser, parser.call(callee, bareArguments(parser))), unknownExpr);
}

/** Python 2's `exec "text"`. */
const executed = (parser: Parser, callee: Expr): Expr | undefined =>
  callee.kind === "name" && callee.name === "exec" && parser.dialect.name === "python" && parser.peek().kind === "string"
    ? parser.call(callee, [{ value: parser.expression() }])
    : undefined;

function beginsArgument(parser: Parser): boolean {
  const token = parser.peek();
  const { name } = parser.dialect;
  if (token.kind === "string" || name === "lua") return token.kind === "string";
  if (token.kind === "number" || token.kind === "command") return true;
  if (token.kind === "name")
    return token.sigil !== "" || token.text === "my" || !(isOperatorWord(token.text) || neverCalled.has(token.text));
  return token.text === "[" && (name === "ruby" || name === "perl") && token.isSpaced && !parser.peek(1).isSpaced;
}

function bareArguments(parser: Parser): readonly Argument[] {
  const args: Argument[] = [];
  for (;;) {
    args.push(argumentOf(itemOf(parser, ";")));
    if (!parser.is(",") && !parser.is("=>")) return args;
    parser.next();
    parser.skipNewlines();
  }
}

/** Ruby's `do |x|` and `{ |x|`: the names stand for elements of what is walked over. */
function trailingBlock(parser: Parser, call: CallExpr): Expr {
  if (parser.dialect.name !== "ruby" || !((parser.is("do") || parser.is("{")) && parser.is("|", 1))) return call;
  parser.at += 2;
  const over: Expr = call.callee.kind === "member" && walking.has(call.callee.name) ? call.callee.object : unknownExpr;
  for (let taken = 0; taken < namesMax && !parser.isAtEnd && !parser.take("|"); taken += 1) {
    const token = parser.next();
    if (token.kind === "name") parser.bind(token.text, over, taken === 0 ? "element" : { entry: unknownExpr });
  }
  return call;
}
