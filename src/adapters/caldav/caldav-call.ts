/** Requests to a CalDAV server, with its errors in belay's words. */

import { setTimeout as pause } from "node:timers/promises";
import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";
import { plainText } from "../shared/aws/plain-text.ts";
import { webExchange, WebFailure, type WebAnswer } from "../shared/web/web-exchange.ts";
import { authorization, type Challenge, type Credentials } from "./credentials.ts";

export interface CalDavCall {
  readonly method: "GET" | "PUT" | "DELETE" | "PROPFIND" | "REPORT" | "OPTIONS";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** What the server would have done is nothing: it may be sent again. */
  readonly isRead: boolean;
}

export interface CalDavWire {
  /** The answer, whatever its status but 401 and 403. Throws `WebFailure` where a write may have landed, `BelayError` otherwise. */
  send(call: CalDavCall, options: CallOptions): Promise<WebAnswer>;
  serverNowMs(): number | undefined;
}

export interface WireSetup {
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
}

const attemptsMax = 4;
const redirectsMax = 5;
const waitMsMax = 10_000;
const passing = new Set([429, 500, 502, 503, 504]);

/** Speaks to one server. Reads are sent up to four times; writes only once, and whoever asked for one looks before it asks again. */
export function openWire({ credentials, timeoutMs, bodyBytesMax }: WireSetup): CalDavWire {
  let challenge: Challenge | undefined;
  let offsetMs: number | undefined;
  const once = async (call: CalDavCall, { signal }: CallOptions): Promise<WebAnswer> => {
    const { method, url, body, isRead } = call;
    const allow = authorization(credentials, { method, url }, challenge);
    const headers = { ...call.headers, ...(allow !== undefined && { authorization: allow }) };
    const redirects = isRead ? { redirectsMax } : {};
    const answer = await webExchange({ method, url, headers, signal, timeoutMs, bodyBytesMax, ...redirects, ...(body && { body }) });
    const at = Date.parse(answer.headers["date"] ?? "");
    if (!Number.isNaN(at)) offsetMs = at - Date.now();
    return answer;
  };
  const authorized = async (call: CalDavCall, options: CallOptions): Promise<WebAnswer> => {
    const answer = await once(call, options);
    if (answer.status !== 401) return answer;
    const asked = credentials.challengeOf(answer.headers["www-authenticate"]);
    // A nonce that is no longer fresh comes with a new one; a server that was never asked says which way it wants.
    if (!asked || asked.nonce === challenge?.nonce) return answer;
    challenge = asked;
    return await once(call, options);
  };
  return {
    serverNowMs: () => (offsetMs === undefined ? undefined : Date.now() + offsetMs),
    send: async (call, options) => {
      for (let attempt = 1; ; attempt += 1) {
        const isLast = attempt === attemptsMax;
        try {
          const answer = await authorized(call, options);
          if (isLast || !call.isRead || !passing.has(answer.status)) return accepted(answer, call);
          await pause(waitMs(answer, attempt), undefined, { signal: options.signal });
        } catch (error) {
          if (!(error instanceof WebFailure)) throw error;
          // A connection that was refused is refused again at once; one that broke off may have been kept too long.
          if (call.isRead && !isLast && !error.isFinal && error.isSent) continue;
          if (!call.isRead && error.isSent) throw error;
          throw unreachable(call.url, error.message, error);
        }
      }
    },
  };
}

const unreachable = (url: URL, why: string, cause?: unknown): BelayError =>
  new BelayError(
    "store-unreachable",
    `The calendar at ${url.host} cannot be reached: ${why}.`,
    "Check the address and the network, then run it again.",
    {
      cause,
    },
  );

/** Seconds that the server asks for, else a little longer each time. */
function waitMs({ headers }: WebAnswer, attempt: number): number {
  const asked = Number(headers["retry-after"] ?? Number.NaN) * 1000;
  return Math.min(Number.isFinite(asked) && asked >= 0 ? asked : 100 * 2 ** attempt, waitMsMax);
}

function accepted(answer: WebAnswer, { url, method, isRead }: CalDavCall): WebAnswer {
  const { status } = answer;
  const where = `${method} ${plainText(url.pathname)} at ${url.host}`;
  if (status === 401) {
    throw new BelayError(
      "store-denied",
      `The calendar's server does not accept the credentials (${where}: 401).`,
      "Check `user` and the password or token in the environment.",
    );
  }
  if (isRead && status === 403 && !isReport(method)) {
    throw new BelayError("store-denied", `The calendar's server denies ${where} (403).`, "Give this user access to the calendar.");
  }
  if (isRead && status >= 500 && status !== 507) throw unreachable(url, `${where} was answered with ${status}`);
  return answer;
}

// A REPORT that is refused says in its body which condition was not met.
const isReport = (method: CalDavCall["method"]): boolean => method === "REPORT";
