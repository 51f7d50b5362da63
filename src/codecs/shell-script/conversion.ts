/** Statements of the parser's tree in our own. */

import type { AndOr, Assignment as ParsedAssignment, Command, CommandNode, CompoundCommand, Coproc } from "unbash";
import type { CompoundList, ParsedScript, Pipeline, PipelineNode, Redirection, Statement, TestExpression, Word } from "unbash";
import type { Argument, ArrayElement, Assignment, Redirect, Script, ScriptWord, ShellNode, Test } from "../../core/guard/shell/script.ts";
import { WordConversion } from "./word-conversion.ts";

const depthMax = 48;
const wordsMax = 20_000;

/** A here-document that the end of the text closes is one for bash, too. */
const harmless = /here-?doc/i;

const compounds: ReadonlySet<string> = new Set(
  "If For ArithmeticFor Select While Subshell BraceGroup Case TestCommand ArithmeticCommand".split(" "),
);

const isCompound = (node: AnyNode): node is CompoundCommand => compounds.has(node.type);

type AnyNode = PipelineNode | AndOr | CompoundList;

export class Conversion {
  readonly #words: WordConversion = new WordConversion((parsed, depth) => this.script(parsed, depth));
  #wordsLeft = wordsMax;
  #isCut = false;

  script(parsed: ParsedScript, depth: number): Script {
    if (depth > depthMax) {
      this.#isCut = true;
      return { statements: [], isComplete: false };
    }
    const statements = this.#statements(parsed.commands, depth);
    const hasErrors = (parsed.errors ?? []).some((error) => !harmless.test(error.message));
    return { statements, isComplete: !hasErrors && !this.#isCut };
  }

  #statements(statements: readonly Statement[], depth: number): ShellNode[] {
    return statements.map((statement) => {
      const node = this.#node(statement.command, depth + 1);
      return statement.background === true ? { kind: "background", node } : node;
    });
  }

  #list(list: CompoundList, depth: number): ShellNode[] {
    return this.#statements(list.commands, depth);
  }

  #node(node: AnyNode, depth: number): ShellNode {
    if (depth > depthMax || this.#wordsLeft <= 0) {
      this.#isCut = true;
      return { kind: "unknown", text: "" };
    }
    return isCompound(node) ? this.#compound(node, depth) : this.#plain(node, depth);
  }

  #plain(node: Exclude<AnyNode, CompoundCommand>, depth: number): ShellNode {
    switch (node.type) {
      case "AndOr":
        return {
          kind: "and-or",
          items: node.commands.map((command, index) => ({
            operator: index === 0 ? ";" : (node.operators[index - 1] ?? "&&"),
            node: this.#node(command, depth + 1),
          })),
        };
      case "Pipeline":
        return this.#pipeline(node, depth);
      case "CompoundList":
        return { kind: "group", body: this.#list(node, depth) };
      case "Command":
        return this.#simple(node, depth);
      case "Function":
        return { kind: "function", name: node.name.value, body: this.#node(node.body, depth + 1) };
      case "Coproc":
        return this.#coprocess(node, depth);
      case "Redirected":
        return { kind: "redirected", node: this.#node(node.command, depth + 1), redirects: this.#redirects(node.redirects, depth) };
    }
  }

  #pipeline(node: Pipeline, depth: number): ShellNode {
    const commands = node.commands.map((command: CommandNode) => this.#node(command, depth + 1));
    const [only] = commands;
    const joined: ShellNode = commands.length === 1 && only !== undefined ? only : { kind: "pipeline", commands };
    const isNegated = node.prefixes.filter(({ type }) => type === "Negation").length % 2 === 1;
    return isNegated ? { kind: "negated", node: joined } : joined;
  }

  /** The parser takes `coproc NAME words` for a named one only before compound commands, as bash does. */
  #coprocess(node: Coproc, depth: number): ShellNode {
    return { kind: "background", node: this.#node(node.body, depth + 1) };
  }

  #compound(node: CompoundCommand, depth: number): ShellNode {
    switch (node.type) {
      case "If":
        return this.#if(node, depth);
      case "For":
      case "Select":
        return {
          kind: "for",
          variable: node.name.value,
          isAsked: node.type === "Select",
          words: node.wordlist?.map((word) => this.#word(word, depth)),
          body: this.#list(node.body, depth),
        };
      case "ArithmeticFor":
        return this.#count(node, depth);
      case "While":
        return { kind: "while", test: this.#list(node.clause, depth), isUntil: node.kind === "until", body: this.#list(node.body, depth) };
      case "Subshell":
        return { kind: "subshell", body: this.#list(node.body, depth) };
      case "BraceGroup":
        return { kind: "group", body: this.#list(node.body, depth) };
      case "Case":
        return this.#case(node, depth);
      case "TestCommand":
        return { kind: "condition", test: this.#test(node.expression, depth) };
      case "ArithmeticCommand":
        return { kind: "condition", test: { kind: "sum", word: this.#words.arithmetic(node.expression, node.body, depth) } };
    }
  }

  #if(node: Extract<CompoundCommand, { type: "If" }>, depth: number): ShellNode {
    const branches = [node, ...node.elif].map((branch) => ({
      test: this.#list(branch.clause, depth),
      body: this.#list(branch.then, depth),
    }));
    return { kind: "if", branches, otherwise: node.else === undefined ? undefined : this.#list(node.else, depth) };
  }

  #case(node: Extract<CompoundCommand, { type: "Case" }>, depth: number): ShellNode {
    const items = node.items.map((item) => ({
      patterns: item.pattern.map((pattern) => this.#word(pattern, depth)),
      body: this.#list(item.body, depth),
      ends: item.terminator ?? ";;",
    }));
    return { kind: "case", word: this.#word(node.word, depth), items };
  }

  #count(node: Extract<CompoundCommand, { type: "ArithmeticFor" }>, depth: number): ShellNode {
    const [first = [], test = [], next = []] = [node.initialize, node.test, node.update].map((part) => this.#words.sum(part, depth));
    return { kind: "count", first, test, next, body: this.#list(node.body, depth) };
  }

  #test(expression: TestExpression, depth: number): Test {
    switch (expression.type) {
      case "TestUnary":
        return { kind: "unary", operator: expression.operator, word: this.#word(expression.operand, depth) };
      case "TestBinary": {
        const [left, right] = [this.#word(expression.left, depth), this.#word(expression.right, depth)];
        return { kind: "binary", operator: expression.operator, left, right };
      }
      case "TestLogical": {
        const tests = expression.operands.map((operand) => this.#test(operand, depth));
        return { kind: expression.operator === "&&" ? "both" : "either", tests };
      }
      case "TestNot": {
        const test = this.#test(expression.operand, depth);
        return expression.negations.length % 2 === 1 ? { kind: "not", test } : test;
      }
      case "TestGroup":
        return this.#test(expression.expression, depth);
    }
  }

  #word(word: Word, depth: number): ScriptWord {
    this.#wordsLeft -= 1;
    return this.#words.word(word, depth);
  }

  #simple(node: Command, depth: number): ShellNode {
    const name: Argument[] = node.name === undefined ? [] : [{ word: this.#word(node.name, depth) }];
    const words = [
      ...name,
      ...node.args.map((arg) => (arg.type === "Word" ? { word: this.#word(arg, depth) } : this.#declared(arg, depth))),
    ];
    const assignments = node.prefix.flatMap((part) => (part.type === "Assignment" ? [this.#assignment(part, depth)] : []));
    return { kind: "simple", assignments, words, redirects: this.#redirects(node.redirects, depth) };
  }

  /** As an assignment and as the word that a program would see. */
  #declared(parsed: ParsedAssignment, depth: number): Argument {
    const assignment = this.#assignment(parsed, depth);
    const head = { kind: "literal" as const, text: `${parsed.name}${parsed.append === true ? "+" : ""}=`, isQuoted: false };
    const rest: ScriptWord =
      "elements" in assignment.value ? assignment.value.elements.flatMap((element) => element.word) : assignment.value;
    return { word: [head, ...rest], assignment };
  }

  #assignment(parsed: ParsedAssignment, depth: number): Assignment {
    const { value } = parsed;
    return {
      name: parsed.name,
      isAppended: parsed.append === true,
      index: parsed.index === undefined ? undefined : this.#word(parsed.index, depth),
      value:
        value.type === "Word" ? this.#word(value, depth) : { elements: value.elements.map((element) => this.#element(element, depth)) },
    };
  }

  #element(word: Word, depth: number): ArrayElement {
    const [, key, rest] = /^\[([^\]]*)\]=(.*)$/s.exec(word.text) ?? [];
    if (key === undefined || rest === undefined) return { key: undefined, word: this.#word(word, depth) };
    return { key: this.#words.text(key, depth), word: this.#words.text(rest, depth) };
  }

  #redirects(redirects: readonly Redirection[], depth: number): Redirect[] {
    return redirects.map((redirect) => {
      const descriptor =
        redirect.descriptor === undefined ? undefined : redirect.descriptor.type === "FileDescriptor" ? redirect.descriptor.value : 99;
      if (redirect.type === "HereDoc") return { operator: "<<", descriptor, target: this.#words.hereDocument(redirect, depth) };
      const target = redirect.target === undefined ? [] : this.#word(redirect.target, depth);
      return { operator: redirect.operator, descriptor, target };
    });
  }
}
