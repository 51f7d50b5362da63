/** A table's stream as a feed: which items have changed, read to its end. */

import { BelayError } from "../../core/belay-error.ts";
import type { ChangeFeed, FeedChanges } from "../../ports/change-feed.ts";
import type { CallOptions } from "../../ports/store.ts";
import { openTableStream, type TableStream, type TableStreamOptions } from "./table-stream.ts";

/** Opens nothing before the first call. A token is a checkpoint of the stream. */
export function openTableFeed(options: TableStreamOptions): ChangeFeed {
  const stream = openTableStream(options);
  return { changesSince: async (token, call) => await toTheEnd(stream, token, { table: options.table, call }) };
}

/** One read brings a part of a busy stream; whoever falls so far behind looks at the table itself. */
const readsMax = 100;

interface Reading {
  readonly table: string;
  readonly call: CallOptions;
}

async function toTheEnd(stream: TableStream, token: string | undefined, { table, call }: Reading): Promise<FeedChanges> {
  const keys = new Set<string>();
  let at = token;
  for (let read = 0; read < readsMax; read += 1) {
    const changes = await stream.changesSince(at, call);
    if (changes.kind === "none") return { kind: "look-at-all", why: changes.why };
    if (changes.kind === "full-look") return { kind: "look-at-all", why: changes.why, token: changes.checkpoint };
    for (const { key } of changes.changes) keys.add(key);
    if (!changes.hasMore) return { kind: "changes", keys: [...keys], token: changes.checkpoint };
    at = changes.checkpoint;
  }
  throw new BelayError(
    "store-unreachable",
    `The stream of the table ${table} grows faster than it can be read.`,
    "Run it again; a look at the whole table does not depend on it.",
  );
}
