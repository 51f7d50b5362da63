/** The bytes of one version of a large object, fetched on from where a connection broke off. */

import type { CallOptions } from "../../ports/store.ts";
import { WireFailure, type WireAnswer } from "../shared/aws/wire.ts";
import type { Mark } from "./revision.ts";
import { bareEtag, secondOf } from "./revision.ts";
import type { Ask, S3Place } from "./s3-place.ts";
import { inputChanged } from "./verified-body.ts";

/** The version whose bytes are wanted. */
export interface Pinned extends Mark {
  readonly key: string;
  readonly versionId?: string;
}

const failuresMax = 8;
const pauseMs = 200;

/**
 * Yields the bytes in order, from `first` where an answer is there already. Throws `input-changed` where the object is another by now,
 * and `store-unreachable` after eight broken connections. Every answer is compared by ETag and time rather than asked for with
 * If-Match, because servers disagree on how an ETag is quoted there.
 */
export async function* objectBytes(
  place: S3Place,
  pinned: Pinned,
  { signal, first }: CallOptions & { readonly first?: WireAnswer },
): AsyncGenerator<Uint8Array, void, undefined> {
  let answer = first;
  let at = 0;
  for (let failures = 0; ; failures += 1) {
    answer ??= await answerFrom(place, pinned, at, signal);
    try {
      for await (const chunk of answer.body) {
        at += chunk.byteLength;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(error instanceof WireFailure) || failures + 1 >= failuresMax) throw await place.meaningOf(error, askFor(pinned, at));
    }
    answer = undefined;
    await place.runtime.sleep(pauseMs * (failures + 1), signal);
  }
}

const askFor = ({ key, versionId }: Pinned, at: number): Ask => ({
  action: versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion",
  method: "GET",
  key,
  isRepeatable: true,
  headers: { "accept-encoding": "identity", ...(at > 0 && { range: `bytes=${at}-` }) },
  ...(versionId !== undefined && { query: { versionId } }),
});

async function answerFrom(place: S3Place, pinned: Pinned, at: number, signal: AbortSignal): Promise<WireAnswer> {
  const ask = askFor(pinned, at);
  const answer = await place.ask(ask, { signal });
  const { status, headers } = answer;
  if (status === 404 || status === 405 || status === 416) {
    answer.discard();
    throw inputChanged(pinned.key);
  }
  const isSame = bareEtag(headers["etag"]) === pinned.etag && secondOf(headers["last-modified"]) === pinned.second;
  const isRight = status === (at > 0 ? 206 : 200);
  if (isRight && isSame) return answer;
  if (!isRight) throw await place.errorOf(answer, ask);
  answer.discard();
  throw inputChanged(pinned.key);
}
