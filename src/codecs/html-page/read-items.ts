/**
 * A page as items, read from its tokens rather than from a tree: a tree repairs what is badly nested by repeating
 * elements, which costs quadratic time and tells of things that nobody wrote.
 */

import { Tokenizer } from "parse5";
import { ItemReader } from "./item-reader.ts";
import type { PageItem } from "./page-item.ts";
import { folded, pageText, pieces } from "./page-text.ts";

/** Every item of a page in the order of its bytes; empty where the bytes are no page text. Never throws. */
export function readItems(bytes: Uint8Array): readonly PageItem[] {
  const text = pageText(bytes);
  if (text === undefined) return [];
  return looksLikeMarkup(text) ? markupItems(text) : lineItems(text);
}

const looksLikeMarkup = (text: string): boolean =>
  /^\s*</u.test(text) || /<(?:!doctype|html|head|title|body)\b/iu.test(text.slice(0, 4_096));

/** A script or style sheet of its own, or plain text: each line that is not blank is an item. */
function lineItems(text: string): readonly PageItem[] {
  return text
    .split("\n")
    .flatMap((line, at) =>
      pieces(folded(line)).map((piece): PageItem => ({ kind: "text", text: piece, line: at + 1, element: 0, said: "" })),
    );
}

function markupItems(text: string): readonly PageItem[] {
  const reader = new ItemReader();
  const tokenizer: Tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onComment: ignored,
      onDoctype: ignored,
      onNullCharacter: ignored,
      onCharacter: (token) => reader.characters(token.chars, token.location?.startLine ?? 1),
      onWhitespaceCharacter: (token) => reader.characters(token.chars, undefined),
      onEof: () => reader.end(),
      onEndTag: (token) => reader.endTag(token.tagName),
      onStartTag: (token) => {
        const mode = reader.startTag(token);
        if (mode !== undefined) tokenizer.state = mode;
      },
    },
  );
  tokenizer.write(text, true);
  // A link or heading is known in full only where it ends; its place is where it begins.
  return reader.items.toSorted((one, other) => one.line - other.line);
}

const ignored = (): void => undefined;
