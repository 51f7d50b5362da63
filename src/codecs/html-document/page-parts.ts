/** A page as parse5, a full parser of the HTML standard, sees it: flat, in order, with where each text stands. */

import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes } from "parse5";
import { scriptSort, type ScriptSort } from "./raw-segments.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

export interface PagePart {
  /** `p` begins an element, `/p` ends it; `p@title` is an attribute, `#text` in `p` is `p#text`. Two pages of the same parts have the same structure. */
  readonly what: string;
  readonly value: string;
  /** UTF-16 offsets between which the value stands. Absent where it has no place of its own. */
  readonly from?: number;
  readonly to?: number;
  /** Of the text of a script: what it is, and its source with the line ends that the page has. */
  readonly script?: { readonly sort: ScriptSort; readonly source: string };
}

/** Takes time in proportion to the page as long as its elements are not nested deeply. */
export function pageParts(text: string): readonly PagePart[] {
  const parts: PagePart[] = [];
  const stack: (Node | string)[] = [parse(text, { sourceCodeLocationInfo: true, scriptingEnabled: false })];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node === "string") parts.push({ what: node, value: "" });
    else if (defaultTreeAdapter.isTextNode(node)) parts.push(textPart(node, text));
    else if (defaultTreeAdapter.isCommentNode(node)) parts.push({ what: "#comment", value: node.data, ...regionOf(node) });
    else if (defaultTreeAdapter.isDocumentTypeNode(node)) {
      parts.push({ what: `#doctype ${node.name} ${node.publicId} ${node.systemId}`, value: "" });
    } else if (defaultTreeAdapter.isElementNode(node)) {
      parts.push({ what: `${node.namespaceURI} ${node.tagName}`, value: "" }, ...attributeParts(node));
      stack.push(`/${node.tagName}`, ...childrenOf(node).toReversed());
    } else stack.push(...node.childNodes.toReversed());
  }
  return parts;
}

function regionOf({ sourceCodeLocation: place }: Node): { readonly from?: number; readonly to?: number } {
  return place ? { from: place.startOffset, to: place.endOffset } : {};
}

function textPart(node: DefaultTreeAdapterTypes.TextNode, text: string): PagePart {
  const { parentNode: parent, value } = node;
  const region = regionOf(node);
  if (!parent || !defaultTreeAdapter.isElementNode(parent)) return { what: "#text", value, ...region };
  const part = { what: `${parent.tagName}#text`, value, ...region };
  return parent.tagName === "script" ? { ...part, script: { sort: sortOf(parent), source: text.slice(region.from, region.to) } } : part;
}

function attributeParts({ attrs, tagName, sourceCodeLocation: place }: Element): readonly PagePart[] {
  return attrs.map(({ name, value }) => {
    const own = place?.attrs?.[name];
    // The name and its equals sign are no part of the value.
    return { what: `${tagName}@${name}`, value, ...(own ? { from: own.startOffset + name.length + 1, to: own.endOffset } : {}) };
  });
}

function childrenOf(node: Element): readonly Node[] {
  if (!isTemplate(node)) return node.childNodes;
  return defaultTreeAdapter.getTemplateContent(node).childNodes;
}

const isTemplate = (node: Element): node is DefaultTreeAdapterTypes.Template => "content" in node;

const sortOf = (script: Element): ScriptSort => scriptSort(script.attrs.find(({ name }) => name === "type")?.value ?? "");
