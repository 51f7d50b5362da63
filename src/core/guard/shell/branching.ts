/** Commands that choose: `if`, `case`, `&&` and `||`. Where what decides is known, one way is gone; else all of them are. */

import { hole, isKnown, type Word } from "../word.ts";
import { agreed, both, either, matchTruth, not, binaryTruth, unaryTruth, type Truth } from "./conditions.ts";
import { bounded, branchOf, mergeInto, type Environment } from "./environment.ts";
import type { CaseItem, ScriptWord, ShellNode, Test } from "./script.ts";
import { runsAsName, shownText } from "./shown-text.ts";
import { isGuessed } from "./variable-values.ts";
import type { Frame, Shell } from "./walk.ts";

/** How the walk goes on. */
export interface Runner {
  readonly shell: Shell;
  readonly node: (node: ShellNode, frame: Frame) => Word;
  readonly nodes: (nodes: readonly ShellNode[], frame: Frame) => Word;
}

/** How the last command ended, where something may be decided by it. */
export const decided = ({ environment, isUndecided }: Frame): Truth =>
  isUndecided === true || environment.isUndecided ? undefined : environment.status;

const only = (outputs: ReadonlySet<Word>): Word => (outputs.size > 1 ? hole : ([...outputs][0] ?? ""));

export function runIf(node: Extract<ShellNode, { kind: "if" }>, frame: Frame, { nodes }: Runner): Word {
  const { environment } = frame;
  const ends: Environment[] = [];
  const outputs = new Set<Word>();
  let tested = "";
  let isOpen = true;
  for (const { test, body } of node.branches) {
    tested += nodes(test, frame);
    const truth = decided(frame);
    if (environment.hasLeft) isOpen = false;
    if (!isOpen || truth === false) continue;
    const own = branchOf(environment);
    outputs.add(nodes(body, { ...frame, environment: own }));
    ends.push(own);
    isOpen = truth === undefined;
    if (!isOpen) break;
  }
  if (isOpen) {
    const own = branchOf(environment);
    // Without `else`, that nothing held is no failure.
    own.status = true;
    outputs.add(nodes(node.otherwise ?? [], { ...frame, environment: own }));
    ends.push(own);
  }
  if (ends.length > 0) mergeInto(environment, ends);
  return tested + only(outputs);
}

export function runCase(node: Extract<ShellNode, { kind: "case" }>, frame: Frame, runner: Runner): Word {
  const { environment } = frame;
  const subjects = textsOf(node.word, frame, runner.shell);
  const ends: Environment[] = [];
  const outputs = new Set<Word>();
  /** What holds where no pattern has matched so far, and where a body is fallen into. */
  let open: Environment | undefined = branchOf(environment);
  let falling: Environment | undefined;
  for (const item of node.items) {
    const truth = itemTruth(item, subjects, open ?? environment, { frame, shell: runner.shell });
    const entered = [falling, truth === false ? undefined : open].flatMap((way) => way ?? []).map(branchOf);
    falling = undefined;
    if (truth === true) open = undefined;
    if (entered.length === 0) continue;
    const own = branchOf(environment);
    mergeInto(own, entered);
    own.status = true;
    outputs.add(runner.nodes(item.body, { ...frame, environment: own }));
    if (item.ends === ";&") falling = own;
    else if (item.ends === ";;&") open = together(open, own);
    else ends.push(own);
  }
  for (const way of [open, falling]) if (way !== undefined) ends.push(way);
  if (open !== undefined) outputs.add("");
  mergeInto(environment, ends);
  return only(outputs);
}

function itemTruth(
  { patterns }: CaseItem,
  subjects: readonly Word[],
  environment: Environment,
  { frame, shell }: { readonly frame: Frame; readonly shell: Shell },
): Truth {
  const expander = shell.expander({ ...frame, environment });
  const truths = patterns.map((pattern) => {
    const text = expander.pattern(pattern);
    return isGuessed(pattern) ? undefined : agreed(subjects.map((subject) => matchTruth(subject, text)));
  });
  const truth = either(truths);
  return frame.isUndecided === true || environment.isUndecided ? undefined : truth;
}

/** The values of a word; a hole where what the shell says of itself stands in it. */
function textsOf(word: ScriptWord, frame: Frame, shell: Shell): readonly Word[] {
  const texts = shell.expander(frame).texts(word);
  return isGuessed(word) ? [hole] : texts;
}

function together(one: Environment | undefined, other: Environment): Environment {
  if (one === undefined) return other;
  const joined = branchOf(one);
  mergeInto(joined, [one, other]);
  return joined;
}

/** Ways after a command: where it did well, where it failed, and where it failed although nobody expects that (`cd`). */
interface Ways {
  yes: Environment | undefined;
  no: Environment | undefined;
  unlikely: Environment | undefined;
}

function waysAfter(node: ShellNode, frame: Frame): Ways {
  const { environment } = frame;
  if (environment.hasLeft) return { yes: undefined, no: undefined, unlikely: undefined };
  const truth = decided(frame);
  if (truth === true) return { yes: environment, no: undefined, unlikely: undefined };
  if (truth === false) return { yes: undefined, no: environment, unlikely: undefined };
  const [yes, no] = [branchOf(environment), branchOf(environment)];
  [yes.status, no.status] = [true, false];
  return succeeds(node) ? { yes, no: undefined, unlikely: no } : { yes, no, unlikely: undefined };
}

/** `a && b || c`. */
export function runAndOr(items: Extract<ShellNode, { kind: "and-or" }>["items"], frame: Frame, runner: Runner): Word {
  const { environment } = frame;
  let ways: Ways = { yes: branchOf(environment), no: undefined, unlikely: undefined };
  let output = "";
  for (const { operator, node } of items) {
    if (!runner.shell.walk.budget.step()) return hole;
    const isOr = operator === "||";
    const from = isOr ? joinedWays([ways.no, ways.unlikely]) : ways.yes;
    if (from === undefined) continue;
    const own = { ...frame, environment: from };
    const printed = runner.node(node, own);
    // What printed something known is taken to have done well.
    if (!isOr || output === "" || !isKnown(output)) output = isOr && output !== "" ? hole : bounded(output + printed);
    const after = waysAfter(node, own);
    ways = isOr
      ? { yes: joinedWays([ways.yes, after.yes]), no: after.no, unlikely: after.unlikely }
      : { yes: after.yes, no: joinedWays([ways.no, after.no]), unlikely: joinedWays([ways.unlikely, after.unlikely]) };
  }
  const ends = [ways.yes, ways.no].flatMap((way) => way ?? []);
  const last = ends.length > 0 ? ends : [ways.unlikely].flatMap((way) => way ?? []);
  if (last.length === 0) environment.hasLeft = true;
  else mergeInto(environment, last);
  return output;
}

function joinedWays(ways: readonly (Environment | undefined)[]): Environment | undefined {
  const open = ways.flatMap((way) => (way === undefined || way.hasLeft ? [] : [way]));
  const [first, ...others] = open;
  if (first === undefined || others.length === 0) return first;
  const joined = branchOf(first);
  mergeInto(joined, open);
  return joined;
}

/** Commands that fail only where something is wrong with the machine. */
const seldomFail: ReadonlySet<string> = new Set(["cd", "pushd", "popd", "echo", "printf"]);

function succeeds(node: ShellNode): boolean {
  if (node.kind !== "simple") return node.kind === "function";
  const [first] = node.words;
  if (first === undefined) return true;
  const [piece, ...others] = first.word;
  return others.length === 0 && piece?.kind === "literal" && seldomFail.has(piece.text);
}

/** `[[ … ]]` and `(( … ))`. Everything in it is expanded, also what a shell would leave out. */
export function testTree(test: Test, frame: Frame, shell: Shell): Truth {
  switch (test.kind) {
    case "both":
      return both(test.tests.map((each) => testTree(each, frame, shell)));
    case "either":
      return either(test.tests.map((each) => testTree(each, frame, shell)));
    case "not":
      return not(testTree(test.test, frame, shell));
    case "unary":
      if (test.operator === "-v") namesRun(test.word, frame, shell);
      return agreed(textsOf(test.word, frame, shell).map((word) => unaryTruth(test.operator, word)));
    case "sum": {
      const value = shell.expander(frame).text(test.word);
      return /^-?\d+$/.test(value) ? value !== "0" : undefined;
    }
    case "binary": {
      if (/^-[egln][eqt]$/.test(test.operator)) for (const word of [test.left, test.right]) namesRun(word, frame, shell);
      const lefts = textsOf(test.left, frame, shell);
      const isPattern = /^[=!]=$|^=$/.test(test.operator);
      const expander = shell.expander(frame);
      const rights = isPattern ? [expander.pattern(test.right)] : expander.texts(test.right);
      if (isGuessed(test.right)) return undefined;
      return agreed(lefts.flatMap((left) => rights.map((right) => binaryTruth(test.operator, left, right, isPattern))));
    }
  }
}

/** What stands in the subscripts of a name, or of a text that is taken for a number. */
function namesRun(word: ScriptWord, frame: Frame, shell: Shell): void {
  for (const text of textsOf(word, frame, shell)) {
    const own = { ...frame, environment: branchOf(frame.environment), flow: undefined };
    if (runsAsName(text)) shell.runText(shownText(text), own);
  }
}
