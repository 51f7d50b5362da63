/** What `records learn` learns from, and the few ways in which it reads names and words. */

import type { ClockHint, ClockMention } from "../clock-text/clock-mention.ts";
import type { Place, RecordDocument, Segment } from "../document.ts";

/** One page or one item that a person says is a good example. */
export interface Example {
  /** A page's key, or an item's file. Unique among the examples. */
  readonly name: string;
  readonly medium: "page" | "item";
  readonly document: RecordDocument;
}

/** The clock-text grammar, with the zones that it knows. */
export type ReadClock = (
  text: string,
  about: { readonly zone: string; readonly isCode: boolean; readonly hint?: ClockHint },
) => readonly ClockMention[];

/** Segments that say something: no samples, no comments, no style. */
export const tellingSegments = (document: RecordDocument): readonly Segment[] =>
  document.segments.filter(({ place }) => place.isTemplate !== true && place.medium !== "comment" && place.medium !== "style");

/** A value rather than prose: a constant, an attribute, a property of at most three words. */
export const isValue = ({ medium }: Place, text: string): boolean =>
  medium !== "text" && medium !== "title" && !/\S\s+\S+\s+\S+\s+\S/u.test(text);

/** A page that is the pattern of others, by its name. */
export const isTemplateName = (name: string): boolean => /(?:^|\/)(?:_[^/]*|[^/]*(?:template|sample)[^/]*)$/iu.test(name);

/** The words of a name, in lower case: `guestCode`, `guest_code` and `trip.guest-code` give `guest`, `code`. Of a path its last part counts. */
export const nameWords = (name: string): readonly string[] =>
  (name.split(".").at(-1) ?? name)
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/gu, " ")
    .toLowerCase()
    .split(/[^a-z\d]+/u)
    .filter((word) => word !== "");

/** A fit name for a field: lower-case words with hyphens, beginning with a letter. */
export const fieldName = (words: readonly string[]): string => {
  const joined = words.join("-").replace(/^[^a-z]+/u, "");
  return joined === "" ? "value" : joined;
};

/** The last part of a page's key, without `.html`. */
export const pageName = (key: string): string => (key.split("/").at(-1) ?? key).replace(/\.html?$/iu, "");

export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
