/** A conditional write whose answer is a document: S3 sends the status 200 before it knows how the work ends. */

import type { CallOptions } from "../../ports/store.ts";
import { answerText } from "../shared/aws/read-answer.ts";
import { problemOf } from "../shared/aws/read-aws-error.ts";
import type { Ask, S3Place } from "./s3-place.ts";
import { missedBy, sendWrite, type Missed } from "./write-landing.ts";

/** `told` is what the document says of the object that was made. */
export interface Documented<Told> {
  readonly kind: "documented";
  readonly told: Told;
  readonly headers: Readonly<Record<string, string>>;
}

export interface DocumentAsk<Told> {
  readonly ask: Omit<Ask, "isRepeatable">;
  /** `undefined` for an error document, and for whatever else does not say that the object was made. */
  readonly read: (text: string) => Told | undefined;
}

/**
 * Sends the write once and reads the document. An error document that follows the status 200 is the error it names; a document
 * that breaks off is `unknown`. Throws only where nothing has landed, as `sendWrite` does.
 */
export async function sendForDocument<Told>(
  place: S3Place,
  { ask, read }: DocumentAsk<Told>,
  options: CallOptions,
): Promise<Documented<Told> | Missed> {
  const landing = await sendWrite(place, ask, options);
  if (landing.kind !== "landed") return landing;
  const { answer } = landing;
  let text: string;
  try {
    text = await answerText(answer);
  } catch (error) {
    return { kind: "unknown", cause: await place.meaningOf(error, ask) };
  }
  const told = read(text);
  return told === undefined ? await missedBy(place, problemOf(answer, text), ask) : { kind: "documented", told, headers: answer.headers };
}
