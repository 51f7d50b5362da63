/** Text → plain values, each with its place. Reads the part of YAML 1.2 that has one meaning only. */

import {
  Composer,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type ParsedNode,
} from "yaml";

import { printable, quoted, type KeyPath, type Problem } from "./problem.ts";

const textBytesMax = 1024 * 1024;
/** belay.yaml needs seven levels; the parser's own recursion is safe far beyond this. */
const depthMax = 40;
const utf8 = new TextEncoder();
// Plain objects inherit these names, so a map that holds them could be mistaken for what it is not.
const reservedKeys = new Set(["__proto__", "constructor", "prototype"]);

export interface YamlText {
  /** Null-prototype maps, lists, strings, numbers, booleans and null. Meaningless where there are problems. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where a value, or its key, stands. A path that is not in the file gives the place of its nearest parent. */
  place(path: KeyPath, part: "key" | "value"): { readonly line: number; readonly column: number };
}

interface Reading {
  readonly offsets: Map<string, number>;
  readonly found: { readonly path: KeyPath; readonly offset: number; readonly says: string }[];
}

/** Never throws on any text: what cannot be read is among the problems. */
export function readYaml(given: string): YamlText {
  const text = given.startsWith("\uFEFF") ? given.slice(1) : given;
  const lines = new LineCounter();
  const reading: Reading = { offsets: new Map(), found: [] };
  const value = utf8.encode(text).byteLength > textBytesMax ? tooLong(reading) : read(text, lines, reading);
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    // An empty file has no line of its own yet; its only place is the beginning.
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return {
    value,
    problems: reading.found.map(({ offset, ...rest }) => ({ ...rest, ...position(offset) })),
    place: (path, part) => position(offsetOf(reading.offsets, path, part)),
  };
}

function tooLong({ found }: Reading): undefined {
  found.push({ path: [], offset: 0, says: "is longer than 1 MiB" });
}

function read(text: string, lines: LineCounter, reading: Reading): unknown {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  // The composer recurses, so depth is measured on its input: hostile nesting would end the process, not throw.
  const deep = offsetBeyondDepth(tokens);
  if (deep !== undefined) {
    reading.found.push({ path: [], offset: deep, says: `is nested more than ${depthMax} levels deep` });
    return undefined;
  }
  // Duplicates are looked for below, because the composer's own search is quadratic.
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return undefined;
  noteSyntax(document, reading);
  if (second !== undefined) {
    reading.found.push({ path: [], offset: second.range[0], says: "a second document begins here; belay.yaml is one document" });
  }
  return document.contents === null ? null : plain(document.contents, [], reading);
}

function noteSyntax(document: Document.Parsed, { found }: Reading): void {
  const { yaml, tags } = document.directives;
  if ((yaml.explicit && yaml.version !== "1.2") || Object.keys(tags).some((handle) => handle !== "!!")) {
    found.push({ path: [], offset: 0, says: "directives other than %YAML 1.2 are not read" });
  }
  for (const error of document.errors) {
    const says = error.code === "NON_STRING_KEY" ? "a key must be text" : `is not YAML: ${printable(error.message)}`;
    found.push({ path: [], offset: error.pos[0], says });
  }
}

/** The offset of the first token found that lies too deep. Walks with a stack of its own. */
function offsetBeyondDepth(tokens: readonly CST.Token[]): number | undefined {
  const rest = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { token, depth } = next;
    if (depth > depthMax) return "offset" in token ? token.offset : 0;
    const inner = "items" in token ? token.items.flatMap((item) => [item.key, item.value]) : [];
    if (token.type === "document") inner.push(token.value);
    for (const child of inner) if (child) rest.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

function plain(node: ParsedNode, path: KeyPath, reading: Reading): unknown {
  const [offset] = node.range;
  reading.offsets.set(offsetKey(path, "value"), offset);
  if (isAlias(node) || node.anchor !== undefined) {
    reading.found.push({ path, offset, says: "uses an anchor or alias; write the value out instead" });
    return null;
  }
  if (node.tag !== undefined) {
    reading.found.push({ path, offset, says: `carries the tag ${quoted(node.tag)}; tags are not read` });
    return null;
  }
  if (isSeq(node)) return node.items.map((item, at) => plain(item, [...path, at], reading));
  if (isMap(node)) return plainMap(node, path, reading);
  return isScalar(node) ? node.value : null;
}

function plainMap(
  map: ParsedNode & { readonly items: readonly { key: ParsedNode; value: ParsedNode | null }[] },
  path: KeyPath,
  reading: Reading,
): unknown {
  const entries: [string, unknown][] = [];
  const seen = new Set<string>();
  for (const { key, value } of map.items) {
    // A key that is no scalar is already noted as NON_STRING_KEY.
    if (isCollection(key) || isAlias(key) || typeof key.value !== "string") continue;
    const name = key.value;
    const inner = [...path, name];
    const [offset] = key.range;
    if (key.anchor !== undefined || key.tag !== undefined)
      reading.found.push({ path: inner, offset, says: "carries an anchor or a tag; write the key alone" });
    else if (seen.has(name)) reading.found.push({ path: inner, offset, says: "stands here a second time" });
    else if (reservedKeys.has(name)) reading.found.push({ path: inner, offset, says: "is a reserved word; choose another name" });
    else if (name === "<<") reading.found.push({ path: inner, offset, says: "is a merge key; write the values out instead" });
    else {
      seen.add(name);
      reading.offsets.set(offsetKey(inner, "key"), offset);
      entries.push([name, value === null ? null : plain(value, inner, reading)]);
    }
  }
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

const offsetKey = (path: KeyPath, part: "key" | "value"): string => JSON.stringify([part, ...path]);

function offsetOf(offsets: ReadonlyMap<string, number>, path: KeyPath, part: "key" | "value"): number {
  const own = offsets.get(offsetKey(path, part)) ?? offsets.get(offsetKey(path, "key")) ?? offsets.get(offsetKey(path, "value"));
  if (own !== undefined) return own;
  return path.length === 0 ? 0 : offsetOf(offsets, path.slice(0, -1), "key");
}
