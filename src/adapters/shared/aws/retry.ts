import type { CallOptions } from "../../../ports/store.ts";
import { isTlsProblem } from "./connection-cause.ts";
import { problemOf } from "./read-aws-error.ts";
import { peekError } from "./read-answer.ts";
import { type Wire, type WireAnswer, WireFailure, type WireRequest } from "./wire.ts";

export interface ExchangeOptions extends CallOptions {
  /**
   * True where sending it twice does what sending it once does: reads, and only they. Anything else is sent again only
   * after an answer or a failure that proves that nothing of it has landed.
   */
  readonly isRepeatable: boolean;
  /** Rejects with the signal's reason once it aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds, of which only differences matter. A clock that is never set where left out. */
  readonly now?: () => number;
  /** From 0 up to 1; spreads out clients that were turned away together. */
  readonly random?: () => number;
}

const attemptsMax = 5;
/** A bucket that asks to slow down is about to be given more room, which takes it seconds rather than one. */
const throttledAttemptsMax = 8;
const firstDelayMs = 100;
const firstThrottledDelayMs = 500;
const delayMsMax = 8_000;
/** No attempt of a write begins later than this, and none takes longer than 30 seconds more: whoever takes over waits out both. */
export const writeWindowMs = 25_000;
/** No attempt of a read begins later than this. */
export const readWindowMs = 60_000;

const throttleCodes = new Set([
  "SlowDown",
  "ServiceUnavailable",
  "Throttling",
  "ThrottlingException",
  "TooManyRequests",
  "RequestLimitExceeded",
  // DynamoDB's own words for it, all with status 400.
  "ProvisionedThroughputExceededException",
  "LimitExceededException",
  "TransactionConflictException",
]);
const passingCodes = new Set(["RequestTimeout", "InternalError", ...throttleCodes]);
const passingStatuses = new Set([429, 500, 502, 503, 504]);

/** `none` ends the exchange; the others say how long a pause is worth while. */
type Retry = "none" | "soon" | "throttled";

/**
 * One exchange, sent again where that is safe and may help, with growing pauses of random length.
 * Gives the last answer, whatever its status, or throws the last `WireFailure`, the signal's reason or a `BelayError`.
 */
export async function exchange(wire: Wire, request: WireRequest, options: ExchangeOptions): Promise<WireAnswer> {
  const { isRepeatable, signal, now = monotonicMs } = options;
  const startMs = now();
  const windowMs = isRepeatable ? readWindowMs : writeWindowMs;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptOf(wire, request, options);
    const pauseMs = pauseAfter(outcome.retry, attempt, options.random ?? Math.random);
    const isLast = pauseMs === undefined || now() - startMs + pauseMs > windowMs;
    if (isLast) {
      if (outcome.kind === "failed") throw outcome.failure;
      return outcome.answer;
    }
    if (outcome.kind === "answered") outcome.answer.discard();
    await options.sleep(pauseMs, signal);
    signal.throwIfAborted();
    // The machine may have slept with it.
    if (now() - startMs > windowMs) throw tooLate(outcome);
  }
}

function tooLate(outcome: Outcome): WireFailure {
  if (outcome.kind === "failed") return outcome.failure;
  return new WireFailure(`it was turned away with status ${outcome.answer.status}, and the time for trying again was over`, false);
}

const monotonicMs = (): number => performance.now();

type Outcome =
  | { readonly kind: "answered"; readonly answer: WireAnswer; readonly retry: Retry }
  | { readonly kind: "failed"; readonly failure: WireFailure; readonly retry: Retry };

async function attemptOf(wire: Wire, request: WireRequest, options: ExchangeOptions): Promise<Outcome> {
  try {
    const answer = await wire.send(request, options);
    // Every other answer is the caller's, with its body untouched.
    if (answer.status !== 400 && !passingStatuses.has(answer.status)) return { kind: "answered", answer, retry: "none" };
    const peeked = await peekError(answer);
    return { kind: "answered", answer: peeked.answer, retry: retryOf(answer, peeked.text, options.isRepeatable) };
  } catch (error) {
    if (!(error instanceof WireFailure)) throw error;
    const isSafe = options.isRepeatable || !error.isSent;
    return { kind: "failed", failure: error, retry: isSafe && !isTlsProblem(error.cause) ? "soon" : "none" };
  }
}

function retryOf(answer: WireAnswer, text: string, isRepeatable: boolean): Retry {
  const { status } = answer;
  const { code } = problemOf(answer, text);
  const isThrottled = status === 429 || throttleCodes.has(code);
  if (!isRepeatable) {
    // Only the service's own word is proof; a bare 503 may come from something in between that had passed the request on.
    const isProof = status === 429 || (throttleCodes.has(code) && (status === 503 || status === 400));
    return isProof ? "throttled" : "none";
  }
  if (isThrottled) return "throttled";
  return passingStatuses.has(status) || passingCodes.has(code) ? "soon" : "none";
}

/** Milliseconds; `undefined` where there is no further attempt. Between half and all of a delay that doubles. */
function pauseAfter(retry: Retry, attempt: number, random: () => number): number | undefined {
  if (retry === "none" || attempt >= (retry === "throttled" ? throttledAttemptsMax : attemptsMax)) return undefined;
  const first = retry === "throttled" ? firstThrottledDelayMs : firstDelayMs;
  const delayMs = Math.min(first * 2 ** (attempt - 1), delayMsMax);
  return Math.round(delayMs * (0.5 + random() / 2));
}
