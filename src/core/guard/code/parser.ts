/** A place among tokens, with the blocks around it and what was found so far. */

import type { Dialect } from "./dialect.ts";
import { newScope } from "./syntax.ts";
import type { Binding, Block, CallExpr, Expr, FunctionExpr, Program } from "./syntax.ts";
import type { Token } from "./token.ts";

const end: Token = { kind: "end", text: "", indent: 0, isSpaced: false, sigil: "" };

interface OpenBlock {
  readonly block: Block;
  /** Of languages with indentation: the line that began it. */
  readonly indent: number;
  /** What was current before. */
  readonly className?: string;
  readonly made?: { readonly outer: FunctionExpr | undefined };
}

/** The readers of statements and expressions, which need each other. */
export interface Grammar {
  readonly statement: (parser: Parser) => void;
  readonly expression: (parser: Parser) => Expr;
  /** An expression without assignment and alternatives. */
  readonly operand: (parser: Parser) => Expr;
}

/** How deep brackets and functions are followed. */
const depthMax = 120;

export class Parser {
  readonly tokens: readonly Token[];
  readonly dialect: Dialect;
  readonly program: Program;
  at = 0;
  block: Block;
  depth = 0;
  /** Where what is interpolated stands; texts that are read later lie behind all that came before. */
  origin: number | undefined;
  /** Indentation of the current line. */
  indent = 0;
  /** In the head of `if` or `for`, where Go's `x {` is no literal. */
  isInHead = false;
  readonly open: OpenBlock[] = [];
  /** The function whose body is read. */
  currentFunction: FunctionExpr | undefined;
  currentClass = "";
  readonly #grammar: Grammar;

  constructor(tokens: readonly Token[], setting: { dialect: Dialect; program: Program; block: Block; grammar: Grammar }) {
    this.tokens = tokens;
    this.dialect = setting.dialect;
    this.program = setting.program;
    this.block = setting.block;
    this.#grammar = setting.grammar;
  }

  statement(): void {
    this.#grammar.statement(this);
  }

  expression(): Expr {
    return this.#grammar.expression(this);
  }

  operand(): Expr {
    return this.#grammar.operand(this);
  }

  /** Moves over line breaks if one of `signs` comes next: the expression goes on. */
  continueOn(signs: readonly string[]): void {
    if (this.peek().kind !== "newline" || this.dialect.name === "python") return;
    let ahead = 0;
    while (this.peek(ahead).kind === "newline") ahead += 1;
    if (this.peek(ahead).kind === "op" && signs.includes(this.peek(ahead).text)) this.at += ahead;
  }

  /** For what is interpolated in a string that stands here. */
  nested(tokens: readonly Token[]): Parser {
    const made = new Parser(tokens, { dialect: this.dialect, program: this.program, block: this.block, grammar: this.#grammar });
    made.depth = this.depth;
    made.currentFunction = this.currentFunction;
    made.origin = this.position;
    return made;
  }

  /** Orders names and assignments. */
  get position(): number {
    return this.origin ?? this.at + this.program.extensions * 1_000_000;
  }

  peek(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? end;
  }

  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === "op" || token.kind === "name") && token.sigil === "";
  }

  isOneOf(texts: ReadonlySet<string>, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === "op" || token.kind === "name") && token.sigil === "" && texts.has(token.text);
  }

  /** Passes over `text` if it stands here. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  skipNewlines(): void {
    while (this.peek().kind === "newline") this.at += 1;
  }

  /** Runs `read` one level deeper; too deep, it is passed over and the program counts as cut. */
  deeper<T>(read: () => T, otherwise: T): T {
    if (this.depth >= depthMax) {
      this.program.isCut = true;
      this.at += 1;
      return otherwise;
    }
    this.depth += 1;
    const result = read();
    this.depth -= 1;
    return result;
  }

  bind(name: string, value: Expr, part: Binding["part"] = "whole"): void {
    addTo(this.block.scope.bindings, name, { value, part, at: this.position, block: this.block });
  }

  bindField(name: string, value: Expr): void {
    addTo(this.program.fields, name, { value, part: "whole", at: this.position, block: this.block });
  }

  call(callee: Expr, args: CallExpr["args"], isTagged = false): CallExpr {
    const call: CallExpr = { kind: "call", callee, args, at: this.position, block: this.block, isTagged };
    this.program.calls.push(call);
    if (callee.kind === "name" || callee.kind === "member") this.mention(callee.name, -1);
    return call;
  }

  /** Counts uses of a name other than as what is called. */
  mention(name: string, times: number): void {
    this.program.mentions.set(name, (this.program.mentions.get(name) ?? 0) + times);
  }

  child(isLoop: boolean): Block {
    return { parent: this.block, isLoop, scope: this.block.scope };
  }

  /** A function with a scope of its own, whose body is still to be read. */
  newFunction(name: string, parameters: FunctionExpr["parameters"]): FunctionExpr {
    const scope = newScope(this.block.scope);
    const block: Block = { parent: this.block, isLoop: false, scope };
    const made: FunctionExpr = { kind: "function", name, parameters, scope, block };
    const names =
      name === "__init__" || name === "constructor" || name === "initialize" || name === "__construct" ? [name, this.currentClass] : [name];
    for (const each of names) {
      if (each !== "") addTo(this.program.functions, each, made);
    }
    return made;
  }

  /** Reads with another block in force. */
  within(block: Block, read: () => void): void {
    const before = this.block;
    this.block = block;
    read();
    this.block = before;
  }

  /** The body of a function in braces, of which `{` stands here. */
  bracedBody(block: Block, made?: FunctionExpr): void {
    const before = this.currentFunction;
    if (made !== undefined) this.currentFunction = made;
    this.deeper(() => {
      this.take("{");
      this.within(block, () => {
        while (!this.isAtEnd && !this.is("}")) this.statement();
      });
      this.take("}");
    }, undefined);
    this.currentFunction = before;
  }
}

export function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [value]);
  else found.push(value);
}
