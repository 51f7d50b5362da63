/** A calendar that is published as a file (webcal, ICS): read only, and often behind. */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf } from "../../core/body.ts";
import { asRevision, asStoreName, type StoreName } from "../../core/brand.ts";
import { keyProblem } from "../../core/paths/key.ts";
import type { CallOptions, Reading, Store } from "../../ports/store.ts";
import { plainText } from "../shared/aws/plain-text.ts";
import { sha256 } from "../shared/sha256.ts";
import { webExchange, WebFailure, type WebAnswer } from "../shared/web/web-exchange.ts";

export interface IcsFeedSetup {
  /** `https://…`, `http://…` or `webcal://…`. */
  readonly url: string;
  /** How long a change of ours may take to show here, for whoever judges what is read. */
  readonly lagMs: number;
  /** As belay.yaml spells it; made of the address unless given. */
  readonly name?: StoreName;
  readonly timeoutMs?: number;
  /** 32 MiB unless given. */
  readonly bodyBytesMax?: number;
}

export interface IcsFeed extends Store {
  readonly lagMs: number;
}

/** The one key of a feed: the whole document, whose events are its parts. */
export const feedKey = "feed.ics";

const redirectsMax = 5;
const attemptsMax = 3;
const bodyBytesMaxDefault = 32 * 1024 * 1024;
const failing = new Set([429, 500, 502, 503, 504]);

/**
 * A feed as a store of one object, `feed.ics`. Every write throws `not-supported`: a change there is a task for a person. A feed that
 * is empty, cut off or something else than a calendar throws `store-unreachable`; it is never taken for one without events. What has
 * not changed since the last look is not sent again (ETag, Last-Modified).
 */
export function openIcsFeed(setup: IcsFeedSetup): IcsFeed {
  const url = addressOf(setup.url);
  let last: Reading | undefined;
  let conditions: Readonly<Record<string, string>> = {};
  const look = async (options: CallOptions): Promise<Reading> => {
    const answer = await ask(url, { ...setup, conditions }, options);
    if (answer.status === 304 && last) return last;
    const bytes = wholeCalendar(url, answer);
    const digest = sha256(bytes);
    const { etag, "last-modified": modified } = answer.headers;
    const modifiedAtMs = Date.parse(modified ?? "");
    const observed = { key: feedKey, revision: asRevision(digest), sizeBytes: bytes.byteLength, digest, headers: {} };
    last = { observed: { ...observed, ...(!Number.isNaN(modifiedAtMs) && { modifiedAtMs }) }, body: bodyOf(bytes, digest) };
    conditions = { ...(etag !== undefined && { "if-none-match": etag }), ...(modified !== undefined && { "if-modified-since": modified }) };
    return last;
  };
  const refuse = (key: string): BelayError =>
    keyProblem(key) === undefined
      ? new BelayError(
          "not-supported",
          `The feed at ${url.host} can only be read.`,
          "Change it where it comes from; `belay records tasks` lists what is to be done there.",
        )
      : invalid(key);
  return {
    name: setup.name ?? asStoreName(`ics:${setup.url}`),
    isRemote: true,
    lagMs: setup.lagMs,
    guarantees: async ({ signal }) => {
      signal.throwIfAborted();
      return await Promise.resolve({ create: "none", replace: "none", delete: "none" } as const);
    },
    list: async function* list(prefix, options) {
      options.signal.throwIfAborted();
      if (!feedKey.startsWith(prefix) || options.limit === 0) return;
      yield (await look(options)).observed;
    },
    read: async (key, options) => {
      options.signal.throwIfAborted();
      if (keyProblem(key) !== undefined) throw invalid(key);
      return key === feedKey ? await look(options) : undefined;
    },
    write: async ({ key }) => await Promise.reject(refuse(key)),
    remove: async ({ key }) => await Promise.reject(refuse(key)),
  };
}

const invalid = (key: string): BelayError =>
  new BelayError("key-invalid", `${JSON.stringify(key)} cannot be a key because ${keyProblem(key) ?? ""}`, `A feed has one: ${feedKey}.`);

function addressOf(text: string): URL {
  const web = text.replace(/^webcals?:/iu, "https:");
  const url = URL.canParse(web) ? new URL(web) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new BelayError(
    "config-invalid",
    "belay.yaml: the address of a feed is no https, http or webcal address.",
    "Write `store: ics:https://HOST/PATH.ics`.",
  );
}

interface Asked extends IcsFeedSetup {
  readonly conditions: Readonly<Record<string, string>>;
}

async function ask(
  url: URL,
  { conditions, timeoutMs, bodyBytesMax = bodyBytesMaxDefault }: Asked,
  { signal }: CallOptions,
): Promise<WebAnswer> {
  const limits = { redirectsMax, bodyBytesMax, ...(timeoutMs !== undefined && { timeoutMs }) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await webExchange({ method: "GET", url, headers: { accept: "text/calendar", ...conditions }, signal, ...limits });
      if (attempt === attemptsMax || !failing.has(answer.status)) return answer;
    } catch (error) {
      if (!(error instanceof WebFailure)) throw error;
      if (attempt === attemptsMax || error.isFinal || !error.isSent) throw unreachable(url, error.message, error);
    }
  }
}

const unreachable = (url: URL, why: string, cause?: unknown): BelayError =>
  new BelayError(
    "store-unreachable",
    `The feed at ${url.host} could not be read: ${why}.`,
    "Look at its address in a browser, then run it again.",
    { cause },
  );

/** The bytes of a feed that came whole: it begins and ends a calendar. */
function wholeCalendar(url: URL, { status, headers, body }: WebAnswer): Uint8Array {
  if (status === 401 || status === 403)
    throw new BelayError(
      "store-denied",
      `The feed at ${url.host} is denied (${status}).`,
      "Take the private address that its provider shows.",
    );
  if (status === 404 || status === 410)
    throw new BelayError(
      "store-missing",
      `There is no feed at ${url.host}${plainText(url.pathname)} (${status}).`,
      "Check the address in belay.yaml.",
    );
  if (status !== 200) throw unreachable(url, `it was answered with ${status}`);
  const text = new TextDecoder("latin1").decode(body);
  if (text.trim() === "") throw unreachable(url, "it is empty");
  if (!/^(?:\u00ef\u00bb\u00bf)?\s*BEGIN:VCALENDAR/iu.test(text))
    throw unreachable(url, `it is no calendar but ${plainText(headers["content-type"] ?? "something else")}`);
  if (!/END:VCALENDAR\s*$/iu.test(text)) throw unreachable(url, "it was cut off before END:VCALENDAR");
  return body;
}
