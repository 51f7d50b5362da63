/** Links of a page by what they are called: "<a href=…>join</a>", "Video call: <a href=…>here</a>". Their value is the address, as it is written. */

import type { Claim } from "../claim.ts";
import type { RecordDocument, Segment } from "../document.ts";
import type { Field } from "../kind.ts";
import { canonicalText } from "../compare-values.ts";
import type { ReadAbout } from "./read-about.ts";
import { literal, wordPattern } from "./word-pattern.ts";

/** Addresses within the page, of people, and of scripts are no field's. */
const noAddress = /^\s*(?:#|mailto:|tel:|sms:|javascript:|data:)|^\s*$/iu;
const nearChars = 60;
/** What stands before a link names it within the same sentence. */
const sentence = /[.!?;|·•\n]\s|\n/u;

interface Named {
  readonly field: Field;
  readonly word: string;
}

/** `taken`: segments that a field was placed at. */
export function linkClaims(document: RecordDocument, part: string, taken: ReadonlySet<number>, { kind, system }: ReadAbout): Claim[] {
  const fields = kind.fields.filter(({ type, words, name }) => type === "link" && words.length > 0 && system.fields[name] === undefined);
  if (fields.length === 0) return [];
  const found = document.segments.flatMap((segment, index): Claim[] => {
    const { place, anchor, text } = segment;
    if (!anchor || place.part !== part || place.isTemplate || place.isStruck || taken.has(index) || noAddress.test(text)) return [];
    const named = fieldOf(anchor.said, anchor.before, fields);
    return named ? [claimOf(segment, { index, from: 0, to: text.length }, named.field, `"${named.word}" is what the link says`)] : [];
  });
  const meant = found.filter(
    (one) => isCalled(one, document, fields) || !found.some((other) => isOther(one, other) && isCalled(other, document, fields)),
  );
  return [...meant, ...shownAddresses(document, part, meant, fields)];
}

const isOther = (one: Claim, other: Claim): boolean => one !== other && one.field === other.field;

/** Whether a link says the field's word and nothing else: beside it, "Join our newsletter" is another one. */
const isCalled = ({ segment, field }: Claim, { segments }: RecordDocument, fields: readonly Field[]): boolean => {
  const said = new Set(segments[segment]?.anchor?.said.map(wordsOnly));
  return fields.some(({ name, words }) => name === field && words.some((word) => said.has(wordsOnly(word))));
};

const wordsOnly = (text: string): string =>
  text
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();

/** Its own words first; then the nearest one before it. */
function fieldOf(said: readonly string[], before: string, fields: readonly Field[]): Named | undefined {
  const words = fields.flatMap((field) => field.words.map((word) => ({ field, word }))).toSorted((a, b) => b.word.length - a.word.length);
  const own = words.find(({ word }) => said.some((text) => lastOf(text, word) !== undefined));
  if (own) return own;
  const near = before.slice(-nearChars).split(sentence).at(-1) ?? "";
  const placed = words.flatMap((one) => {
    const at = lastOf(near, one.word);
    return at === undefined ? [] : [{ ...one, at }];
  });
  return placed.toSorted((a, b) => b.at - a.at)[0];
}

/** Where the last whole word or phrase ends. */
function lastOf(text: string, word: string): number | undefined {
  if (!text.toLowerCase().includes(word.toLowerCase())) return undefined;
  const last = [...text.matchAll(wholeWord(word))].at(-1);
  return last && last.index + last[0].length;
}

const wholeWord = (word: string): RegExp =>
  wordPattern(
    `link ${word}`,
    () => new RegExp(`(?<![\\p{L}\\p{N}])${literal(word).replaceAll(/\s+/gu, String.raw`\s+`)}(?![\\p{L}\\p{N}])`, "giu"),
  );

/** The same address where a page shows it to read: it changes with the link that it belongs to. */
function shownAddresses({ segments }: RecordDocument, part: string, found: readonly Claim[], fields: readonly Field[]): Claim[] {
  const known = new Map(found.map(({ raw, field }) => [canonicalText(raw, "link"), field]));
  if (known.size === 0) return [];
  return segments.flatMap((segment, index) => {
    const { place, text } = segment;
    if (place.part !== part || place.isTemplate || place.isStruck || place.medium !== "text" || !/[./]/u.test(text)) return [];
    return [...text.matchAll(/\S+/gu)].flatMap(({ 0: token, index: at }): Claim[] => {
      const raw = token.replace(/^[("'<[]+/u, "").replace(/[.,;:!?)"'\]>]+$/u, "");
      const from = at + token.indexOf(raw);
      const field = fields.find(({ name }) => name === known.get(canonicalText(raw, "link")));
      const isAddress = raw.includes(".") && raw.includes("/");
      return field && isAddress ? [claimOf(segment, { index, from, to: from + raw.length }, field, "the address of the link, shown")] : [];
    });
  });
}

interface Slot {
  /** Of the segment. */
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

function claimOf(segment: Segment, { index, from, to }: Slot, { name }: Field, because: string): Claim {
  const raw = segment.text.slice(from, to).trim();
  const start = from + segment.text.slice(from, to).indexOf(raw);
  const where = {
    segment: index,
    from: start,
    to: start + raw.length,
    spans: segment.spans(start, start + raw.length),
    place: segment.place,
  };
  return { ...where, field: name, value: { kind: "text", text: raw }, raw, because };
}
