import { BelayError } from "../../core/belay-error.ts";
import { keyProblem } from "../../core/paths/key.ts";
import type { CallOptions } from "../../ports/store.ts";
import type { Runtime } from "../../ports/runtime.ts";
import { awsError } from "../shared/aws/aws-error.ts";
import { encodePath } from "../shared/aws/encode-path.ts";
import { readAwsError, type AwsProblem } from "../shared/aws/read-aws-error.ts";
import { exchange } from "../shared/aws/retry.ts";
import type { Wire, WireAnswer, WireRequest } from "../shared/aws/wire.ts";
import { FreshWrites } from "./fresh-writes.ts";
import { ServerClock } from "./server-clock.ts";

/** One request to the bucket. */
export interface Ask extends Omit<WireRequest, "path"> {
  /** The permission that it takes, as IAM spells it: `s3:GetObject`, … */
  readonly action: `s3:${string}`;
  /** Without the store's prefix; absent for requests to the bucket itself. */
  readonly key?: string;
  /** Whether sending it twice does no more than sending it once: reads, parts, clean-up. */
  readonly isRepeatable: boolean;
}

export interface PlaceOptions {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  readonly wire: () => Promise<Wire>;
  readonly runtime: Runtime;
}

/** The bucket and prefix of one store: sends requests, gives their errors a meaning, and knows the server's clock. */
export class S3Place {
  readonly bucket: string;
  readonly runtime: Runtime;
  readonly clock: ServerClock;
  readonly fresh: FreshWrites = new FreshWrites();
  readonly #prefix: string;
  readonly #connect: () => Promise<Wire>;
  #wire: Promise<Wire> | undefined;

  constructor(options: PlaceOptions) {
    this.bucket = options.bucket;
    this.runtime = options.runtime;
    this.clock = new ServerClock(options.runtime);
    this.#prefix = options.prefix === "" ? "" : `${options.prefix}/`;
    this.#connect = options.wire;
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

  /** The name of a key, or of the beginning of one, in the bucket. */
  inBucket(key: string): string {
    return `${this.#prefix}${key}`;
  }

  /** The key of a name in the bucket that begins with the store's prefix. */
  keyOf(name: string): string {
    return name.slice(this.#prefix.length);
  }

  /** Any status is an answer. Throws `WireFailure` where none came, or the signal's reason. */
  async send(ask: Ask, options: CallOptions): Promise<WireAnswer> {
    options.signal.throwIfAborted();
    const wire = await this.wire();
    const { method, key, query, headers, body, isRepeatable, limitMs } = ask;
    const request: WireRequest = {
      method,
      path: key === undefined ? "/" : encodePath(this.inBucket(key)),
      ...(query && { query }),
      ...(headers && { headers }),
      ...(body && { body }),
      ...(limitMs !== undefined && { limitMs }),
    };
    const answer = await exchange(wire, request, {
      signal: options.signal,
      isRepeatable,
      now: () => this.runtime.now(),
      sleep: async (ms, signal) => await this.runtime.sleep(ms, signal),
    });
    this.clock.note(answer.headers["date"]);
    return answer;
  }

  /** As `send`, and throws a `BelayError` where no answer came. For requests that change nothing if they throw. */
  async ask(request: Ask, options: CallOptions): Promise<WireAnswer> {
    try {
      return await this.send(request, options);
    } catch (error) {
      throw await this.meaningOf(error, request);
    }
  }

  /** What a lost connection or an error document means; anything else comes back as it is. */
  async meaningOf(problem: unknown, { action, key }: Pick<Ask, "action" | "key">): Promise<Error> {
    const about = { wire: await this.wire(), action, ...(key !== undefined && { subject: this.inBucket(key) }) };
    if (problem instanceof Error) return awsError(problem, about);
    return isProblem(problem) ? awsError(problem, about) : new Error(String(problem), { cause: problem });
  }

  /** What an answer that is no success says, as an error. Reads its body. */
  async errorOf(answer: WireAnswer, about: Pick<Ask, "action" | "key">): Promise<Error> {
    return await this.meaningOf(await readAwsError(answer), about);
  }
}

const isProblem = (value: unknown): value is AwsProblem =>
  typeof value === "object" && value !== null && "status" in value && "code" in value;

/** Throws `key-invalid` for what no key can be, before anything is sent. */
export function requireKey(key: string): void {
  const problem = keyProblem(key);
  if (problem !== undefined)
    throw new BelayError("key-invalid", `${JSON.stringify(key)} cannot be a key because ${problem}`, "Rename the file.");
}
