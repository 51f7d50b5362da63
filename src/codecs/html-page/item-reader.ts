/** Gathers items from a page's tokens as they come. */

import { TokenizerMode, type Token } from "parse5";
import { elementItems, withAddress, type StartTag } from "./element-items.ts";
import type { ItemSource, PageItem } from "./page-item.ts";
import { clipped, folded, pieces } from "./page-text.ts";
import { scriptStatements, structuredStatements, styleStatements } from "./source-code.ts";

/** What the tokenizer must be told of the content that follows a start tag. */
type Mode = (typeof TokenizerMode)[keyof typeof TokenizerMode];

/** Elements whose content is text to the tokenizer, whatever it looks like. */
const textModes: ReadonlyMap<string, Mode> = new Map([
  ["script", TokenizerMode.SCRIPT_DATA],
  ["style", TokenizerMode.RAWTEXT],
  ["title", TokenizerMode.RCDATA],
  ["textarea", TokenizerMode.RCDATA],
  ["iframe", TokenizerMode.RAWTEXT],
  ["noembed", TokenizerMode.RAWTEXT],
  ["noframes", TokenizerMode.RAWTEXT],
  ["xmp", TokenizerMode.RAWTEXT],
]);

// Elements that stand within a line of text; all others begin and end a block.
const inlineElements = new Set(
  "a,abbr,acronym,area,b,bdi,bdo,big,br,cite,code,data,del,dfn,em,font,i,img,ins,kbd,map,mark,nobr,q,rp,rt,ruby,s,samp,small,span,strike,strong,sub,sup,time,tt,u,var,wbr".split(
    ",",
  ),
);

/** Text that is being gathered until its element or block ends. */
interface Gathering {
  readonly line: number;
  readonly element: number;
  chars: string;
}

interface OpenText extends Gathering {
  readonly tag: StartTag;
}

type Gathered = "heading" | "button" | "link";
const gatheredBy: ReadonlyMap<string, Gathered> = new Map([
  ...["h1", "h2", "h3", "h4", "h5", "h6"].map((name): [string, Gathered] => [name, "heading"]),
  ["button", "button"],
  ["summary", "button"],
  ["a", "link"],
]);

/** Takes the tokens of one page in order; `items` is complete after `end`. */
export class ItemReader {
  readonly items: PageItem[] = [];
  private element = 0;
  private form: number | undefined;
  private foreignDepth = 0;
  private hasTitle = false;
  private raw: OpenText | undefined;
  private block: (Gathering & { hasOwnText: boolean }) | undefined;
  // One of each kind at most: as in browsers, a new link, button or heading ends the one before.
  private readonly open = new Map<Gathered, OpenText>();

  characters(chars: string, line: number | undefined): void {
    if (this.raw) {
      this.raw.chars += chars;
      return;
    }
    for (const gathering of this.open.values()) gathering.chars += chars;
    if (line !== undefined) {
      this.block ??= { line, element: this.element, chars: "", hasOwnText: false };
      if (this.open.size === 0) this.block.hasOwnText = true;
    }
    if (this.block) this.block.chars += chars;
  }

  startTag(token: Token.TagToken): Mode | undefined {
    this.element += 1;
    const line = token.location?.startLine ?? 1;
    const tag: StartTag = {
      name: token.tagName,
      attributes: new Map(token.attrs.map(({ name, value }) => [name, value])),
      isForeign: this.foreignDepth > 0,
    };
    if ((tag.name === "svg" || tag.name === "math") && !token.selfClosing) this.foreignDepth += 1;
    this.breakAt(tag.name);
    if (tag.name === "form") this.form = this.element;
    for (const item of elementItems(tag)) this.push(item, { line, element: this.element });
    this.gather(tag, line);
    const mode = textModes.get(tag.name);
    if (mode === undefined || (tag.isForeign && token.selfClosing)) return undefined;
    this.raw = { tag, line, element: this.element, chars: "" };
    return mode;
  }

  endTag(name: string): void {
    if (this.raw) {
      this.closeRaw(this.raw);
      this.raw = undefined;
      return;
    }
    this.breakAt(name);
    if ((name === "svg" || name === "math") && this.foreignDepth > 0) this.foreignDepth -= 1;
    if (name === "form") this.form = undefined;
    const kind = gatheredBy.get(name);
    if (kind) this.close(kind);
  }

  end(): void {
    if (this.raw) this.closeRaw(this.raw);
    this.breakAt("body");
    for (const kind of this.open.keys()) this.close(kind);
  }

  private push(item: ItemSource, place: { readonly line: number; readonly element: number }): void {
    const form = this.form === undefined ? {} : { form: this.form };
    this.items.push({ ...item, ...form, said: item.said ?? "", line: place.line, element: place.element });
  }

  private breakAt(name: string): void {
    if (name === "br") this.characters(" ", undefined);
    if (inlineElements.has(name) || !this.block) return;
    const { block } = this;
    this.block = undefined;
    // What stands wholly in links, buttons or headings is told by them.
    if (!block.hasOwnText) return;
    for (const text of pieces(folded(block.chars))) this.push({ kind: "text", text, said: text.toLowerCase() }, block);
  }

  private gather(tag: StartTag, line: number): void {
    const words = folded(tag.attributes.get("alt") ?? "");
    // A picture's words stand for it inside a link or button.
    if (tag.name === "img" && words !== "") for (const gathering of this.open.values()) gathering.chars += ` ${words} `;
    const kind = gatheredBy.get(tag.name);
    if (kind === undefined || tag.isForeign || (kind === "link" && !tag.attributes.has("href"))) return;
    this.close(kind);
    this.open.set(kind, { tag, line, element: this.element, chars: "" });
  }

  private close(kind: Gathered): void {
    const gathering = this.open.get(kind);
    if (!gathering) return;
    this.open.delete(kind);
    const { attributes } = gathering.tag;
    const label = attributes.get("aria-label") ?? attributes.get("title") ?? attributes.get("value") ?? "";
    const words = folded(gathering.chars) || folded(label);
    const text = kind === "link" ? withAddress(words, folded(attributes.get("href") ?? "")) : words;
    const shown = kind === "link" && isButtonLike(attributes) ? "button" : kind;
    if (text !== "") this.push({ kind: shown, text: clipped(text), said: words.toLowerCase() }, gathering);
  }

  private closeRaw(raw: OpenText): void {
    const { tag, chars } = raw;
    if (tag.name === "title" && !tag.isForeign && !this.hasTitle) {
      this.hasTitle = true;
      const text = folded(chars);
      if (text !== "") this.push({ kind: "title", text: clipped(text), said: text.toLowerCase() }, raw);
    }
    for (const item of blockItems(tag, chars)) this.push(item, raw);
  }
}

/** A link that is dressed as a button is one to the people who look at it. */
const isButtonLike = (attributes: ReadonlyMap<string, string>): boolean =>
  attributes.get("role") === "button" || /(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_-])/iu.test(attributes.get("class") ?? "");

const inBlock = (kind: "script" | "style", block: string, statements: readonly string[]): readonly ItemSource[] =>
  statements.map((statement) => ({ kind, text: clipped(statement), block }));

/** What an inline script or style sheet says. */
function blockItems(tag: StartTag, source: string): readonly ItemSource[] {
  if (tag.name === "style") return inBlock("style", "inline styles", styleStatements(source));
  if (tag.name !== "script" || tag.attributes.has("src")) return [];
  const type = (tag.attributes.get("type") ?? "").trim().toLowerCase();
  if (type === "" || type === "module" || /^(?:text|application)\/(?:javascript|ecmascript|babel|jsx)$/u.test(type)) {
    return inBlock("script", "inline script", scriptStatements(source));
  }
  if (type === "application/ld+json") return inBlock("script", "structured data", structuredStatements(source));
  return [{ kind: "script", text: clipped(`block of ${folded(type)}: ${folded(source).slice(0, 120).toWellFormed()}`) }];
}
