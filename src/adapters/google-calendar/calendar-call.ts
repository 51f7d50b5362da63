/** One call to Google Calendar: signed in, sent again where that is safe, and told apart from a lost reply. */

import { BelayError } from "../../core/belay-error.ts";
import type { Runtime } from "../../ports/runtime.ts";
import { errorOf, isThrottled, isTrouble, problemOf, type GoogleProblem } from "./google-problem.ts";
import type { GoogleClient } from "./google-client.ts";
import { plainText } from "./plain-text.ts";

/** `lost`: it was sent, and what became of it is not known. */
export type Answer =
  | { readonly kind: "done"; readonly data: unknown }
  | { readonly kind: "problem"; readonly problem: GoogleProblem }
  | { readonly kind: "lost"; readonly cause: Error };

/** What the client's calls have in common. */
export interface RawAnswer {
  readonly status: number;
  readonly data: unknown;
}

/** Given to every call of Google's client: statuses are answers, and its own retries, which do not ask what is safe, are off. */
export interface SendOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retry: false;
  readonly validateStatus: () => true;
}

export interface Call {
  /** For messages, as a clause after "Google did not let belay": `read the events of CALENDAR`. */
  readonly what: string;
  /** Sending it twice does what sending it once does: reads, and only they. */
  readonly isRepeatable: boolean;
  /** `If-Match`, where the call has a condition. */
  readonly ifMatch?: string;
  readonly signal: AbortSignal;
  readonly send: (events: GoogleClient["events"], options: SendOptions) => Promise<RawAnswer>;
}

const attemptsMax = 5;
/** The quota is by the minute: eight pauses of up to half a minute outlast one. */
const throttledAttemptsMax = 8;
const firstDelayMs = 200;
const firstThrottledDelayMs = 1_000;
const delayMsMax = 32_000;
/** No attempt begins later than this after the first. */
const windowMs = 90_000;

/** Sends calls of one calendar. The client is made at first use, and made anew where a token stopped being good. */
export class CalendarCaller {
  readonly #connect: () => Promise<GoogleClient>;
  readonly #runtime: Pick<Runtime, "now" | "sleep">;
  readonly #random: () => number;
  #client: Promise<GoogleClient> | undefined;

  constructor(connect: () => Promise<GoogleClient>, runtime: Pick<Runtime, "now" | "sleep">, random: () => number) {
    this.#connect = connect;
    this.#runtime = runtime;
    this.#random = random;
  }

  /** Throws a `BelayError` only where nothing can have been done: no way to Google, no credentials; the signal's reason where it aborts before. */
  async send(call: Call): Promise<Answer> {
    const startMs = this.#runtime.now();
    let hasSignedInAgain = false;
    for (let attempt = 1; ; attempt += 1) {
      call.signal.throwIfAborted();
      const answer = await this.#attempt(call);
      if (answer.kind === "problem" && answer.problem.status === 401 && !hasSignedInAgain) {
        // A 401 proves that nothing was done; a new client asks for a new token.
        hasSignedInAgain = true;
        this.#client = undefined;
        continue;
      }
      const delayMs = pauseAfter(answer, call, attempt);
      if (delayMs === undefined) return answer;
      const pauseMs = Math.round(delayMs * (0.5 + this.#random() / 2));
      if (this.#runtime.now() - startMs + pauseMs > windowMs) return answer;
      await this.#runtime.sleep(pauseMs, call.signal);
    }
  }

  /** As `send`, for a read: anything but success and the statuses that the caller knows throws. */
  async read(call: Omit<Call, "isRepeatable">, known: readonly number[] = []): Promise<Exclude<Answer, { kind: "lost" }>> {
    const answer = await this.send({ ...call, isRepeatable: true });
    if (answer.kind === "lost") throw unreachable(call.what, answer.cause);
    if (answer.kind === "problem" && !known.includes(answer.problem.status)) throw errorOf(answer.problem, call.what);
    return answer;
  }

  async #attempt(call: Call): Promise<Answer> {
    const client = await this.#signedIn(call);
    const { signal, ifMatch } = call;
    try {
      const { status, data } = await call.send(client.events, {
        signal,
        retry: false,
        validateStatus: () => true,
        ...(ifMatch !== undefined && { headers: { "If-Match": ifMatch } }),
      });
      return status >= 200 && status < 300 ? { kind: "done", data } : { kind: "problem", problem: problemOf(status, data) };
    } catch (error) {
      if (call.isRepeatable) signal.throwIfAborted();
      const cause = plainCause(error);
      if (neverSent(error)) throw unreachable(call.what, cause);
      return { kind: "lost", cause };
    }
  }

  /** Nothing of the call itself is sent here, so whatever fails has done nothing. */
  async #signedIn(call: Call): Promise<GoogleClient> {
    this.#client ??= this.#connect();
    try {
      const client = await this.#client;
      await client.signIn();
      return client;
    } catch (error) {
      this.#client = undefined;
      call.signal.throwIfAborted();
      if (error instanceof BelayError) throw error;
      const answer = responseIn(error);
      if (answer) throw errorOf(problemOf(answer.status, answer.data), "sign in");
      if (codeOf(error).startsWith("ERR_OSSL") || codeOf(error).startsWith("ERR_CRYPTO"))
        throw new BelayError(
          "credentials-missing",
          "The private key in the key file cannot be read.",
          "Download the service account's key file again.",
        );
      throw unreachable("sign in", plainCause(error));
    }
  }
}

/** Milliseconds before the next attempt; `undefined` where the answer stands. */
function pauseAfter(answer: Answer, call: Call, attempt: number): number | undefined {
  const isBusy = answer.kind === "problem" && isThrottled(answer.problem);
  const isRepeated = call.isRepeatable && (answer.kind === "lost" || (answer.kind === "problem" && isTrouble(answer.problem)));
  if (isBusy && attempt < throttledAttemptsMax) return Math.min(firstThrottledDelayMs * 2 ** (attempt - 1), delayMsMax);
  if (isRepeated && attempt < attemptsMax) return Math.min(firstDelayMs * 2 ** (attempt - 1), delayMsMax);
  return undefined;
}

const unreachable = (what: string, cause: Error): BelayError =>
  new BelayError(
    "store-unreachable",
    `belay could not ${what}: ${cause.message}.`,
    "Look at the network, then run the same command again.",
    { cause },
  );

/** Refused or not found before anything was sent; TLS that could not vouch for the server counts too. */
const beforeSending =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/u;
const neverSent = (error: unknown): boolean => beforeSending.test(codeOf(error));

function codeOf(error: unknown): string {
  const held = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof held === "string") return held;
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : "";
}

function responseIn(error: unknown): RawAnswer | undefined {
  if (!(error instanceof Error) || !("response" in error)) return undefined;
  const { response } = error;
  if (typeof response !== "object" || response === null || !("status" in response) || typeof response.status !== "number") return undefined;
  return { status: response.status, data: "data" in response ? response.data : undefined };
}

/** An error of the client holds the whole request, tokens among it: only its words go on. */
function plainCause(error: unknown): Error {
  const code = codeOf(error);
  const text = plainText(error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/u, "");
  return new Error(code === "" || text.includes(code) ? text : `${text} (${code})`);
}
