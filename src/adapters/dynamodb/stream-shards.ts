import type { CallOptions } from "../../ports/store.ts";
import { fieldsOf, type DynamoPlace } from "./dynamo-place.ts";

/** A part of a stream. Closed after some hours, and followed by others. */
export interface Shard {
  readonly id: string;
  readonly parent?: string;
}

const pagesMax = 1000;

/** Every shard that the stream still has, parents before what follows them. */
export async function listShards(streams: DynamoPlace, arn: string, options: CallOptions): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let after: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const input = { StreamArn: arn, ...(after !== undefined && { ExclusiveStartShardId: after }) };
    const output = await streams.look({ operation: "DescribeStream", input }, options);
    const described = fieldsOf(output["StreamDescription"]) ?? {};
    const listed = described["Shards"];
    if (!Array.isArray(listed)) throw await streams.unreadable("DescribeStream", "it lists no shards");
    for (const each of listed) {
      const { ShardId: id, ParentShardId: parent } = fieldsOf(each) ?? {};
      if (typeof id !== "string") throw await streams.unreadable("DescribeStream", "a shard has no name");
      shards.push({ id, ...(typeof parent === "string" && { parent }) });
    }
    const { LastEvaluatedShardId: last } = described;
    if (typeof last !== "string") return parentsFirst(shards);
    after = last;
  }
  throw await streams.unreadable("DescribeStream", `it lists more than ${pagesMax} pages of shards`);
}

function parentsFirst(shards: readonly Shard[]): readonly Shard[] {
  const waiting = new Map(shards.map((shard) => [shard.id, shard]));
  const ordered: Shard[] = [];
  const take = (shard: Shard): void => {
    if (!waiting.delete(shard.id)) return;
    const parent = shard.parent === undefined ? undefined : waiting.get(shard.parent);
    if (parent) take(parent);
    ordered.push(shard);
  };
  for (const shard of shards) take(shard);
  return ordered;
}
