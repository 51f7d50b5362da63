/** The words of DynamoDB's expressions, and where in an item a document path leads. */

import { made, type Attribute, type Item } from "./attribute.ts";
import { invalid } from "./dynamo-error.ts";

/** An attribute's name, then names and indexes below it. */
export type DocumentPath = readonly (string | number)[];

/** Developer Guide, "Constraints": bytes of an expression, operators and functions in it. */
const expressionBytesMax = 4096;
const operatorsMax = 300;
const token = /\s*(?:([A-Za-z_][A-Za-z0-9_]*|#[A-Za-z0-9_]+|:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[=<>()[\].,+-]))/uy;

export interface Substitutes {
  readonly names: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, Attribute>;
  /** Placeholders that some expression has used. */
  readonly used: Set<string>;
}

/** Reads one expression word by word. */
export class Words {
  readonly #words: readonly string[];
  readonly #kind: string;
  readonly #substitutes: Substitutes;
  #at = 0;
  #operators = 0;

  constructor(kind: string, text: string, substitutes: Substitutes) {
    this.#kind = kind;
    this.#substitutes = substitutes;
    if (text.trim() === "") throw this.wrong("The expression can not be empty;");
    if (Buffer.byteLength(text) > expressionBytesMax)
      throw this.wrong(`Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`);
    this.#words = this.#split(text);
  }

  #split(text: string): string[] {
    const words: string[] = [];
    const trimmed = text.trimEnd();
    token.lastIndex = 0;
    while (token.lastIndex < trimmed.length) {
      const from = token.lastIndex;
      const found = token.exec(trimmed);
      if (!found) throw this.wrong(`Syntax error; token: "${trimmed.slice(from, from + 1)}", near: "${trimmed.slice(from, from + 12)}"`);
      words.push(found[1] ?? found[2] ?? found[3] ?? "");
    }
    return words;
  }

  wrong(message: string): Error {
    return invalid(`Invalid ${this.#kind}: ${message}`);
  }

  peek(ahead = 0): string | undefined {
    return this.#words[this.#at + ahead];
  }

  isAtEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  next(): string {
    const word = this.peek();
    if (word === undefined) throw this.wrong("Syntax error; token: <EOF>");
    this.#at += 1;
    return word;
  }

  /** Takes the keyword, whatever its case, if it comes next. */
  takes(keyword: string): boolean {
    if (this.peek()?.toUpperCase() !== keyword) return false;
    this.#at += 1;
    return true;
  }

  expect(keyword: string): void {
    if (!this.takes(keyword)) throw this.wrong(`Syntax error; token: "${this.peek() ?? "<EOF>"}", near: "${keyword}"`);
  }

  countOperator(): void {
    this.#operators += 1;
    if (this.#operators > operatorsMax)
      throw this.wrong(`The expression contains too many operators; limit: ${operatorsMax}, operator count: ${this.#operators}`);
  }

  path(): DocumentPath {
    const path: (string | number)[] = [this.#name()];
    for (;;) {
      if (this.takes(".")) path.push(this.#name());
      else if (this.takes("[")) {
        path.push(Number(this.next()));
        this.expect("]");
      } else return path;
    }
  }

  #name(): string {
    const word = this.next();
    if (!word.startsWith("#")) {
      if (/^[A-Za-z_]/u.test(word)) return word;
      throw this.wrong(`Syntax error; token: "${word}"`);
    }
    const name = this.#substitutes.names.get(word);
    if (name === undefined)
      throw this.wrong(`An expression attribute name used in the document path is not defined; attribute name: ${word}`);
    this.#substitutes.used.add(word);
    return name;
  }

  /** The value of a placeholder that comes next; `undefined` where none does. */
  value(): Attribute | undefined {
    const word = this.peek();
    if (word?.startsWith(":") !== true) return undefined;
    this.#at += 1;
    const value = this.#substitutes.values.get(word);
    if (value === undefined) throw this.wrong(`An expression attribute value used in expression is not defined; attribute value: ${word}`);
    this.#substitutes.used.add(word);
    return value;
  }
}

/** What stands at a path; `undefined` where nothing does. */
export function valueAt(item: Item, path: DocumentPath): Attribute | undefined {
  let value: Attribute | undefined = made("M", { map: item });
  for (const step of path) {
    if (value === undefined) return undefined;
    value = typeof step === "number" ? value.list[step] : value.map.get(step);
  }
  return value;
}

/** The item with a value at the path, or without one. Throws where the path leads through nothing. */
export function withValue(item: Item, path: DocumentPath, value: Attribute | undefined): Item {
  return changed(made("M", { map: item }), path, value).map;
}

function changed(holder: Attribute, [step, ...rest]: DocumentPath, value: Attribute | undefined): Attribute {
  if (step === undefined) return holder;
  const isList = typeof step === "number";
  if (holder.type !== (isList ? "L" : "M")) throw invalid("The document path provided in the update expression is invalid for update");
  const inner = isList ? holder.list[step] : holder.map.get(step);
  if (rest.length > 0 && inner === undefined) throw invalid("The document path provided in the update expression is invalid for update");
  const held = rest.length > 0 && inner ? changed(inner, rest, value) : value;
  if (typeof step === "number") {
    const list = holder.list.filter((_, at) => at !== step);
    return { ...holder, list: held ? list.toSpliced(Math.min(step, list.length), 0, held) : list };
  }
  const map = new Map(holder.map);
  if (held) map.set(step, held);
  else map.delete(step);
  return { ...holder, map };
}
