/**
 * Lines of JSON-RPC over two streams. Beside the SDK's own transport it answers what cannot be parsed, as JSON-RPC asks, and
 * survives a line that is too long: a client that sends one mistake keeps its server.
 */

import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { parseJSONRPCMessage, serializeMessage, type JSONRPCMessage, type Transport } from "@modelcontextprotocol/server";

/** Characters of one message. No tool of ours takes nearly as much. */
const lineMax = 1_000_000;

const parseError = -32_700;
const invalidRequest = -32_600;

export interface Streams {
  readonly input: Readable;
  readonly output: Pick<Writable, "write" | "once" | "off">;
}

export class McpTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #streams: Streams;
  readonly #decoder = new StringDecoder("utf8");
  #held = "";
  /** The rest of a line that is too long is passed over up to its end. */
  #isSkipping = false;
  #isClosed = false;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  async start(): Promise<void> {
    const { input } = this.#streams;
    input.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onEnd).on("error", this.#onEnd);
    await Promise.resolve();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    await this.#write(serializeMessage(message));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { input } = this.#streams;
    input.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onEnd).off("error", this.#onEnd).pause();
    this.#held = "";
    this.onclose?.();
    await Promise.resolve();
  }

  readonly #onEnd = (): void => void this.close();

  readonly #onData = (chunk: Buffer): void => {
    let text = this.#decoder.write(chunk);
    for (let end = text.indexOf("\n"); end >= 0 && !this.#isClosed; end = text.indexOf("\n")) {
      this.#hold(text.slice(0, end));
      this.#endLine();
      text = text.slice(end + 1);
    }
    this.#hold(text);
  };

  #hold(text: string): void {
    if (this.#isSkipping) return;
    if (this.#held.length + text.length <= lineMax) {
      this.#held += text;
      return;
    }
    this.#held = "";
    this.#isSkipping = true;
    this.#refuse(null, invalidRequest, `A message has at most ${lineMax} characters.`);
  }

  #endLine(): void {
    const line = this.#held.replace(/\r$/u, "");
    this.#held = "";
    if (this.#isSkipping) {
      this.#isSkipping = false;
      return;
    }
    if (line.trim() !== "") this.#receive(line);
  }

  #receive(line: string): void {
    const value = parsed(line);
    if (value === undefined) return this.#refuse(null, parseError, "This line is not JSON.");
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch {
      return this.#refuse(idOf(value), invalidRequest, "This is not a message of JSON-RPC 2.0.");
    }
    this.onmessage?.(message);
  }

  #refuse(id: string | number | null, code: number, message: string): void {
    this.onerror?.(new Error(message));
    const line = `${JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } })}\n`;
    this.#write(line).catch(() => void this.close());
  }

  async #write(line: string): Promise<void> {
    if (this.#isClosed) throw new Error("The connection is closed.");
    const { output } = this.#streams;
    if (output.write(line)) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: Error): void => {
        output.off("drain", settle).off("error", settle);
        if (error) reject(error);
        else resolve();
      };
      output.once("drain", settle).once("error", settle);
    });
  }
}

/** `undefined` where it is no JSON; no JSON text stands for that value. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function idOf(value: unknown): string | number | null {
  const id: unknown = typeof value === "object" && value !== null && "id" in value ? value.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}
