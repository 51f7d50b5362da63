/** Which pieces of a page are wanted, where not all are. */

const attributesByNames = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

/** Names with an at sign before them, without it: the same for every page that is read for these names. */
function attributesIn(names: ReadonlySet<string>): ReadonlySet<string> {
  const known = attributesByNames.get(names);
  if (known) return known;
  const found = new Set([...names].flatMap((name) => (name.startsWith("@") ? [name.slice(1)] : [])));
  attributesByNames.set(names, found);
  return found;
}

export class SignedSpans {
  readonly #signs: readonly number[];
  readonly #names: ReadonlySet<string>;
  readonly #attributes: ReadonlySet<string>;
  /** The first sign that is not before where was asked last: pieces are asked for nearly in order. */
  #next = 0;

  /** `signs`: code units of the view, in order. `names`: last parts of names that are wanted whatever stands there. */
  constructor(signs: readonly number[], names: ReadonlySet<string>) {
    this.#signs = signs;
    this.#names = names;
    this.#attributes = attributesIn(names);
  }

  /** Whether a sign stands between two code units, the first included. */
  has(start: number, end: number): boolean {
    return this.#from(start) < end;
  }

  /** One more than the last sign of the range; its start where it has none. */
  endIn(start: number, end: number): number {
    let last = start;
    for (let sign = this.#from(start); sign < end; sign = this.#from(last)) last = sign + 1;
    return last;
  }

  isNamed(name: string): boolean {
    return this.#names.has(name.slice(name.lastIndexOf(".") + 1));
  }

  /** Whether an attribute is wanted whatever it says: with an at sign before it, its name is one of the names. */
  isAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  /** The first sign at or after a code unit. */
  #from(start: number): number {
    const signs = this.#signs;
    while (this.#next > 0 && (signs[this.#next - 1] ?? 0) >= start) this.#next -= 1;
    while (this.#next < signs.length && (signs[this.#next] ?? 0) < start) this.#next += 1;
    return signs[this.#next] ?? Infinity;
  }
}
