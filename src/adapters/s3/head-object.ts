import type { CallOptions } from "../../ports/store.ts";
import type { Sight } from "./fresh-writes.ts";
import type { S3Place } from "./s3-place.ts";
import { sightOf } from "./sight-of.ts";

/** What stands under a key right now, without its bytes; `undefined` where nothing does. A missing bucket looks the same: HEAD tells no more. */
export async function headObject(place: S3Place, key: string, options: CallOptions): Promise<Sight | undefined> {
  const ask = { action: "s3:GetObject", method: "HEAD", key, isRepeatable: true } as const;
  const answer = await place.ask(ask, options);
  if (answer.status !== 200 && answer.status !== 404) throw await place.errorOf(answer, ask);
  answer.discard();
  return answer.status === 404 ? undefined : await sightOf(place, key, answer);
}
