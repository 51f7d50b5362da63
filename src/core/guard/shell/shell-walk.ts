/** Walks a script as a shell would run it: every branch, every loop, with what can be known of variables, files and folders. */

import { hole, isKnown, type Word } from "../word.ts";
import { builtins } from "./builtins.ts";
import { branchOf, bounded, mergeInto, setVariable, textValue, type Environment } from "./environment.ts";
import { Expander } from "./expander.ts";
import { globNames } from "./glob-names.ts";
import { depthMax } from "./limits.ts";
import { landOutput, openRedirects } from "./redirects.ts";
import type { Assignment, Redirect, Script, ScriptWord, ShellNode, SimpleCommand } from "./script.ts";
import { assignValue, SimpleRun, withArguments } from "./simple-run.ts";
import type { Frame, Shell, Walk } from "./walk.ts";

const roundsMax = 64;

export class ShellWalk implements Shell {
  readonly walk: Walk;
  readonly #simple: SimpleRun;

  constructor(walk: Walk) {
    this.walk = walk;
    this.#simple = new SimpleRun(this, builtins, (nodes, frame) => this.#nodes(nodes, frame));
  }

  /** Runs a script in `frame`, its traps at the end; what it would print. */
  script(script: Script, frame: Frame, text?: Word): Word {
    if (!script.isComplete) this.walk.incomplete(text, frame.through);
    const { environment } = frame;
    const before = environment.traps;
    const output = this.#nodes(script.statements, frame);
    const traps = environment.traps.filter((trap) => !before.includes(trap));
    environment.traps = before;
    for (const trap of traps) this.runText(trap, frame);
    return output;
  }

  runText(text: Word, frame: Frame): Word {
    const { walk } = this;
    if (frame.depth > depthMax || !walk.budget.text(text.length)) {
      walk.budget.cut();
      return hole;
    }
    return this.script(walk.parse(text), { ...frame, depth: frame.depth + 1 }, text);
  }

  runWords(words: readonly Word[], frame: Frame): Word {
    return this.#simple.runWords(words, frame, false);
  }

  assign(assignment: Assignment, frame: Frame, isExported: boolean): void {
    const { environment } = frame;
    setVariable(environment, assignment.name, assignValue(assignment, environment, this.expander(frame)), isExported);
  }

  expander(frame: Frame): Expander {
    return new Expander(frame.environment, this.walk.facts.homeFolder, {
      output: (script) => this.#substituted(script, frame),
      process: (operator, script) => {
        if (operator === "<") return this.walk.files.pipe(this.#inSubshell(script, { ...frame, stdin: undefined }));
        this.#inSubshell(script, { ...frame, stdin: frame.stdin ?? hole });
        return "/dev/fd/62";
      },
    });
  }

  #substituted(script: Script, frame: Frame): Word {
    return this.#inSubshell(script, frame).replace(/\n+$/, "");
  }

  #inSubshell(script: Script, frame: Frame): Word {
    if (frame.depth > depthMax) {
      this.walk.budget.cut();
      return hole;
    }
    return this.script(script, { ...frame, environment: branchOf(frame.environment), depth: frame.depth + 1 });
  }

  #nodes(nodes: readonly ShellNode[], frame: Frame): Word {
    let output = "";
    for (const node of nodes) {
      if (!this.walk.budget.step()) return hole;
      output = bounded(output + this.#node(node, frame));
    }
    return output;
  }

  #node(node: ShellNode, frame: Frame): Word {
    return isBranching(node) ? this.#branching(node, frame) : this.#straight(node, frame);
  }

  #straight(node: Exclude<ShellNode, Branching>, frame: Frame): Word {
    switch (node.kind) {
      case "simple":
        return this.#simpleNode(node, frame);
      case "pipeline":
        return this.#pipeline(node.commands, frame);
      case "and-or":
        return this.#andOr(node.items, frame);
      case "background":
        return this.#apart([node.node], frame);
      case "subshell":
        return this.#apart(node.body, frame);
      case "group":
        return this.#nodes(node.body, frame);
      case "redirected":
        return this.#redirected(node.node, node.redirects, frame);
      case "function":
        return this.#function(node.name, node.body, frame);
      case "condition":
      case "unknown":
        return this.#silent(node, frame);
    }
  }

  /** In a shell of its own. */
  #apart(statements: readonly ShellNode[], frame: Frame): Word {
    return this.script({ statements, isComplete: true }, { ...frame, environment: branchOf(frame.environment) });
  }

  #silent(node: Extract<ShellNode, { kind: "condition" | "unknown" }>, frame: Frame): Word {
    if (node.kind === "unknown") {
      this.walk.incomplete(undefined, frame.through);
      return hole;
    }
    for (const word of node.words) this.expander(frame).texts(word);
    return "";
  }

  /** By its alias, or as it is. */
  #simpleNode(node: SimpleCommand, frame: Frame): Word {
    const replaced = withArguments(node, frame, this.walk);
    if (replaced === undefined) return this.#simple.run(node, frame);
    const inside = { ...frame, depth: frame.depth + 1 };
    return replaced.length === 1 ? this.#nodes(replaced[0] ?? [], inside) : this.#ways(replaced, inside);
  }

  #branching(node: Branching, frame: Frame): Word {
    switch (node.kind) {
      case "if": {
        let output = "";
        const ways: (readonly ShellNode[])[] = [];
        for (const branch of node.branches) {
          output += this.#nodes(branch.test, frame);
          ways.push(branch.body);
        }
        return output + this.#ways([...ways, node.otherwise ?? []], frame);
      }
      case "case":
        this.expander(frame).texts(node.word);
        for (const word of node.items.flatMap((item) => item.patterns)) this.expander(frame).texts(word);
        return this.#ways([...node.items.map((item) => item.body), []], frame);
      case "for":
        return this.#for(node.variable, node.words, node.body, frame);
      case "while":
        return this.#while(node, frame);
    }
  }

  /** One of several goes its way; what holds afterwards may be any of them. */
  #ways(bodies: readonly (readonly ShellNode[])[], frame: Frame): Word {
    const environments: Environment[] = [];
    const outputs = new Set<Word>();
    for (const body of bodies) {
      const environment = branchOf(frame.environment);
      outputs.add(this.#nodes(body, { ...frame, environment, depth: frame.depth }));
      environments.push(environment);
    }
    mergeInto(frame.environment, environments);
    const [only = ""] = outputs;
    return outputs.size > 1 ? hole : only;
  }

  #for(variable: string, words: readonly ScriptWord[] | undefined, body: readonly ShellNode[], frame: Frame): Word {
    const { environment } = frame;
    const values = words === undefined ? [environment.positionals] : this.#forValues(words, frame);
    const all = [...new Set(values.flat())];
    const skipped = branchOf(environment);
    let output = "";
    for (const value of all.length > roundsMax ? [...all.slice(0, roundsMax), hole] : all) {
      if (!this.walk.budget.step()) return hole;
      setVariable(environment, variable, [textValue(value)]);
      output = bounded(output + this.#nodes(body, frame));
    }
    // Of words that are not known there may have been none.
    if (!all.some(isKnown)) mergeInto(environment, [environment, skipped].map(branchOf));
    return values.length > 1 && output !== "" ? hole : output;
  }

  #forValues(words: readonly ScriptWord[], frame: Frame): readonly (readonly Word[])[] {
    const [folder = hole, ...others] = frame.environment.folders;
    const names = others.length > 0 ? undefined : globNames(words, folder, this.walk.facts);
    return names === undefined ? this.expander(frame).fields(words) : [names];
  }

  /** Twice, so that what a round sets is seen by the next one. */
  #while(node: Extract<ShellNode, { kind: "while" }>, frame: Frame): Word {
    const { environment } = frame;
    let output = "";
    for (let round = 0; round < 2; round += 1) {
      for (const word of node.words) this.expander(frame).texts(word);
      output += this.#nodes(node.test, frame);
      const before = branchOf(environment);
      output += this.#nodes(node.body, frame);
      mergeInto(environment, [before, branchOf(environment)]);
      if (!this.walk.budget.step()) break;
    }
    return output === "" ? "" : hole;
  }

  /** `a && b || c`. What follows `&&` is taken to run and not to run, unless what stands before it cannot fail. */
  #andOr(items: Extract<ShellNode, { kind: "and-or" }>["items"], frame: Frame): Word {
    const { environment } = frame;
    const ways: Environment[] = [];
    let output = "";
    let previous: ShellNode | undefined;
    for (const { operator, node } of items) {
      if (!this.walk.budget.step()) return hole;
      if (previous !== undefined && !(operator === "&&" && succeeds(previous))) ways.push(branchOf(environment));
      const printed = this.#node(node, frame);
      // What printed something known is taken to have done well.
      if (operator !== "||" || output === "" || !isKnown(output))
        output = operator === "||" && output !== "" ? hole : bounded(output + printed);
      previous = node;
    }
    if (ways.length > 0) mergeInto(environment, [...ways, branchOf(environment)]);
    return output;
  }

  #pipeline(commands: readonly ShellNode[], frame: Frame): Word {
    let { stdin } = frame;
    for (const [index, command] of commands.entries()) {
      if (!this.walk.budget.step()) return hole;
      const environment = branchOf(frame.environment);
      const output = this.script({ statements: [command], isComplete: true }, { ...frame, stdin, environment });
      // Some shells run the last one themselves.
      if (index === commands.length - 1) mergeInto(frame.environment, [branchOf(frame.environment), environment]);
      stdin = output;
    }
    return stdin ?? "";
  }

  #redirected(node: ShellNode, redirects: readonly Redirect[], frame: Frame): Word {
    const opened = openRedirects(redirects, frame, this);
    const output = this.#node(node, { ...frame, stdin: opened.stdin });
    landOutput(opened, output, this);
    for (const script of opened.consumers) this.#inSubshell(script, { ...frame, stdin: output });
    return opened.isDiverted ? "" : output;
  }

  #function(name: string, body: ShellNode, frame: Frame): Word {
    frame.environment.functions.set(name, [body]);
    if (name === "belay") {
      const destination = { kind: "guard" as const, about: "a function named belay" };
      this.walk.effect({ tool: "function", verb: "write", destination, through: frame.through });
    }
    return "";
  }

  /** For consumers of output that stand in redirections of simple commands. */
  consume(script: Script, stdin: Word, frame: Frame): void {
    this.#inSubshell(script, { ...frame, stdin });
  }
}

type Branching = Extract<ShellNode, { kind: "if" | "for" | "while" | "case" }>;

const isBranching = (node: ShellNode): node is Branching => ["if", "for", "while", "case"].includes(node.kind);

const alwaysSucceed: ReadonlySet<string> = new Set([
  "cd",
  "pushd",
  "popd",
  "export",
  "true",
  ":",
  "echo",
  "printf",
  "set",
  "alias",
  "local",
  "declare",
]);

function succeeds(node: ShellNode): boolean {
  if (node.kind !== "simple") return node.kind === "function";
  const [first] = node.words;
  if (first === undefined) return true;
  const [piece, ...others] = first.word;
  return others.length === 0 && piece?.kind === "literal" && alwaysSucceed.has(piece.text);
}
