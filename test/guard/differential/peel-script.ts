/**
 * Every program and every written file that the other parser finds in a text, wherever it stands. Its tree says where commands begin and end and
 * not what they are made of, so each is taken apart by asking again about what stands inside.
 */

import { peelCompound } from "./peel-compound.ts";
import { peelParts, peelWord, peelWords, wordEnd, type Found } from "./peel-words.ts";
import { secondReading, type RedirectSpan, type Span, type StatementSpan } from "./second-parser.ts";

/** Words have holes where only running would tell. */
export interface PeeledCall {
  readonly words: readonly string[];
  /** Names of the functions that it stands in, outermost first. */
  readonly functions: readonly string[];
}

interface PeeledScript {
  readonly calls: readonly PeeledCall[];
  readonly writes: readonly { readonly path: string; readonly functions: readonly string[] }[];
  readonly functions: readonly { readonly name: string; readonly body: string }[];
  /** Texts that could not be taken apart; with any, the rest may be incomplete. */
  readonly unread: readonly string[];
}

const bytesOf = (text: string): string => Buffer.from(text).toString("latin1");
const textOf = (bytes: string): string => Buffer.from(bytes, "latin1").toString();

export function peelScript(text: string): PeeledScript {
  const peeler = new Peeler();
  peeler.list(bytesOf(text));
  const { calls, writes, functions, leftOver } = peeler;
  return {
    calls: calls.map((call) => ({ words: call.words.map(textOf), functions: call.functions.map(textOf) })),
    writes: writes.map((write) => ({ path: textOf(write.path), functions: write.functions.map(textOf) })),
    functions: functions.map(({ name, body }) => ({ name: textOf(name), body: textOf(body) })),
    unread: leftOver.map(textOf),
  };
}

const writing: ReadonlySet<string> = new Set([">", ">>", ">|", "<>", "&>", "&>>", ">&"]);

/** What takes lists apart; `tail` is what follows in the text, where here-documents that begin in a list may end. */
export interface ListPeeler extends Found {
  readonly listBefore: (text: string, tail: string) => void;
  readonly inFunction: (name: string, body: string, tail: string) => void;
  readonly call: (text: string) => void;
}

class Peeler implements ListPeeler {
  readonly calls: PeeledCall[] = [];
  readonly writes: { path: string; functions: readonly string[] }[] = [];
  readonly functions: { name: string; body: string }[] = [];
  readonly leftOver: string[] = [];
  #around: readonly string[] = [];

  readonly list: (text: string) => void = (text) => {
    this.listBefore(text, "");
  };

  readonly unread: (text: string) => void = (text) => {
    this.leftOver.push(text);
  };

  readonly listBefore: (text: string, tail: string) => void = (text, tail) => {
    const [whole, statements] = readList(text, tail);
    if (statements === undefined) {
      this.unread(text);
      return;
    }
    const parted = withoutOperators(whole, statements);
    const reading = secondReading(parted);
    if ("failure" in reading) throw new Error("what was read before is not read again");
    for (const statement of reading.statements) this.#statement(parted, statement);
  };

  readonly inFunction: (name: string, body: string, tail: string) => void = (name, body, tail) => {
    const around = this.#around;
    this.functions.push({ name, body });
    this.#around = [...around, name];
    this.listBefore(body, tail);
    this.#around = around;
  };

  /** Assignments, then words. */
  readonly call: (text: string) => void = (text) => {
    const words: string[] = [];
    for (let at = 0; at < text.length;) {
      if (/\s/.test(text.charAt(at))) at += 1;
      else if (text.startsWith("\\\n", at)) at += 2;
      else {
        const next = arrayEnd(text, at) ?? wordEnd(text, at);
        if (next === undefined) {
          this.unread(text.slice(at));
          break;
        }
        const word = text.slice(at, next);
        if (array.test(word)) peelWords(word.replace(array, "").slice(0, -1), this);
        else if (words.length === 0 && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(word)) peelWord(word, this);
        else words.push(peelWord(word, this));
        at = next;
      }
    }
    if (words.length > 0) this.calls.push({ words, functions: this.#around });
  };

  #statement(text: string, { command, redirects }: StatementSpan): void {
    for (const redirect of redirects) this.#redirect(text, redirect);
    if (command === undefined) return;
    const own = redirects.reduce((left, redirect) => blanked(left, redirect), text).slice(command.from, command.to);
    const line = text.indexOf("\n", command.to);
    if (!peelCompound(own, line < 0 ? "" : text.slice(line), this)) this.call(own);
  }

  #redirect(text: string, { operator, word, document }: RedirectSpan): void {
    const target = text.slice(word.from, word.to);
    if (document !== undefined) {
      if (!/['"\\]/.test(target)) peelParts(text, document.parts, "double", this);
      return;
    }
    const path = peelParts(text, word.parts, "plain", this);
    const isStream = operator === ">&" && /^\d*-?$/.test(target);
    if (writing.has(operator) && !isStream && !target.startsWith(">(")) this.writes.push({ path, functions: this.#around });
  }
}

/** The text and its statements; the text goes on with `tail` where a here-document in it does not end before. */
function readList(text: string, tail: string): readonly [string, readonly StatementSpan[] | undefined] {
  const reading = secondReading(text);
  if (!("failure" in reading)) return [text, reading.statements];
  if (tail === "" || !reading.failure.includes("here-document")) return [text, undefined];
  const longer = secondReading(text + tail);
  return [text + tail, "failure" in longer ? undefined : longer.statements];
}

/** The list with `;` for each `&&`, `||` and `|` that joins its commands: those after which it is read as two statements. */
function withoutOperators(text: string, statements: readonly StatementSpan[]): string {
  const isInside = (at: number): boolean => statements.some(({ command }) => command !== undefined && command.from < at && at < command.to);
  let parted = text;
  for (const { index, 0: operator } of text.matchAll(/\|\||&&|\|&|(?<!>)\|/g)) {
    if (!isInside(index)) continue;
    const tried = `${parted.slice(0, index)};${" ".repeat(operator.length - 1)}${parted.slice(index + operator.length)}`;
    const reading = secondReading(tried);
    if (!("failure" in reading) && reading.statements.some(({ separator }) => separator === index)) parted = tried;
  }
  return parted;
}

const blank = (whole: string, { from, to }: Span): string =>
  whole.slice(0, from) + whole.slice(from, to).replaceAll(/[^\n]/g, " ") + whole.slice(to);

/** A redirection, and its here-document, made blank. */
function blanked(text: string, { from, word, document }: RedirectSpan): string {
  const line = blank(text, { from, to: word.to });
  return document === undefined ? line : blank(line, document);
}

const array = /^[A-Za-z_]\w*\+?=\(/;

/** Where `x=(…)` ends: at the first parenthesis that makes it an assignment as a whole. */
function arrayEnd(text: string, from: number): number | undefined {
  const rest = text.slice(from);
  if (!array.test(rest)) return undefined;
  for (let at = rest.indexOf(")"); at >= 0; at = rest.indexOf(")", at + 1)) {
    const reading = secondReading(rest.slice(0, at + 1));
    if (!("failure" in reading)) return from + at + 1;
  }
  return undefined;
}
