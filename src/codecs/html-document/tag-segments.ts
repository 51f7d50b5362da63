/** What the attributes of one start tag say. */

import { linksMax, type Place } from "../../core/records/document.ts";
import type { CharacterReferences } from "./character-references.ts";
import { asAttribute, asCodeAttribute } from "./escapes.ts";
import { HtmlSegment } from "./html-segment.ts";
import type { SignedSpans } from "./signed-spans.ts";
import { textOf, type Piece, type SourcePage } from "./source-page.ts";

export interface TagAttribute {
  /** In lower case. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly quote: "" | '"' | "'";
}

export interface Tag {
  readonly name: string;
  readonly attributes: readonly TagAttribute[];
}

/** Attributes that are about looks and machinery; what they hold is never a fact about a record. */
const structural = new Set(
  "class,style,id,rel,type,srcset,sizes,integrity,nonce,crossorigin,width,height,d,points,viewbox,transform,fill,stroke,for,target,lang,dir,role,tabindex,charset,method,enctype,xmlns,property,name,itemprop,itemtype,itemscope,http-equiv,media,loading,decoding,colspan,rowspan,autocomplete,async,defer,hidden,rows,cols,slot,is,part".split(
    ",",
  ),
);

/** `{{start}}`, `{% if %}`, `<% %>`, `${start}`, `%%START%%`: a page before its values came. */
export const isPlaceholder = (text: string): boolean =>
  (text.includes("{") || text.includes("}") || text.includes("%")) && /\{\{|\}\}|\{%|<%|\$\{|%%\w+%%/u.test(text);

/** Which attribute says an element's microdata value, where its text does not (HTML standard, 5.2.4). */
const valueAttributes: Readonly<Record<string, string>> = {
  a: "href",
  area: "href",
  link: "href",
  audio: "src",
  embed: "src",
  iframe: "src",
  img: "src",
  source: "src",
  track: "src",
  video: "src",
  object: "data",
  data: "value",
  meter: "value",
  time: "datetime",
  meta: "content",
};

export function attributeText(page: SourcePage, tag: Tag, name: string): string | undefined {
  for (const attribute of tag.attributes) if (attribute.name === name) return page.view.slice(attribute.start, attribute.end);
  return undefined;
}

export function hasAttribute(tag: Tag, name: string): boolean {
  for (const attribute of tag.attributes) if (attribute.name === name) return true;
  return false;
}

/** The attribute that holds the value of the tag's `itemprop`. `content` counts on every element, as search engines take it. */
export function microdataAttribute(tag: Tag): string | undefined {
  if (hasAttribute(tag, "content")) return "content";
  const own = Object.hasOwn(valueAttributes, tag.name) ? valueAttributes[tag.name] : undefined;
  return own !== undefined && hasAttribute(tag, own) ? own : undefined;
}

/** Where a tag stands. */
export interface Around {
  readonly isTemplate: boolean;
  /** What follows in a label for people: ` in <main>, line 41`. Most tags say nothing that needs one. */
  readonly where: () => string;
  readonly references: CharacterReferences;
  /** Absent where all of it is wanted. */
  readonly wanted: SignedSpans | undefined;
  /** Where the page leads so far. */
  readonly links: Set<string>;
}

/** Adds segments of a tag's attributes. */
export function addAttributes(page: SourcePage, tag: Tag, around: Around, segments: HtmlSegment[]): void {
  const property = attributeText(page, tag, "itemprop");
  const valued = property === undefined ? undefined : microdataAttribute(tag);
  for (const attribute of tag.attributes) {
    if (attribute.start === attribute.end || structural.has(attribute.name)) continue;
    const isValued = property !== undefined && valued === attribute.name;
    const isLink = attribute.name === "href" && !isValued && around.links.size < linksMax;
    if (isLink) around.links.add(said(page, attribute, around.references));
    const named = isValued ? property : tag.name === "meta" ? metaName(page, tag) : undefined;
    if (isWanted(attribute, named, around.wanted))
      segments.push(attributeSegment(page, tag, attribute, { ...around, ...(isValued && { property }) }));
  }
}

const isWanted = ({ name, start, end }: TagAttribute, property: string | undefined, wanted: SignedSpans | undefined): boolean =>
  !wanted || wanted.has(start, end) || wanted.isAttribute(name) || (property !== undefined && wanted.isNamed(property));

const metaName = (page: SourcePage, tag: Tag): string | undefined =>
  ["name", "property", "http-equiv"].map((key) => attributeText(page, tag, key)).find((text) => text !== undefined);

function said(page: SourcePage, attribute: TagAttribute, references: CharacterReferences): string {
  const pieces: Piece[] = [];
  references.add(attribute, true, pieces);
  let text = "";
  for (const piece of pieces) text += piece.said ?? textOf(page, piece.start, piece.end);
  return text;
}

function attributeSegment(
  page: SourcePage,
  tag: Tag,
  attribute: TagAttribute,
  around: Around & { readonly property?: string },
): HtmlSegment {
  const { name, quote } = attribute;
  const pieces: Piece[] = [];
  around.references.add(attribute, true, pieces);
  const [medium, named] = placeOf(page, tag, name, around.property);
  const place: Place = { medium, name: named, label: `<${tag.name} ${name}>${around.where()}`, part: "" };
  const escape = name.startsWith("on") || name === "srcdoc" ? asCodeAttribute(quote) : asAttribute(quote);
  const segment = new HtmlSegment(page, pieces, place, escape);
  if (!around.isTemplate && name !== "placeholder" && !isPlaceholder(segment.text)) return segment;
  return new HtmlSegment(page, pieces, { ...place, isTemplate: true }, escape);
}

function placeOf(page: SourcePage, tag: Tag, name: string, property: string | undefined): readonly [Place["medium"], string] {
  if (property !== undefined) return ["microdata", property];
  if (tag.name !== "meta" || name !== "content") return ["attribute", name];
  return ["meta", metaName(page, tag) ?? ""];
}

/** Pages mark what only shows how a thing would look. */
export function isSampleTag(page: SourcePage, tag: Tag): boolean {
  let classed: TagAttribute | undefined;
  for (const attribute of tag.attributes) {
    const { name } = attribute;
    if (name === "data-sample" || name === "data-example" || name === "data-template") return true;
    if (name === "class") classed ??= attribute;
  }
  if (!classed || classed.end - classed.start < sampleMin || tag.name === "html" || tag.name === "body" || tag.name === "main")
    return false;
  return /(?:^|\s)(?:sample|example)(?:\s|$)/iu.test(page.view.slice(classed.start, classed.end));
}

/** A shorter list of classes names none of the two. */
const sampleMin = "sample".length;
