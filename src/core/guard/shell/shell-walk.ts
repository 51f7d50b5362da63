/** Walks a script as a shell would run it: every branch, every loop, with what can be known of variables, files and folders. */

import { hole, type Word } from "../word.ts";
import { runAndOr, runCase, runIf, testTree, type Runner } from "./branching.ts";
import { builtins } from "./builtins.ts";
import { not } from "./conditions.ts";
import { branchOf, bounded, mergeInto, setVariable, type Environment, type Value } from "./environment.ts";
import { Expander } from "./expander.ts";
import { depthMax } from "./limits.ts";
import { runCount, runFor, runWhile } from "./loops.ts";
import { landOutput, openRedirects } from "./redirects.ts";
import type { Assignment, Redirect, Script, ShellNode, SimpleCommand } from "./script.ts";
import { runsWhenShown, shownText } from "./shown-text.ts";
import { assignValue, SimpleRun, withArguments } from "./simple-run.ts";
import type { Flow, Frame, Shell, Walk } from "./walk.ts";

export class ShellWalk implements Shell {
  readonly walk: Walk;
  readonly #simple: SimpleRun;
  readonly #runner: Runner;

  constructor(walk: Walk) {
    this.walk = walk;
    this.#simple = new SimpleRun(this, builtins, (nodes, frame) => this.#nodes(nodes, frame));
    this.#runner = {
      shell: this,
      node: (node, frame) => this.#node(node, frame),
      nodes: (nodes, frame) => this.#nodes(nodes, frame),
    };
  }

  /** Runs a script in `frame`; where a shell begins with it, what `exit` leaves and the traps come at its end. What it would print. */
  script(script: Script, frame: Frame, text?: Word): Word {
    if (!script.isComplete) this.walk.incomplete(text, frame.through);
    if (frame.flow !== undefined) return this.#nodes(script.statements, frame);
    const { environment } = frame;
    const flow: Flow = { exits: [], returns: undefined, loops: [] };
    const before = environment.traps;
    const output = this.#nodes(script.statements, { ...frame, flow });
    if (flow.exits.length > 0) mergeInto(environment, [branchOf(environment), ...flow.exits]);
    environment.hasLeft = false;
    const traps = environment.traps.filter((trap) => !before.includes(trap));
    environment.traps = before;
    const { status } = environment;
    for (const trap of traps) this.runText(trap, frame);
    environment.status = status;
    environment.hasLeft = false;
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
    const values = assignValue(assignment, environment, this.expander(frame));
    setVariable(environment, assignment.name, values, isExported);
    if (/^PS[0124]$/.test(assignment.name)) for (const value of values) this.#traced(value, frame);
    if (assignment.name === "PROMPT_COMMAND") for (const value of values) this.#prompted(value, frame);
  }

  /** Prompts, and what `set -x` prints before each command: whether that is on or not, what would be substituted in it counts as run. */
  #traced(value: Value, frame: Frame): void {
    if (value.kind === "text" && runsWhenShown(value.text)) this.runText(shownText(value.text), this.#own(frame, frame.stdin));
  }

  /** Runs before each prompt of this shell. What stood there before is the session's own. */
  #prompted(value: Value, frame: Frame): void {
    const texts = value.kind === "array" ? [...value.entries.values()] : value.kind === "text" ? [value.text] : [];
    for (const text of texts) {
      const own = text.replaceAll(lone, "$1:");
      this.runText(own, this.#own(frame, frame.stdin));
    }
  }

  expander(frame: Frame): Expander {
    return new Expander(frame.environment, this.walk.facts.homeFolder, {
      output: (script) => this.#substituted(script, frame),
      process: (operator, script) => {
        if (operator === "<") return this.walk.files.pipe(this.#inSubshell(script, { ...frame, stdin: undefined }));
        this.#inSubshell(script, { ...frame, stdin: frame.stdin ?? hole });
        return "/dev/fd/62";
      },
      ...(frame.patterns !== undefined && {
        globbed: (field: Word, pattern: string) => frame.patterns?.set(field, [...(frame.patterns.get(field) ?? []), pattern]),
      }),
      evaluated: (text) => {
        this.runText(text, this.#own(frame, frame.stdin));
      },
      spend: (characters) => this.walk.budget.text(characters),
    });
  }

  /** A shell of its own: what it sets and how it ends stay there. */
  #own(frame: Frame, stdin: Word | undefined): Frame {
    return { ...frame, stdin, environment: branchOf(frame.environment), flow: undefined };
  }

  #substituted(script: Script, frame: Frame): Word {
    return this.#inSubshell(script, frame).replace(/\n+$/, "");
  }

  #inSubshell(script: Script, frame: Frame): Word {
    if (frame.depth > depthMax) {
      this.walk.budget.cut();
      return hole;
    }
    const own = { ...this.#own(frame, frame.stdin), depth: frame.depth + 1 };
    const output = this.script(script, own);
    frame.environment.status = own.environment.status;
    return output;
  }

  #nodes(nodes: readonly ShellNode[], frame: Frame): Word {
    let output = "";
    for (const node of nodes) {
      if (frame.environment.hasLeft) break;
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
        return runAndOr(node.items, frame, this.#runner);
      case "negated":
        return this.#negated(node.node, frame);
      case "background":
        return this.#background(node.node, frame);
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
    const own = this.#own(frame, frame.stdin);
    const output = this.script({ statements, isComplete: true }, own);
    frame.environment.status = own.environment.status;
    return output;
  }

  #background(node: ShellNode, frame: Frame): Word {
    const output = this.#apart([node], frame);
    frame.environment.status = true;
    return output;
  }

  #negated(node: ShellNode, frame: Frame): Word {
    const output = this.#node(node, frame);
    if (!frame.environment.hasLeft) frame.environment.status = not(frame.environment.status);
    return output;
  }

  #silent(node: Extract<ShellNode, { kind: "condition" | "unknown" }>, frame: Frame): Word {
    if (node.kind === "unknown") {
      this.walk.incomplete(undefined, frame.through);
      frame.environment.status = undefined;
      return hole;
    }
    frame.environment.status = testTree(node.test, frame, this);
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
      case "if":
        return runIf(node, frame, this.#runner);
      case "case":
        return runCase(node, frame, this.#runner);
      case "for":
        return runFor(node, frame, this.#runner);
      case "while":
        return runWhile(node, frame, this.#runner);
      case "count":
        return runCount(node, frame, this.#runner);
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

  #pipeline(commands: readonly ShellNode[], frame: Frame): Word {
    let { stdin } = frame;
    for (const [index, command] of commands.entries()) {
      if (!this.walk.budget.step()) return hole;
      const own = this.#own(frame, stdin);
      const output = this.script({ statements: [command], isComplete: true }, own);
      if (index === commands.length - 1) {
        // Some shells run the last one themselves. With `pipefail` another one may have failed.
        mergeInto(frame.environment, [branchOf(frame.environment), own.environment]);
        frame.environment.status = own.environment.status === false ? false : undefined;
      }
      stdin = output;
    }
    return stdin ?? "";
  }

  #redirected(node: ShellNode, redirects: readonly Redirect[], frame: Frame): Word {
    const opened = openRedirects(redirects, frame, this);
    const { mergesErrors = frame.mergesErrors === true } = opened;
    const output = this.#node(node, { ...frame, stdin: opened.stdin, mergesErrors });
    landOutput(opened, output, this);
    for (const script of opened.consumers) this.#inSubshell(script, { ...frame, stdin: output });
    if (opened.mayFail && frame.environment.status === true) frame.environment.status = undefined;
    if (opened.consumers.length > 0) return hole;
    return opened.isDiverted ? "" : output;
  }

  #function(name: string, body: ShellNode, frame: Frame): Word {
    frame.environment.functions.set(name, [body]);
    // The shell calls it for whatever it does not find.
    if (/^command_not_found_handler?$/.test(name)) this.#node(body, { ...this.#own(frame, frame.stdin), depth: frame.depth + 1 });
    frame.environment.status = true;
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

/** A command that is a hole as a whole. */
const lone = new RegExp(`(^|[;&|\\n])\\s*${hole}\\s*(?=$|[;&|\\n])`, "gu");

type Branching = Extract<ShellNode, { kind: "if" | "for" | "while" | "count" | "case" }>;

const isBranching = (node: ShellNode): node is Branching => ["if", "for", "while", "count", "case"].includes(node.kind);
