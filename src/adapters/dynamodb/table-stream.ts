/** What has changed in a table since a checkpoint, by its stream. */

import { BelayError } from "../../core/belay-error.ts";
import { itemOf } from "../../core/records/typed-item.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { Wire } from "../shared/aws/wire.ts";
import { describeTable } from "./describe-table.ts";
import { DynamoPlace, fieldsOf, type Fields, type TableOptions } from "./dynamo-place.ts";
import { formatCheckpoint, parseCheckpoint, type Checkpoint, type Position } from "./stream-checkpoint.ts";
import { readShard } from "./stream-shard.ts";
import { listShards, type Shard } from "./stream-shards.ts";
import { keyAttributesOf, storeKeyOf, type KeyAttribute } from "./table-key.ts";

export interface TableStreamOptions extends TableOptions {
  readonly key: readonly string[];
  /** The wire to the streams: `connectTables("dynamodbStreams", …)`. */
  readonly streams: () => Promise<Wire>;
}

export interface ItemChange {
  /** As the table's store has it. */
  readonly key: string;
  readonly kind: "created" | "changed" | "removed";
  /** ISO 8601, UTC, to the second: when the stream took note of it. */
  readonly at?: string;
  /** Only of items that ran out: a stream does not tell who else has written. */
  readonly by?: string;
}

/**
 * `changes`: each record since the checkpoint, oldest first in each shard; more may be had at once where `hasMore`.
 * `full-look`: what has happened cannot be told from the stream, so every item is looked at, after the checkpoint was taken.
 * `none`: the table has no stream.
 */
export type Changes =
  | { readonly kind: "changes"; readonly changes: readonly ItemChange[]; readonly checkpoint: string; readonly hasMore: boolean }
  | { readonly kind: "full-look"; readonly why: string; readonly checkpoint: string }
  | { readonly kind: "none"; readonly why: string };

export interface TableStream {
  /** `checkpoint`: from an earlier call, `undefined` at first. Nothing is remembered here. */
  changesSince(checkpoint: string | undefined, options: CallOptions): Promise<Changes>;
}

export function openTableStream(options: TableStreamOptions): TableStream {
  return new PolledStream(options);
}

/** A stream keeps a day. What is older than this may have lost its beginning unseen. */
const ageMsMax = 23 * 3_600_000;

class PolledStream implements TableStream {
  readonly #table: DynamoPlace;
  readonly #streams: DynamoPlace;
  readonly #key: readonly KeyAttribute[];

  constructor(options: TableStreamOptions) {
    this.#table = new DynamoPlace(options);
    this.#streams = new DynamoPlace({ ...options, wire: options.streams }, "dynamodbStreams");
    this.#key = keyAttributesOf(options.key);
  }

  async changesSince(checkpoint: string | undefined, options: CallOptions): Promise<Changes> {
    const [table, streams] = await Promise.all([this.#table.wire(), this.#streams.wire()]);
    // A table on a server of its own has no stream at AWS: asked there, a stranger's table of that name would answer.
    if (!table.isAws && streams.isAws) return { kind: "none", why: `no address is set for the streams of ${table.base}` };
    const { streamArn: arn } = await describeTable(this.#table, options);
    if (arn === undefined) return { kind: "none", why: `the table ${this.#table.table} records no changes` };
    const before = checkpoint === undefined ? undefined : parseCheckpoint(checkpoint);
    const shards = await listShards(this.#streams, arn, options);
    const gap = gapIn(before, { arn, shards, nowMs: this.#table.runtime.now() });
    if (gap !== undefined || !before) return await this.#fromHere(arn, shards, gap ?? "nothing was seen before", options);
    const read = await this.#read({ arn, shards, before }, options);
    if (read) return read;
    return await this.#fromHere(arn, shards, "records were dropped before they were read", options);
  }

  /** To the end of every shard, so that whoever looks at all items now misses nothing afterwards. */
  async #fromHere(...[arn, shards, why, options]: readonly [string, readonly Shard[], string, CallOptions]): Promise<Changes> {
    let next: Checkpoint = { arn, atMs: this.#table.runtime.now(), shards: {} };
    for (let round = 0; round < roundsMax; round += 1) {
      const read = await this.#read({ arn, shards, before: next }, options);
      // Dropped while it was read: begin where the shard begins now.
      if (!read) continue;
      next = parseCheckpoint(read.checkpoint) ?? next;
      if (!read.hasMore) return { kind: "full-look", why, checkpoint: read.checkpoint };
    }
    throw new BelayError(
      "store-unreachable",
      `the stream of the table ${this.#table.table} grows faster than it can be read`,
      "Let `belay watch` look at the table itself: leave the stream out.",
    );
  }

  /** `undefined` where records that were not read are gone. */
  async #read(
    { arn, shards, before }: { readonly arn: string; readonly shards: readonly Shard[]; readonly before: Checkpoint },
    options: CallOptions,
  ): Promise<Extract<Changes, { readonly kind: "changes" }> | undefined> {
    const changes: ItemChange[] = [];
    const positions: Record<string, Position> = {};
    const nowMs = this.#table.runtime.now();
    let hasMore = false;
    for (const shard of shards) {
      const from = before.shards[shard.id] ?? "start";
      const read = from === "end" ? undefined : await readShard(this.#streams, { arn, id: shard.id, from }, options);
      if (read?.kind === "trimmed") return undefined;
      positions[shard.id] = read?.position ?? "end";
      hasMore ||= read?.hasMore ?? false;
      for (const record of read?.records ?? []) changes.push(...this.#changeOf(record));
    }
    return { kind: "changes", changes, hasMore, checkpoint: formatCheckpoint({ arn, atMs: nowMs, shards: positions }) };
  }

  #changeOf(record: Fields): readonly ItemChange[] {
    const told = fieldsOf(record["dynamodb"]) ?? {};
    const keys = itemOf(told["Keys"]);
    const key = keys && storeKeyOf(this.#key, keys);
    if (key === undefined) return [];
    const seconds = told["ApproximateCreationDateTime"];
    const isExpiry = fieldsOf(record["userIdentity"])?.["principalId"] === "dynamodb.amazonaws.com";
    const kind = record["eventName"] === "INSERT" ? "created" : record["eventName"] === "REMOVE" ? "removed" : "changed";
    return [
      {
        key,
        kind,
        ...(typeof seconds === "number" && { at: new Date(seconds * 1000).toISOString() }),
        ...(isExpiry && { by: "time to live" }),
      },
    ];
  }
}

const roundsMax = 100;

/** Why the stream cannot tell all that has happened since; `undefined` where it can, as far as its shards show. */
function gapIn(
  before: Checkpoint | undefined,
  { arn, shards, nowMs }: { readonly arn: string; readonly shards: readonly Shard[]; readonly nowMs: number },
): string | undefined {
  if (!before) return "the checkpoint cannot be read";
  if (before.arn !== arn) return "the stream was switched on anew";
  if (nowMs - before.atMs > ageMsMax) return "the last look was nearly a day ago, and a stream keeps no more";
  const there = new Set(shards.map(({ id }) => id));
  const isLost = Object.entries(before.shards).some(([id, position]) => position !== "end" && !there.has(id));
  if (isLost) return "a part of the stream is gone that was not read to its end";
  const isForeign = ({ id, parent }: Shard): boolean =>
    before.shards[id] === undefined && parent !== undefined && !there.has(parent) && before.shards[parent] === undefined;
  return shards.some(isForeign) ? "a part of the stream came and went between two looks" : undefined;
}
