/** The records of one shard after a position. */

import type { CallOptions } from "../../ports/store.ts";
import { fieldsOf, type DynamoPlace, type Fields, type TableAnswer } from "./dynamo-place.ts";
import type { Position } from "./stream-checkpoint.ts";

export interface ShardPlace {
  readonly arn: string;
  readonly id: string;
  readonly from: Exclude<Position, "end">;
}

export type ShardRead =
  | { readonly kind: "read"; readonly records: readonly Fields[]; readonly position: Position; readonly hasMore: boolean }
  /** What came next is gone. */
  | { readonly kind: "trimmed" };

/** Bounds what one look holds in memory: a page has up to a thousand records. */
const pagesMax = 20;
/** An open shard answers with empty pages for ever, and now and then with one where more follows. */
const emptyPagesMax = 3;

export async function readShard(streams: DynamoPlace, place: ShardPlace, options: CallOptions): Promise<ShardRead> {
  const records: Fields[] = [];
  let position: Position = place.from;
  let iterator = await iteratorAt(streams, place, options);
  let emptyPages = 0;
  for (let page = 0; iterator !== undefined && page < pagesMax; page += 1) {
    const answer = await recordsAt(streams, iterator, options);
    if (answer === "trimmed") return { kind: "trimmed" };
    if (answer === "expired") {
      iterator = await iteratorAt(streams, { ...place, from: position }, options);
      continue;
    }
    records.push(...answer.records);
    position = afterLast(answer.records, position);
    if (answer.next === undefined) return { kind: "read", records, position: "end", hasMore: false };
    iterator = answer.next;
    emptyPages = answer.records.length === 0 ? emptyPages + 1 : 0;
    if (emptyPages >= emptyPagesMax) return { kind: "read", records, position, hasMore: false };
  }
  return iterator === undefined ? { kind: "trimmed" } : { kind: "read", records, position, hasMore: true };
}

function afterLast(records: readonly Fields[], before: Exclude<Position, "end">): Exclude<Position, "end"> {
  const number = fieldsOf(records.at(-1)?.["dynamodb"])?.["SequenceNumber"];
  return typeof number === "string" && /^\d{1,40}$/u.test(number) ? `after:${number}` : before;
}

/** `undefined` where the records after the position are gone. */
async function iteratorAt(streams: DynamoPlace, { arn, id, from }: ShardPlace, options: CallOptions): Promise<string | undefined> {
  const at =
    from === "start"
      ? { ShardIteratorType: "TRIM_HORIZON" }
      : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: from.slice("after:".length) };
  const output = await lookAt(streams, "GetShardIterator", { StreamArn: arn, ShardId: id, ...at }, options);
  if (typeof output === "string") return undefined;
  const { ShardIterator: iterator } = output;
  if (typeof iterator !== "string") throw await streams.unreadable("GetShardIterator", "it gives no iterator");
  return iterator;
}

async function recordsAt(
  streams: DynamoPlace,
  iterator: string,
  options: CallOptions,
): Promise<{ readonly records: readonly Fields[]; readonly next?: string } | "trimmed" | "expired"> {
  const output = await lookAt(streams, "GetRecords", { ShardIterator: iterator }, options);
  if (typeof output === "string") return output;
  const { Records: listed, NextShardIterator: next } = output;
  if (!Array.isArray(listed)) throw await streams.unreadable("GetRecords", "it gives no records");
  const records = listed.map((each: unknown) => fieldsOf(each) ?? {});
  return { records, ...(typeof next === "string" && { next }) };
}

/** An iterator holds for a quarter of an hour; a shard may go between its listing and its reading. */
async function lookAt(
  ...[streams, operation, input, options]: readonly [DynamoPlace, string, Fields, CallOptions]
): Promise<Fields | "trimmed" | "expired"> {
  let answer: TableAnswer;
  try {
    answer = await streams.send({ operation, input, isRepeatable: true }, options);
  } catch (error) {
    throw await streams.meaningOf(error, { operation });
  }
  if (answer.kind === "done") return answer.output;
  const { code } = answer.problem;
  if (code === "TrimmedDataAccessException" || code === "ResourceNotFoundException") return "trimmed";
  if (code === "ExpiredIteratorException") return "expired";
  throw await streams.meaningOf(answer.problem, { operation });
}
