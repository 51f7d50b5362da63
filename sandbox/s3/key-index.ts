import { keyOf, rankOf } from "./byte-order.ts";

/** New keys up to this many are spliced in one by one; more are sorted and merged in one go. */
const spliceMax = 32;

/** One key with what belongs to it, held by the order itself so that a listing needs no second look-up. */
interface Entry<Value> {
  readonly rank: string;
  readonly value: Value;
  isPresent: boolean;
}

/** A map whose keys come in the order of their UTF-8 bytes. Setting costs next to nothing; the order is made when somebody asks for it. */
export class KeyIndex<Value> {
  readonly #byRank = new Map<string, Entry<Value>>();
  #sorted: Entry<Value>[] = [];
  #added: Entry<Value>[] = [];
  /** Entries of `#sorted`, or nearly, that were deleted and not yet dropped. */
  #goneCount = 0;

  get size(): number {
    return this.#byRank.size;
  }

  get(key: string): Value | undefined {
    return this.#byRank.get(rankOf(key))?.value;
  }

  /** Adds a key that is not there; what belongs to it is changed in place afterwards. */
  add(key: string, value: Value): void {
    const entry = { rank: rankOf(key), value, isPresent: true };
    this.#byRank.set(entry.rank, entry);
    this.#added.push(entry);
  }

  delete(key: string): void {
    const rank = rankOf(key);
    const entry = this.#byRank.get(rank);
    if (!entry) return;
    entry.isPresent = false;
    this.#goneCount += 1;
    this.#byRank.delete(rank);
  }

  /** What belongs to the keys, in no order. */
  *values(): Generator<Value> {
    for (const { value } of this.#byRank.values()) yield value;
  }

  /**
   * Keys that begin with `prefix` and come after `after`, in order. To be run through before the next change;
   * `next(position)` skips past that position.
   */
  *from(prefix: string, after: Position | undefined): Generator<KeyEntry<Value>, void, Position | undefined> {
    this.#settle();
    const prefixRank = rankOf(prefix);
    let at = this.#firstWhere((rank) => rank >= prefixRank);
    if (after) at = Math.max(at, this.#following(after));
    for (;;) {
      const entry = this.#sorted[at];
      if (entry === undefined || !entry.rank.startsWith(prefixRank)) return;
      const skipTo = entry.isPresent ? yield { key: keyOf(entry.rank), value: entry.value } : undefined;
      at = skipTo ? Math.max(at + 1, this.#following(skipTo)) : at + 1;
    }
  }

  /** The place of the first rank after a position. */
  #following(position: Position): number {
    const rank = rankOf(position.text);
    return this.#firstWhere((other) => other > rank && !(position.isPrefix && other.startsWith(rank)));
  }

  /** Binary search for the first place where a claim holds that stays true from there on. */
  #firstWhere(holds: (rank: string) => boolean): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#sorted[middle];
      if (entry && !holds(entry.rank)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #settle(): void {
    const fresh = this.#added.filter(({ isPresent }) => isPresent);
    this.#added = [];
    if (this.#goneCount > spliceMax + this.#sorted.length / 8) {
      this.#sorted = this.#sorted.filter(({ isPresent }) => isPresent);
      this.#goneCount = 0;
    }
    if (fresh.length > spliceMax) {
      this.#sorted = merged(this.#sorted, fresh.toSorted(byRank));
      return;
    }
    for (const entry of fresh)
      this.#sorted.splice(
        this.#firstWhere((rank) => rank >= entry.rank),
        0,
        entry,
      );
  }
}

export interface KeyEntry<Value> {
  readonly key: string;
  readonly value: Value;
}

/** After a text, or after everything that begins with it. */
export interface Position {
  readonly text: string;
  readonly isPrefix: boolean;
}

interface Ranked {
  readonly rank: string;
}

const byRank = (left: Ranked, right: Ranked): number => (left.rank < right.rank ? -1 : Number(left.rank > right.rank));

function merged<Kind extends Ranked>(left: readonly Kind[], right: readonly Kind[]): Kind[] {
  const both: Kind[] = [];
  let at = 0;
  for (const entry of left) {
    for (let next = right[at]; next !== undefined && next.rank < entry.rank; next = right[at]) {
      both.push(next);
      at += 1;
    }
    both.push(entry);
  }
  for (const entry of right.slice(at)) both.push(entry);
  return both;
}
