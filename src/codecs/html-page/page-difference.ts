/** What one page holds and another does not, by counting: a thing that only moved is on both. */

import type { PageItem } from "./page-item.ts";
import { readItems } from "./read-items.ts";

export interface EarlierPage {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Items that local holds beyond live and that were live before, with the version that first lacked them. */
export interface ReturningItem {
  readonly item: PageItem;
  /** Absent where live itself was the first without it. */
  readonly removedBy: string | undefined;
}

export interface PageDifference {
  readonly vanishing: readonly PageItem[];
  readonly returning: readonly ReturningItem[];
  readonly fresh: readonly PageItem[];
}

/** `earlier` is oldest first. Items are in the order of their page. */
export function pageDifference(local: Uint8Array, live: Uint8Array, earlier: readonly EarlierPage[]): PageDifference {
  const [here, there] = [readItems(local), readItems(live)];
  const gained = excess(here, there);
  const past = gained.length === 0 ? [] : earlier.map(({ name, bytes }) => ({ name, counts: countsOf(readItems(bytes)) }));
  return { vanishing: excess(there, here), ...parted(gained, countsOf(there), past) };
}

type Counts = ReadonlyMap<string, number>;

const keyOf = ({ kind, block = "", text }: PageItem): string => `${kind}\n${block}\n${text}`;

function countsOf(items: readonly PageItem[]): Counts {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/**
 * The items of one page that the other lacks, in order. Of things that stand more often here than there, those are taken
 * whose script, style sheet or form lacks something over there anyway, and the later before the earlier.
 */
function excess(items: readonly PageItem[], others: readonly PageItem[]): PageItem[] {
  const [here, there] = [countsOf(items), countsOf(others)];
  const owners = new Set(items.filter((item) => !there.has(keyOf(item))).map(ownerOf));
  const left = new Map([...here].map(([key, count]) => [key, count - (there.get(key) ?? 0)]));
  const taken = new Set<number>();
  for (const mustBeOwned of [true, false]) {
    for (let at = items.length - 1; at >= 0; at -= 1) {
      const item = items[at];
      if (!item || taken.has(at) || (mustBeOwned && !owners.has(ownerOf(item)))) continue;
      const more = left.get(keyOf(item)) ?? 0;
      if (more <= 0) continue;
      left.set(keyOf(item), more - 1);
      taken.add(at);
    }
  }
  return items.filter((_, at) => taken.has(at));
}

const ownerOf = (item: PageItem): number => (item.block === undefined ? (item.form ?? item.element) : item.element);

interface PastPage {
  readonly name: string;
  readonly counts: Counts;
}

/** Parts what was live before from what never was. */
function parted(gained: readonly PageItem[], live: Counts, past: readonly PastPage[]): Pick<PageDifference, "returning" | "fresh"> {
  const returning: ReturningItem[] = [];
  const fresh: PageItem[] = [];
  const used = new Map<string, number>();
  for (const item of gained) {
    const key = keyOf(item);
    const accounted = (live.get(key) ?? 0) + (used.get(key) ?? 0);
    const lastWith = past.findLastIndex(({ counts }) => (counts.get(key) ?? 0) > accounted);
    if (lastWith === -1) fresh.push(item);
    else {
      used.set(key, (used.get(key) ?? 0) + 1);
      returning.push({ item, removedBy: past[lastWith + 1]?.name });
    }
  }
  return { returning, fresh };
}
