/**
 * Whether a page's edits change the values of texts and attributes, and nothing else, by parsers that did not place them: parse5
 * for the page, acorn for its scripts, the platform's JSON for structured data.
 */

import type { Headers } from "../../core/plan/plan.ts";
import type { Edit } from "../../core/records/document.ts";
import { applyEdits } from "../../core/records/edits/apply-edits.ts";
import { pageCharset } from "./page-charset.ts";
import { pageParts, type PagePart } from "./page-parts.ts";
import { scanPage } from "./page-scanner.ts";
import { sameCode } from "./same-code.ts";
import { textOf, type SourcePage } from "./source-page.ts";

export type Opinion =
  | { readonly kind: "agrees" }
  /** `why`: one clause for people, without a full stop. */
  | { readonly kind: "refuses"; readonly why: string };

const refuses = (why: string): Opinion => ({ kind: "refuses", why });

/** A full parser takes quadratic time on pages that are nested without end. */
const depthMax = 512;
const opinionBytesMax: number = 4 * 1024 * 1024;

/** An edit in UTF-16 offsets of the page's text. */
interface TextEdit {
  readonly from: number;
  readonly to: number;
}

/**
 * `bytes`: those that the spans count in, content encoding undone. `edits`: sorted, apart. Pages over 4 MiB, or nested deeper
 * than 512 elements, get no second opinion, so they are not edited.
 */
export function secondOpinion(bytes: Uint8Array, headers: Headers, edits: readonly Edit[]): Opinion {
  if (bytes.byteLength > opinionBytesMax) return refuses(`the page holds more than ${opinionBytesMax} bytes`);
  const found = pageCharset(bytes, headers);
  if ("named" in found) return refuses("the page is in a character encoding that is not read here");
  const { charset, markBytes } = found;
  const after = applyEdits(bytes, edits);
  const again = pageCharset(after, headers);
  if ("named" in again || again.charset !== charset) return refuses("the edited page would be read in another character encoding");
  const pages = [bytes, after].map((each): SourcePage => ({ bytes: each, charset, view: charset.view(each) }));
  const [before, edited] = pages;
  if (!before || !edited || pages.some((page) => depthOf(page) > depthMax))
    return refuses(`elements are nested more than ${depthMax} deep`);
  const mark = markBytes / charset.unitBytes;
  const marks = textEdits(before, edits, mark);
  return judge(pageParts(textOf(before, mark, before.view.length)), pageParts(textOf(edited, mark, edited.view.length)), marks);
}

function depthOf(page: SourcePage): number {
  return scanPage(page, 0).depthMax;
}

function textEdits(page: SourcePage, edits: readonly Edit[], mark: number): readonly TextEdit[] {
  const unit = page.charset.unitBytes;
  let at = mark;
  let length = 0;
  const advance = (to: number): number => {
    length += textOf(page, at, to).length;
    at = to;
    return length;
  };
  return edits.map(({ span }) => ({ from: advance(span.start / unit), to: advance(span.end / unit) }));
}

const isWithin = (edit: TextEdit, { from, to }: PagePart): boolean =>
  from !== undefined && to !== undefined && from <= edit.from && edit.to <= to;

const inside = ({ from = 0 }: PagePart, edits: readonly TextEdit[]): readonly TextEdit[] =>
  edits.map((edit) => ({ from: edit.from - from, to: edit.to - from }));

/** Why a part may not have become the other, by the edits within it. */
function objection(part: PagePart, other: PagePart, edits: readonly TextEdit[]): string | undefined {
  if (edits.length === 0) return `the edits would change ${part.what}, in which none of them lies`;
  const isSame = !part.script || sameCode(part.script, other.script?.source ?? "", inside(part, edits));
  return isSame ? undefined : "a script would not be the same code with other values";
}

function judge(before: readonly PagePart[], after: readonly PagePart[], edits: readonly TextEdit[]): Opinion {
  const placed = new Set<TextEdit>();
  let next = 0;
  for (const part of before) {
    const own = edits.filter((edit) => isWithin(edit, part));
    for (const edit of own) placed.add(edit);
    const other = after[next];
    if (other?.what !== part.what) {
      // A text of which nothing is left is no part any more.
      if (part.what.endsWith("#text") && own.length > 0) continue;
      return refuses("the edits would change the page's structure");
    }
    next += 1;
    const why = part.value === other.value ? undefined : objection(part, other, own);
    if (why !== undefined) return refuses(why);
  }
  if (next < after.length) return refuses("the edits would change the page's structure");
  const lost = edits.find((edit) => !placed.has(edit));
  return lost ? refuses(`what the edit at character ${lost.from} replaces is no text and no attribute's value`) : { kind: "agrees" };
}
