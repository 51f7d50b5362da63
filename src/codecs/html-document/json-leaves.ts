/** The strings and numbers of a JSON text inside a page, where they stand. Tolerant: what is wrong ends the reading, what came before counts. */

import type { Piece } from "./source-page.ts";

export interface JsonLeaf {
  /** `offers[0].validFrom`; without the list or `@graph` that the whole stands in. */
  readonly name: string;
  readonly pieces: readonly Piece[];
  readonly isNumber: boolean;
}

/** Deeper texts are not meant for people, nor for search engines. */
const depthMax = 64;
const nameMax = 200;

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", "/": "/", "\\": "\\", '"': '"' };

/** Schema's own words, which say nothing of a record. */
const noise = new Set(["@context", "@type"]);

interface Level {
  readonly isList: boolean;
  /** Name of the object or list itself. */
  readonly name: string;
  key: string;
  index: number;
  /** In an object: whether a key comes next. */
  isKeyNext: boolean;
}

/** Leaves of the JSON between two offsets of the view, in order. */
export function jsonLeaves(view: string, start: number, end: number): readonly JsonLeaf[] {
  const reader = new JsonReader(view, end);
  const token = /[[\]{}:,"]|-?\d[\d.eE+-]*|[a-z]+/gu;
  token.lastIndex = beginning(view, start, end);
  for (let found = token.exec(view); found !== null && found.index < end; found = token.exec(view)) {
    const next = reader.take(found[0], found.index);
    if (next === undefined) break;
    token.lastIndex = next;
  }
  return reader.leaves;
}

class JsonReader {
  readonly leaves: JsonLeaf[] = [];
  readonly #view: string;
  readonly #end: number;
  readonly #levels: Level[] = [];

  constructor(view: string, end: number) {
    this.#view = view;
    this.#end = end;
  }

  /** Takes the token that begins at `at` and answers where to go on; `undefined` where the text ends or makes no sense. */
  take(token: string, at: number): number | undefined {
    const after = at + token.length;
    switch (token) {
      case "{":
      case "[":
        return this.#enter(token) ? after : undefined;
      case "}":
      case "]":
        this.#levels.pop();
        return this.#levels.length === 0 ? undefined : after;
      case ",":
        this.#advance();
        return after;
      case '"':
        return this.#string(at + 1);
      default:
        if (/^[-\d]/u.test(token)) this.#leaf([{ start: at, end: Math.min(after, this.#end) }], true);
        return after;
    }
  }

  #enter(token: string): boolean {
    const isList = token === "[";
    this.#levels.push({ isList, name: this.#name(), key: "", index: 0, isKeyNext: !isList });
    return this.#levels.length <= depthMax;
  }

  #advance(): void {
    const level = this.#levels.at(-1);
    if (!level) return;
    level.index += 1;
    level.isKeyNext = !level.isList;
  }

  #string(at: number): number | undefined {
    const string = readString(this.#view, at, this.#end);
    if (!string) return undefined;
    const level = this.#levels.at(-1);
    if (level?.isKeyNext === true) {
      level.key = saidBy(this.#view, string.pieces);
      level.isKeyNext = false;
    } else if (!noise.has(level?.key ?? "")) this.#leaf(string.pieces, false);
    return string.end + 1;
  }

  #leaf(pieces: readonly Piece[], isNumber: boolean): void {
    this.leaves.push({ name: this.#name(), pieces, isNumber });
  }

  #name(): string {
    const level = this.#levels.at(-1);
    return level ? nameIn(level) : "";
  }
}

/** JSON in a page may be wrapped in a comment or CDATA marks. */
function beginning(view: string, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const character = view.charAt(at);
    if (character === "{" || (character === "[" && !view.startsWith("[CDATA[", at))) return at;
  }
  return end;
}

function nameIn({ isList, name, key, index }: Level): string {
  if (isList) return name === "" ? "" : `${name}[${index}]`.slice(0, nameMax);
  if (key === "@graph") return "";
  return (name === "" ? key : `${name}.${key}`).slice(0, nameMax);
}

const saidBy = (view: string, pieces: readonly Piece[]): string =>
  pieces.map(({ start, end, said }) => said ?? view.slice(start, end)).join("");

/** `at` is right after the opening quote; `end` of the answer is the closing one. */
function readString(view: string, at: number, end: number): { readonly pieces: readonly Piece[]; readonly end: number } | undefined {
  const pieces: Piece[] = [];
  let from = at;
  for (let here = at; here < end; here += 1) {
    const character = view.charAt(here);
    if (character === '"') {
      if (from < here) pieces.push({ start: from, end: here });
      return { pieces, end: here };
    }
    if (character !== "\\") continue;
    const escape = readEscape(view, here);
    if (from < here) pieces.push({ start: from, end: here });
    pieces.push(escape);
    from = escape.end;
    here = from - 1;
  }
  return undefined;
}

function readEscape(view: string, at: number): Piece & { readonly said: string } {
  const pair = /\\u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?/uy;
  pair.lastIndex = at;
  const [whole = "", first = "", second] = pair.exec(view) ?? [];
  if (whole === "") return { start: at, end: at + 2, said: escapes[view.charAt(at + 1)] ?? view.charAt(at + 1) };
  const unit = Number.parseInt(first, 16);
  const isHigh = unit >= 0xd8_00 && unit <= 0xdb_ff;
  if (!isHigh || second === undefined) return { start: at, end: at + 6, said: String.fromCharCode(unit) };
  return { start: at, end: at + 12, said: String.fromCharCode(unit, Number.parseInt(second, 16)) };
}
