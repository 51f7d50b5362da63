/** PowerShell text as statements of words: quotes, backticks, variables, here-strings, subexpressions. */

import { hole } from "../word.ts";
import type { Word } from "../word.ts";
import { PowershellCursor } from "./powershell-cursor.ts";
import { escapes, isList, plain } from "./powershell-value.ts";
import type { PowershellCommand, PowershellWord, Value, WordDraft } from "./powershell-value.ts";

const wordsMax = 20_000;
const depthMax = 12;
const variableName = /\$(?:\{([^}]*)\}|((?:env|global|script|local|private|using):)?([A-Za-z_]\w*|[?$^]))((?:\.\w+|\[[^\]]*\])*)/y;

/** Commands of a text, with the variables that it sets. At most 20,000 words. */
export class PowershellReader extends PowershellCursor {
  readonly commands: PowershellCommand[] = [];
  readonly #variables: Map<string, Value>;
  readonly #env: ReadonlyMap<string, Word>;
  readonly #depth: number;
  #left = wordsMax;

  constructor(env: ReadonlyMap<string, Word>, variables: Map<string, Value> = new Map(), depth = 0) {
    super();
    this.#env = env;
    this.#variables = variables;
    this.#depth = depth;
  }

  get isCut(): boolean {
    return this.#left <= 0;
  }

  read(text: Word): void {
    if (this.#depth > depthMax) return;
    this.text = text;
    this.at = 0;
    while (this.at < text.length && this.#left > 0) this.#command();
  }

  /** Words up to what ends a command. */
  #command(): void {
    const words: PowershellWord[] = [];
    const redirects: Word[] = [];
    for (;;) {
      this.skipBlank();
      if (this.#endsCommand(words)) break;
      if (this.#redirected(redirects)) continue;
      if (this.#isAssignment(words)) {
        this.#assign();
        return;
      }
      this.#left -= 1;
      const before = this.at;
      words.push(this.#commaList());
      if (this.at === before) this.at += 1;
    }
    const [first, ...rest] = words;
    const isCalled = first !== undefined && (first.word === "&" || first.word === ".") && !first.isQuoted;
    const all = isCalled ? rest : words;
    if (all.length > 0 || redirects.length > 0) this.commands.push({ words: all, redirects });
  }

  /** Passes over what ends a command. */
  #endsCommand(words: readonly PowershellWord[]): boolean {
    const char = this.char();
    if (char === "" || this.#left <= 0) return true;
    const two = char + this.char(1);
    if (two === "&&" || two === "||") this.at += 2;
    else if (/[\n;|{})]/.test(char) || (char === "(" && words.length === 0) || (char === "&" && words.length > 0)) this.at += 1;
    else return false;
    return true;
  }

  /** `> file`, but not `2>&1`. */
  #redirected(redirects: Word[]): boolean {
    const redirect = /^(?:\d|\*)?>{1,2}(&\d)?/.exec(this.text.slice(this.at, this.at + 5));
    if (redirect === null) return false;
    this.at += redirect[0].length;
    this.skipBlank();
    if (redirect[1] === undefined) redirects.push(this.#word().word);
    return true;
  }

  /** `a,b,c` and `@('a','b')` are lists. */
  #commaList(): PowershellWord {
    const first = this.#word();
    const items: Word[] = [...(first.list ?? [first.word])];
    let hasComma = first.list !== undefined;
    for (let taken = 0; taken < 1000; taken += 1) {
      const start = this.at;
      this.skipBlank();
      if (this.char() !== ",") {
        this.at = start;
        break;
      }
      this.at += 1;
      this.skipBlank();
      while (this.char() === "\n") {
        this.at += 1;
        this.skipBlank();
      }
      hasComma = true;
      const next = this.#word();
      items.push(...(next.list ?? [next.word]));
    }
    return hasComma ? { word: items.join(","), list: items, isQuoted: first.isQuoted } : first;
  }

  #isAssignment(words: readonly PowershellWord[]): boolean {
    return words.length === 1 && this.#target !== "" && /^(?:=(?!=)|\+=)/.test(this.text.slice(this.at, this.at + 2));
  }

  /** The variable that the last word was, alone. */
  #target = "";

  #assign(): void {
    const name = this.#target;
    const isAdding = this.char() === "+";
    this.at += isAdding ? 2 : 1;
    this.skipBlank();
    this.#target = "";
    const before = this.at;
    const value = this.#value();
    const known = this.#variables.get(name);
    if (isAdding && typeof known === "string" && typeof value === "string") this.#variables.set(name, known + value);
    else if (isAdding && known !== undefined && isList(known))
      this.#variables.set(name, [...known, ...(typeof value === "string" ? [value] : isList(value) ? value : [hole])]);
    else this.#variables.set(name, value);
    // What is assigned may be a command: it is read as one as well.
    this.at = before;
    if (/^["'@$]/.test(this.char())) this.at = Math.max(this.#afterValue, before);
  }

  #afterValue = 0;

  #value(): Value {
    const start = this.at;
    if (this.char() === "@" && this.char(1) === "{") {
      this.at += 2;
      const table = this.#table();
      this.#afterValue = this.at;
      return table;
    }
    let { word, list } = this.#commaList();
    this.skipBlank();
    while (this.char() === "+" && this.char(1) !== "=") {
      this.at += 1;
      this.skipBlank();
      word += this.#word().word;
      this.skipBlank();
    }
    this.#afterValue = this.at;
    // A command's output, an expression: unknown.
    if (!/^["'@$]/.test(this.text.charAt(start))) return /^\d+$/.test(word) ? word : hole;
    if (list !== undefined) return list;
    return /^[\n;]|^$|^\}/.test(this.char()) ? word : hole;
  }

  #table(): ReadonlyMap<string, Word> {
    const table = new Map<string, Word>();
    for (let taken = 0; taken < 500; taken += 1) {
      while (/[\s;]/.test(this.char()) && this.char() !== "") this.at += 1;
      this.skipBlank();
      if (this.char() === "}" || this.char() === "") break;
      const before = this.at;
      const key = this.#word().word;
      this.skipBlank();
      if (this.char() === "=") this.at += 1;
      this.skipBlank();
      table.set(key.toLowerCase(), this.#commaList().word);
      if (this.at === before) this.at += 1;
    }
    this.at += 1;
    return table;
  }

  #word(): PowershellWord {
    const draft: WordDraft = { word: "", isQuoted: false, list: undefined, table: undefined, start: this.at };
    if (this.char() === "&") {
      this.at += 1;
      return { word: "&", isQuoted: false };
    }
    while (!this.#endsWord(draft)) this.#piece(draft);
    const { word, isQuoted, list, table } = draft;
    return { word, isQuoted, ...(list === undefined ? {} : { list }), ...(table === undefined ? {} : { table }) };
  }

  #endsWord({ word, start }: WordDraft): boolean {
    const char = this.char();
    if (char === "" || /[\s;|{}),]/.test(char)) return true;
    if (char === "(") return word === "" && start !== this.at;
    // `$x=1`: the variable ends before the sign.
    return char === "=" && this.#target !== "" && word !== "" && this.at > start && this.text.charAt(start) === "$";
  }

  #piece(draft: WordDraft): void {
    const char = this.char();
    switch (char) {
      case "'":
      case '"':
        draft.isQuoted = true;
        draft.word += this.#quoted(char);
        return;
      case "@":
        this.#atSign(draft);
        return;
      case "$":
        this.#dollar(draft);
        return;
      case "(":
        draft.word += this.#inner("(", ")");
        return;
      case "`":
        draft.word += escapes[this.char(1)] ?? this.char(1);
        this.at += 2;
        return;
      default:
        draft.word += char;
        this.at += 1;
    }
  }

  /** A here-string, a list, a splatted variable, or the sign itself. */
  #atSign(draft: WordDraft): void {
    const next = this.char(1);
    if (next === "'" || next === '"') {
      draft.isQuoted = true;
      draft.word += this.#hereString();
    } else if (next === "(") {
      this.at += 2;
      draft.list = this.#items();
    } else if (/[A-Za-z_]/.test(next)) {
      const value = this.#splat();
      if (typeof value === "string") draft.word += value;
      else if (isList(value)) draft.list = value;
      else draft.table = value;
    } else {
      draft.word += "@";
      this.at += 1;
    }
  }

  #dollar(draft: WordDraft): void {
    const value = this.#variable();
    if (typeof value === "string") draft.word += value;
    else if (isList(value)) draft.list = value;
    else draft.word += hole;
    const isWhole = this.text.charAt(draft.start) === "$" && /[\s=+;|,)}]|^$/.test(this.char());
    if (isWhole) this.#noteTarget(draft.start);
  }

  #noteTarget(start: number): void {
    const name = this.text.slice(start + 1, this.at).replaceAll(/[{}]/g, "");
    this.#target = /^[\w:]+$/.test(name) ? name.toLowerCase() : "";
  }

  #items(): readonly Word[] {
    const items: Word[] = [];
    for (let taken = 0; taken < 1000; taken += 1) {
      while (/[\s,]/.test(this.char()) && this.char() !== "") this.at += 1;
      if (this.char() === ")" || this.char() === "") break;
      const before = this.at;
      const item = this.#word();
      items.push(...(item.list ?? [item.word]));
      if (this.at === before) this.at += 1;
    }
    this.at += 1;
    return items;
  }

  #splat(): Value {
    const name = /^@(\w+)/.exec(this.text.slice(this.at, this.at + 80))?.[1] ?? "";
    this.at += name.length + 1;
    return this.#variables.get(name.toLowerCase()) ?? hole;
  }

  #variable(): Value {
    if (this.char(1) === "(") {
      this.at += 1;
      return this.#inner("(", ")");
    }
    variableName.lastIndex = this.at;
    const found = variableName.exec(this.text);
    if (found === null) {
      this.at += 1;
      return "$";
    }
    this.at += found[0].length;
    if (found[4] !== undefined && found[4] !== "") return hole;
    const name = (found[1] ?? `${found[2] ?? ""}${found[3] ?? ""}`).toLowerCase();
    const known = this.#variables.get(name) ?? this.#variables.get(name.replace(/^(?:global|script|local|private|using):/, ""));
    if (known !== undefined) return known;
    return name.startsWith("env:") ? (this.#env.get((found[3] ?? found[1] ?? "").replace(/^env:/i, "")) ?? hole) : hole;
  }

  /** `$( … )` and `( … )`: commands inside run too; a literal text inside is worth itself. */
  #inner(open: string, close: string): Word {
    const from = this.at + 1;
    this.at = this.closing(open, close);
    const body = this.text.slice(from, Math.max(from, this.at - 1));
    const inner = new PowershellReader(this.#env, this.#variables, this.#depth + 1);
    inner.#left = this.#left;
    inner.read(body);
    this.#left = inner.#left;
    this.commands.push(...inner.commands);
    const [only] = inner.commands;
    const isLiteral = inner.commands.length === 1 && only?.words.every((word) => word.isQuoted || word.word === "+") === true;
    return isLiteral ? only.words.map((word) => (word.isQuoted ? word.word : "")).join("") : hole;
  }

  #quoted(quote: string): Word {
    let word = "";
    this.at += 1;
    while (this.at < this.text.length) {
      const char = this.char();
      if (char === quote) {
        if (this.char(1) !== quote) break;
        word += quote;
        this.at += 2;
      } else if (quote === '"' && char === "`") {
        word += escapes[this.char(1)] ?? this.char(1);
        this.at += 2;
      } else if (quote === '"' && char === "$") word += plain(this.#variable());
      else {
        word += char;
        this.at += 1;
      }
    }
    this.at += 1;
    return word;
  }

  #hereString(): Word {
    const quote = this.char(1);
    const start = this.lineEnd() + 1;
    const end = this.text.indexOf(`\n${quote}@`, start - 1);
    const body = this.text.slice(start, end < 0 ? this.text.length : end);
    this.at = end < 0 ? this.text.length : end + 3;
    return quote === "'" ? body : body.replaceAll(/\$(?:\{[^}]*\}|\([^)]*\)|[\w:]+)/g, hole);
  }
}
