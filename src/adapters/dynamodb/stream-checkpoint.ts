/** How far a stream has been read: kept by whoever asks, as JSON. */

import { canonicalJson } from "../../core/canonical-json.ts";
import { fieldsOf } from "./dynamo-place.ts";

/** In one shard: `start` before any record, `end` after the last of a closed one, else after the record of this number, as `after:NUMBER`. */
export type Position = "start" | "end" | `after:${string}`;

export interface Checkpoint {
  /** The stream: another one begins where the table's is switched off and on. */
  readonly arn: string;
  /** Milliseconds since the epoch: when the stream was read. */
  readonly atMs: number;
  readonly shards: Readonly<Record<string, Position>>;
}

export const formatCheckpoint = (checkpoint: Checkpoint): string => canonicalJson(checkpoint);

/** `undefined` for a text that is none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { arn, atMs, shards } = fieldsOf(value) ?? {};
  const held = fieldsOf(shards);
  if (typeof arn !== "string" || typeof atMs !== "number" || !held) return undefined;
  const positions: [string, Position][] = [];
  for (const [id, position] of Object.entries(held)) {
    if (!isPosition(position)) return undefined;
    positions.push([id, position]);
  }
  return { arn, atMs, shards: Object.fromEntries(positions) };
}

const isPosition = (value: unknown): value is Position => typeof value === "string" && /^(?:start|end|after:\d{1,40})$/u.test(value);
