/** Texts of events that are HTML (Google's descriptions, X-ALT-DESC): read as they are shown, and written back between their tags. */

import type { Place, Segment, Span } from "../../core/records/document.ts";
import { CharacterReferences } from "../html-document/character-references.ts";
import { tagsIn, type Tag } from "./tags-in.ts";

/** Some of what is shown, with the part of the source that says it: unit by unit, or all of it for all of it where `said` is another text. */
interface Shown {
  /** Offset in the text that is shown. */
  readonly at: number;
  readonly said: string;
  readonly from: number;
  readonly to: number;
  readonly isLiteral: boolean;
}

/** The segment itself where it holds no markup; else what is shown of it, what is struck out, and the values of its attributes. */
export function markedSegments(segment: Segment): readonly Segment[] {
  const { text, place } = segment;
  if (place.isDatum || !/[<&]/u.test(text)) return [segment];
  const tags = tagsIn(text);
  if (tags.length === 0 && !/&(?:#\d|#x[\da-f]|[a-z]{2,8};)/iu.test(text)) return [segment];
  const references = new CharacterReferences(text);
  const { shown, struck } = gathered(text, tags, references);
  return [
    marked(segment, shown.pieces, { place }),
    ...struck.map(({ pieces }) => marked(segment, pieces, { place: { ...place, isStruck: true } })),
    ...tags.flatMap((tag) => attributesOf(segment, tag, references)),
  ];
}

interface Gathered {
  readonly shown: Gathering;
  /** Each run that is struck out by itself. */
  readonly struck: readonly Gathering[];
}

function gathered(text: string, tags: readonly Tag[], references: CharacterReferences): Gathered {
  const shown = new Gathering(text, references);
  const struck: Gathering[] = [];
  let current = shown;
  let depth = 0;
  let at = 0;
  for (const { name, isEnd, from, to } of tags) {
    current.add(at, from);
    at = to;
    if (breaks.has(name)) current.breakLine(from);
    if (!struckTags.has(name)) continue;
    depth = Math.max(0, depth + (isEnd ? -1 : 1));
    if (depth === 0) current = shown;
    else if (current === shown) {
      current = new Gathering(text, references);
      struck.push(current);
    }
  }
  current.add(at, text.length);
  return { shown, struck };
}

const struckTags: ReadonlySet<string> = new Set(["s", "del", "strike"]);
/** What begins or ends a line. */
const breaks: ReadonlySet<string> = new Set(
  "address article blockquote br center dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th tr ul".split(
    " ",
  ),
);

class Gathering {
  readonly pieces: Shown[] = [];
  readonly #source: string;
  readonly #references: CharacterReferences;
  #length = 0;

  constructor(source: string, references: CharacterReferences) {
    this.#source = source;
    this.#references = references;
  }

  add(from: number, to: number, isAttribute: boolean = false): void {
    if (from >= to) return;
    const found: { readonly start: number; readonly end: number; readonly said?: string }[] = [];
    this.#references.add({ start: from, end: to }, isAttribute, found);
    for (const { start, end, said } of found) this.#take(said ?? this.#source.slice(start, end), start, end, said === undefined);
  }

  /** Stands for no part of the source: no edit reaches over it. */
  breakLine(at: number): void {
    if (this.pieces.at(-1)?.said !== "\n") this.#take("\n", at, at, false);
  }

  #take(said: string, from: number, to: number, isLiteral: boolean): void {
    this.pieces.push({ at: this.#length, said, from, to, isLiteral });
    this.#length += said.length;
  }
}

interface Manner {
  readonly place: Place;
  readonly quote?: string;
}

function marked(segment: Segment, pieces: readonly Shown[], { place, quote }: Manner): Segment {
  return {
    text: pieces.map(({ said }) => said).join(""),
    place,
    spans: (from, to) => spansOf(segment, pieces, from, to),
    encode: (said) => segment.encode(escaped(said, quote)),
  };
}

function spansOf(segment: Segment, pieces: readonly Shown[], from: number, to: number): readonly Span[] {
  if (from === to) {
    const piece = pieces.find(({ at, said, isLiteral }) => isLiteral && at <= from && from <= at + said.length);
    const at = piece && piece.from + from - piece.at;
    return at === undefined ? [] : segment.spans(at, at);
  }
  const ranges: { from: number; to: number }[] = [];
  for (const { at, said, from: start, to: end, isLiteral } of pieces) {
    const [first, last] = [Math.max(from, at), Math.min(to, at + said.length)];
    if (first >= last || start === end) continue;
    const range = isLiteral ? { from: start + first - at, to: start + last - at } : { from: start, to: end };
    const before = ranges.at(-1);
    if (before?.to === range.from) before.to = range.to;
    else ranges.push(range);
  }
  return ranges.flatMap((range) => segment.spans(range.from, range.to));
}

const escaped = (text: string, quote: string | undefined): string => {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return quote === '"' ? safe.replaceAll('"', "&quot;") : quote === "'" ? safe.replaceAll("'", "&#39;") : safe;
};

/** Only quoted values: others cannot take any text. */
function attributesOf(segment: Segment, { attributes }: Tag, references: CharacterReferences): readonly Segment[] {
  return attributes.map(({ name, from, to, quote }) => {
    const value = new Gathering(segment.text, references);
    value.add(from, to, true);
    const place: Place = { ...segment.place, medium: "attribute", name, label: `attribute ${name} in ${segment.place.label}` };
    return marked(segment, value.pieces, { place, quote });
  });
}
