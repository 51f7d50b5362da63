/** Every item of a table, by consistent pages. */

import { itemOf, type Item } from "../../core/records/typed-item.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { DynamoPlace, Fields } from "./dynamo-place.ts";

/** A page has at most a megabyte in any case; this bounds what tiny items take in memory at once. */
const pageItemsMax = 1000;

/** In the table's own order. The next page is asked for while one is consumed. Throws where a page is not whole: it never ends early. */
export async function* scanItems(place: DynamoPlace, options: CallOptions): AsyncGenerator<Item, void, undefined> {
  const stop = new AbortController();
  const call: CallOptions = { signal: AbortSignal.any([options.signal, stop.signal]) };
  let upcoming: Promise<Page> | undefined = askForPage(place, undefined, call);
  try {
    while (upcoming) {
      const page: Page = await upcoming;
      upcoming = page.next && ahead(askForPage(place, page.next, call));
      for (const item of page.items) {
        options.signal.throwIfAborted();
        yield item;
      }
    }
  } finally {
    stop.abort(new Error("nobody reads this table any more"));
  }
}

interface Page {
  readonly items: readonly Item[];
  /** The key after which the next page begins; absent on the last one. */
  readonly next?: Item;
}

/** A page that is asked for before anybody waits for it: its failure is met when its turn comes, or never. */
function ahead(page: Promise<Page>): Promise<Page> {
  page.catch(() => undefined);
  return page;
}

async function askForPage(place: DynamoPlace, start: Item | undefined, options: CallOptions): Promise<Page> {
  const input: Fields = { TableName: place.table, ConsistentRead: true, Limit: pageItemsMax, ...(start && { ExclusiveStartKey: start }) };
  const output = await place.look({ operation: "Scan", input }, options);
  const { Items: listed, Count: count, LastEvaluatedKey: last } = output;
  if (!Array.isArray(listed) || listed.length !== count) throw await place.unreadable("Scan", "its items are not as many as it says");
  const items: Item[] = [];
  for (const each of listed) {
    const item = itemOf(each);
    if (!item) throw await place.unreadable("Scan", "one of its items is none");
    items.push(item);
  }
  if (last === undefined) return { items };
  const next = itemOf(last);
  if (!next || JSON.stringify(next) === JSON.stringify(start))
    throw await place.unreadable("Scan", "there is more, but it does not say how to go on");
  return { items, next };
}
