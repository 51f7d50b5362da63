/** Makefiles: which lines a target runs, with the variables put in as far as they are known. */

import { hole, isKnown, type Word } from "../word.ts";

export interface Makefile {
  readonly variables: ReadonlyMap<string, Word>;
  readonly rules: readonly Rule[];
  readonly includes: readonly string[];
  /** Texts of `$(shell …)` that run while the file is read. */
  readonly shells: readonly string[];
  /** Counts the expansions of its variables. */
  readonly spent: { expansions: number };
}

export interface Rule {
  readonly targets: readonly string[];
  readonly prerequisites: readonly string[];
  readonly recipe: readonly string[];
}

const linesMax = 5000;
const depthMax = 12;
const textMax = 1 << 16;
/** Of variables, in all that is made of one Makefile; beyond it they are holes. An empty one costs as much as any other. */
const expansionsMax = 10_000;

const definition = /^(?:(?:export|override|private|unexport)\s+)*([\w.-]+)\s*(\+|\?|:{1,3}|!)?=\s*(.*)$/;
const conditional = /^\s*(?:ifn?eq|ifn?def|else|endif|\.[A-Z_]+\s*:|vpath|unexport\s*$|export\s*$)/;

export function parseMakefile(text: string): Makefile {
  const variables = new Map<string, Word>();
  const rules: { targets: string[]; prerequisites: string[]; recipe: string[] }[] = [];
  const includes: string[] = [];
  const shells: string[] = [];
  let rule: (typeof rules)[number] | undefined;
  let macro: { name: string; lines: string[] } | undefined;
  for (const line of logicalLines(text)) {
    const [, start] = /^(?:override\s+)?define\s+([\w.-]+)/.exec(line) ?? [];
    if (macro !== undefined) {
      if (/^endef\b/.test(line)) {
        variables.set(macro.name, macro.lines.join("\n"));
        macro = undefined;
      } else macro.lines.push(line.replace(/^\t/, ""));
    } else if (start !== undefined) macro = { name: start, lines: [] };
    else if (line.startsWith("\t") && rule !== undefined) rule.recipe.push(line.slice(1));
    else if (!conditional.test(line)) rule = readLine(line.replace(/(^|\s)#.*$/, "$1"), { variables, rules, includes, shells }, rule);
  }
  return { variables, rules, includes, shells, spent: { expansions: 0 } };
}

type Rules = { targets: string[]; prerequisites: string[]; recipe: string[] }[];

interface Reading {
  readonly variables: Map<string, Word>;
  readonly rules: Rules;
  readonly includes: string[];
  readonly shells: string[];
}

/** The rule that recipe lines below belong to. */
function readLine(line: string, into: Reading, rule: Rules[number] | undefined): Rules[number] | undefined {
  const [, included] = /^\s*-?s?include\s+(.+)$/.exec(line) ?? [];
  if (included !== undefined) into.includes.push(...included.trim().split(/\s+/));
  const [, name, operator = "", value] = definition.exec(line.trim()) ?? [];
  if (name !== undefined && value !== undefined) {
    define(into, name, operator, value.trim());
    return rule;
  }
  const [, targets, prerequisites] = /^([^\t#:=][^:=]*)::?(?!=)(.*)$/.exec(line) ?? [];
  return targets === undefined || prerequisites === undefined ? rule : readRule(targets, prerequisites, into, rule);
}

function readRule(targets: string, behind: string, into: Reading, rule: Rules[number] | undefined): Rules[number] | undefined {
  // `target: NAME = value` sets a variable for that target.
  const [, own, , set] = definition.exec(behind.trim()) ?? [];
  if (own !== undefined && set !== undefined) {
    into.variables.set(own, into.variables.has(own) && into.variables.get(own) !== set ? hole : set);
    return rule;
  }
  const [prerequisites = "", ...recipe] = behind.split(";");
  const next = {
    targets: words(targets),
    prerequisites: words(prerequisites.replace("|", " ")),
    recipe: recipe.length === 0 ? [] : [recipe.join(";").trim()],
  };
  into.rules.push(next);
  return next;
}

function define({ variables, shells }: Reading, name: string, operator: string, value: string): void {
  const before = variables.get(name);
  if (operator === "+") variables.set(name, before === undefined ? value : `${before} ${value}`);
  else if (operator === "!") {
    shells.push(value);
    variables.set(name, hole);
  } else if (operator === "?" && before !== undefined) return;
  // In both branches of a condition: either may hold.
  else variables.set(name, before === undefined || before === value ? value : hole);
  for (const [, text] of value.matchAll(/\$[({]shell\s+([^()]*(?:\([^()]*\)[^()]*)*)[)}]/g))
    if (operator.startsWith(":") && text !== undefined) shells.push(text);
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** Lines that end in a backslash go on; in recipes the shell sees both characters, which joins them all the same. */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let current: string | undefined;
  for (const line of text.split(/\r?\n/).slice(0, linesMax)) {
    const whole: string = current === undefined ? line : `${current} ${line.trim()}`;
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(line)) current = whole.slice(0, -1);
    else {
      lines.push(whole);
      current = undefined;
    }
  }
  return current === undefined ? lines : [...lines, current];
}

/** All rules that making `wanted` may run, each once. Without targets: the first. A target that is not known: all rules. */
export function reachable(
  makefile: Makefile,
  wanted: readonly Word[],
  overrides: ReadonlyMap<string, Word>,
): readonly { rule: Rule; target: Word }[] {
  const expanded = makefile.rules.map((rule) => ({
    ...rule,
    targets: rule.targets.flatMap((word) => words(expandMake(word, makefile, overrides))),
    prerequisites: rule.prerequisites.flatMap((word) => words(expandMake(word, makefile, overrides))),
  }));
  const first = expanded.flatMap(({ targets }) => targets).find((target) => !target.startsWith(".") && !target.includes("%"));
  const queue: Word[] =
    wanted.length > 0 ? [...wanted] : (overrides.get(".DEFAULT_GOAL") ?? makefile.variables.get(".DEFAULT_GOAL") ?? first ?? "").split(" ");
  const seen = new Set<Word>();
  const run: { rule: Rule; target: Word }[] = [];
  for (let target = queue.shift(); target !== undefined && run.length < 500; target = queue.shift()) {
    if (seen.has(target)) continue;
    seen.add(target);
    for (const rule of expanded.filter(({ targets }) => targets.some((name) => matches(name, target ?? "")))) {
      run.push({ rule, target });
      queue.push(...rule.prerequisites);
    }
  }
  return run;
}

function matches(name: string, target: Word): boolean {
  if (!isKnown(target) || !isKnown(name) || name === target) return true;
  const at = name.indexOf("%");
  return at >= 0 && target.startsWith(name.slice(0, at)) && target.endsWith(name.slice(at + 1)) && target.length >= name.length - 1;
}

/** The line that the shell gets. */
export function recipeText(line: string, at: { rule: Rule; target: Word }, makefile: Makefile, overrides: ReadonlyMap<string, Word>): Word {
  const automatic = new Map([
    ["@", at.target],
    ["<", at.rule.prerequisites[0] ?? ""],
    ["^", at.rule.prerequisites.join(" ")],
    ["+", at.rule.prerequisites.join(" ")],
    ["?", hole],
    ["*", hole],
    ["@D", hole],
    ["@F", at.target.split("/").at(-1) ?? hole],
    ["MAKE", "make"],
  ]);
  return expandMake(line.replace(/^[\s@+-]+/, ""), makefile, new Map([...automatic, ...overrides]));
}

function expandMake(text: string, makefile: Makefile, overrides: ReadonlyMap<string, Word>, depth = 0): Word {
  if (depth > depthMax || text.length > textMax) return hole;
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char !== "$") {
      result += char;
      continue;
    }
    at += 1;
    const next = text.charAt(at);
    if (next === "$") result += "$";
    else if (next !== "(" && next !== "{") result += valueOf(next, makefile, overrides, depth);
    else {
      const end = closing(text, at);
      result += valueOf(text.slice(at + 1, end), makefile, overrides, depth);
      at = end;
    }
    if (result.length > textMax) return hole;
  }
  return result;
}

function closing(text: string, start: number): number {
  const [open, close] = text.charAt(start) === "(" ? ["(", ")"] : ["{", "}"];
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text.charAt(at) === open) depth += 1;
    if (text.charAt(at) === close) depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

function valueOf(name: string, makefile: Makefile, overrides: ReadonlyMap<string, Word>, depth: number): Word {
  makefile.spent.expansions += 1;
  if (makefile.spent.expansions > expansionsMax) return hole;
  const [, shell] = /^shell\s+([\s\S]*)$/.exec(name) ?? [];
  if (shell !== undefined) return `$(${expandMake(shell, makefile, overrides, depth + 1)})`;
  const [, called] = /^call\s+([\s\S]*)$/.exec(name) ?? [];
  if (called !== undefined) {
    const [macro = "", ...args] = called.split(",");
    const given = args.map((arg, index) => [String(index + 1), expandMake(arg.trim(), makefile, overrides, depth + 1)] as const);
    return valueOf(macro.trim(), makefile, new Map([...overrides, ...given]), depth + 1);
  }
  const [, inner, from, to] = /^([\w.-]+):(.*)=(.*)$/.exec(name) ?? [];
  if (inner !== undefined) return valueOf(inner, makefile, overrides, depth + 1).replaceAll(from ?? "", () => to ?? "");
  const key = name.includes("$") ? expandMake(name, makefile, overrides, depth + 1) : name;
  const override = overrides.get(key);
  if (override !== undefined) return override;
  const value = makefile.variables.get(key);
  return value === undefined ? hole : expandMake(value, makefile, overrides, depth + 1);
}
