/** Node's own `fetch`, with an end to what it takes in. */

import { BelayError } from "../../core/belay-error.ts";

/** Longer than any honest answer: a page of 2,500 events is a few megabytes. */
const answerBytesMax = 64 * 1024 * 1024;

/** As `fetch`, but throws `store-unreachable` for an answer that is too large to be one, and breaks it off there. */
export const cappedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.body === null) return response;
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const body: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > answerBytesMax)
      throw new BelayError("store-unreachable", "Google's answer is larger than 64 MiB.", "Run the same command again.");
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  // Statuses that allow no body came without one above, or with an empty one.
  return new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, statusText, headers });
};
