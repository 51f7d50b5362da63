/** HTML that cannot be broken out of: whatever is put into a template is escaped, unless it came out of one. */

import { redact } from "../../core/notice/redact.ts";

export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** `undefined` and `false` are nothing; lists are joined. */
export type Insert = string | number | Html | undefined | false | readonly Insert[];

/** The only way to write markup. Inserts stand in text or in double-quoted attributes, never in names, styles or scripts. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  const own = compact(parts);
  return new Html(own.map((part, at) => part + (at < inserts.length ? markupOf(inserts[at]) : "")).join(""));
}

const compacted = new WeakMap<TemplateStringsArray, readonly string[]>();

/** A template's own indentation is for its readers: thousands of rows do without. */
function compact(parts: TemplateStringsArray): readonly string[] {
  const known = compacted.get(parts);
  if (known) return known;
  const own = parts.map((part) => part.replaceAll(/\s*\n\s*/gu, "\n"));
  compacted.set(parts, own);
  return own;
}

function markupOf(insert: Insert): string {
  if (insert === undefined || insert === false) return "";
  if (insert instanceof Html) return insert.markup;
  if (typeof insert === "number") return String(insert);
  return typeof insert === "string" ? escaped(toldPlainly(insert)) : insert.map(markupOf).join("");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escaped = (text: string): string => text.toWellFormed().replaceAll(/[&<>"']/gu, (sign) => entities[sign] ?? "");

/**
 * Control characters but tab and line feed, and what reorders its neighbours or is not seen at all (Unicode's
 * Default_Ignorable_Code_Point, but for what emoji are made of): a page could look like another with them.
 */
const unseen =
  /(?!\t|\n|\ufe0e|\ufe0f|(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** `U+202E`: how a character that cannot be seen is shown. */
const codeOf = (sign: string): string => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** A text in parts: what can be seen as it is, and the code of every character that cannot. */
function splitUnseen(text: string): readonly { readonly text: string; readonly isUnseen: boolean }[] {
  const parts: { text: string; isUnseen: boolean }[] = [];
  let at = 0;
  for (const { 0: sign, index } of text.matchAll(unseen)) {
    if (index > at) parts.push({ text: text.slice(at, index), isUnseen: false });
    parts.push({ text: codeOf(sign), isUnseen: true });
    at = index + sign.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isUnseen: false });
  return parts;
}

/** Text from outside: what cannot be seen stands in a frame, and its direction does not reach beyond it. */
export const told = (text: string): Html => new Html(`<bdi>${framed(redact(text))}</bdi>`);

/** A line of a file, from which credentials are gone already: as `told`, for a place that keeps its direction to itself. */
export const toldLine = (text: string): Html => new Html(framed(text));

const framed = (text: string): string =>
  splitUnseen(text)
    .map((part) => (part.isUnseen ? `<i class="u">${part.text}</i>` : escaped(part.text)))
    .join("");

/** As `told`, without markup: codes in brackets. So stands every text in a template, and in Markdown. */
export const toldPlainly = (text: string): string =>
  splitUnseen(redact(text.toWellFormed()))
    .map((part) => (part.isUnseen ? `[${part.text}]` : part.text))
    .join("");
