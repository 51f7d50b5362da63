/** A DynamoDB table as a store: one object for each item. */

import { BelayError } from "../../core/belay-error.ts";
import type { StoreName } from "../../core/brand.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { ChangeFeed } from "../../ports/change-feed.ts";
import type { CallOptions, Guarantees, ListOptions, Reading, RemoveRequest, Store, WriteOutcome, WriteRequest } from "../../ports/store.ts";
import type { Wire } from "../shared/aws/wire.ts";
import { describeTable, requireKeyOf, type TableDescription } from "./describe-table.ts";
import { DynamoPlace, type TableOptions } from "./dynamo-place.ts";
import { observedOf, readingOf, sightOf } from "./item-sight.ts";
import { readItem } from "./read-item.ts";
import { scanItems } from "./scan-items.ts";
import { openTableFeed } from "./table-feed.ts";
import { keyAttributesOf, primaryKeyOf, storeKeyOf } from "./table-key.ts";
import { removeItem, writeItem, type TableSetup } from "./write-item.ts";

export interface DynamoStoreOptions extends TableOptions {
  readonly name: StoreName;
  /** Partition key first: `name` of a string, `name:N`, `name:B`. */
  readonly key: readonly string[];
  /** An attribute that changes with every write of an item. One that holds a whole number is counted up by each write of ours. */
  readonly version?: string;
  /** The wire to the table's stream, `connectTables("dynamodbStreams", …)`; without it there is no feed. */
  readonly streams?: () => Promise<Wire>;
}

/**
 * Opens a table; nothing is sent before the first call. Keys are the primary keys, `/` between partition and sort key, with
 * percent signs for what a path may not hold. A body is the item's canonical typed JSON, a revision its SHA-256.
 *
 * A replace touches only what changes, and lands only if every attribute is as it was seen, or the version attribute. A
 * condition cannot name attributes that nobody knew of: where one has come up meanwhile it stands, and the write is taken back.
 * Items have no headers; provenance is not kept. Throws `config-invalid` for a key that is none.
 */
export function openDynamoStore(options: DynamoStoreOptions): Store {
  return new DynamoStore(options);
}

/** Opens nothing but the question: what a table says of itself. For checks, and for whoever proposes a configuration. */
export async function lookAtTable(options: TableOptions, call: CallOptions): Promise<TableDescription> {
  return await describeTable(new DynamoPlace(options), call);
}

class DynamoStore implements Store {
  readonly name: StoreName;
  readonly isRemote = true;
  readonly feed?: ChangeFeed;
  readonly #place: DynamoPlace;
  readonly #setup: TableSetup;
  #described: Promise<void> | undefined;

  constructor(options: DynamoStoreOptions) {
    this.name = options.name;
    const { streams } = options;
    if (streams) this.feed = openTableFeed({ ...options, streams });
    this.#place = new DynamoPlace(options);
    this.#setup = {
      place: this.#place,
      key: keyAttributesOf(options.key),
      ...(options.version !== undefined && { version: options.version }),
    };
  }

  serverNowMs(): number | undefined {
    return this.#place.nowMs();
  }

  /** Of AWS and belay's own sandbox the conditions are known to be atomic; of another server nobody has shown what a race does. */
  async guarantees(options: CallOptions): Promise<Guarantees> {
    await this.#checkKey(options);
    const { isAws } = await this.#place.wire();
    const kept = isAws || /^belay-sandbox\b/u.test(this.#place.server) ? "atomic" : "checked";
    return { create: kept, replace: kept, delete: kept };
  }

  /** A scan has no order, so it is collected first: some 300 bytes an item. Items whose key makes no store key are left out. */
  async *list(prefix: string, options: ListOptions): AsyncIterable<Observed> {
    const { limit = Infinity, signal } = options;
    signal.throwIfAborted();
    const found: Observed[] = [];
    if (limit > 0) {
      for await (const item of scanItems(this.#place, options)) {
        const key = storeKeyOf(this.#setup.key, item);
        if (key === undefined) await this.#requireKeyIn(Object.keys(item), options);
        if (key?.startsWith(prefix) === true) found.push(this.#observed(key, item));
      }
    }
    const ordered = found.toSorted((one, other) => compareKeys(one.key, other.key));
    for (const observed of ordered.slice(0, limit)) {
      signal.throwIfAborted();
      yield observed;
    }
    signal.throwIfAborted();
  }

  /** A scan brings all of every item, and `list` throws most of it away. */
  async *readAll(prefix: string, options: CallOptions): AsyncGenerator<Reading> {
    const { sha256 } = this.#place.runtime;
    for await (const item of scanItems(this.#place, options)) {
      const key = storeKeyOf(this.#setup.key, item);
      if (key === undefined) await this.#requireKeyIn(Object.keys(item), options);
      else if (key.startsWith(prefix)) yield readingOf(key, sightOf(item, this.#setup.version, sha256), sha256);
    }
  }

  async read(key: string, options: CallOptions): Promise<Reading | undefined> {
    options.signal.throwIfAborted();
    const primaryKey = primaryKeyOf(this.#setup.key, key);
    const item = await this.#explained(options, async () => await readItem(this.#place, primaryKey, key, options));
    return item && readingOf(key, sightOf(item, this.#setup.version, this.#place.runtime.sha256), this.#place.runtime.sha256);
  }

  async write(request: WriteRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    return await this.#explained(options, async () => await writeItem(this.#setup, request, options));
  }

  async remove(request: RemoveRequest, options: CallOptions): Promise<WriteOutcome> {
    options.signal.throwIfAborted();
    return await this.#explained(options, async () => await removeItem(this.#setup, request, options));
  }

  #observed(key: string, item: Parameters<typeof sightOf>[0]): Observed {
    const { sha256 } = this.#place.runtime;
    return observedOf(key, sightOf(item, this.#setup.version, sha256), sha256);
  }

  async #requireKeyIn(names: readonly string[], options: CallOptions): Promise<void> {
    const lacking = this.#setup.key.find(({ name }) => !names.includes(name));
    await this.#checkKey(options);
    if (lacking) throw await this.#place.unreadable("Scan", `an item lacks ${lacking.name}, which is in its key`);
  }

  /** What looks like a wrong key is said in terms of the table's own, where it tells. */
  async #explained<Result>(options: CallOptions, act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof BelayError && error.code === "config-invalid") await this.#checkKey(options);
      throw error;
    }
  }

  /** Asked once. Who may not describe the table is not held up by it: a wrong key shows with the first request. */
  async #checkKey(options: CallOptions): Promise<void> {
    this.#described ??= describeTable(this.#place, options).then((table) => requireKeyOf(this.#place, this.#setup.key, table));
    try {
      await this.#described;
    } catch (error) {
      if (error instanceof BelayError && error.code === "store-denied") return;
      this.#described = undefined;
      throw error;
    }
  }
}
