/** Words of the parser's tree as pieces. */

import {
  parse,
  type ArithmeticExpression,
  type HereDoc,
  type ParameterExpansionPart,
  type ParameterOperation as ParsedOperation,
} from "unbash";
import type { ParsedScript, Word, WordPart } from "unbash";
import type { ParameterOperation, Piece, Script, ScriptWord } from "../../core/guard/shell/script.ts";
import { braceTexts } from "./brace-texts.ts";
import { replacementSlash } from "./replacement-slash.ts";

type ToScript = (parsed: ParsedScript, depth: number) => Script;

type ExpansionPart = Extract<WordPart, { type: "SimpleExpansion" | "ParameterExpansion" | "CommandExpansion" | "ArithmeticExpansion" }>;

const isExpansion = (part: WordPart): part is ExpansionPart =>
  ["SimpleExpansion", "ParameterExpansion", "CommandExpansion", "ArithmeticExpansion"].includes(part.type);

const sumsMax = 64;

const tilde = /^~([A-Za-z0-9_.+-]*)(?=\/|:|$)/;

export class WordConversion {
  readonly #toScript: ToScript;
  #bracesLeft = 4000;

  constructor(toScript: ToScript) {
    this.#toScript = toScript;
  }

  word(word: Word, depth: number): ScriptWord {
    const pieces = word.parts === undefined ? [bare(word.value, word.text)] : word.parts.flatMap((part) => this.#part(part, depth));
    return withTilde(pieces, word.text);
  }

  /** A word that stands inside another's text: an alternative of braces, an element of an array. */
  text(text: string, depth: number): ScriptWord {
    if (text === "") return [];
    const [statement] = parse(`: ${text}`).commands;
    const [first, ...others] = statement?.command.type === "Command" ? statement.command.suffix : [];
    return first?.type === "Word" && others.length === 0 ? this.word(first, depth + 1) : [{ kind: "unknown", text }];
  }

  hereDocument(redirect: HereDoc, depth: number): ScriptWord {
    const { body, operator, delimiter } = redirect;
    // Without an expansion in it the parser gives the text as it stands, escapes included.
    const text = delimiter?.quoted === true ? body.text : body.text.replaceAll(/\\(?:([$`\\])|\n)/g, "$1");
    const pieces = body.parts?.flatMap((part) => this.#quoted(part, depth)) ?? [literal(text, true)];
    if (operator === "<<") return pieces;
    return pieces.map((piece) => (piece.kind === "literal" ? { ...piece, text: piece.text.replaceAll(/^\t+/gm, "") } : piece));
  }

  arithmetic(expression: ArithmeticExpression | undefined, text: string, depth: number): ScriptWord {
    return [{ kind: "arithmetic", text, scripts: this.#scriptsOf(expression, depth), isQuoted: true }];
  }

  /** A part of `for ((…))`, whose text the parser gives as a tree only. */
  sum(expression: ArithmeticExpression | undefined, depth: number): ScriptWord {
    return expression === undefined ? [] : this.arithmetic(expression, sumText(expression), depth);
  }

  #part(part: WordPart, depth: number): Piece[] {
    return isExpansion(part) ? [this.#expansion(part, depth, false)] : this.#plainPart(part, depth);
  }

  #plainPart(part: Exclude<WordPart, ExpansionPart>, depth: number): Piece[] {
    switch (part.type) {
      case "Literal":
        return [bare(part.value, part.text)];
      case "SingleQuoted":
      case "AnsiCQuoted":
        return [literal(part.value, true)];
      case "DoubleQuoted":
      case "LocaleString":
        return part.parts.length === 0 ? [literal("", true)] : part.parts.flatMap((child) => this.#quoted(child, depth));
      case "ProcessSubstitution":
        return [{ kind: "process", operator: part.operator, script: this.#script(part.script, depth) }];
      case "BraceExpansion":
        return [this.#brace(part.text, depth)];
      case "Glob":
      case "ExtendedGlob":
        return [{ kind: "glob", text: part.text, scripts: this.#scriptsIn(part.parts, depth) }];
    }
  }

  #quoted(part: WordPart, depth: number): Piece[] {
    if (part.type === "Literal") return [literal(part.value, true)];
    return isExpansion(part) ? [this.#expansion(part, depth, true)] : this.#part(part, depth);
  }

  #expansion(part: ExpansionPart, depth: number, isQuoted: boolean): Piece {
    switch (part.type) {
      case "SimpleExpansion":
        return { kind: "parameter", name: part.text.slice(1), isQuoted, prefix: undefined, index: undefined, operation: undefined };
      case "ParameterExpansion":
        return this.#parameter(part, depth, isQuoted);
      case "CommandExpansion":
        return { kind: "command", script: this.#script(part.script, depth), isQuoted };
      case "ArithmeticExpansion": {
        const text = part.text.startsWith("$((") ? part.text.slice(3, -2) : part.text.slice(2, -1);
        return { kind: "arithmetic", text, scripts: this.#scriptsOf(part.expression, depth), isQuoted };
      }
    }
  }

  #parameter(part: ParameterExpansionPart, depth: number, isQuoted: boolean): Piece {
    return {
      kind: "parameter",
      name: part.parameter,
      isQuoted,
      prefix: part.prefix,
      index: part.index === undefined ? undefined : this.word(part.index, depth + 1),
      operation: part.operation === undefined ? undefined : this.#operation(part.operation, part, depth + 1),
    };
  }

  #operation(operation: ParsedOperation, part: ParameterExpansionPart, depth: number): ParameterOperation {
    const { operator } = operation;
    const of = (kind: ParameterOperation["kind"], first?: Word, second?: Word): ParameterOperation => ({
      kind,
      operator,
      first: first === undefined ? undefined : this.word(first, depth),
      second: second === undefined ? undefined : this.word(second, depth),
    });
    switch (operation.type) {
      case "Default":
        return of("default", operation.operand);
      case "Remove":
        return of("remove", operation.operand);
      case "Replace":
        return this.#replace(operation, part, depth) ?? of("replace", operation.pattern, operation.replacement);
      case "Slice":
        return of("slice", operation.offset, operation.length);
      case "CaseModification":
        return of("case", operation.operand);
      case "Transform":
        return of("other", operation.operand);
      case "Names":
      case "Unknown":
        return of("other");
    }
  }

  /** Where the parser has cut the pattern short, both are read anew. */
  #replace(
    operation: Extract<ParsedOperation, { type: "Replace" }>,
    part: ParameterExpansionPart,
    depth: number,
  ): ParameterOperation | undefined {
    if (!/[`]|[$<>]\(/.test(part.text)) return undefined;
    const { operator, operatorEnd } = operation;
    const text = part.text.slice(operatorEnd - part.pos, -1);
    const at = replacementSlash(text);
    if (text.slice(0, at) === operation.pattern.text) return undefined;
    return { kind: "replace", operator, first: this.#operand(text.slice(0, at), depth), second: this.#operand(text.slice(at + 1), depth) };
  }

  /** Text that stands between the braces of `${…}`. */
  #operand(text: string, depth: number): ScriptWord {
    const [statement] = parse(`: \${_#${text}}`).commands;
    const [word] = statement?.command.type === "Command" ? statement.command.suffix : [];
    const [part] = word?.type === "Word" ? (word.parts ?? []) : [];
    const operation = part?.type === "ParameterExpansion" ? part.operation : undefined;
    return operation?.type === "Remove" ? this.word(operation.operand, depth + 1) : [{ kind: "unknown", text }];
  }

  #brace(text: string, depth: number): Piece {
    const texts = depth > 16 ? undefined : braceTexts(text);
    this.#bracesLeft -= texts?.length ?? 0;
    if (texts === undefined || this.#bracesLeft < 0) return { kind: "unknown", text };
    return { kind: "brace", alternatives: texts.map((alternative) => this.text(alternative, depth + 1)) };
  }

  #script(script: ParsedScript | undefined, depth: number): Script {
    return script === undefined ? { statements: [], isComplete: false } : this.#toScript(script, depth + 1);
  }

  #scriptsIn(parts: readonly WordPart[] | undefined, depth: number): Script[] {
    return (parts ?? []).flatMap((part) => this.#part(part, depth)).flatMap(scriptsOfPiece);
  }

  #scriptsOf(expression: ArithmeticExpression | undefined, depth: number): Script[] {
    if (expression === undefined) return [];
    // A chain nests to the left, so that many terms come here.
    if (depth > sumsMax) return [{ statements: [], isComplete: false }];
    switch (expression.type) {
      case "ArithmeticBinary":
        return [...this.#scriptsOf(expression.left, depth + 1), ...this.#scriptsOf(expression.right, depth + 1)];
      case "ArithmeticUnary":
        return this.#scriptsOf(expression.operand, depth + 1);
      case "ArithmeticTernary":
        return [expression.test, expression.consequent, expression.alternate].flatMap((part) => this.#scriptsOf(part, depth + 1));
      case "ArithmeticGroup":
        return this.#scriptsOf(expression.expression, depth + 1);
      case "ArithmeticWord":
        return this.#scriptsIn(expression.parts, depth);
      case "ArithmeticCommandExpansion":
        return [this.#script(expression.script, depth)];
    }
  }
}

/** The text of a sum. What stands in its substitutions is not known; no number begins with a question mark. */
function sumText(expression: ArithmeticExpression): string {
  switch (expression.type) {
    case "ArithmeticBinary":
      return `${sumText(expression.left)} ${expression.operator} ${sumText(expression.right)}`;
    case "ArithmeticUnary":
      return expression.prefix
        ? `${expression.operator}${sumText(expression.operand)}`
        : `${sumText(expression.operand)}${expression.operator}`;
    case "ArithmeticTernary":
      return [sumText(expression.test), "?", sumText(expression.consequent), ":", sumText(expression.alternate)].join(" ");
    case "ArithmeticGroup":
      return `(${sumText(expression.expression)})`;
    case "ArithmeticWord":
      return expression.value;
    case "ArithmeticCommandExpansion":
      return "?";
  }
}

const literal = (text: string, isQuoted: boolean): Piece => ({ kind: "literal", text, isQuoted });

/** Unquoted text; an escape in it keeps it from being an alias or a keyword. */
const bare = (value: string, text: string): Piece => literal(value, text.includes("\\"));

/** Whatever would run inside of a piece, however deep in the operands of its parameters. */
function scriptsOfPiece(piece: Piece): readonly Script[] {
  if (piece.kind === "command" || piece.kind === "process") return [piece.script];
  if (piece.kind === "arithmetic" || piece.kind === "glob") return piece.scripts;
  if (piece.kind === "parameter") return operandsOf(piece).flatMap(scriptsOfPiece);
  return piece.kind === "brace" ? piece.alternatives.flat().flatMap(scriptsOfPiece) : [];
}

const operandsOf = ({ index, operation }: Extract<Piece, { kind: "parameter" }>): ScriptWord =>
  [index, operation?.first, operation?.second].flatMap((word) => word ?? []);

function withTilde(pieces: readonly Piece[], text: string): ScriptWord {
  const [, user] = tilde.exec(text) ?? [];
  const [first, ...rest] = pieces;
  if (user === undefined || first?.kind !== "literal") return pieces;
  return [{ kind: "tilde", user }, { ...first, text: first.text.slice(user.length + 1) }, ...rest];
}
