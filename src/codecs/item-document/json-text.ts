/** JSON read with the place of every token, so that one of them can be replaced and nothing else. RFC 8259; no two members of one name. */

/** Offsets are UTF-16 units of the text; `start` and `end` enclose the token with its quotes. */
export type JsonNode =
  | { readonly kind: "string"; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: "number" | "literal"; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: "object"; readonly members: readonly { readonly name: string; readonly value: JsonNode }[] }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] };

/** Why a text is no JSON, as one clause. */
export class JsonProblem extends Error {
  override readonly name = "JsonProblem";
}

const depthMax = 200;
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
const literalToken = /true|false|null/uy;
// oxlint-disable-next-line no-control-regex -- raw control characters are what a JSON text must not hold
const stringToken = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const blank = /[ \t\n\r]*/uy;

/** Reads one JSON value and nothing after it. Throws `JsonProblem`. */
export function readJson(text: string): JsonNode {
  const reader = new JsonReader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode {
    if (depth > depthMax) throw new JsonProblem(`it nests deeper than ${depthMax} levels`);
    this.#skip(blank);
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    return first === '"' ? this.#string() : this.#scalar();
  }

  end(): void {
    this.#skip(blank);
    if (this.#at < this.#text.length) throw this.#wrong();
  }

  #object(depth: number): JsonNode {
    const members: { readonly name: string; readonly value: JsonNode }[] = [];
    const names = new Set<string>();
    this.#at += 1;
    for (let isFirst = true; !this.#closes("}", isFirst); isFirst = false) {
      this.#skip(blank);
      const { text: name } = this.#string();
      if (names.has(name)) throw new JsonProblem(`one object has the name ${JSON.stringify(name)} twice`);
      names.add(name);
      this.#skip(blank);
      this.#take(":");
      members.push({ name, value: this.value(depth + 1) });
    }
    return { kind: "object", members };
  }

  #array(depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at += 1;
    for (let isFirst = true; !this.#closes("]", isFirst); isFirst = false) items.push(this.value(depth + 1));
    return { kind: "array", items };
  }

  /** Whether the closing bracket comes; otherwise takes the comma that has to stand before every element but the first. */
  #closes(bracket: string, isFirst: boolean): boolean {
    this.#skip(blank);
    if (this.#text[this.#at] === bracket) {
      this.#at += 1;
      return true;
    }
    if (!isFirst) this.#take(",");
    return false;
  }

  #string(): Extract<JsonNode, { readonly kind: "string" }> {
    const start = this.#at;
    const token = this.#skip(stringToken);
    if (token === undefined) throw this.#wrong();
    const text: unknown = token.includes("\\") ? JSON.parse(token) : token.slice(1, -1);
    return { kind: "string", start, end: this.#at, text: String(text) };
  }

  #scalar(): JsonNode {
    const start = this.#at;
    const number = this.#skip(numberToken);
    if (number !== undefined) return { kind: "number", start, end: this.#at, text: number };
    const literal = this.#skip(literalToken);
    if (literal === undefined) throw this.#wrong();
    return { kind: "literal", start, end: this.#at, text: literal };
  }

  #take(char: string): void {
    if (this.#text[this.#at] !== char) throw this.#wrong();
    this.#at += 1;
  }

  #skip(token: RegExp): string | undefined {
    token.lastIndex = this.#at;
    const found = token.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #wrong(): JsonProblem {
    const where = this.#at >= this.#text.length ? "it breaks off" : `it goes wrong at character ${this.#at + 1}`;
    return new JsonProblem(`it is no JSON: ${where}`);
  }
}
