/** Objects out of a long JSON text, one at a time: the text is never held as a whole. */

/** A longer object is no event record. */
const objectCharsMax = 1024 * 1024;

/** One object's text, or the news that something could not be read as one. */
export type Piece = string | { readonly kind: "broken" };
const broken: Piece = { kind: "broken" };

/**
 * Yields the elements of a top-level `Records` list, and top-level objects that have none: a CloudTrail file, an event
 * message, or either of them a line each. After a break it goes on at the next object that begins in a sound place.
 */
export async function* jsonObjects(chunks: AsyncIterable<string>): AsyncGenerator<Piece, void, undefined> {
  const scanner = new Scanner();
  for await (const chunk of chunks) yield* scanner.take(chunk);
  yield* scanner.end();
}

/** White space as JSON knows it, and the mark that some tools put at a file's beginning. */
const isBlank = (character: string): boolean =>
  character === " " || character === "\n" || character === "\r" || character === "\t" || character === "\ufeff";

class Scanner {
  /** What is open: `{` or `[`, outermost first. */
  readonly #open: string[] = [];
  #inString = false;
  #isEscaped = false;
  /** The last character that means something outside of strings. */
  #before = "";
  /** Of the outermost object: the string that is being read or was read last. */
  #word = "";
  /** Depth at which objects are records: 1 outside of a `Records` list, 3 inside. */
  #depth = 1;
  #hadRecords = false;
  #text = "";
  #isTooLong = false;

  *take(chunk: string): Generator<Piece, void, undefined> {
    for (const character of chunk) {
      if (this.#inString) yield* this.#takeInString(character);
      else yield* this.#takeOutside(character);
    }
  }

  *end(): Generator<Piece, void, undefined> {
    if (this.#open.length > 0) yield broken;
  }

  *#takeInString(character: string): Generator<Piece, void, undefined> {
    // JSON has no line break inside a string: the line was cut off.
    if (character === "\n") {
      yield* this.#giveUp();
      return;
    }
    this.#keep(character);
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === "\\") this.#isEscaped = true;
    else if (character === '"') this.#inString = false;
    if (this.#inString && this.#open.length === 1 && this.#word.length < "Records".length + 1) this.#word += character;
  }

  *#takeOutside(character: string): Generator<Piece, void, undefined> {
    if (isBlank(character)) {
      this.#keep(character);
      return;
    }
    if (character === "{" && this.#open.at(-1) === "{" && this.#before !== ":") yield* this.#giveUp();
    if (character === "{" || character === "[") this.#enter(character);
    this.#keep(character);
    if (character === '"') {
      this.#inString = true;
      if (this.#open.length === 1) this.#word = "";
    } else if (character === "}" || character === "]") yield* this.#leave();
    this.#before = character;
  }

  #enter(character: string): void {
    const isRecords = character === "[" && this.#open.length === 1 && this.#before === ":" && this.#word === "Records";
    this.#open.push(character);
    if (isRecords) {
      this.#depth = 3;
      this.#hadRecords = true;
    }
    if (character === "{" && this.#open.length === this.#depth) {
      this.#text = "";
      this.#isTooLong = false;
    }
  }

  *#leave(): Generator<Piece, void, undefined> {
    const opened = this.#open.pop();
    const depth = this.#open.length + 1;
    if (opened === "{" && depth === this.#depth && (depth === 3 || !this.#hadRecords)) yield this.#isTooLong ? broken : this.#text;
    // The list has ended: whatever follows in its object is no record.
    if (depth === 2 && this.#depth === 3) this.#depth = 1;
    if (depth === 1) {
      this.#hadRecords = false;
      this.#depth = 1;
    }
  }

  /** Only what belongs to the record at hand is held. */
  #keep(character: string): void {
    if (this.#open.length < this.#depth || this.#isTooLong || (this.#depth === 1 && this.#hadRecords)) return;
    this.#text += character;
    if (this.#text.length <= objectCharsMax) return;
    this.#isTooLong = true;
    this.#text = "";
  }

  *#giveUp(): Generator<Piece, void, undefined> {
    this.#open.length = 0;
    this.#inString = false;
    this.#isEscaped = false;
    this.#depth = 1;
    this.#hadRecords = false;
    this.#before = "";
    yield broken;
  }
}
