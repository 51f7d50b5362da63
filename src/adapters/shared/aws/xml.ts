/** A reader for the XML that AWS and servers like it write by machine. Strict, because a listing that was cut must never look complete. */

/** One element. Attributes are passed over: no answer that belay reads says anything in them. */
export interface XmlNode {
  readonly name: string;
  /** Decoded character data of an element without children, exactly as written; empty in an element that has children. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/** The text is not one whole, well-formed document. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

interface OpenNode extends XmlNode {
  text: string;
  readonly children: XmlNode[];
}

/** What stands between `<` and `>`. */
interface Tag {
  readonly name: string;
  readonly isEmpty: boolean;
}

const depthMax = 64;
const noChildren: readonly XmlNode[] = [];
const blank = /^[ \t\r\n]*$/u;
const nameOfTag = /^[A-Za-z_][\w.:-]*/u;
const attributesOfTag = /^(?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*$/u;
const namedEntities: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/**
 * The root element of a document. Throws `XmlError` where the document is truncated, malformed, followed by anything
 * but blanks and comments, or uses what machines do not write here: a document type, text beside elements, deep nesting.
 */
export function readXml(source: string): XmlNode {
  const reader = new Reader(source);
  return reader.document();
}

/** The first child of that name. */
export const childOf = (node: XmlNode, name: string): XmlNode | undefined => node.children.find((child) => child.name === name);

/** The text of the first child of that name; `undefined` where there is none. */
export const childText = (node: XmlNode, name: string): string | undefined => childOf(node, name)?.text;

/** All children of that name, in order. */
export const childrenOf = (node: XmlNode, name: string): XmlNode[] => node.children.filter((child) => child.name === name);

class Reader {
  readonly #source: string;
  #at = 0;
  readonly #open: OpenNode[] = [];
  #root: XmlNode | undefined;
  /** Tags by their text: a listing has a thousand of each. */
  readonly #tags = new Map<string, Tag>();

  constructor(source: string) {
    this.#source = source;
  }

  document(): XmlNode {
    const source = this.#source;
    if (source.startsWith("\uFEFF")) this.#at = 1;
    while (this.#at < source.length) {
      const tag = source.indexOf("<", this.#at);
      const end = tag === -1 ? source.length : tag;
      if (end > this.#at) this.#addText(decode(source.slice(this.#at, end)));
      this.#at = end;
      if (tag !== -1) this.#markup();
    }
    const unfinished = this.#open.at(-1);
    if (unfinished) throw new XmlError(`it ends inside <${unfinished.name}>`);
    if (!this.#root) throw new XmlError("it holds no element");
    return this.#root;
  }

  #markup(): void {
    const next = this.#source.charCodeAt(this.#at + 1);
    if (next === 47 /* / */) this.#close(this.#until(">", 2));
    else if (next === 63 /* ? */) this.#until("?>", 2);
    else if (next === 33 /* ! */) this.#declaration();
    else this.#start(this.#tag());
  }

  /** The source from `skip` characters on up to a mark; goes on after the mark. */
  #until(mark: string, skip: number): string {
    const start = this.#at + skip;
    const end = this.#source.indexOf(mark, start);
    if (end === -1) throw new XmlError("it ends inside a tag");
    this.#at = end + mark.length;
    return this.#source.slice(start, end);
  }

  #declaration(): void {
    if (this.#source.startsWith("<!--", this.#at)) this.#until("-->", 4);
    else if (this.#source.startsWith("<![CDATA[", this.#at)) this.#addText(this.#until("]]>", 9));
    else throw new XmlError("it holds a declaration that no service writes");
  }

  #tag(): Tag {
    let text = this.#until(">", 1);
    const known = this.#tags.get(text);
    if (known) return known;
    // A `>` inside an attribute's quotes does not end the tag.
    while (text.includes("=") && !areQuotesClosed(text)) text += `>${this.#until(">", 0)}`;
    const isEmpty = text.endsWith("/");
    const tag = { name: nameIn(isEmpty ? text.slice(0, -1) : text), isEmpty };
    this.#tags.set(text, tag);
    return tag;
  }

  #start({ name, isEmpty }: Tag): void {
    if (isEmpty) {
      this.#attach({ name, text: "", children: noChildren });
      return;
    }
    const end = this.#source.indexOf("<", this.#at);
    const closing = `</${name}>`;
    if (end !== -1 && this.#source.startsWith(closing, end)) {
      // Most elements hold text alone, and need not be opened to be closed.
      this.#attach({ name, text: decode(this.#source.slice(this.#at, end)), children: noChildren });
      this.#at = end + closing.length;
      return;
    }
    if (this.#open.length >= depthMax) throw new XmlError(`elements are nested more than ${depthMax} deep`);
    const node: OpenNode = { name, text: "", children: [] };
    this.#attach(node);
    this.#open.push(node);
  }

  #attach(node: XmlNode): void {
    const parent = this.#open.at(-1);
    if (!parent) {
      if (this.#root) throw new XmlError("something follows the end of the document");
      this.#root = node;
      return;
    }
    // Blanks before the first child are indentation.
    if (parent.text !== "") {
      if (!blank.test(parent.text)) throw new XmlError("it holds text beside elements");
      parent.text = "";
    }
    parent.children.push(node);
  }

  #close(tag: string): void {
    const node = this.#open.pop();
    if (!node || (tag !== node.name && tag.trimEnd() !== node.name)) throw new XmlError(`</${tag.slice(0, 40)}> closes what is not open`);
  }

  #addText(text: string): void {
    const node = this.#open.at(-1);
    if (node && node.children.length === 0) node.text += text;
    else if (!blank.test(text)) throw new XmlError("it holds text beside elements");
  }
}

function nameIn(tag: string): string {
  const name = nameOfTag.exec(tag)?.[0];
  if (name === undefined || (name.length < tag.length && !attributesOfTag.test(tag.slice(name.length))))
    throw new XmlError("it holds a tag that is not well-formed");
  return name;
}

function areQuotesClosed(tag: string): boolean {
  let quote = "";
  for (const char of tag) {
    if (quote === "" && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = "";
  }
  return quote === "";
}

function decode(text: string): string {
  let at = text.indexOf("&");
  if (at === -1) return text;
  let decoded = "";
  let from = 0;
  for (; at !== -1; at = text.indexOf("&", from)) {
    const end = text.indexOf(";", at);
    const name = end === -1 ? "" : text.slice(at + 1, end);
    const char = namedEntities.get(name) ?? numbered(name);
    if (char === undefined) throw new XmlError("it holds an entity that no service writes");
    decoded += text.slice(from, at) + char;
    from = end + 1;
  }
  return decoded + text.slice(from);
}

function numbered(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/iu.exec(name);
  if (!digits) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  // S3 writes control characters of a key this way, although XML 1.0 knows no such reference.
  const isCharacter = code > 0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
