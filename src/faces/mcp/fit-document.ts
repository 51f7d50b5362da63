/** A JSON document made fit for an agent: without characters that a terminal obeys, and no larger than its context bears. */

/** A place where something was left out, and how much there is. */
export interface Cut {
  /** `objects`, `diffs.0.text`. */
  readonly at: string;
  readonly shown: number;
  readonly total: number;
  readonly of: "items" | "characters";
}

export interface Fitted {
  readonly document: Readonly<Record<string, unknown>>;
  /** In no particular order; empty where all of it is there. */
  readonly cut: readonly Cut[];
}

/** Some 12,000 tokens: about half of what agents take of one answer. */
export const documentMax = 48_000;

/** Every round cuts the largest part to half at least, so this is never reached by what JSON can hold. */
const roundsMax = 400;
const shortest = 64;

/** Shortens the longest lists and texts until the document is short enough. */
export function fitDocument(fields: Readonly<Record<string, unknown>>, charactersMax: number = documentMax): Fitted {
  const document: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) document[clean(name)] = cleaned(value);
  const cuts = new Map<string, Cut>();
  for (let round = 0; round < roundsMax; round += 1) {
    const excess = sizeOf(document) - charactersMax;
    if (excess <= 0) break;
    const largest = largestIn(document);
    if (largest === undefined) break;
    cutDown(largest, { excess, cuts });
  }
  // What was cut within an item that has gone since is no news.
  return { document, cut: [...cuts.values()].filter(({ at }) => stands(document, at)) };
}

function stands(document: unknown, at: string): boolean {
  let value: unknown = document;
  for (const name of at.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return false;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return true;
}

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** Tabs and line ends stay; what a terminal would obey, or what makes text look like other text, is shown as a box. */
const clean = (text: string): string => text.toWellFormed().replaceAll("\r\n", "\n").replaceAll(obeyed, "\ufffd");

/** A copy of plain JSON whose objects and lists may be changed. */
function cleaned(value: unknown): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((item: unknown) => cleaned(item));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, held] of Object.entries(value)) copy[clean(name)] = cleaned(held);
  return { ...copy };
}

const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

interface Part {
  readonly at: string;
  readonly size: number;
  /** Puts the first so many items or characters in its place. */
  readonly keep: (count: number) => void;
  readonly count: number;
  readonly of: Cut["of"];
}

/** The list or text that takes most room by itself: of a list in a list the inner one, where it takes most of the outer. */
function largestIn(document: Record<string, unknown>): Part | undefined {
  let largest: Part | undefined;
  const offer = (part: Part): void => {
    if (part.size > (largest?.size ?? 0)) largest = part;
  };
  const visit = (value: unknown, at: string, put: (value: unknown) => void): number => {
    if (typeof value === "string") {
      const size = value.length + 2;
      if (value.length > shortest + 1)
        offer({ at, size, count: value.length, of: "characters", keep: (count) => put(cutText(value, count)) });
      return size;
    }
    if (Array.isArray(value)) {
      const items: unknown[] = value;
      const sizes = items.map((item, index) => visit(item, `${at}.${index}`, (changed) => (items[index] = changed)));
      const size = sizes.reduce((sum, one) => sum + one, 0);
      const own = size - Math.max(0, ...sizes);
      if (items.length > 1) offer({ at, size: own, count: items.length, of: "items", keep: (count) => put(items.slice(0, count)) });
      return size;
    }
    if (typeof value !== "object" || value === null) return 5;
    const held: Record<string, unknown> = { ...value };
    let size = 2;
    for (const [name, inner] of Object.entries(held)) {
      const replace = (changed: unknown): void => {
        held[name] = changed;
        put(held);
      };
      size += name.length + 4 + visit(inner, at === "" ? name : `${at}.${name}`, replace);
    }
    return size;
  };
  visit(document, "", (changed) => Object.assign(document, changed));
  return largest;
}

const cutText = (text: string, count: number): string => `${text.slice(0, count).toWellFormed()}…`;

function cutDown(part: Part, { excess, cuts }: { readonly excess: number; readonly cuts: Map<string, Cut> }): void {
  const share = Math.max(0, part.size - excess) / part.size;
  const floor = part.of === "items" ? 1 : shortest;
  const count = Math.max(floor, Math.floor(part.count * Math.max(share * 0.95, 0.3)));
  const shown = Math.min(count, part.count - 1);
  const total = cuts.get(part.at)?.total ?? part.count;
  part.keep(shown);
  cuts.set(part.at, { at: part.at, shown, total, of: part.of });
}
