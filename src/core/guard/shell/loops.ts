/** Loops: round by round where what they go by is known, else until a further round would show nothing new. */

import { hole, isKnown, type Word } from "../word.ts";
import { decided, type Runner } from "./branching.ts";
import { not, type Truth } from "./conditions.ts";
import { bounded, branchOf, isSameEnvironment, mergeInto, setVariable, textValue, type Environment } from "./environment.ts";
import { globNames } from "./glob-names.ts";
import type { ScriptWord, ShellNode } from "./script.ts";
import type { Flow, Frame, LoopEnds } from "./walk.ts";

const wordsMax = 64;
const roundsMax = 32;
const innerRoundsMax = 8;
/** Rounds of a loop that may end at any time, before one in which nothing is decided stands for the rest. */
const openRoundsMax = 4;

type Node<Kind extends ShellNode["kind"]> = Extract<ShellNode, { kind: Kind }>;

interface Loop {
  readonly frame: Frame;
  readonly ends: LoopEnds;
}

function begin(frame: Frame): Loop {
  const ends: LoopEnds = { breaks: [], continues: [] };
  const flow: Flow = { exits: [], returns: undefined, ...frame.flow, loops: [...(frame.flow?.loops ?? []), ends] };
  return { frame: { ...frame, flow }, ends };
}

/** One round of a body: `continue` comes out at its end. */
function round(body: readonly ShellNode[], { frame, ends }: Loop, { nodes }: Runner): Word {
  const { environment } = frame;
  const output = nodes(body, frame);
  const continued = ends.continues.splice(0);
  if (continued.length > 0) mergeInto(environment, [branchOf(environment), ...continued]);
  return output;
}

/** What holds behind a loop. */
function finish(environment: Environment, ends: readonly Environment[]): void {
  if (ends.length > 0) mergeInto(environment, ends);
  else environment.hasLeft = true;
}

export function runFor(node: Node<"for">, frame: Frame, runner: Runner): Word {
  const { environment } = frame;
  const ways = node.words === undefined ? [environment.positionals] : forValues(node.words, frame, runner);
  const [only = [], ...others] = ways;
  environment.status = true;
  // A word with a hole may be several: the names that a pattern matches.
  const isExact = !node.isAsked && others.length === 0 && only.length <= wordsMax && only.every(isKnown);
  const loop = begin(frame);
  const { output, ends } = isExact ? everyWord(node, only, loop, runner) : anyWords(node, distinctWords(ways), loop, runner);
  finish(environment, [...ends, ...loop.ends.breaks]);
  return ways.length > 1 && output !== "" ? hole : output;
}

function distinctWords(ways: readonly (readonly Word[])[]): readonly Word[] {
  const all = [...new Set(ways.flat())];
  return all.length > wordsMax ? [...all.slice(0, wordsMax), hole] : all;
}

interface Went {
  readonly output: Word;
  readonly ends: readonly Environment[];
}

/** The words in their order, once. */
function everyWord(node: Node<"for">, values: readonly Word[], loop: Loop, runner: Runner): Went {
  const { environment } = loop.frame;
  let output = "";
  for (const value of values) {
    if (!runner.shell.walk.budget.step()) return { output: hole, ends: [environment] };
    setVariable(environment, node.variable, [textValue(value)]);
    output = bounded(output + round(node.body, loop, runner));
    if (environment.hasLeft) return { output, ends: [] };
  }
  return { output, ends: [branchOf(environment)] };
}

/** Words of which nobody knows how many there are: none of them, or any number of each. */
function anyWords(node: Node<"for">, values: readonly Word[], loop: Loop, runner: Runner): Went {
  const { environment } = loop.frame;
  let output = "";
  const isSure = values.some(isKnown) && !node.isAsked;
  const ends: Environment[] = isSure ? [] : [branchOf(environment)];
  for (let count = 0; count <= openRoundsMax; count += 1) {
    const before = branchOf(environment);
    const own = count === openRoundsMax ? { ...loop, frame: { ...loop.frame, isUndecided: true } } : loop;
    for (const value of values) {
      if (!runner.shell.walk.budget.step()) return { output: hole, ends: [environment] };
      const at = branchOf(environment);
      setVariable(environment, node.variable, [textValue(value)]);
      output = bounded(output + round(node.body, own, runner));
      // Whether it goes on behind this word or never came to it, the next one may follow.
      if (environment.hasLeft || count > 0) mergeInto(environment, [at, branchOf(environment)]);
      ends.push(branchOf(environment));
    }
    if (count === 0 || !isSameEnvironment(before, environment)) mergeInto(environment, [before, branchOf(environment)]);
    if (isSameEnvironment(before, environment)) break;
  }
  ends.push(branchOf(environment));
  return { output, ends };
}

function forValues(words: readonly ScriptWord[], frame: Frame, { shell }: Runner): readonly (readonly Word[])[] {
  const [folder = hole, ...others] = frame.environment.folders;
  const names = others.length > 0 ? undefined : globNames(words, folder, shell.walk.facts);
  return names === undefined ? shell.expander(frame).fields(words) : [names];
}

export function runWhile(node: Node<"while">, frame: Frame, runner: Runner): Word {
  const test = (own: Frame): Truth => {
    runner.nodes(node.test, own);
    const truth = decided(own);
    return node.isUntil ? not(truth) : truth;
  };
  return whileHolds({ test, body: node.body, after: () => "" }, frame, runner);
}

/** `for ((first; test; next))`; without a test it goes on for ever. */
export function runCount(node: Node<"count">, frame: Frame, runner: Runner): Word {
  const sum = (word: ScriptWord, own: Frame): Word => (word.length === 0 ? "1" : runner.shell.expander(own).text(word));
  sum(node.first, frame);
  const test = (own: Frame): Truth => {
    const value = sum(node.test, own);
    return /^-?\d+$/.test(value) && own.isUndecided !== true ? value !== "0" : undefined;
  };
  return whileHolds({ test, body: node.body, after: (own) => sum(node.next, own) }, frame, runner);
}

interface Turning {
  /** Runs what decides, and says what came of it. */
  readonly test: (frame: Frame) => Truth;
  readonly body: readonly ShellNode[];
  readonly after: (frame: Frame) => Word;
}

function whileHolds(turning: Turning, frame: Frame, runner: Runner): Word {
  const { environment } = frame;
  const loop = begin(frame);
  const most = (frame.flow?.loops.length ?? 0) > 0 ? innerRoundsMax : roundsMax;
  const turned: Turned = { ends: [], output: "", openRounds: 0 };
  for (let count = 0; !environment.hasLeft; count += 1) {
    const isLast = count >= most || turned.openRounds > openRoundsMax || !runner.shell.walk.budget.step();
    if (!turn(turning, isLast ? { ...loop, frame: { ...loop.frame, isUndecided: true } } : loop, turned, runner)) break;
  }
  finish(environment, [...turned.ends, ...loop.ends.breaks]);
  return turned.output === "" ? "" : hole;
}

interface Turned {
  readonly ends: Environment[];
  output: Word;
  /** Rounds since nobody knows whether there is another one. */
  openRounds: number;
}

/** One round; whether another one may show something new. In one where nothing is decided, all further rounds are met. */
function turn({ test, body, after }: Turning, loop: Loop, turned: Turned, runner: Runner): boolean {
  const { frame } = loop;
  const { environment } = frame;
  const before = branchOf(environment);
  const truth = test(frame);
  if (environment.hasLeft) return false;
  if (truth !== true) turned.ends.push({ ...branchOf(environment), status: true });
  if (truth === false) return false;
  if (truth === undefined || turned.openRounds > 0) turned.openRounds += 1;
  turned.output = bounded(turned.output + round(body, loop, runner));
  if (!environment.hasLeft) after(frame);
  // It may have gone round any number of times by now.
  if (turned.openRounds > 0) mergeInto(environment, [before, branchOf(environment)]);
  if (frame.isUndecided !== true && !isSameEnvironment(before, environment)) return true;
  turned.ends.push(branchOf(environment));
  return false;
}
