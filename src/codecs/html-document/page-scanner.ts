/** Takes the tokens of a page as they come and makes segments of them. */

import { QuoteType, Tokenizer } from "htmlparser2";
import type { Place } from "../../core/records/document.ts";
import { CharacterReferences } from "./character-references.ts";
import { asComment, asPlain, asText, type Escape } from "./escapes.ts";
import { Headings } from "./headings.ts";
import { HtmlSegment, saidBy } from "./html-segment.ts";
import { isInline, isVoid, OpenElements } from "./open-elements.ts";
import { endOfText, openLink, saidIn, type OpenLink } from "./open-link.ts";
import { rawSegments, type RawElement } from "./raw-segments.ts";
import type { SignedSpans } from "./signed-spans.ts";
import { plainTokens } from "./plain-tokens.ts";
import type { Piece, SourcePage } from "./source-page.ts";
import {
  addAttributes,
  attributeText,
  hasAttribute,
  isPlaceholder,
  isSampleTag,
  microdataAttribute,
  type Tag,
  type TagAttribute,
} from "./tag-segments.ts";
import { emptyRun, firstVisible, placeOfRun, where, type Run } from "./text-run.ts";

type TokenizerCallbacks = ConstructorParameters<typeof Tokenizer>[1];

/** More are no page for people, and too many for one. */
export const segmentsMax = 200_000;

export const nestedMax = 10_000;

/**
 * Reads a whole page, or so much of it that it turns out too much. What edits are made from is read by htmlparser2; a part of a page by
 * tokens of our own, which have to be the same. `mark`: code units of its byte order mark. `wanted`: absent where all is.
 */
export function scanPage(page: SourcePage, mark: number, wanted?: SignedSpans): PageScanner {
  const quick = wanted && new PageScanner(page, mark, wanted);
  if (quick && plainTokens(page.view, quick)) return quick;
  const scanner = new PageScanner(page, mark, wanted);
  const tokenizer: Tokenizer = new Tokenizer({ decodeEntities: false }, scanner);
  scanner.onTooMuch = () => tokenizer.pause();
  tokenizer.write(page.view);
  tokenizer.end();
  return scanner;
}

/** Their content is text to the standard's tokenizer, and code or nothing to a reader. */
const rawNames = new Set(["script", "style", "iframe", "noembed", "noframes", "xmp"]);
const quotes = new Map<QuoteType, TagAttribute["quote"]>([[QuoteType.Double, '"'] as const, [QuoteType.Single, "'"] as const]);

class PageScanner implements TokenizerCallbacks {
  readonly segments: HtmlSegment[] = [];
  readonly links: Set<string> = new Set();
  isDone = false;
  onTooMuch: () => void = () => undefined;
  readonly #page: SourcePage;
  readonly #open: OpenElements = new OpenElements();
  /** Code units of the byte order mark. */
  readonly #mark: number;
  #run: Run = emptyRun();
  /** The text around what is struck out, as long as that is open. */
  #around: Run | undefined;
  #link: OpenLink | undefined;
  /** Links of this block that nothing stands before: what heads the block does. */
  #unheaded: OpenLink[] = [];
  #tag: { name: string; attributes: TagAttribute[] } = { name: "", attributes: [] };
  #attribute: { name: string; start: number; end: number; quote: TagAttribute["quote"] } = { name: "", start: 0, end: 0, quote: "" };
  /** Names as they were written, in lower case: pages have few, and many times. */
  readonly #names: Map<string, string> = new Map();
  readonly #references: CharacterReferences;
  /** The element whose content is one text to the tokenizer: its end tag is all that ends it. */
  #raw: RawElement | undefined;
  readonly #wanted: SignedSpans | undefined;
  readonly #headings: Headings = new Headings((pieces) => saidBy(this.#page, this.#read(pieces)));
  #line = 1;
  #nextBreak: number;

  constructor(page: SourcePage, mark: number, wanted: SignedSpans | undefined) {
    this.#page = page;
    this.#wanted = wanted;
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
    if (name === "a") this.#link = undefined;
    if (!isInline(name)) this.#break();
    this.#open.leave(name);
    this.#leaveStruck();
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
    if (this.#link) saidIn(this.#link, this.#page, { start, end });
    const firstAt = firstVisible(view, start, end);
    const run = this.#run;
    if (firstAt < end) this.#begin(firstAt);
    // What stands between two blocks is layout.
    if (run.start === undefined) return undefined;
    run.pieces.push({ start, end, isPlain: this.#open.top.name === "plaintext" });
    return undefined;
  }

  ontextentity(): void {
    // Never called, as above.
  }

  oncomment(start: number, end: number, offset: number): void {
    if (this.#wanted?.has(start, end) === false) return;
    this.#push(
      [{ start, end: end - offset }],
      { medium: "comment", name: "", label: `comment${where("", this.#lineOf(start))}`, part: "" },
      asComment,
    );
  }

  oncdata(start: number, end: number): void {
    if (this.#open.top.isForeign && this.#wanted?.has(start, end) !== false)
      this.#push([{ start, end: end - 2 }], { medium: "text", name: "", label: "CDATA", part: "" }, asPlain);
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
    this.isDone = this.isTooMuch;
    if (this.isDone) this.onTooMuch();
    const tag: Tag = this.#tag;
    const { name } = tag;
    const isSample = isSampleTag(this.#page, tag);
    const around = this.#open.top;
    this.#divide(name, end);
    const isTemplate = around.isTemplate || isSample;
    const first = this.segments.length;
    if (tag.attributes.length > 0)
      addAttributes(
        this.#page,
        tag,
        {
          isTemplate,
          where: () => where(around.landmark, this.#lineOf(end)),
          references: this.#references,
          wanted: this.#wanted,
          links: this.links,
        },
        this.segments,
      );
    if (tag.attributes.length > 0 && this.segments.length > first) this.#openLink(tag, first);
    if (rawNames.has(name) && !around.isForeign) {
      this.#raw = { name, type: attributeText(this.#page, tag, "type") ?? "", isTemplate, landmark: around.landmark, wanted: this.#wanted };
      return;
    }
    if (isVoid(name) || isClosed) return;
    this.#noteProperty(tag);
    this.#open.enter(name, isSample);
    if (!around.isStruck) this.#enterStruck(end);
  }

  /** What a start tag does to the text before it. */
  #divide(name: string, end: number): void {
    if (name === "br" || name === "img") this.#gap(end + 1, name === "br" ? "\n" : " ");
    if (isInline(name)) return;
    this.#break();
    this.#headings.open(name);
  }

  #enterStruck(end: number): void {
    if (!this.#open.top.isStruck) return;
    this.#gap(end + 1, " ");
    this.#around = this.#run;
    this.#run = emptyRun();
  }

  #openLink(tag: Tag, first: number): void {
    if (this.#open.top.isStruck) return;
    const { start, pieces } = this.#run;
    const before = start === undefined ? "" : endOfText(this.#page, pieces);
    const link = openLink(this.#page, tag, this.segments.slice(first), before);
    if (!link) return;
    this.#link = tag.name === "a" ? link : undefined;
    if (before.trim() === "") this.#unheaded.push(link);
  }

  /** What was struck out is a text of its own; the one around it goes on. */
  #leaveStruck(): void {
    if (this.#open.top.isStruck || !(this.#around || this.#run.isStruck)) return;
    const around = this.#around ?? emptyRun();
    this.#around = undefined;
    this.#break();
    this.#run = around;
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
    const { block, landmark, isTemplate, isStruck } = this.#open.top;
    run.isStruck = isStruck;
    run.start = at;
    run.line = this.#lineOf(at);
    run.block = block;
    run.landmark = landmark;
    run.isTemplate = isTemplate;
  }

  #break(): void {
    if (this.#around) {
      const struck = this.#run;
      this.#run = this.#around;
      this.#around = undefined;
      this.#break();
      this.#run = struck;
    }
    const run = this.#run;
    if (run.start === undefined) {
      // A property whose element begins with another block belongs to the text in that one.
      if (run.isPropertyOver) this.#run = emptyRun();
      return;
    }
    this.#run = emptyRun();
    const isKept = !this.#isLeftOut(run);
    const heads = this.#headings.take(run.block, run.pieces, isKept || this.#unheaded.length > 0);
    if (this.#unheaded.length > 0) for (const link of this.#unheaded.splice(0)) link.before = heads.join(" ");
    if (isKept) this.#keep(run, heads);
  }

  #keep(run: Run, heads: readonly string[]): void {
    const kept = this.#push(this.#read(run.pieces), placeOfRun(run), run.block === "plaintext" ? asPlain : asText);
    if (kept && heads.length > 0) kept.heads = heads;
  }

  #read(pieces: readonly Run["pieces"][number][]): readonly Piece[] {
    const read: Piece[] = [];
    for (const piece of pieces) {
      if (piece.isPlain === false) this.#references.add(piece, false, read);
      else read.push(piece);
    }
    return read;
  }

  #isLeftOut({ pieces, property }: Run): boolean {
    const wanted = this.#wanted;
    const [first, last] = [pieces.at(0), pieces.at(-1)];
    if (!wanted || !first || !last || wanted.has(first.start, last.end)) return false;
    return property === undefined || !wanted.isNamed(property);
  }

  /** `undefined` where nothing is said, or too much: no segment is made of it. */
  #push(pieces: readonly Piece[], place: Place, escape: Escape): HtmlSegment | undefined {
    if (this.isTooMuch) return undefined;
    const said = new HtmlSegment(this.#page, pieces, place, escape);
    if (said.text.trim() === "") return undefined;
    const isTemplate = place.isTemplate === true || isPlaceholder(said.text);
    const segment = isTemplate && !place.isTemplate ? new HtmlSegment(this.#page, pieces, { ...place, isTemplate }, escape) : said;
    this.segments.push(segment);
    return segment;
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
