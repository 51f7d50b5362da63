/** Takes the tokens of a page as they come and makes segments of them. */

import { QuoteType, Tokenizer } from "htmlparser2";
import type { Place } from "../../core/records/document.ts";
import { CharacterReferences } from "./character-references.ts";
import { asComment, asPlain, asText, type Escape } from "./escapes.ts";
import { HtmlSegment } from "./html-segment.ts";
import { isInline, isVoid, OpenElements } from "./open-elements.ts";
import { rawSegments, type RawElement } from "./raw-segments.ts";
import type { Piece, SourcePage } from "./source-page.ts";
import {
  addAttributes,
  attributeText,
  hasAttribute,
  isPlaceholder,
  microdataAttribute,
  type Tag,
  type TagAttribute,
} from "./tag-segments.ts";

type TokenizerCallbacks = ConstructorParameters<typeof Tokenizer>[1];

/** More are no page for people, and too many for one. */
export const segmentsMax = 200_000;

export const nestedMax = 10_000;

/** Reads a whole page, or so much of it that it turns out too much. `mark`: code units of its byte order mark. */
export function scanPage(page: SourcePage, mark: number): PageScanner {
  const scanner = new PageScanner(page, mark);
  const tokenizer: Tokenizer = new Tokenizer({ decodeEntities: false }, scanner);
  scanner.onTooMuch = () => tokenizer.pause();
  tokenizer.write(page.view);
  tokenizer.end();
  return scanner;
}

/** Their content is text to the standard's tokenizer, and code or nothing to a reader. */
const rawNames = new Set(["script", "style", "iframe", "noembed", "noframes", "xmp"]);
const quotes = new Map<QuoteType, TagAttribute["quote"]>([
  [QuoteType.Double, '"'],
  [QuoteType.Single, "'"],
]);

/** Text that is being gathered until its block ends. */
interface Run {
  pieces: Piece[];
  /** Where its first character that is not blank stands. */
  start: number | undefined;
  block: string;
  landmark: string;
  isTemplate: boolean;
  /** The microdata property that it is the value of, as long as nothing else stands in it. */
  property: string | undefined;
  /** How many elements are open around the one with the property. */
  propertyDepth: number;
  isPropertyOver: boolean;
}

const emptyRun = (): Run => ({
  pieces: [],
  start: undefined,
  block: "",
  landmark: "",
  isTemplate: false,
  property: undefined,
  propertyDepth: 0,
  isPropertyOver: false,
});

class PageScanner implements TokenizerCallbacks {
  readonly segments: HtmlSegment[] = [];
  onTooMuch: () => void = () => undefined;
  readonly #page: SourcePage;
  readonly #open: OpenElements = new OpenElements();
  /** Code units of the byte order mark. */
  readonly #mark: number;
  #run: Run = emptyRun();
  #tag: { name: string; attributes: TagAttribute[] } = { name: "", attributes: [] };
  #attribute: { name: string; start: number; end: number; quote: TagAttribute["quote"] } = { name: "", start: 0, end: 0, quote: "" };
  /** Names as they were written, in lower case: pages have few, and many times. */
  readonly #names: Map<string, string> = new Map();
  readonly #references: CharacterReferences;
  /** The element whose content is one text to the tokenizer: its end tag is all that ends it. */
  #raw: RawElement | undefined;
  #line = 1;
  #nextBreak: number;

  constructor(page: SourcePage, mark: number) {
    this.#page = page;
    this.#mark = mark;
    this.#references = new CharacterReferences(page.view);
    this.#nextBreak = this.#breakAfter(-1);
  }

  /** The deepest nesting of elements. */
  get depthMax(): number {
    return this.#open.depthMax;
  }

  get isTooMuch(): boolean {
    return this.segments.length > segmentsMax || this.#open.depth > nestedMax;
  }

  isInForeignContext(): boolean {
    return this.#open.top.isForeign;
  }

  onopentagname(start: number, end: number): void {
    this.#tag = { name: this.#lower(start, end), attributes: [] };
  }

  onattribname(start: number, end: number): void {
    this.#attribute = { name: this.#lower(start, end), start: 0, end: 0, quote: "" };
  }

  onattribdata(start: number, end: number): void {
    if (this.#attribute.end === 0) this.#attribute.start = start;
    this.#attribute.end = end;
  }

  onattribentity(): void {
    // Never called: references are decoded here, where their ends are known.
  }

  onattribend(quote: QuoteType): void {
    // Of repeated attributes the first counts.
    if (hasAttribute(this.#tag, this.#attribute.name)) return;
    this.#attribute.quote = quotes.get(quote) ?? "";
    this.#tag.attributes.push(this.#attribute);
  }

  onopentagend(end: number): void {
    this.#enter(end, false);
  }

  onselfclosingtag(end: number): void {
    this.#enter(end, this.#open.top.isForeign);
  }

  onclosetag(start: number, end: number): void {
    const name = this.#lower(start, end);
    if (this.#raw?.name === name) {
      this.#raw = undefined;
      return;
    }
    if (!isInline(name)) this.#break();
    this.#open.leave(name);
    const run = this.#run;
    if (run.property !== undefined && this.#open.depth <= run.propertyDepth) run.isPropertyOver = true;
  }

  ontext(start: number, end: number): void {
    const { view } = this.#page;
    if (start < this.#mark) return this.#mark < end ? this.ontext(this.#mark, end) : undefined;
    if (this.#raw) {
      this.segments.push(...rawSegments(this.#page, this.#raw, { start, end }, (at) => this.#lineOf(at)));
      return undefined;
    }
    const firstAt = firstVisible(view, start, end);
    const run = this.#run;
    if (firstAt < end) this.#begin(firstAt);
    // What stands between two blocks is layout.
    if (run.start === undefined) return undefined;
    if (this.#open.top.name === "plaintext") run.pieces.push({ start, end });
    else this.#references.add({ start, end }, false, run.pieces);
    return undefined;
  }

  ontextentity(): void {
    // Never called, as above.
  }

  oncomment(start: number, end: number, offset: number): void {
    this.#push(
      [{ start, end: end - offset }],
      { medium: "comment", name: "", label: `comment${this.#where("", start)}`, part: "" },
      asComment,
    );
  }

  oncdata(start: number, end: number): void {
    if (this.#open.top.isForeign) this.#push([{ start, end: end - 2 }], { medium: "text", name: "", label: "CDATA", part: "" }, asPlain);
  }

  ondeclaration(): void {
    // A document type says nothing of a record.
  }

  onprocessinginstruction(): void {
    // Nor does this.
  }

  onend(): void {
    this.#break();
  }

  #enter(end: number, isClosed: boolean): void {
    if (this.isTooMuch) this.onTooMuch();
    const tag: Tag = this.#tag;
    const { name } = tag;
    const isSample = isSampleTag(this.#page, tag);
    const around = this.#open.top;
    if (!isInline(name)) this.#break();
    if (name === "br" || name === "img") this.#gap(end + 1, name === "br" ? "\n" : " ");
    const isTemplate = around.isTemplate || isSample;
    if (tag.attributes.length > 0)
      addAttributes(this.#page, tag, { isTemplate, where: this.#where(around.landmark, end), references: this.#references }, this.segments);
    if (rawNames.has(name) && !around.isForeign) {
      this.#raw = { name, type: attributeText(this.#page, tag, "type") ?? "", isTemplate, landmark: around.landmark };
      return;
    }
    if (isVoid(name) || isClosed) return;
    this.#noteProperty(tag);
    this.#open.enter(name, isSample);
  }

  #noteProperty(tag: Tag): void {
    const run = this.#run;
    const property = attributeText(this.#page, tag, "itemprop");
    if (property === undefined || run.start !== undefined) return;
    const isThing = hasAttribute(tag, "itemscope");
    run.property = isThing || microdataAttribute(tag) !== undefined ? undefined : property;
    run.propertyDepth = this.#open.depth;
    run.isPropertyOver = false;
  }

  /** A character that nobody wrote, where markup alone keeps two words apart. */
  #gap(at: number, said: string): void {
    if (this.#run.start !== undefined) this.#run.pieces.push({ start: at, end: at, said });
  }

  #begin(at: number): void {
    const run = this.#run;
    if (run.isPropertyOver) run.property = undefined;
    if (run.start !== undefined) return;
    const { block, landmark, isTemplate } = this.#open.top;
    run.start = at;
    run.block = block;
    run.landmark = landmark;
    run.isTemplate = isTemplate;
  }

  #break(): void {
    const run = this.#run;
    if (run.start === undefined) {
      // A property whose element begins with another block belongs to the text in that one.
      if (run.isPropertyOver) this.#run = emptyRun();
      return;
    }
    this.#run = emptyRun();
    const { block, property, landmark, start, pieces } = run;
    const label = `${block === "" ? "text" : `<${block}>`}${this.#where(landmark === block ? "" : landmark, start)}`;
    const medium = block === "title" && landmark !== "svg" ? "title" : property === undefined ? "text" : "microdata";
    const place: Place = { medium, name: medium === "microdata" ? (property ?? "") : "", label, part: "" };
    this.#push(pieces, run.isTemplate ? { ...place, isTemplate: true } : place, block === "plaintext" ? asPlain : asText);
  }

  #push(pieces: readonly Piece[], place: Place, escape: Escape): void {
    if (this.isTooMuch) return;
    const segment = new HtmlSegment(this.#page, pieces, place, escape);
    if (segment.text.trim() === "") return;
    const isTemplate = place.isTemplate === true || isPlaceholder(segment.text);
    this.segments.push(isTemplate && !place.isTemplate ? new HtmlSegment(this.#page, pieces, { ...place, isTemplate }, escape) : segment);
  }

  #where(landmark: string, at: number): string {
    return `${landmark === "" ? "" : ` in <${landmark}>`}, line ${this.#lineOf(at)}`;
  }

  #lower(start: number, end: number): string {
    const written = this.#page.view.slice(start, end);
    const known = this.#names.get(written);
    if (known !== undefined) return known;
    const lower = written.toLowerCase();
    this.#names.set(written, lower);
    return lower;
  }

  /** Counts on from where it was asked before; what lies further back is on the line that was reached. */
  #lineOf(at: number): number {
    while (this.#nextBreak < at) {
      this.#line += 1;
      this.#nextBreak = this.#breakAfter(this.#nextBreak);
    }
    return this.#line;
  }

  #breakAfter(at: number): number {
    const found = this.#page.view.indexOf("\n", at + 1);
    return found < 0 ? Infinity : found;
  }
}

function firstVisible(view: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(view.charCodeAt(at))) at += 1;
  return at;
}

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** Pages mark what only shows how a thing would look. */
function isSampleTag(page: SourcePage, tag: Tag): boolean {
  if (tag.attributes.length === 0) return false;
  if (hasAttribute(tag, "data-sample") || hasAttribute(tag, "data-example") || hasAttribute(tag, "data-template")) return true;
  if (tag.name === "html" || tag.name === "body" || tag.name === "main") return false;
  const classes = attributeText(page, tag, "class");
  return classes !== undefined && /(?:^|\s)(?:sample|example)(?:\s|$)/iu.test(classes);
}
