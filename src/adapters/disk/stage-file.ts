import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { BelayError } from "../../core/belay-error.ts";
import type { Body } from "../../core/body.ts";
import { diskError } from "./disk-error.ts";
import { discard } from "./workspace.ts";

export interface StageOptions {
  readonly signal: AbortSignal;
  /** For the message, should it fail. */
  readonly key: string;
  readonly scratch: string;
  /** Whether the bytes must survive a power cut. */
  readonly isDurable: boolean;
  /** For tests: called before each chunk is written, where the system may strike. */
  readonly beforeChunk?: ((sentBytes: number) => void) | undefined;
}

/**
 * Writes a body to a new temp file, proves that its bytes are those of its digest, and makes it durable where asked.
 * Whatever goes wrong, the temp file is gone when this throws.
 */
export async function stageFile(body: Body, path: string, options: StageOptions): Promise<void> {
  try {
    const handle = await open(path, "wx");
    try {
      const hash = createHash("sha256");
      let sentBytes = 0;
      for await (const chunk of body.open()) {
        options.signal.throwIfAborted();
        options.beforeChunk?.(sentBytes);
        hash.update(chunk);
        await handle.writeFile(chunk);
        sentBytes += chunk.byteLength;
      }
      if (sentBytes !== body.sizeBytes || hash.digest("hex") !== body.digest)
        throw new BelayError(
          "input-changed",
          "the bytes that were to be written changed while they were being read",
          "Run the command again.",
        );
      if (options.isDurable) await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    discard(path);
    throw diskError(error, `write ${options.key} by way of`, options.scratch);
  }
}
