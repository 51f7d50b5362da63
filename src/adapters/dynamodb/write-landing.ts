/** What became of a conditional write. */

import { BelayError } from "../../core/belay-error.ts";
import { itemOf, type Item } from "../../core/records/typed-item.ts";
import type { CallOptions } from "../../ports/store.ts";
import { WireFailure } from "../shared/aws/wire.ts";
import type { DynamoPlace, TableAnswer, TableAsk } from "./dynamo-place.ts";

export type Landing =
  /** `attributes`: of the item before or after, as it was asked for. */
  | { readonly kind: "landed"; readonly attributes?: Item }
  /** `item`: what made the condition fail, where the server shows it. */
  | { readonly kind: "missed"; readonly item?: Item }
  | { readonly kind: "unknown"; readonly cause: unknown };

/**
 * Sends it once, and again only where DynamoDB has proven that nothing was done (throttling). Throws only what has not
 * landed. A lost reply, a server in trouble (500, 503) and an abort on the way are `unknown`.
 */
export async function sendWrite(place: DynamoPlace, ask: Omit<TableAsk, "isRepeatable">, options: CallOptions): Promise<Landing> {
  let answer: TableAnswer;
  try {
    answer = await place.send({ ...ask, isRepeatable: false }, options);
  } catch (error) {
    const isDoubtful = error instanceof WireFailure ? error.isSent : options.signal.aborted && !(error instanceof BelayError);
    const meaning = await place.meaningOf(error, ask);
    if (!isDoubtful) throw meaning;
    return { kind: "unknown", cause: meaning };
  }
  if (answer.kind === "done") {
    const attributes = answer.output["Attributes"] === undefined ? undefined : itemOf(answer.output["Attributes"]);
    return { kind: "landed", ...(attributes && { attributes }) };
  }
  const { problem, item } = answer;
  if (problem.code === "ConditionalCheckFailedException") return { kind: "missed", ...(item && { item }) };
  const meaning = await place.meaningOf(problem, ask);
  // DynamoDB refuses with 4xx before it does anything; with 5xx it may have done it.
  if (problem.status < 500) throw meaning;
  return { kind: "unknown", cause: meaning };
}
