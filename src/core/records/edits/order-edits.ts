import type { Edit } from "../document.ts";

/**
 * Edits as `applyEdits` takes them: sorted, each once. `undefined` where two of them say different things about the same bytes, or
 * insert at one place: which of them comes first would be a guess.
 */
export function orderEdits(edits: readonly Edit[]): readonly Edit[] | undefined {
  const sorted = edits.toSorted((one, other) => one.span.start - other.span.start || one.span.end - other.span.end);
  const kept: Edit[] = [];
  for (const edit of sorted) {
    const last = kept.at(-1);
    if (last && isSame(last, edit)) continue;
    if (last && !isApart(last, edit)) return undefined;
    kept.push(edit);
  }
  return kept;
}

const isEmpty = ({ span }: Edit): boolean => span.start === span.end;

const isApart = (one: Edit, next: Edit): boolean =>
  one.span.end < next.span.start || (one.span.end === next.span.start && !(isEmpty(one) && isEmpty(next)));

const isSame = (one: Edit, other: Edit): boolean =>
  one.span.start === other.span.start &&
  one.span.end === other.span.end &&
  one.bytes.byteLength === other.bytes.byteLength &&
  one.bytes.every((byte, at) => byte === other.bytes[at]);
