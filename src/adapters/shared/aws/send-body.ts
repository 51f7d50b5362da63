import type { ClientRequest } from "node:http";
import { BelayError } from "../../../core/belay-error.ts";
import type { WireBody } from "./wire.ts";

/** How far a request has got. */
export interface Sending {
  /** All of it was handed to the connection. */
  isWhole: boolean;
  /** The server turned it away before its end, so the rest need not be sent. */
  isRefused: boolean;
}

/**
 * Writes a request to its end. The last bytes go out only once the source has ended with exactly `sizeBytes`, so a server
 * never holds a whole request with other bytes. Throws what the source throws, or `input-changed`; the request is then to be destroyed.
 */
export async function sendBody(request: ClientRequest, body: WireBody | undefined, sending: Sending): Promise<void> {
  const sizeBytes = body?.sizeBytes ?? 0;
  const isOver = (): boolean => request.destroyed || sending.isRefused;
  let held: Uint8Array | undefined;
  let readBytes = 0;
  for await (const chunk of body?.open() ?? []) {
    if (isOver()) return;
    // An empty chunk must not stand for the last one.
    if (chunk.byteLength === 0) continue;
    readBytes += chunk.byteLength;
    if (readBytes > sizeBytes) throw changed(`more than ${sizeBytes}`);
    if (held && !request.write(held)) await drained(request);
    held = chunk;
  }
  if (isOver()) return;
  if (readBytes !== sizeBytes) throw changed(`${readBytes} instead of ${sizeBytes}`);
  sending.isWhole = true;
  request.end(held);
}

const changed = (sizes: string): BelayError =>
  new BelayError("input-changed", `what was to be sent has changed meanwhile: it has ${sizes} bytes`, "Run the same command again.");

/** Resolves when the connection takes more, and also when it never will: at its end, or once the server has answered. */
async function drained(request: ClientRequest): Promise<void> {
  const events = ["drain", "close", "response"];
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      for (const event of events) request.off(event, settle);
      resolve();
    };
    for (const event of events) request.on(event, settle);
  });
}
