/** Copies of an old name or description that no claim covers: what a correction would leave behind (R7). */

import type { Claim, Unexplained } from "../claim.ts";
import { canonicalText } from "../compare-values.ts";
import type { RecordDocument, Segment } from "../document.ts";
import type { RecordKind } from "../kind.ts";
import type { FieldType, Value } from "../value.ts";
import { findKnown, indexKnown, textsIn, type KnownValues } from "./known-values.ts";
import { whyNotMeant } from "./name-mention.ts";

export interface OldValues {
  readonly kind: RecordKind;
  readonly part: string;
  readonly claims: readonly Claim[];
  /** What was said of fields whose value changes. */
  readonly old: ReadonlyMap<string, readonly Value[]>;
  /** What holds, of every field: a word of it is no trace of an old value. */
  readonly held: readonly Value[];
}

/** A text that says an old value, or a part of an old name, where nothing is edited. `isOpen`: a person has to say what it is. */
interface LeftValue extends Pick<Unexplained, "raw" | "place"> {
  readonly why: string;
  readonly isOpen: boolean;
}

/** A shorter word is no trace of a name. */
const partMin = 3;

export function leftValues({ segments }: RecordDocument, { kind, part, claims, old, held }: OldValues): readonly LeftValue[] {
  const { whole, parts } = sought(kind, old, held);
  if (whole.size === 0) return [];
  return segments.flatMap((segment, index): LeftValue[] => {
    const { place } = segment;
    if (place.part !== part || place.isDatum || place.medium === "style") return [];
    const covered = claims.filter((claim) => claim.segment === index);
    const isFree = ({ from, to }: Span): boolean => !covered.some((claim) => from < claim.to && to > claim.from);
    const full = findKnown(segment.text, whole).filter(isFree);
    const some = findKnown(segment.text, parts).filter(
      (one) => isFree(one) && !full.some(({ from, to }) => one.from < to && one.to > from),
    );
    return [
      ...full.map((one) => leftAt(segment, one, kind, "an old value")),
      ...some.map((one) => leftAt(segment, one, kind, "a part of an old name")),
    ];
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function leftAt(segment: Segment, { field, from, to }: Span & { readonly field: string }, kind: RecordKind, what: string): LeftValue {
  const { text, place } = segment;
  const type = kind.fields.find(({ name }) => name === field)?.type ?? "text";
  const why = whyLeft(segment, { from, to }, type);
  return {
    raw: text.slice(from, to),
    place,
    why: why?.why ?? `is ${what} of ${field}, and no claim covers it`,
    isOpen: why?.isOpen ?? true,
  };
}

function whyLeft(segment: Segment, span: Span, type: FieldType): { readonly why: string; readonly isOpen: boolean } | undefined {
  const { place } = segment;
  if (place.isTemplate) return { why: "a template", isOpen: false };
  if (place.isStruck) return { why: "struck out", isOpen: false };
  if (place.medium === "comment") return { why: "a comment", isOpen: false };
  if (place.medium === "item") return { why: `${place.name} holds no field of the record`, isOpen: false };
  return whyNotMeant(segment, span, type);
}

interface Sought {
  readonly whole: KnownValues;
  /** Single words of old names of people that nothing which holds has in it. */
  readonly parts: KnownValues;
}

function sought(kind: RecordKind, old: OldValues["old"], held: readonly Value[]): Sought {
  const texts = [...old]
    .flatMap(([field, values]) => values.map((value) => [field, value] as const))
    .filter(([, value]) => textsIn(value).length > 0);
  const heldTexts = new Set(held.flatMap(textsIn).map((text) => canonicalText(text)));
  const heldWords = new Set([...heldTexts].flatMap((text) => text.split(/[\s-]+/u)));
  const gone = texts.flatMap(([field, value]) =>
    textsIn(value).flatMap((text) => (heldTexts.has(canonicalText(text)) ? [] : [[field, text] as const])),
  );
  const names = new Set(kind.fields.flatMap(({ name, type }) => (type === "person" || type === "people" ? [name] : [])));
  const words = gone.flatMap(([field, text]) =>
    names.has(field) && /\s/u.test(text.trim())
      ? text
          .split(/\s+/u)
          .flatMap((word) =>
            word.length < partMin || heldWords.has(canonicalText(word)) || !/^\p{Lu}/u.test(word) || word.endsWith(".")
              ? []
              : [[field, word] as const],
          )
      : [],
  );
  return { whole: indexed(kind, gone), parts: indexed(kind, words) };
}

const indexed = (kind: RecordKind, texts: readonly (readonly [string, string])[]): KnownValues =>
  indexKnown(
    kind,
    texts.map(([field, text]) => [field, { kind: "text", text }]),
  );
