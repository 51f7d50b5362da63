import type { IncomingMessage } from "node:http";
import { WireFailure } from "./wire.ts";

export interface BodyLimits {
  readonly signal: AbortSignal;
  /** How long the next bytes may take, in milliseconds. Time that the reader takes does not count. */
  readonly idleMs: number;
}

/**
 * The bytes of a response, to be read once. Throws `WireFailure` where they break off, stall or are fewer than
 * `sizeBytes`, and the signal's reason once that aborts. A reader that stops early closes the connection.
 */
export async function* bodyChunks(
  response: IncomingMessage,
  sizeBytes: number | undefined,
  limits: BodyLimits,
): AsyncGenerator<Uint8Array> {
  const { signal } = limits;
  const stop = (): void => {
    response.destroy();
  };
  let receivedBytes = 0;
  signal.throwIfAborted();
  signal.addEventListener("abort", stop);
  try {
    const chunks: AsyncIterable<Uint8Array> = response;
    const reader = chunks[Symbol.asyncIterator]();
    for (;;) {
      const step = await nextWithin(reader, response, limits.idleMs);
      if (step.done === true) break;
      receivedBytes += step.value.byteLength;
      yield step.value;
    }
    if (!response.complete || (sizeBytes !== undefined && receivedBytes !== sizeBytes))
      throw new WireFailure(`the answer broke off after ${receivedBytes} bytes`, true);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof WireFailure
      ? error
      : new WireFailure(`the answer broke off after ${receivedBytes} bytes`, true, { cause: error });
  } finally {
    signal.removeEventListener("abort", stop);
    if (!response.complete || !response.readableEnded) response.destroy();
  }
}

async function nextWithin(
  reader: AsyncIterator<Uint8Array>,
  response: IncomingMessage,
  idleMs: number,
): Promise<IteratorResult<Uint8Array>> {
  const timer = setTimeout(() => {
    response.destroy(new WireFailure(`nothing more of the answer came for ${idleMs / 1000} seconds`, true));
  }, idleMs);
  try {
    return await reader.next();
  } finally {
    clearTimeout(timer);
  }
}

const discardBytesMax = 64 * 1024;
const discardMsMax = 2_000;

/** Lets a body go: a short one is read off so that its connection can be used again, any other closes it. */
export function discardBody(response: IncomingMessage): void {
  let readBytes = 0;
  const timer = setTimeout(() => response.destroy(), discardMsMax);
  response.once("close", () => {
    clearTimeout(timer);
  });
  response.on("data", (chunk: Uint8Array) => {
    readBytes += chunk.byteLength;
    if (readBytes > discardBytesMax) response.destroy();
  });
}
