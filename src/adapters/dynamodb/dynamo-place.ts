/** One table: sends requests in JSON 1.0, and gives their errors a meaning. */

import { crc32 } from "node:zlib";
import { BelayError } from "../../core/belay-error.ts";
import { itemOf, type Item } from "../../core/records/typed-item.ts";
import type { Runtime } from "../../ports/runtime.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { TableService } from "../shared/aws/aws-settings.ts";
import { answerBytes } from "../shared/aws/read-answer.ts";
import { problemOf, type AwsProblem } from "../shared/aws/read-aws-error.ts";
import { exchange } from "../shared/aws/retry.ts";
import { WireFailure, type Wire, type WireAnswer, type WireRequest } from "../shared/aws/wire.ts";
import { tableError } from "./table-error.ts";

/** Members of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

export interface TableAsk {
  /** `GetItem`, …: its permission is `dynamodb:GetItem`. */
  readonly operation: string;
  readonly input: Fields;
  /** Whether sending it twice does no more than sending it once: reads, and only they. */
  readonly isRepeatable: boolean;
  /** The store's key that it is about. */
  readonly key?: string;
}

export type TableAnswer =
  | { readonly kind: "done"; readonly output: Fields }
  /** `item`: what made a condition fail, where the server shows it. */
  | { readonly kind: "refused"; readonly problem: AwsProblem; readonly item?: Item };

export interface TableOptions {
  readonly table: string;
  /** Called once, at first use: `connectTables("dynamodb", …)`. */
  readonly wire: () => Promise<Wire>;
  readonly runtime: Pick<Runtime, "now" | "sleep" | "sha256">;
}

/** A page of a scan may have a megabyte, which is sent again where it breaks off. */
const readsMax = 4;

export class DynamoPlace {
  readonly table: string;
  readonly runtime: TableOptions["runtime"];
  readonly #service: TableService;
  readonly #connect: () => Promise<Wire>;
  #wire: Promise<Wire> | undefined;
  #server = "";
  #aheadMs: number | undefined;

  constructor({ table, wire, runtime }: TableOptions, service: TableService = "dynamodb") {
    this.table = table;
    this.runtime = runtime;
    this.#service = service;
    this.#connect = wire;
  }

  /** The connection, made at first use. One that could not be made is tried again by the next request. */
  async wire(): Promise<Wire> {
    this.#wire ??= this.#connect();
    try {
      return await this.#wire;
    } catch (error) {
      this.#wire = undefined;
      throw error;
    }
  }

  /** What the server calls itself; empty before its first answer. */
  get server(): string {
    return this.#server;
  }

  /** The server's clock as its answers tell it: whole seconds, read as the earliest time that fits. */
  nowMs(): number | undefined {
    return this.#aheadMs === undefined ? undefined : this.runtime.now() + this.#aheadMs;
  }

  /** One request, answered. Throws `WireFailure` where no answer came that could be read whole, or the signal's reason. */
  async send(ask: TableAsk, options: CallOptions): Promise<TableAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#sendOnce(ask, options);
      } catch (error) {
        const isCut = error instanceof WireFailure && error.isSent;
        if (!ask.isRepeatable || !isCut || attempt >= readsMax) throw error;
      }
    }
  }

  /** As `send`, for what only looks: throws a `BelayError` for everything but a success. */
  async look(ask: Omit<TableAsk, "isRepeatable">, options: CallOptions): Promise<Fields> {
    let answer: TableAnswer;
    try {
      answer = await this.send({ ...ask, isRepeatable: true }, options);
    } catch (error) {
      throw await this.meaningOf(error, ask);
    }
    if (answer.kind === "done") return answer.output;
    throw await this.meaningOf(answer.problem, ask);
  }

  /** What a lost connection or a refusal means; anything else comes back as it is. */
  async meaningOf(problem: unknown, { operation, key }: Pick<TableAsk, "operation" | "key">): Promise<Error> {
    const about = { wire: await this.wire(), operation, table: this.table, ...(key !== undefined && { key }) };
    if (problem instanceof Error || isProblem(problem)) return tableError(problem, about);
    return new Error(String(problem), { cause: problem });
  }

  /** An answer that says what no answer of DynamoDB says. */
  async unreadable(operation: string, why: string): Promise<BelayError> {
    const { base } = await this.wire();
    return new BelayError(
      "store-unreachable",
      `${base} answered ${operation} of the table ${this.table} with something that cannot be right: ${why}`,
      "Run the command again; where it stays so, ask whoever runs that server.",
    );
  }

  async #sendOnce(ask: TableAsk, options: CallOptions): Promise<TableAnswer> {
    options.signal.throwIfAborted();
    const answer = await exchange(await this.wire(), this.#requestOf(ask), {
      signal: options.signal,
      isRepeatable: ask.isRepeatable,
      now: () => this.runtime.now(),
      sleep: async (ms, signal) => await this.runtime.sleep(ms, signal),
    });
    this.#note(answer);
    const bytes = await answerBytes(answer);
    requireWhole(bytes, answer);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    const fields = fieldsIn(text);
    if (answer.status < 300) {
      if (!fields) throw new WireFailure("its answer is no JSON object", true);
      return { kind: "done", output: fields };
    }
    const item = fields?.["Item"] === undefined ? undefined : itemOf(fields["Item"]);
    return { kind: "refused", problem: problemOf(answer, text), ...(item && { item }) };
  }

  #requestOf({ operation, input }: TableAsk): WireRequest {
    const bytes = Buffer.from(JSON.stringify(input), "utf8");
    const target = this.#service === "dynamodb" ? "DynamoDB_20120810" : "DynamoDBStreams_20120810";
    return {
      method: "POST",
      path: "/",
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `${target}.${operation}` },
      body: {
        sizeBytes: bytes.byteLength,
        sha256: this.runtime.sha256(bytes),
        async *open() {
          yield bytes;
        },
      },
    };
  }

  #note({ headers }: WireAnswer): void {
    this.#server = headers["server"] ?? this.#server;
    const dateMs = Date.parse(headers["date"] ?? "");
    if (Number.isFinite(dateMs)) this.#aheadMs = dateMs - this.runtime.now();
  }
}

/** DynamoDB sends a checksum of each body. */
function requireWhole(bytes: Uint8Array, { headers }: WireAnswer): void {
  const said = headers["x-amz-crc32"];
  if (said !== undefined && said !== String(crc32(bytes))) throw new WireFailure("its answer does not match its own checksum", true);
}

/** The members of a JSON object; `undefined` for any other text. */
function fieldsIn(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The members of an object; `undefined` for anything else. */
export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : undefined;

const isProblem = (value: unknown): value is AwsProblem =>
  typeof value === "object" && value !== null && "status" in value && "code" in value && "message" in value;
