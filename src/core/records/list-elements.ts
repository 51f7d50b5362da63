/** Lists and sets of an item, `people[0]`, `people[1]`: each element is a text of its own, and all of them together are the value. */

import type { Claim } from "./claim.ts";
import { canonicalText } from "./compare-values.ts";
import type { Place, RecordDocument } from "./document.ts";
import type { Value } from "./value.ts";

/** The attribute whose element stands at a place; `undefined` where none does. */
export const listNameOf = ({ medium, name }: Pick<Place, "medium" | "name">): string | undefined =>
  medium === "item" ? /^(?<list>.+)\[\d+\]$/su.exec(name)?.groups?.["list"] : undefined;

/** All elements of the list that a segment belongs to, in order. */
export function listAt({ segments }: RecordDocument, index: number): Value | undefined {
  const place = segments[index]?.place;
  const list = place && listNameOf(place);
  if (!place || list === undefined) return undefined;
  const items = segments.flatMap((one) => (one.place.part === place.part && listNameOf(one.place) === list ? [one.text.trim()] : []));
  return { kind: "list", items: items.filter((item) => item !== "") };
}

/**
 * What one element becomes, so that its list says what was decided: who is gone makes way for who is new, and the rest stay as they are
 * written. `undefined` where it stays; `why` where the list would have to grow or to shrink, which is not for belay to do.
 */
export function elementChange(
  { value, raw, place }: Pick<Claim, "value" | "raw" | "place">,
  decided: Value,
): { readonly text: string } | { readonly why: string } | undefined {
  if (listNameOf(place) === undefined || value?.kind !== "list" || decided.kind !== "list") return undefined;
  const [gone, come] = [without(value.items, decided.items), without(decided.items, value.items)];
  if (gone.length !== come.length)
    return { why: `is one of ${value.items.length} in a list, which would have to hold ${decided.items.length}` };
  const at = gone.findIndex((item) => isSame(item, raw));
  const text = come[at];
  return text === undefined ? undefined : { text };
}

const isSame = (one: string, other: string): boolean => canonicalText(one) === canonicalText(other);
const without = (items: readonly string[], others: readonly string[]): readonly string[] =>
  items.filter((item) => !others.some((other) => isSame(item, other)));
