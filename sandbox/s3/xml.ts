/** XML as S3 writes it, and the little that it reads. */

import { readXml as readTree, type XmlElement } from "../read-xml.ts";

export { childText, type XmlElement } from "../read-xml.ts";

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

/** The root element if it has that name; `undefined` for anything else, also for what is no XML. */
export function readXml(bytes: Uint8Array, rootName: string): XmlElement | undefined {
  const root = readTree(Buffer.from(bytes).toString("utf8"));
  return root?.name === rootName ? root : undefined;
}
