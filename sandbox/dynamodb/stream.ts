/** A table's stream: its changes of the last 24 hours in shards, each closed when it is split. By the Developer Guide, "DynamoDB Streams". */

import { writeItem, type Item } from "./attribute.ts";
import { DynamoError, invalid } from "./dynamo-error.ts";

export type StreamView = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

export interface Change {
  readonly key: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly atMs: number;
}

interface Entry {
  readonly sequence: bigint;
  readonly change: Change;
}

interface Shard {
  readonly id: string;
  readonly parent?: string;
  readonly first: bigint;
  last?: bigint;
  entries: Entry[];
  /** The number of the last record that is gone. */
  trimmed: bigint;
}

export interface TableStream {
  readonly arn: string;
  readonly label: string;
  readonly view: StreamView;
  add(change: Change): void;
  /** Closes the open shard and opens one or two that follow it, as the service does about every four hours. */
  split(into: 1 | 2): void;
  /** Forgets all records so far and the shards that are closed, as the service does after a day. */
  trim(): void;
  describe(startAfter: string | undefined, limit: number): Record<string, unknown>;
  iterator(shardId: string, type: string, sequence: string | undefined): string;
  records(iterator: string, limit: number): Record<string, unknown>;
}

interface StreamOptions {
  readonly tableName: string;
  readonly tableArn: string;
  readonly view: StreamView;
  /** When it was switched on, ISO 8601: part of its name. */
  readonly label: string;
  readonly random: () => number;
}

export const openStream = (options: StreamOptions): TableStream => new MemoryStream(options);

const firstSequence = 100_000_000_000_000_000_001n;

class MemoryStream implements TableStream {
  readonly arn: string;
  readonly label: string;
  readonly view: StreamView;
  readonly #table: string;
  readonly #random: () => number;
  #shards: Shard[] = [];
  #sequence = firstSequence;
  #made = 0;

  constructor({ tableName, tableArn, view, label, random }: StreamOptions) {
    this.arn = `${tableArn}/stream/${label}`;
    this.label = label;
    this.view = view;
    this.#table = tableName;
    this.#random = random;
    this.#open(undefined);
  }

  add(change: Change): void {
    this.#sequence += 1n + BigInt(Math.floor(this.#random() * 1000));
    const open = this.#shards.filter(({ last }) => last === undefined);
    const shard = open[Math.floor(this.#random() * open.length)];
    shard?.entries.push({ sequence: this.#sequence, change });
  }

  split(into: 1 | 2): void {
    const open = this.#shards.filter(({ last }) => last === undefined);
    for (const shard of open) shard.last = this.#sequence;
    for (const shard of open.slice(0, 1)) for (let count = 0; count < into; count += 1) this.#open(shard.id);
  }

  trim(): void {
    for (const shard of this.#shards) {
      shard.entries = [];
      shard.trimmed = this.#sequence;
    }
    this.#shards = this.#shards.filter(({ last }) => last === undefined);
  }

  describe(startAfter: string | undefined, limit: number): Record<string, unknown> {
    const from = startAfter === undefined ? 0 : this.#shards.findIndex(({ id }) => id === startAfter) + 1;
    const page = this.#shards.slice(from, from + limit);
    const hasMore = from + limit < this.#shards.length;
    return {
      StreamArn: this.arn,
      StreamLabel: this.label,
      StreamStatus: "ENABLED",
      StreamViewType: this.view,
      TableName: this.#table,
      Shards: page.map(({ id, parent, first, last }) => ({
        ShardId: id,
        ...(parent !== undefined && { ParentShardId: parent }),
        SequenceNumberRange: { StartingSequenceNumber: String(first), ...(last !== undefined && { EndingSequenceNumber: String(last) }) },
      })),
      ...(hasMore && { LastEvaluatedShardId: page.at(-1)?.id }),
    };
  }

  iterator(shardId: string, type: string, sequence: string | undefined): string {
    const shard = this.#shard(shardId);
    const after = this.#positionOf(shard, type, sequence);
    return Buffer.from(JSON.stringify([this.arn, shardId, String(after)])).toString("base64");
  }

  /** The number after which reading goes on. */
  #positionOf(shard: Shard, type: string, sequence: string | undefined): bigint {
    if (type === "TRIM_HORIZON") return shard.trimmed;
    if (type === "LATEST") return shard.last ?? this.#sequence;
    if ((type !== "AFTER_SEQUENCE_NUMBER" && type !== "AT_SEQUENCE_NUMBER") || !/^\d{1,40}$/u.test(sequence ?? ""))
      throw invalid("Invalid ShardIteratorType or SequenceNumber");
    const at = BigInt(sequence ?? "") - (type === "AT_SEQUENCE_NUMBER" ? 1n : 0n);
    if (at < shard.trimmed)
      throw new DynamoError("TrimmedDataAccessException", "The operation attempted to read past the oldest stream record in a shard.");
    return at;
  }

  records(iterator: string, limit: number): Record<string, unknown> {
    const [arn = "", shardId = "", after = ""] = iteratorParts(iterator);
    if (arn !== this.arn || !/^-?\d{1,40}$/u.test(after)) throw invalid("Invalid ShardIterator");
    const shard = this.#shard(shardId);
    const start = BigInt(after);
    if (start < shard.trimmed)
      throw new DynamoError("TrimmedDataAccessException", "The iterator points to records that have been trimmed.");
    const page = shard.entries.filter(({ sequence }) => sequence > start).slice(0, limit);
    const reached = page.at(-1)?.sequence ?? start;
    const isOver = shard.last !== undefined && !shard.entries.some(({ sequence }) => sequence > reached);
    return {
      Records: page.map((entry) => this.#record(entry)),
      ...(!isOver && { NextShardIterator: Buffer.from(JSON.stringify([arn, shardId, String(reached)])).toString("base64") }),
    };
  }

  #record({ sequence, change }: Entry): Record<string, unknown> {
    const { key, before, after, atMs } = change;
    const showsNew = this.view === "NEW_IMAGE" || this.view === "NEW_AND_OLD_IMAGES";
    const showsOld = this.view === "OLD_IMAGE" || this.view === "NEW_AND_OLD_IMAGES";
    return {
      eventID: sequence.toString(16).padStart(32, "0"),
      eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(atMs / 1000),
        Keys: writeItem(key),
        ...(showsNew && after && { NewImage: writeItem(after) }),
        ...(showsOld && before && { OldImage: writeItem(before) }),
        SequenceNumber: String(sequence),
        StreamViewType: this.view,
      },
    };
  }

  #shard(id: string): Shard {
    const shard = this.#shards.find((each) => each.id === id);
    if (!shard)
      throw new DynamoError("ResourceNotFoundException", `Requested resource not found: Shard: ${id} in Stream: ${this.arn} not found`);
    return shard;
  }

  #open(parent: string | undefined): void {
    this.#made += 1;
    const id = `shardId-${String(this.#made).padStart(20, "0")}-sandbox0`;
    this.#shards.push({ id, ...(parent !== undefined && { parent }), first: this.#sequence + 1n, entries: [], trimmed: 0n });
  }
}

function iteratorParts(iterator: string): readonly string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(iterator, "base64").toString("utf8"));
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    return [];
  }
}
