/** JSON with comments as a tree that knows where everything stands. */

import { createScanner, getNodeValue, parseTree, type Node, type ParseError } from "jsonc-parser";

export type { Node } from "jsonc-parser";

/** Settings are small; a file beyond this is none. */
const textCharsMax = 4 * 1024 * 1024;

/** The library's `SyntaxKind`, whose constants are inlined by its own compiler only. */
const commaToken: number = 5;
const endToken: number = 17;

export interface Document {
  /** How many characters of a byte order mark stand before `body`. */
  readonly mark: number;
  readonly body: string;
  /** `undefined` where there are only comments and blanks. */
  readonly root: Node | undefined;
}

/** Comments and trailing commas are fine; anything else that JSON does not know makes it `undefined`. */
export function documentOf(text: string): Document | undefined {
  if (text.length > textCharsMax) return undefined;
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const body = text.slice(mark);
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, { allowTrailingComma: true, allowEmptyContent: true });
  return errors.length > 0 ? undefined : { mark, body, root };
}

/** The value; `undefined` where the text is no JSON. Of two properties of one name the last counts, as everywhere. */
export function parseJsonc(text: string): { readonly value: unknown } | undefined {
  const document = documentOf(text);
  return document && { value: document.root === undefined ? undefined : valueOf(document.root) };
}

/** Like the library's, but no name of a property is special. */
export function valueOf(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(valueOf);
  if (node.type !== "object") return getNodeValue(node);
  return Object.fromEntries((node.children ?? []).map((property) => [nameOf(property), valueOfProperty(property)]));
}

export const nameOf = (property: Node): string => String(property.children?.[0]?.value ?? "");
export const bodyOf = (property: Node): Node | undefined => property.children?.[1];
const valueOfProperty = (property: Node): unknown => {
  const body = bodyOf(property);
  return body && valueOf(body);
};

/** The last property of that name. */
export const propertyOf = (object: Node, name: string): Node | undefined =>
  object.type === "object" ? object.children?.findLast((property) => nameOf(property) === name) : undefined;

export const endOf = (node: Node): number => node.offset + node.length;

/** Offset of the first comma between two offsets that stands in no comment; `undefined` without one. */
export function commaBetween(body: string, from: number, to: number): number | undefined {
  const scanner = createScanner(body.slice(from, to), true);
  for (let kind: number = scanner.scan(); kind !== endToken; kind = scanner.scan()) {
    if (kind === commaToken) return from + scanner.getTokenOffset();
  }
  return undefined;
}
