/** XML as S3 writes it, and the little that it reads. */

import { XMLParser } from "fast-xml-parser";

/** Characters that XML 1.0 cannot carry are written as references all the same, as S3 does; `encoding-type=url` is the way around. */
// oxlint-disable-next-line no-control-regex -- Control characters are what is looked for.
const special = /[&<>"\u0000-\u0008\u000B-\u001F]/gu;
/** Most keys: nothing to look for, which listings of a thousand entries notice. */
const plain = /^[\w./:+-]*$/u;
const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as the content of an element. */
export function escapeXml(text: string): string {
  if (plain.test(text)) return text;
  return text.replaceAll(special, (found) => named[found] ?? `&#${found.charCodeAt(0)};`);
}

/** One element around a text, which is escaped. */
export function leaf(name: string, text: string | number | boolean): string {
  return `<${name}>${escapeXml(String(text))}</${name}>`;
}

/** One element around markup that is already XML. */
export function branch(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join("")}</${name}>`;
}

/** A whole document in S3's name space. */
export function s3Document(name: string, ...children: readonly string[]): Uint8Array {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${children.join("")}</${name}>`;
  return Buffer.from(text, "utf8");
}

/** An element that was read: its children by name, each as often as it stood there. A leaf has only text. */
export interface XmlElement {
  readonly text: string;
  readonly children: ReadonlyMap<string, readonly XmlElement[]>;
}

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  htmlEntities: true,
});

function elementOf(value: unknown): XmlElement {
  if (typeof value !== "object" || value === null) return { text: String(value), children: new Map() };
  const children = new Map<string, readonly XmlElement[]>();
  let text = "";
  for (const [name, child] of Object.entries(value)) {
    const list: readonly unknown[] = Array.isArray(child) ? child : [child];
    if (name === "#text") text = String(child);
    else children.set(name, list.map(elementOf));
  }
  return { text, children };
}

/** The root element if it has that name; `undefined` for anything else, also for what is no XML. */
export function readXml(bytes: Uint8Array, rootName: string): XmlElement | undefined {
  try {
    const parsed: unknown = parser.parse(Buffer.from(bytes).toString("utf8"), true);
    return elementOf(parsed).children.get(rootName)?.[0];
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The text of the first child of that name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.get(name)?.[0]?.text;
}
