/** What became of a request that changes something. */

import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";
import { readAwsError, type AwsProblem } from "../shared/aws/read-aws-error.ts";
import { WireFailure, type WireAnswer, type WireBody } from "../shared/aws/wire.ts";
import type { Ask, S3Place } from "./s3-place.ts";

/** `gone`: there is nothing under the key that the condition could hold for. */
export type Missed = { readonly kind: "conflict" } | { readonly kind: "gone" } | { readonly kind: "unknown"; readonly cause: unknown };
export type Landing = { readonly kind: "landed"; readonly answer: WireAnswer } | Missed;

/** Said by S3 itself, these prove that nothing was done. From something in between, a bare 503 proves nothing. */
const turnedAway: ReadonlySet<string> = new Set([
  "SlowDown",
  "ServiceUnavailable",
  "Throttling",
  "ThrottlingException",
  "TooManyRequests",
  "RequestLimitExceeded",
]);
const doubtful: ReadonlySet<string> = new Set(["InternalError", "ConditionalRequestConflict", "OperationAborted"]);
const doubtfulStatuses: ReadonlySet<number> = new Set([409, 500, 502, 503, 504]);

/**
 * Sends a conditional write once. Throws only where it has not landed: no connection, no right, a body that was not what
 * it said. A lost reply, a server in trouble and an abort on the way are `unknown`.
 */
export async function sendWrite(place: S3Place, ask: Omit<Ask, "isRepeatable">, options: CallOptions): Promise<Landing> {
  options.signal.throwIfAborted();
  const source: Source = {};
  const request: Ask = { ...ask, isRepeatable: false, ...(ask.body && { body: watched(ask.body, source) }) };
  let answer: WireAnswer;
  try {
    answer = await place.send(request, options);
  } catch (error) {
    // A body that broke off was never sent whole, so the server cannot have taken it.
    if (source.failure) throw source.failure.error;
    const isDoubtful = error instanceof WireFailure ? error.isSent : options.signal.aborted && !(error instanceof BelayError);
    const meaning = await place.meaningOf(error, ask);
    if (!isDoubtful) throw meaning;
    return { kind: "unknown", cause: meaning };
  }
  if (answer.status >= 200 && answer.status < 300) return { kind: "landed", answer };
  return await missedBy(place, await readAwsError(answer), ask);
}

/** What a problem says about a conditional write. Throws where it proves that nothing was done, and why is no answer to the caller. */
export async function missedBy(place: S3Place, problem: AwsProblem, ask: Pick<Ask, "action" | "key">): Promise<Missed> {
  const { status, code } = problem;
  if (status === 412 || code === "PreconditionFailed") return { kind: "conflict" };
  if (code === "NoSuchKey" || (status === 404 && code === "")) return { kind: "gone" };
  const meaning = await place.meaningOf(problem, ask);
  // An error that came after the status of success was on its way is one of work that had begun.
  const isTurnedAway = turnedAway.has(code) && status >= 400;
  const isDoubtful = doubtful.has(code) || doubtfulStatuses.has(status) || (status < 300 && (turnedAway.has(code) || code === ""));
  if (isTurnedAway || !isDoubtful) throw meaning;
  return { kind: "unknown", cause: meaning };
}

interface Source {
  failure?: { readonly error: unknown };
}

function watched(body: WireBody, source: Source): WireBody {
  return {
    ...body,
    async *open() {
      delete source.failure;
      try {
        yield* body.open();
      } catch (error) {
        source.failure = { error };
        throw error;
      }
    },
  };
}
