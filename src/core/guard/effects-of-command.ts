/** From the text of a shell command to its effects. */

import { readCode } from "./code/read-code.ts";
import { whichLanguage } from "./code/which-language.ts";
import type { Effect } from "./effect.ts";
import type { Invocation, Nested } from "./invocation.ts";
import { mayMatter } from "./may-matter.ts";
import { readInvocation } from "./read-invocation.ts";
import type { Reader, ReaderFacts, Reading } from "./reading.ts";
import { CommandFiles } from "./shell/command-files.ts";
import { nameScript, newEnvironment, setVariable, textValue } from "./shell/environment.ts";
import { knownOutput } from "./shell/known-output.ts";
import { Budget, depthMax } from "./shell/limits.ts";
import { programName, resolvePath } from "./shell/paths.ts";
import type { ParseScript, ShellNode } from "./shell/script.ts";
import { ShellWalk } from "./shell/shell-walk.ts";
import { isOwnMaking } from "./tools/project-makers.ts";
import { hole, isKnown, type Word } from "./word.ts";

export interface CommandStart {
  /** Absolute. */
  readonly cwd: string;
  /** Variables that are known to be set before. */
  readonly env?: ReadonlyMap<string, string>;
}

export interface CommandReading {
  readonly parse: ParseScript;
  readonly facts: ReaderFacts;
  /** All of them where it is absent. */
  readonly read?: Reader;
}

/**
 * Every effect that running `text` in a shell may have, in the order of the command. Never throws. What cannot be read to its end, by its syntax or
 * by a limit, and mentions a program of interest, has an opaque effect, too.
 */
export function effectsOfCommand(text: string, start: CommandStart, reading: CommandReading): readonly Effect[] {
  // The shell drops these; here they would stand for what is not known.
  const known = text.replaceAll(hole, "");
  return new CommandDriver(reading).effectsOf(known, start);
}

interface ShellWords {
  readonly args: readonly Word[];
  /** Of the script, where it is one. */
  readonly path?: Word;
  /** `$0` of a text. */
  readonly zeroth?: Word | undefined;
}

class CommandDriver {
  readonly #effects: Effect[] = [];
  readonly #budget = new Budget();
  readonly #files: CommandFiles;
  readonly #facts: ReaderFacts;
  readonly #read: Reader;
  readonly #shell: ShellWalk;
  readonly #functions = new Map<string, readonly ShellNode[]>();
  #isIncomplete = false;
  #matters = false;

  constructor({ parse, facts, read }: CommandReading) {
    this.#files = new CommandFiles(facts);
    this.#facts = this.#files.asFacts();
    this.#read = read ?? readInvocation;
    this.#shell = new ShellWalk({
      parse: (text) => {
        this.#matters ||= mayMatter(text);
        return parse(text);
      },
      facts: this.#facts,
      files: this.#files,
      budget: this.#budget,
      functions: this.#functions,
      run: (invocation, depth) => this.#run(invocation, depth),
      effect: (effect) => this.#effects.push(effect),
      opaque: (about, through) => this.#opaque(about, through),
      incomplete: (text) => {
        this.#isIncomplete ||= text === undefined || mayMatter(text);
      },
    });
  }

  effectsOf(text: string, start: CommandStart): readonly Effect[] {
    // Of a script's own arguments nothing is known here.
    const environment = newEnvironment(start.cwd, start.env, [hole]);
    try {
      this.#shell.runText(text, { environment, stdin: undefined, through: [], depth: 0 });
    } catch (failure) {
      // A stack that nesting has used up.
      if (!(failure instanceof RangeError)) throw failure;
      this.#budget.cut();
    }
    for (const path of this.#files.redefining) {
      const destination = { kind: "guard" as const, about: `belay's name in ${path}` };
      this.#effects.push({ tool: ">", verb: "write", destination, through: [] });
    }
    if ((this.#isIncomplete || this.#budget.isCut) && (this.#matters || mayMatter(text))) {
      this.#opaque(this.#budget.isCut ? "more than the guard reads" : "text that is no shell command as a whole", []);
    }
    return this.#effects;
  }

  #opaque(about: string, through: readonly string[], tool = "sh"): void {
    this.#effects.push({ tool, verb: "write", destination: { kind: "opaque", about }, through });
  }

  /** What the invocation would print. */
  #run(invocation: Invocation, depth: number): Word {
    if (depth > depthMax || !this.#budget.step()) {
      this.#budget.cut();
      return hole;
    }
    const printed = knownOutput(invocation, this.#files);
    const reading = this.#read(invocation, this.#facts);
    return this.#follow(reading, invocation, depth, printed);
  }

  #follow(reading: Reading | undefined, invocation: Invocation, depth: number, printed: Word | undefined): Word {
    for (const found of reading?.effects ?? []) {
      const effect = withPatterns(found, invocation);
      this.#effects.push(effect);
      this.#noteWrite(effect, programName(invocation.argv[0] ?? ""));
    }
    const outputs = (reading?.nested ?? []).map((nested) =>
      this.#budget.invocation() ? this.#nested(nested, invocation, depth + 1) : hole,
    );
    if (printed !== undefined) return printed;
    return outputs.length === 1 ? (outputs[0] ?? hole) : hole;
  }

  /** Keeps in mind which files are no longer what they were on disk. `tee` and redirections say so themselves. */
  #noteWrite({ tool, verb, destination, source }: Effect, program: string): void {
    if (verb !== "write" || destination.kind !== "file" || program === "tee" || ownFace.has(program)) return;
    if (isOwnMaking(program, tool)) return;
    const content = source?.kind === "file" && copies.has(program) ? this.#files.read(source.path) : undefined;
    const known = content?.kind === "text" ? content.text : hole;
    this.#files.write(destination.path, known);
  }

  #nested(nested: Nested, outer: Invocation, depth: number): Word {
    const through = [...outer.through, nested.through];
    switch (nested.kind) {
      case "argv": {
        const { stdin, cwd, env, patterns } = { ...outer, ...nested.at };
        const [first] = nested.argv;
        if (first === undefined) return "";
        const known = { ...(stdin !== undefined && { stdin }), ...(patterns !== undefined && { patterns }) };
        return this.#run({ argv: nested.argv, cwd, env, through, ...known }, depth);
      }
      case "shell":
        return this.#shellText(nested.text, { ...outer, ...nested.at, through }, { args: nested.args ?? [], zeroth: nested.name }, depth);
      case "code":
        return this.#code(nested.language, nested.text, { ...outer, through }, depth);
      case "file":
        return this.#file(nested, { ...outer, through }, depth);
    }
  }

  #shellText(text: Word, at: Omit<Invocation, "argv">, { args, path, zeroth }: ShellWords, depth: number): Word {
    if (!isKnown(text) && text.replaceAll(hole, "").trim() === "") {
      this.#opaque("text that only running would tell", at.through);
      return hole;
    }
    const environment = newEnvironment(at.cwd, at.env, args);
    if (path !== undefined) nameScript(environment, path);
    else if (zeroth !== undefined) setVariable(environment, "0", [textValue(zeroth)]);
    for (const [name, bodies] of this.#functions) environment.functions.set(name, bodies);
    return this.#shell.runText(text, { environment, stdin: at.stdin, through: at.through, depth });
  }

  #code(language: Extract<Nested, { kind: "code" }>["language"], text: Word, at: Invocation, depth: number): Word {
    const { cwd, env, through, stdin } = at;
    const reading = readCode(language, text, this.#facts, { cwd, env, through, ...(stdin !== undefined && { stdin }) });
    this.#follow(reading, at, depth, undefined);
    return hole;
  }

  #file(nested: Extract<Nested, { kind: "file" }>, at: Invocation, depth: number): Word {
    const path = resolvePath(at.cwd, nested.path);
    const content = this.#files.read(path);
    if (content.kind === "missing") return hole;
    if (content.kind === "unknown") {
      const tool = nested.as === undefined || nested.as === "shell" ? "sh" : nested.through.split(" ", 1)[0];
      this.#opaque(isKnown(nested.path) ? nested.path : "a script that only running would tell", at.through, tool);
      return hole;
    }
    const language = nested.as ?? whichLanguage(path, content.text);
    if (language === "shell") return this.#shellText(content.text, at, { args: nested.args, path }, depth);
    if (language === undefined) return hole;
    const { cwd, env, through, stdin } = at;
    const start = { cwd, env, through, args: nested.args, ...(stdin !== undefined && { stdin }) };
    this.#follow(readCode(language, content.text, this.#facts, start), at, depth, undefined);
    return hole;
  }
}

/** Says of a file whose name is what a pattern matches which pattern that is. */
function withPatterns(effect: Effect, { patterns, cwd }: Invocation): Effect {
  const { destination } = effect;
  if (patterns === undefined || destination.kind !== "file" || isKnown(destination.path)) return effect;
  const meant = [...patterns].filter(([word]) => resolvePath(cwd, word) === destination.path).flatMap(([, texts]) => texts);
  return meant.length === 0
    ? effect
    : { ...effect, destination: { ...destination, patterns: meant.map((text) => resolvePath(cwd, text)) } };
}

/** Programs whose copy holds what the original held. */
const copies: ReadonlySet<string> = new Set(["cp", "mv", "install", "ln", "rsync", "gcp", "gmv"]);

/** Their own scripts are read, so what these write is known from there. */
const ownFace: ReadonlySet<string> = new Set(["chmod", "touch", "chown"]);
