/** Statements: what binds names, what may run not at all or often, and where functions begin and end. */

import { assign, bindList, bindTo, isAssigning } from "./binding.ts";
import { binary, expression } from "./expressions.ts";
import { functionBody } from "./function-literals.ts";
import type { Dialect } from "./dialect.ts";
import { body, bracedBlock, lineBegins, openIndented } from "./blocks.ts";
import { imports } from "./imports.ts";
import { forStatement, withStatement } from "./loops.ts";
import { parameters } from "./parameters.ts";
import { Parser } from "./parser.ts";
import type { Grammar } from "./parser.ts";
import { newProgram, unknownExpr } from "./syntax.ts";
import type { Argument, Block, Expr, Program } from "./syntax.ts";
import type { Tokens } from "./token.ts";

const branching = new Set(
  [
    "if",
    "elif",
    "elsif",
    "elseif",
    "else",
    "try",
    "except",
    "finally",
    "catch",
    "switch",
    "case",
    "unless",
    "when",
    "rescue",
    "ensure",
    "match",
  ].concat(["default"]),
);
const looping = new Set(["while", "until", "loop", "do"]);
const plainPrefixes = new Set(
  [
    "export",
    "public",
    "private",
    "protected",
    "static",
    "final",
    "abstract",
    "async",
    "default",
    "override",
    "readonly",
    "pub",
    "begin",
    "then",
    "end",
  ].concat([
    "global",
    "nonlocal",
    "assert",
    "pass",
    "break",
    "continue",
    "del",
    "declare",
    "suspend",
    "const",
    "let",
    "var",
    "val",
    "my",
    "our",
    "local",
  ]),
);
const functionWords = new Set(["def", "function", "func", "fn", "sub", "fun"]);
const tupleMax = 64;
const wordsMax = 64;
const annotationMax = 16;

/** Reads a program's tokens; half-written text gives what can be told of it. */
export function parse(tokens: Tokens, dialect: Dialect): Program {
  const program = newProgram();
  program.isCut = tokens.isCut;
  extend(program, tokens, { dialect, block: program.block });
  return program;
}

/** Reads more text into a program: what `exec` runs sees its names. */
export function extend(program: Program, tokens: Tokens, at: { readonly dialect: Dialect; readonly block: Block }): void {
  program.extensions += 1;
  const parser = new Parser(tokens.tokens, { dialect: at.dialect, program, block: at.block, grammar });
  if (tokens.isCut) program.isCut = true;
  while (!parser.isAtEnd) statement(parser);
}

const grammar: Grammar = { statement, expression, operand: (parser) => binary(parser, 0) };

function statement(parser: Parser): void {
  const before = parser.at;
  parser.deeper(() => oneStatement(parser), undefined);
  // Nothing fits: the token is passed over, so that reading always comes to an end.
  if (parser.at === before) parser.at += 1;
}

function oneStatement(parser: Parser): void {
  const token = parser.peek();
  if (token.kind === "newline") {
    parser.next();
    lineBegins(parser, token.indent);
    return;
  }
  if (token.kind === "op" && token.text === "{") {
    bracedBlock(parser, false);
    return;
  }
  // Closing brackets that nobody opened are passed over; only a body's own brace is left to it.
  if (token.kind === "op" && /^[;,:)\]}]$/.test(token.text)) {
    parser.next();
    return;
  }
  if (token.kind === "name" && token.sigil === "" && keyword(parser, token.text)) return;
  expressionStatement(parser);
}

function keyword(parser: Parser, word: string): boolean {
  if (isNameHere(parser, word)) return false;
  const read = Object.hasOwn(readers, word) ? readers[word] : undefined;
  if (read !== undefined) return read(parser, word);
  return plainPrefixes.has(word) && prefixed(parser, word);
}

/** `x.if`, `if:` and `{class: 1}` are names. */
const isNameHere = (parser: Parser, word: string): boolean =>
  parser.is("=", 1) ||
  parser.is(".", 1) ||
  (parser.is(":", 1) && parser.dialect.name !== "python" && word !== "default" && word !== "else");

function returned(parser: Parser): boolean {
  parser.next();
  if (parser.peek().kind !== "newline" && !parser.is("}") && !parser.is(";")) parser.block.scope.returns.push(expression(parser));
  return true;
}

const declaring = new Set(["const", "let", "var", "my", "our", "local"]);

/** A word that says nothing here is passed over; `const {a} = …`, `my ($a) = …` are assignments. */
function prefixed(parser: Parser, word: string): boolean {
  const isPattern = parser.is("{", 1) || parser.is("(", 1) || parser.is("[", 1);
  if (parser.peek(1).kind === "op" && !(isPattern && (declaring.has(word) || word === "export"))) return false;
  parser.next();
  if (isPattern && declaring.has(word)) expressionStatement(parser);
  return true;
}

const many = (words: Iterable<string>, read: (parser: Parser, word: string) => boolean): Record<string, typeof read> =>
  Object.fromEntries([...words].map((word) => [word, read]));

/** Statements by their first word. */
const readers: Readonly<Record<string, (parser: Parser, word: string) => boolean>> = {
  ...many(["import", "from", "use", "require"], imports),
  ...many(functionWords, functionStatement),
  ...many(["class", "module", "interface"], classStatement),
  ...many(["for", "foreach"], forStatement),
  ...many(branching, (parser) => branch(parser, false)),
  ...many(looping, (parser) => branch(parser, true)),
  ...many(["with", "using"], withStatement),
  return: returned,
};

function functionStatement(parser: Parser): boolean {
  const start = parser.at;
  const word = parser.next().text;
  parser.take("*");
  // `func (r *Receiver) name(…)`, `def self.name`.
  if (word === "func" && parser.is("(")) {
    while (!parser.isAtEnd && !parser.take(")")) parser.next();
  }
  if (parser.is(".", 1)) parser.at += 2;
  if (parser.peek().kind !== "name") {
    parser.at = start;
    return false;
  }
  const name = parser.next().text;
  const hasBracket = parser.take("(");
  const isRuby = parser.dialect.name === "ruby";
  const list = hasBracket ? parameters(parser, ")", expression) : [];
  if (hasBracket) parser.take(")");
  if (!hasBracket && isRuby) while (parser.peek().kind === "name") list.push({ name: parser.next().text });
  if (parser.dialect.blocks !== "indent") {
    functionBody(parser, name, list);
    return true;
  }
  const made = parser.newFunction(name, list);
  openIndented(parser, made.block, { made: { outer: parser.currentFunction } });
  parser.currentFunction = made;
  skipType(parser);
  return true;
}

/** `-> dict[str, str]:` */
function skipType(parser: Parser): void {
  if (!parser.take("->")) return;
  for (let taken = 0; taken < wordsMax && !parser.isAtEnd && !parser.is(":") && parser.peek().kind !== "newline"; taken += 1) parser.next();
}

function classStatement(parser: Parser): boolean {
  if (parser.peek(1).kind !== "name") return false;
  parser.next();
  const before = parser.currentClass;
  parser.currentClass = parser.next().text;
  if (parser.dialect.blocks === "indent") {
    if (parser.is("(")) expression(parser);
    openIndented(parser, parser.child(false), { className: before });
    return true;
  }
  for (let taken = 0; taken < wordsMax && !parser.isAtEnd && !parser.is("{"); taken += 1) parser.next();
  if (parser.is("{")) bracedBlock(parser, false);
  parser.currentClass = before;
  return true;
}

/** `a, b = x, y`; `x: str = y`; a call followed by a body is a method of a class. */
function expressionStatement(parser: Parser): void {
  const callsBefore = parser.program.calls.length;
  const first = expression(parser);
  if (first.kind === "call" && parser.is("{") && isMethodPlace(parser)) {
    if (first.callee.kind !== "name") return;
    parser.program.calls.length = callsBefore;
    functionBody(parser, first.callee.name, first.args.map(asMethodParameter));
    return;
  }
  if (parser.is(":") && first.kind === "name" && annotated(parser, first)) return;
  if (parser.is(",") && !parser.isInHead) tuple(parser, first);
}

const asMethodParameter = ({ name, value }: Argument): { readonly name: string } => ({
  name: name ?? (value.kind === "name" ? value.name : ""),
});

/** `a, b = x, y` */
function tuple(parser: Parser, first: Expr): void {
  const targets: Expr[] = [first];
  while (parser.is(",") && targets.length < tupleMax) {
    parser.next();
    if (parser.peek().kind === "newline" || parser.peek().kind === "end") return;
    targets.push(tupleItem(parser));
    if (isAssigning(parser)) {
      tupleAssigned(parser, targets);
      return;
    }
  }
}

/** One target or value of a tuple: `=` behind it belongs to the whole. */
function tupleItem(parser: Parser): Expr {
  const token = parser.peek();
  if (token.kind === "name" && parser.peek(1).kind === "op" && /^(?:,|=|:=)$/.test(parser.peek(1).text)) {
    parser.next();
    return { kind: "name", name: token.text, at: parser.position, block: parser.block };
  }
  return expression(parser);
}

function tupleAssigned(parser: Parser, targets: readonly Expr[]): void {
  parser.next();
  const values: Expr[] = [];
  do {
    values.push(expression(parser));
  } while (parser.take(",") && values.length < tupleMax);
  const [only] = values;
  const isPaired = values.length > 1;
  if (only === undefined) return;
  if (!isPaired) {
    bindList(parser, targets, only);
    return;
  }
  for (const [index, target] of targets.entries()) bindTo(parser, target, values[index] ?? unknownExpr);
}

const isMethodPlace = (parser: Parser): boolean =>
  (parser.dialect.name === "javascript" || parser.dialect.name === "java" || parser.dialect.name === "php") && parser.currentClass !== "";

/** `bucket: str = "x"`, `const bucket: string = "x"`. */
function annotated(parser: Parser, target: Expr): boolean {
  if (parser.dialect.name !== "python" && parser.dialect.name !== "javascript") return false;
  for (let ahead = 1; ahead < annotationMax; ahead += 1) {
    const token = parser.peek(ahead);
    if (token.kind === "newline" || token.kind === "end" || token.text === ";" || token.text === "{") return false;
    if (token.kind === "op" && token.text === "=") {
      parser.at += ahead;
      assign(parser, target);
      return true;
    }
  }
  return false;
}

function head(parser: Parser): void {
  const wasInHead = parser.isInHead;
  parser.isInHead = true;
  if (!parser.is("{") && !parser.is(":") && parser.peek().kind !== "newline") expressionStatement(parser);
  while (parser.take(";")) expressionStatement(parser);
  parser.isInHead = wasInHead;
}

function branch(parser: Parser, isLoop: boolean): boolean {
  const word = parser.next().text;
  const isElse = word === "else" || word === "try" || word === "finally" || word === "ensure" || word === "do" || word === "loop";
  const block = parser.child(isLoop);
  if (!isElse) head(parser);
  if (word === "case" || word === "default" || word === "when") return true;
  parser.take("then");
  body(parser, block);
  return true;
}
