/** Simple commands: assignments, redirections, then a function, a builtin or a program. */

import { hole, isKnown, type Word } from "../word.ts";
import {
  branchOf,
  exportedBy,
  listValue,
  mergeInto,
  noFunction,
  textValue,
  unsetValue,
  type Environment,
  type Value,
  type Variable,
} from "./environment.ts";
import type { Expander } from "./expander.ts";
import { depthMax } from "./limits.ts";
import { bringsFromHistory } from "../tools/project-makers.ts";
import { landOutput, openRedirects, type Opened } from "./redirects.ts";
import type { Assignment, Script, ScriptWord, ShellNode, SimpleCommand } from "./script.ts";
import { runsAsName, shownText } from "./shown-text.ts";
import { isGuessed, textOf } from "./variable-values.ts";
import type { Builtin, Flow, Frame, Shell, Walk } from "./walk.ts";

const roundsMax = 2;

type RunNodes = (nodes: readonly ShellNode[], frame: Frame) => Word;

interface Consumer extends Shell {
  readonly consume: (script: Script, stdin: Word, frame: Frame) => void;
}

export class SimpleRun {
  readonly #shell: Consumer;
  readonly #builtins: ReadonlyMap<string, Builtin>;
  readonly #runNodes: RunNodes;

  constructor(shell: Consumer, builtins: ReadonlyMap<string, Builtin>, runNodes: RunNodes) {
    this.#shell = shell;
    this.#builtins = builtins;
    this.#runNodes = runNodes;
  }

  run(node: SimpleCommand, frame: Frame): Word {
    const { walk } = this.#shell;
    const opened = openRedirects(node.redirects, frame, this.#shell);
    const patterns = new Map<Word, readonly string[]>();
    const ways = this.#shell.expander({ ...frame, stdin: opened.stdin, patterns }).fields(node.words.map((argument) => argument.word));
    const { mergesErrors = frame.mergesErrors === true } = opened;
    const inside = { ...frame, stdin: opened.stdin, mergesErrors, patterns };
    const one = (words: readonly Word[], own: Frame): Word => {
      if (!walk.budget.words(words.length)) return hole;
      if (words.length === 0) return isFileText(node) ? (opened.stdin ?? hole) : this.#assignOnly(node, own);
      return this.#withAssignments(node, words, own);
    };
    const [first = [], ...others] = ways;
    const output = others.length === 0 ? one(first, inside) : this.#either(ways, inside, one);
    const { environment } = frame;
    if (environment.status === true && opened.mayFail) environment.status = undefined;
    if (environment.status !== undefined && node.words.some(({ word }) => isGuessed(word))) environment.status = undefined;
    if (isNameless(node, ways, frame)) walk.opaque("a program whose name only running would tell", frame.through);
    // A file that comes from the project's history is judged as it lies there.
    const isOwn = (path: Word): boolean => output === hole && ways.every((words) => bringsFromHistory(words, path));
    const outputs = opened.outputs.filter(({ path, isAppended }) => isAppended || !isOwn(path));
    return this.#land({ ...opened, outputs }, output, frame);
  }

  /** One of several readings of the same words; what holds afterwards may be any of them. */
  #either(ways: readonly (readonly Word[])[], frame: Frame, one: (words: readonly Word[], own: Frame) => Word): Word {
    const ends: Environment[] = [];
    const outputs = new Set<Word>();
    for (const words of ways) {
      const environment = branchOf(frame.environment);
      outputs.add(one(words, { ...frame, environment }));
      ends.push(environment);
    }
    mergeInto(frame.environment, ends);
    return outputs.size > 1 ? hole : ([...outputs][0] ?? "");
  }

  #land(opened: Opened, output: Word, frame: Frame): Word {
    landOutput(opened, output, this.#shell);
    for (const script of opened.consumers) this.#shell.consume(script, output, frame);
    // What a consumer prints comes out where the command's own output would.
    if (opened.consumers.length > 0) return hole;
    return opened.isDiverted ? "" : output;
  }

  #assignOnly(node: SimpleCommand, frame: Frame): Word {
    const { environment } = frame;
    // Without a substitution an assignment does well; with one, its status is that of the substitution.
    environment.status = true;
    for (const assignment of node.assignments) this.#shell.assign(assignment, frame, false);
    return "";
  }

  /** `X=1 program`: the assignments hold for this command only. */
  #withAssignments(node: SimpleCommand, words: readonly Word[], frame: Frame): Word {
    const { variables } = frame.environment;
    const before = node.assignments.map(({ name }) => [name, variables.get(name)] as const);
    for (const assignment of node.assignments) this.#shell.assign(assignment, frame, true);
    const declared = node.words.flatMap((argument) => argument.assignment ?? []);
    const output = this.runWords(words, frame, true, declared);
    for (const [name, variable] of before) restore(variables, name, variable);
    return output;
  }

  /** `isFirst`: whether functions are looked up. */
  runWords(words: readonly Word[], frame: Frame, isFirst: boolean, declared: readonly Assignment[] = []): Word {
    const [name] = words;
    if (name === undefined || name === "") return "";
    const bodies = isFirst ? frame.environment.functions.get(name) : undefined;
    if (bodies?.includes(noFunction) === true)
      this.runWords(words, { ...frame, environment: branchOf(frame.environment) }, false, declared);
    if (bodies !== undefined) return this.#call(bodies, words.slice(1), frame);
    frame.environment.status = alwaysSucceed.has(name) ? true : undefined;
    const builtin = this.#builtins.get(name);
    if (builtin === undefined) return this.#program(words, frame);
    for (const word of namesAmong(words)) if (runsAsName(word)) this.#shell.runText(shownText(word), apart(frame));
    return builtin(words, frame, this.#shell, declared);
  }

  /** Functions see and change the variables of who calls; only the positional parameters are their own. */
  #call(bodies: readonly ShellNode[], args: readonly Word[], frame: Frame): Word {
    const { environment } = frame;
    if (frame.depth > depthMax) {
      this.#shell.walk.budget.cut();
      return hole;
    }
    const { positionals } = environment;
    const before = branchOf(environment);
    const ends: Environment[] = [];
    const outputs = new Set<Word>();
    const active = frame.active ?? [];
    for (const body of bodies) {
      const rounds = active.filter((each) => each === body).length;
      if (rounds > roundsMax || body === noFunction) {
        ends.push({ ...branchOf(before), status: undefined });
        continue;
      }
      // Of one that calls itself again and again, the last round stands for all that would follow.
      const isLast = rounds === roundsMax;
      const own = { ...branchOf(before), positionals: isLast ? [hole] : args };
      const locals = new Set<string>();
      const returns: Environment[] = [];
      const flow: Flow = { exits: [], ...frame.flow, returns, loops: [] };
      const inside: Frame = { ...frame, environment: own, depth: frame.depth + 1, active: [...active, body], locals, flow };
      outputs.add(this.#runNodes([body], isLast ? { ...inside, isUndecided: true } : inside));
      for (const end of [own, ...returns]) {
        for (const name of locals) restore(end.variables, name, before.variables.get(name));
        ends.push(end);
      }
    }
    if (ends.length > 0) mergeInto(environment, ends);
    environment.positionals = positionals;
    return outputs.size > 1 ? hole : ([...outputs][0] ?? "");
  }

  #program(words: readonly Word[], frame: Frame): Word {
    const { walk } = this.#shell;
    const env = exportedBy(frame.environment);
    const outputs = frame.environment.folders.map((cwd) => {
      if (!walk.budget.invocation()) return hole;
      const { patterns = noPatterns } = frame;
      const invocation = { argv: words, cwd, env, through: frame.through, ...(patterns.size > 0 && { patterns }) };
      return walk.run(frame.stdin === undefined ? invocation : { ...invocation, stdin: frame.stdin }, frame.depth + 1);
    });
    return new Set(outputs).size > 1 ? hole : (outputs[0] ?? hole);
  }
}

const noPatterns: ReadonlyMap<Word, readonly string[]> = new Map();

/** In a shell of its own. */
const apart = (frame: Frame): Frame => ({ ...frame, environment: branchOf(frame.environment), flow: undefined });

const takesNames: ReadonlySet<string> = new Set(
  "declare export getopts local mapfile read readarray readonly typeset unset wait".split(" "),
);

/** Words that a builtin takes for names of variables, or for numbers. */
function namesAmong(words: readonly Word[]): readonly Word[] {
  const [name = "", ...args] = words;
  if (name === "printf") return args[0] === "-v" ? args.slice(1, 2) : [];
  if (takesNames.has(name)) return args.includes("-i") ? args.flatMap((word) => [word, word.replace(/^\w+\+?=/, "")]) : args;
  const compares = (name === "test" || name === "[") && args.some((word) => /^-(?:v|eq|ne|lt|le|gt|ge)$/.test(word));
  return compares ? args : [];
}

/** Their work is to set something, and that does not fail. */
const alwaysSucceed: ReadonlySet<string> = new Set(": true export declare typeset local set alias unset umask trap".split(" "));

function restore(variables: Environment["variables"], name: string, variable: Variable | undefined): void {
  if (variable === undefined) variables.delete(name);
  else variables.set(name, variable);
}

/** `$(<file)` is the file's text. */
const isFileText = ({ words, assignments, redirects }: SimpleCommand): boolean =>
  words.length === 0 && assignments.length === 0 && redirects.some(({ operator }) => operator === "<");

/** The statements that stand for a command whose name is an alias; `undefined` where it is none. */
export function withArguments(node: SimpleCommand, frame: Frame, walk: Walk): readonly (readonly ShellNode[])[] | undefined {
  const [first, ...rest] = node.words;
  const [piece, ...others] = first?.word ?? [];
  if (piece?.kind !== "literal" || piece.isQuoted || others.length > 0) return undefined;
  const texts = frame.environment.aliases.get(piece.text);
  if (texts === undefined || frame.depth > depthMax) return undefined;
  const { environment } = frame;
  return texts.map((text) => {
    if (!walk.budget.text(text.length)) return [];
    const script = walk.parse(text);
    if (!script.isComplete) walk.incomplete(text, frame.through);
    // An alias is not expanded again inside of itself: `alias ls='ls -l'`.
    const aliases = new Map(environment.aliases);
    aliases.delete(piece.text);
    const last = script.statements.at(-1);
    if (last?.kind !== "simple") return [...script.statements, { kind: "simple" as const, assignments: [], words: rest, redirects: [] }];
    const joined = {
      ...last,
      assignments: [...node.assignments, ...last.assignments],
      words: [...last.words, ...rest],
      redirects: [...last.redirects, ...node.redirects],
    };
    const [name] = joined.words;
    const isItself = name?.word.length === 1 && name.word[0]?.kind === "literal" && name.word[0].text === piece.text;
    const guarded = isItself ? { ...joined, words: [{ word: [{ ...piece, isQuoted: true }] }, ...joined.words.slice(1)] } : joined;
    return [...script.statements.slice(0, -1), guarded];
  });
}

/** The values that an assignment leaves. */
export function assignValue(assignment: Assignment, environment: Environment, expander: Expander): readonly Value[] {
  const { value, name, isAppended, index } = assignment;
  const before = environment.variables.get(name)?.values ?? (isAppended ? [textValue(hole)] : [unsetValue]);
  if ("elements" in value) return [arrayOf(value.elements, before, isAppended, expander)];
  // What is appended to a number is added.
  const isAdded = isAppended && environment.variables.get(name)?.attribute === "number";
  const texts = expander.texts(value);
  if (index !== undefined) {
    const [key, [text = hole, ...others]] = [expander.text(index), texts];
    return before.map((old) => withEntry(old, key, others.length > 0 ? hole : text));
  }
  if (isAdded) return [textValue(hole)];
  if (!isAppended) return texts.map(textValue);
  return before.flatMap((old) => texts.map((text) => textValue((textOf(old) ?? "") + text)));
}

type Elements = Extract<Assignment["value"], { elements: unknown }>["elements"];

function arrayOf(elements: Elements, before: readonly Value[], isAppended: boolean, expander: Expander): Value {
  const [old] = before;
  const kept = isAppended && old !== undefined ? entriesOf(old) : [];
  if (elements.some((element) => element.key !== undefined)) {
    const keyed = elements.map(({ key, word }, at) => [key === undefined ? String(at) : expander.text(key), expander.text(word)] as const);
    return { kind: "array", entries: new Map([...kept, ...keyed]) };
  }
  const words: readonly ScriptWord[] = elements.map((element) => element.word);
  const [fields = [], ...others] = expander.fields(words);
  return listValue([...kept.map(([, item]) => item), ...(others.length > 0 ? [hole] : fields)]);
}

function entriesOf(value: Value): readonly (readonly [string, Word])[] {
  if (value.kind === "array") return [...value.entries];
  return value.kind === "text" ? [["0", value.text]] : [];
}

function withEntry(value: Value, key: Word, text: Word): Value {
  return isKnown(key) ? { kind: "array", entries: new Map([...entriesOf(value), [key, text]]) } : textValue(hole);
}

/** A lone `$C` that this command put together from what only running would tell. */
function isNameless(node: SimpleCommand, ways: readonly (readonly Word[])[], frame: Frame): boolean {
  if (!ways.some((words) => words.length === 1 && words[0] === hole)) return false;
  return node.words.some(({ word }) =>
    word.some((piece) => {
      if (piece.kind === "literal") return piece.text.includes(hole);
      if (piece.kind === "parameter") return frame.environment.variables.has(piece.name);
      return piece.kind === "command";
    }),
  );
}
