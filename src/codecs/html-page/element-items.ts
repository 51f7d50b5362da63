/** What one start tag says by itself. */

import type { ItemSource } from "./page-item.ts";
import { clipped, folded } from "./page-text.ts";

/** A start tag's name and attributes, names in lower case; of repeated attributes the first counts, as in browsers. */
export interface StartTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Inside svg or math, where ids and titles are drawing matters. */
  readonly isForeign: boolean;
}

const attribute = (tag: StartTag, ...names: readonly string[]): string => {
  for (const name of names) {
    const value = folded(tag.attributes.get(name) ?? "");
    if (value !== "") return value;
  }
  return "";
};

type Reader = (tag: StartTag) => readonly ItemSource[];

const item = (kind: ItemSource["kind"], text: string, said: string = text): ItemSource => ({
  kind,
  text: clipped(text),
  said: said.toLowerCase(),
});

/** `words (address)`, or whichever there is. */
export const withAddress = (words: string, address: string): string => (words === "" ? address : `${words} (${address})`);

const image: Reader = (tag) => {
  const source = attribute(tag, "src", "data-src", "srcset", "data-srcset", "poster");
  const words = attribute(tag, "alt", "title");
  const named = tag.name === "img" ? words : [tag.name, words].filter(Boolean).join(" ");
  return source === "" ? [] : [item("image", withAddress(named, source), words)];
};

const embedded: Reader = (tag) => {
  const source = attribute(tag, "src", "data-src", "data");
  return source === "" ? [] : [item("link", `embedded page ${source}`, "")];
};

const field: Reader = (tag) => {
  const type = attribute(tag, "type").toLowerCase() || "text";
  const name = attribute(tag, "name", "id", "aria-label", "placeholder") || "unnamed";
  if (tag.name !== "input") return [item("field", `${name} (${tag.name})`, "")];
  if (type === "submit" || type === "button" || type === "reset" || type === "image") {
    return [item("button", attribute(tag, "value", "alt", "aria-label") || type)];
  }
  return [item("field", `${name} (${type})`, "")];
};

const form: Reader = (tag) => {
  const method = (attribute(tag, "method") || "get").toUpperCase();
  const action = attribute(tag, "action");
  const name = attribute(tag, "name", "id");
  return [item("form", `${method} ${action || "this page"}${action === "" && name !== "" ? ` (${name})` : ""}`, "")];
};

const metaNames =
  /^(?:description|robots|keywords|author|theme-color|refresh|content-security-policy|google-site-verification|(?:og|twitter|article|product|fb):.+)$/u;

const meta: Reader = (tag) => {
  const name = attribute(tag, "name", "property", "http-equiv").toLowerCase();
  const content = attribute(tag, "content");
  return metaNames.test(name) && content !== "" ? [item("meta", `${name}: ${content}`, content)] : [];
};

const linkElement: Reader = (tag) => {
  const address = attribute(tag, "href");
  const relation = attribute(tag, "rel").toLowerCase();
  if (address === "") return [];
  if (relation.split(" ").includes("stylesheet")) return [item("style", address, "")];
  const isTold = /\b(?:canonical|icon|manifest|alternate|amphtml|next|prev)\b/u.test(relation);
  return isTold ? [item("meta", `${relation}: ${address}`, "")] : [];
};

const readers: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    area: (tag) => (attribute(tag, "href") === "" ? [] : [item("link", withAddress(attribute(tag, "alt"), attribute(tag, "href")))]),
    audio: image,
    embed: embedded,
    form,
    iframe: embedded,
    img: image,
    input: field,
    link: linkElement,
    meta,
    object: embedded,
    script: (tag) => (attribute(tag, "src") === "" ? [] : [item("script", attribute(tag, "src"), "")]),
    select: field,
    source: image,
    textarea: field,
    video: image,
  }),
);

// Marks that build tools leave on elements; they change with every build and mean nothing to people.
const buildMarks = /^data-(?:v-[0-9a-f]+|react.*|astro-.*|svelte-.*|server-rendered|n-head|styled.*|emotion|hydrat.*)$/u;

/** Items of a start tag in the order in which they are told: what it is, what it does, its data, its id. */
export function elementItems(tag: StartTag): readonly ItemSource[] {
  const items = [...(readers.get(tag.name)?.(tag) ?? [])];
  if (tag.name.includes("-") && !tag.isForeign) items.push(item("data", `element ${tag.name}`, ""));
  for (const [name, value] of tag.attributes) {
    if (/^on[a-z]{3,}$/u.test(name) && value.trim() !== "") items.push(item("script", `${name}: ${folded(value)}`, ""));
    else if (name.startsWith("data-") && !buildMarks.test(name))
      items.push(item("data", value === "" ? name : `${name}=${folded(value)}`, ""));
  }
  const id = tag.isForeign ? "" : attribute(tag, "id");
  if (id !== "") items.push(item("id", id, ""));
  return items;
}
