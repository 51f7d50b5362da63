/** Words after all expansions of the shell, as far as they can be known. Where a variable may be one of several, there are several answers. */

import { hole, isKnown, type Word } from "../word.ts";
import { arithmetic } from "./arithmetic.ts";
import { bounded, setVariable, textValue, unsetValue, type Environment, type Value } from "./environment.ts";
import { lengthOf, operate } from "./parameter.ts";
import type { Parameter, Piece, Script, ScriptWord } from "./script.ts";
import { runsAsName, runsWhenShown, shownText } from "./shown-text.ts";
import { splitFields, type Chunk } from "./split-fields.ts";
import { textOf, valuesOf } from "./variable-values.ts";

const alternativesMax = 16;
const wordsMax = 1000;
const namesMax = 20;

export interface Substitutions {
  /** Runs a `$(…)`; its output without the newlines at its end. */
  readonly output: (script: Script) => Word;
  /** Runs a `<(…)` or notes a `>(…)`; the path that stands for it. */
  readonly process: (operator: "<" | ">", script: Script) => Word;
  /** Runs what stands in a value that the shell expands once more: prompts, sums. */
  readonly evaluated: (text: Word) => void;
  /** Notes that a field with a hole is what a pattern matches. */
  readonly globbed?: (field: Word, pattern: string) => void;
  /** Whether so many characters may still be looked at. */
  readonly spend: (characters: number) => boolean;
}

interface Mode {
  readonly isSplit: boolean;
  /** Quoted characters that mean something in patterns are escaped. */
  readonly isPattern: boolean;
}

export class Expander {
  readonly #environment: Environment;
  readonly #home: string;
  readonly #substitutions: Substitutions;

  constructor(environment: Environment, home: string, substitutions: Substitutions) {
    this.#environment = environment;
    this.#home = home;
    this.#substitutions = substitutions;
  }

  /** The fields of all words together: one list for each way in which they may come out. */
  fields(words: readonly ScriptWord[]): readonly (readonly Word[])[] {
    let ways: Word[][] = [[]];
    for (const word of words.flatMap(withoutBraces)) {
      const found = this.#fieldsOf(word);
      const all = found.length * ways.length > alternativesMax ? [found.some((fields) => fields.length === 0) ? [] : [hole]] : found;
      ways = combined(ways, all);
    }
    return ways;
  }

  /** Without splitting and patterns, as in an assignment. */
  texts(word: ScriptWord): readonly Word[] {
    const texts = this.#chunks(word, { isSplit: false, isPattern: false }).map(joined);
    return [...new Set(texts)];
  }

  text(word: ScriptWord): Word {
    const [only = "", ...others] = this.texts(word);
    return others.length === 0 ? only : hole;
  }

  spend(characters: number): boolean {
    return this.#substitutions.spend(characters);
  }

  pattern(word: ScriptWord): Word {
    const [only, ...others] = this.#chunks(word, { isSplit: false, isPattern: true }).map((chunks) =>
      joined(chunks.map((part) => (part !== "break" && part.isQuoted ? { ...part, text: escaped(part.text) } : part))),
    );
    return others.length === 0 ? (only ?? "") : hole;
  }

  #fieldsOf(word: ScriptWord): readonly (readonly Word[])[] {
    const separators = textOf(valuesOf(this.#environment, "IFS", this.#home)[0] ?? unsetValue) ?? " \t\n";
    const ways = this.#chunks(word, { isSplit: true, isPattern: false });
    this.#notePattern(word, ways);
    return ways.flatMap((chunks) => {
      const fields = splitFields(chunks, separators).slice(0, wordsMax);
      // Whoever writes `\:` among words that are parted by colons means one that does not part.
      const meant = splitFields(
        chunks.map((part) => withoutEscapes(part, separators)),
        separators,
      );
      return meant.some((field) => field.includes(kept))
        ? [fields, meant.map((field) => field.replaceAll(kept, escapedBy(separators)))]
        : [fields];
    });
  }

  #notePattern(word: ScriptWord, ways: readonly (readonly Chunk[])[]): void {
    const isPlain = word.every(({ kind }) => kind === "literal" || kind === "glob" || kind === "parameter" || kind === "tilde");
    if (this.#substitutions.globbed === undefined || !isPlain || !word.some(({ kind }) => kind === "glob")) return;
    const pattern = this.pattern(word);
    if (isKnown(pattern)) for (const way of ways) this.#substitutions.globbed(joined(way), pattern);
  }

  #chunks(word: ScriptWord, mode: Mode): readonly (readonly Chunk[])[] {
    let ways: Chunk[][] = [[]];
    for (const piece of word) {
      const found = this.#piece(piece, mode);
      const all = found.length * ways.length > alternativesMax ? [[chunk(hole, true)]] : found;
      ways = combined(ways, all);
    }
    return ways;
  }

  #piece(piece: Piece, mode: Mode): readonly (readonly Chunk[])[] {
    switch (piece.kind) {
      case "literal":
        return [[chunk(piece.text, piece.isQuoted)]];
      case "parameter":
        return this.#parameter(piece, mode);
      case "command":
        return [[{ text: this.#substitutions.output(piece.script), isQuoted: piece.isQuoted, isSplit: mode.isSplit && !piece.isQuoted }]];
      case "process":
        return [[chunk(this.#substitutions.process(piece.operator, piece.script), true)]];
      case "arithmetic":
      case "glob":
        return [[this.#withScripts(piece, mode)]];
      case "tilde":
        return [[chunk(this.#tilde(piece.user), true)]];
      case "brace":
        // Only where braces are not expanded: in assignments and here-documents, which the parser leaves as text.
        for (const alternative of piece.alternatives) this.texts(alternative);
        return [[chunk(hole, false)]];
      case "unknown":
        return [[chunk(hole, false)]];
    }
  }

  /** Sums and patterns: what stands in their substitutions runs in any case. */
  #withScripts(piece: Extract<Piece, { kind: "arithmetic" | "glob" }>, mode: Mode): Chunk {
    for (const script of piece.scripts) this.#substitutions.output(script);
    const isKnownText = piece.scripts.length === 0;
    if (piece.kind === "glob") return chunk(isKnownText && !mode.isSplit ? piece.text : hole, false);
    return chunk(this.#sum(piece.text, isKnownText), piece.isQuoted);
  }

  /** What it assigns is kept. */
  #sum(text: string, isKnownText: boolean): Word {
    const valueOf = (name: string): Word => {
      const value = this.#only(name);
      // A text that is no number is read as another sum, and substitutions in that run.
      if (/\$\(|`/.test(value)) this.#substitutions.evaluated(`: "$((${value}))"`);
      return value;
    };
    const assign = (name: string, value: Word): void => {
      setVariable(this.#environment, name, [textValue(value)]);
    };
    return arithmetic(isKnownText ? text : `${text} ?`, { valueOf, assign });
  }

  #tilde(user: string): Word {
    if (user === "") return textOf(valuesOf(this.#environment, "HOME", this.#home)[0] ?? unsetValue) ?? this.#home;
    return user === "+" ? this.#only("PWD") : hole;
  }

  #only(name: string): Word {
    const values = valuesOf(this.#environment, name, this.#home);
    const [value] = values;
    return values.length === 1 && value !== undefined ? (textOf(value) ?? "") : hole;
  }

  #parameter(piece: Parameter, mode: Mode): readonly (readonly Chunk[])[] {
    const found = this.#valuesOf(piece).flatMap((value) => {
      if (piece.prefix === "#") return [lengthOf(value)];
      if (piece.operation === undefined) return [value];
      if (piece.operation.kind === "other") this.#prompted(piece.operation, value);
      if (piece.operation.kind === "slice")
        for (const operand of [piece.operation.first, piece.operation.second]) if (operand !== undefined) this.#named(this.text(operand));
      return operate(this.#counted(piece, value), piece.operation, this);
    });
    if (piece.operation?.operator.endsWith("=") === true) setVariable(this.#environment, piece.name, found);
    return found.slice(0, alternativesMax).map((value) => this.#chunksOf(value, piece, mode));
  }

  /** Names in a sum whose values are sums in their turn. */
  #named(sum: Word): void {
    for (const [name] of [...sum.matchAll(/[A-Za-z_]\w*/g)].slice(0, namesMax)) {
      const value = this.#only(name);
      if (runsWhenShown(value)) this.#substitutions.evaluated(shownText(value));
    }
  }

  /** `${x@P}`: the text is read as a prompt is, and what is substituted in it runs. */
  #prompted({ first }: NonNullable<Parameter["operation"]>, value: Value): void {
    const text = textOf(value) ?? "";
    if (first !== undefined && this.text(first) === "P" && runsWhenShown(text)) this.#substitutions.evaluated(shownText(text));
  }

  /** Slices of `"$@"` count the shell's own name. */
  #counted(piece: Parameter, value: Value): Value {
    if (piece.operation?.kind !== "slice" || value.kind !== "array" || (piece.name !== "@" && piece.name !== "*")) return value;
    return { kind: "array", entries: new Map(["bash", ...value.entries.values()].map((item, index) => [String(index), item])) };
  }

  #valuesOf(piece: Parameter): readonly Value[] {
    if (piece.prefix === "!") {
      const name = piece.index === undefined && piece.operation === undefined ? this.#only(piece.name) : hole;
      if (runsAsName(name)) this.#substitutions.evaluated(shownText(name));
      return /^[A-Za-z_]\w*$/.test(name) ? valuesOf(this.#environment, name, this.#home) : [textValue(hole)];
    }
    const values = valuesOf(this.#environment, piece.name, this.#home);
    if (piece.index === undefined) return isList(piece) ? values : values.map((value) => (value.kind === "array" ? firstOf(value) : value));
    const index = this.text(piece.index);
    if (index === "@" || index === "*") return values.map(asList);
    this.#named(index);
    return values.flatMap((value) => this.#element(value, index));
  }

  #element(value: Value, index: Word): readonly Value[] {
    if (value.kind !== "array") return index === "0" || value.kind === "unset" ? [value] : [textValue(hole)];
    const known = isKnown(index) ? (value.entries.get(index) ?? value.entries.get(this.#number(index, value))) : undefined;
    if (known !== undefined) return [textValue(known)];
    return value.entries.size > 8 ? [textValue(hole)] : [unsetValue, ...[...value.entries.values()].map(textValue)];
  }

  #number(index: string, value: Extract<Value, { kind: "array" }>): string {
    const at = arithmetic(index, { valueOf: (name) => this.#only(name) });
    return at.startsWith("-") ? String(value.entries.size + Number(at)) : at;
  }

  #chunksOf(value: Value, piece: Parameter, mode: Mode): readonly Chunk[] {
    const split = mode.isSplit && !piece.isQuoted;
    const one = (text: Word): Chunk => ({ text: bounded(text), isQuoted: piece.isQuoted, isSplit: split });
    if (value.kind !== "array") return [one(textOf(value) ?? "")];
    const items = [...value.entries.values()];
    const isJoined = piece.name === "*" || (piece.index !== undefined && this.text(piece.index) === "*");
    if (!mode.isSplit || (isJoined && piece.isQuoted)) return [one(items.join(isJoined ? this.#only("IFS").charAt(0) : " "))];
    if (items.length === 0) return [{ text: "", isQuoted: false, isSplit: true }];
    return items.flatMap((item, index) => (index === 0 ? [one(item)] : ["break" as const, one(item)]));
  }
}

/** Every way with every continuation. Where there is but one, in place: a word may have thousands of pieces. */
function combined<T>(ways: T[][], continuations: readonly (readonly T[])[]): T[][] {
  const [only, ...others] = continuations;
  if (only === undefined || others.length > 0) return ways.flatMap((way) => continuations.map((more) => [...way, ...more]));
  for (const way of ways) for (const item of only) way.push(item);
  return ways;
}

const chunk = (text: Word, isQuoted: boolean): Chunk => ({ text, isQuoted, isSplit: false });

const isList = (piece: Parameter): boolean => piece.name === "@" || piece.name === "*";

const firstOf = (value: Extract<Value, { kind: "array" }>): Value => {
  const first = value.entries.get("0");
  return first === undefined ? unsetValue : textValue(first);
};

const asList = (value: Value): Value =>
  value.kind === "text" && value.text !== hole ? { kind: "array", entries: new Map([["0", value.text]]) } : value;

const escaped = (text: string): string => text.replaceAll(/[\\*?[\]()]/g, String.raw`\$&`);

const joined = (chunks: readonly Chunk[]): Word => bounded(chunks.map((part) => (part === "break" ? " " : part.text)).join(""));

/** Stands for a separator behind a backslash. */
const kept = "\u0001";

const escapedBy = (separators: string): string => separators.charAt(0);

function withoutEscapes(part: Chunk, separators: string): Chunk {
  const [only = "", ...others] = separators.split("");
  if (part === "break" || !part.isSplit || others.length > 0 || only === " ") return part;
  return { ...part, text: part.text.replaceAll(`\\${only}`, kept) };
}

/** Braces come first of all: one word becomes several. */
function withoutBraces(word: ScriptWord): readonly ScriptWord[] {
  if (!word.some((piece) => piece.kind === "brace")) return [word];
  let ways: Piece[][] = [[]];
  for (const piece of word) {
    const found = piece.kind === "brace" ? piece.alternatives.flatMap(withoutBraces) : [[piece]];
    if (found.length * ways.length > wordsMax) return [[{ kind: "unknown", text: "" }]];
    ways = ways.flatMap((way) => found.map((pieces) => [...way, ...pieces]));
  }
  return ways;
}
