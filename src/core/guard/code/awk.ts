/** awk: `system()`, pipes to and from commands, and `print > "file"`. */

import type { Effect } from "../effect.ts";
import type { Invocation, Nested } from "../invocation.ts";
import { nothing } from "../reading.ts";
import type { Reading } from "../reading.ts";
import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";
import { startOf } from "./code-start.ts";
import type { CodeStart } from "./code-start.ts";
import type { Dialect } from "./dialect.ts";
import { lex } from "./lex.ts";
import { joined } from "./readings.ts";
import type { Token } from "./token.ts";

const dialect: Dialect = {
  name: "java",
  lineComments: ["#"],
  blockComments: [],
  interpolation: "none",
  isSingleRaw: false,
  backtick: "none",
  hasTripleQuotes: false,
  hasPatterns: true,
  sigils: "",
  blocks: "braces",
  hasBareCalls: false,
  hasNamedArguments: false,
  joins: [],
};

const separators = new Set([";", "{", "}", ","]);
const isSeparator = (token: Token | undefined): boolean =>
  token === undefined || token.kind === "newline" || (token.kind === "op" && separators.has(token.text));

const wordMax = 65_536;

type Variables = Map<string, Word>;

/** Texts side by side are one text; what is no literal and no known variable stays open. */
function wordOf(tokens: readonly Token[], variables: Variables): Word {
  let word = "";
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "op" && token.text === "(") depth += 1;
    else if (token.kind === "op" && token.text === ")") depth -= 1;
    else if (token.kind === "string" && depth <= 1)
      word += (token.parts ?? []).map((part) => (typeof part === "string" ? part : hole)).join("");
    else if (token.kind === "name") word += variables.get(token.text) ?? hole;
    else if (token.kind === "number") word += token.text;
    else if (token.kind === "op") word += hole;
  }
  return word.length > wordMax ? hole : word;
}

/** Tokens from `from` to a separator or a bracket that closes what was open before. */
function until(tokens: readonly Token[], from: number, stops: ReadonlySet<string>): readonly Token[] {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || (depth === 0 && isSeparator(token)) || (depth === 0 && token.kind === "op" && stops.has(token.text)))
      return tokens.slice(from, at);
    if (token.kind !== "op") continue;
    if (token.text === "(") depth += 1;
    else if (token.text === ")") {
      if (depth === 0) return tokens.slice(from, at);
      depth -= 1;
    }
  }
  return tokens.slice(from);
}

/** The expression before a pipe: back to what separates it. */
function before(tokens: readonly Token[], end: number): readonly Token[] {
  let at = end - 1;
  while (
    at >= 0 &&
    !isSeparator(tokens[at]) &&
    tokens[at]?.text !== "(" &&
    tokens[at]?.text !== "=" &&
    !/^(?:while|if|print|printf)$/.test(tokens[at]?.text ?? "")
  )
    at -= 1;
  return tokens.slice(at + 1, end);
}

const noStops: ReadonlySet<string> = new Set();
const redirections: ReadonlySet<string> = new Set(["|", ">", ">>", "&&", "||"]);

/** Variables that are only ever given one text. */
function assigned(tokens: readonly Token[], known: ReadonlyMap<string, Word>): Variables {
  const variables: Variables = new Map(known);
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "name" || tokens[at + 1]?.text !== "=" || tokens[at + 1]?.kind !== "op") continue;
    const word = wordOf(until(tokens, at + 2, redirections), variables);
    const earlier = variables.get(token.text);
    variables.set(token.text, earlier === undefined || earlier === word ? word : hole);
  }
  return variables;
}

interface Walk {
  readonly tokens: readonly Token[];
  readonly variables: Variables;
  readonly start: CodeStart;
  readonly effects: Effect[];
  readonly nested: Nested[];
  /** Between `print` and the end of its statement, where `>` names a file. */
  isPrinting: boolean;
}

function shell(walk: Walk, words: readonly Token[]): void {
  const text = wordOf(words, walk.variables);
  if (text !== "") walk.nested.push({ kind: "shell", text, at: {}, through: "awk" });
}

function nameAt(walk: Walk, at: number, name: string): void {
  if (name === "print" || name === "printf") walk.isPrinting = true;
  else if (name === "system" && walk.tokens[at + 1]?.text === "(") shell(walk, until(walk.tokens, at + 2, noStops));
}

function operatorAt(walk: Walk, at: number, operator: string): void {
  const next = walk.tokens[at + 1]?.text;
  if (operator === ";" || operator === "{" || operator === "}") walk.isPrinting = false;
  else if (operator === "|" && next === "getline") shell(walk, before(walk.tokens, at));
  else if (operator === "|") shell(walk, until(walk.tokens, next === "&" ? at + 2 : at + 1, noStops));
  else if (walk.isPrinting && (operator === ">" || operator === ">>"))
    printedTo(walk, wordOf(until(walk.tokens, at + 1, redirections), walk.variables));
}

function printedTo({ effects, start }: Walk, path: Word): void {
  if (path === "" || path === hole || path.startsWith("/dev/std")) return;
  effects.push({
    tool: "awk >",
    verb: "write",
    destination: { kind: "file", path: absolutePath(start.cwd, path) },
    through: start.through,
  });
}

/** Reads awk's text. `variables` are those of `-v`. */
export function readAwk(text: Word, start: CodeStart, known: ReadonlyMap<string, Word> = new Map()): Reading {
  const { tokens } = lex(text, dialect);
  const walk: Walk = { tokens, variables: assigned(tokens, known), start, effects: [], nested: [], isPrinting: false };
  for (const [at, token] of tokens.entries()) {
    if (token.kind === "newline") walk.isPrinting = false;
    else if (token.kind === "name") nameAt(walk, at, token.text);
    else if (token.kind === "op") operatorAt(walk, at, token.text);
  }
  return { effects: walk.effects, nested: walk.nested };
}

interface AwkLine {
  readonly programs: readonly Word[];
  readonly scripts: readonly Word[];
  readonly variables: ReadonlyMap<string, Word>;
  readonly files: readonly Word[];
  readonly isInPlace: boolean;
}

const valued = new Set(["-F", "-l", "--field-separator", "--load", "-W"]);

function awkLine(words: readonly Word[]): AwkLine {
  const draft = { programs: new Array<Word>(), scripts: new Array<Word>(), variables: new Map<string, Word>(), isInPlace: false };
  let at = 0;
  while (at < words.length && (words[at] ?? "").startsWith("-") && words[at] !== "-") {
    if (words[at] === "--") {
      at += 1;
      break;
    }
    at += takeOption(words[at] ?? "", words[at + 1] ?? "", draft);
  }
  if (draft.programs.length === 0 && draft.scripts.length === 0 && at < words.length) {
    draft.programs.push(words[at] ?? "");
    at += 1;
  }
  return { ...draft, files: words.slice(at) };
}

interface AwkDraft {
  readonly programs: Word[];
  readonly scripts: Word[];
  readonly variables: Map<string, Word>;
  isInPlace: boolean;
}

/** Gives how many words the option took. */
function takeOption(word: Word, next: Word, draft: AwkDraft): number {
  const found = /^(-[vfeEi]|--(?:assign|file|source|exec|include)=?)([\s\S]*)$/.exec(word);
  if (found === null) return valued.has(word) ? 2 : 1;
  const [, option = "", attached = ""] = found;
  const takesNext = attached === "" && !option.endsWith("=");
  const value = takesNext ? next : attached;
  if (/^(?:-v|--assign)/.test(option)) draft.variables.set(value.split("=", 1)[0] ?? "", value.slice(value.indexOf("=") + 1));
  else if (/^(?:-f|-E|--file|--exec)/.test(option)) draft.scripts.push(value);
  else if (/^(?:-e|--source)/.test(option)) draft.programs.push(value);
  else if (value.startsWith("inplace")) draft.isInPlace = true;
  return takesNext ? 2 : 1;
}

/** Reads a command line of awk. */
export function awkReading(invocation: Invocation): Reading {
  const line = awkLine(invocation.argv.slice(1));
  const start = startOf(invocation, "awk", line.files);
  const scripts = line.scripts.map((path): Nested => ({
    kind: "file",
    path: absolutePath(invocation.cwd, path),
    as: "awk",
    args: line.files,
    through: "awk -f",
  }));
  const effects = line.isInPlace
    ? line.files.map((path): Effect => ({
        tool: "awk -i inplace",
        verb: "write",
        destination: { kind: "file", path: absolutePath(invocation.cwd, path) },
        through: invocation.through,
      }))
    : [];
  if (line.programs.length === 0 && scripts.length === 0) return nothing;
  return joined([...line.programs.map((text) => readAwk(text, start, line.variables)), { effects, nested: scripts }]);
}
