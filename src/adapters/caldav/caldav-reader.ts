/** Events of a CalDAV collection: listed by PROPFIND, read one by one or, where several are asked for at once, together. */

import { BelayError } from "../../core/belay-error.ts";
import { bodyOf } from "../../core/body.ts";
import { compareKeys } from "../../core/paths/key.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { CallOptions, ListOptions, Reading } from "../../ports/store.ts";
import { plainText } from "../shared/aws/plain-text.ts";
import { sha256 } from "../shared/sha256.ts";
import { keyOf, observedOf, requireKey, revisionOf, untagged, urlOf, type CalDavPlace } from "./caldav-place.ts";
import { multigetBody, propfindBody, readMultistatus, type DavResponse, type Multistatus } from "./dav-xml.ts";

const batchMax = 50;
const xmlType = { "content-type": "application/xml; charset=utf-8" };
const rangeStatus = 507;

/**
 * Every object whose key begins with `prefix`, in order. A listing that the server cut (507), or that does not even name the
 * collection it was asked for, throws: what is missing from it would be taken for deleted.
 */
export async function listCollection(
  place: CalDavPlace,
  prefix: string,
  { signal, limit = Infinity }: ListOptions,
): Promise<readonly Observed[]> {
  const body = propfindBody("getetag", "resourcetype", "getcontentlength", "getlastmodified");
  const { collection, wire } = place;
  const answer = await wire.send(
    { method: "PROPFIND", url: collection.url, headers: { ...xmlType, depth: "1" }, body, isRead: true },
    { signal },
  );
  const { responses } = wholeMultistatus(place, answer, "the listing");
  const own = responses.some(({ properties, status }) => status < 300 && properties.resourceTypes.includes("collection"));
  if (!own || responses.some(({ status }) => status === rangeStatus)) throw partial(place, "the listing");
  const observed = responses.flatMap((response) => observedOf(place, response) ?? []);
  return observed
    .filter(({ key }) => key.startsWith(prefix))
    .toSorted((left, right) => compareKeys(left.key, right.key))
    .slice(0, limit);
}

const partial = ({ collection }: CalDavPlace, what: string): BelayError =>
  new BelayError(
    "store-unreachable",
    `The calendar at ${collection.url.host} answered ${what} with a part of it only.`,
    "Run it again; nothing was concluded from that part.",
  );

/** A multistatus that came whole. Throws `store-missing` where the collection is gone. */
export function wholeMultistatus(
  place: CalDavPlace,
  answer: { readonly status: number; readonly body: Uint8Array },
  what: string,
): Multistatus {
  const { host, pathname } = place.collection.url;
  if (answer.status === 404 || answer.status === 410)
    throw new BelayError("store-missing", `The calendar ${plainText(pathname)} at ${host} is gone.`, "Check the address in belay.yaml.");
  const read = answer.status === 207 ? readMultistatus(answer.body) : undefined;
  if (!read)
    throw new BelayError(
      "store-unreachable",
      `The calendar at ${host} answered ${what} with ${answer.status} and nothing that can be read.`,
      "Run it again; if it stays so, the address is no calendar's.",
    );
  return read;
}

/** What the collection holds at a key, in canonical form; `undefined` where there is nothing. */
export async function readEvent(place: CalDavPlace, key: string, options: CallOptions): Promise<Reading | undefined> {
  requireKey(key);
  const url = urlOf(place, key);
  const answer = await place.wire.send({ method: "GET", url, headers: { accept: "text/calendar" }, isRead: true }, options);
  if (answer.status === 404 || answer.status === 410) return undefined;
  if (answer.status !== 200)
    throw new BelayError(
      "store-unreachable",
      `${plainText(url.pathname)} at ${url.host} was answered with ${answer.status}.`,
      "Run it again.",
    );
  const etag = answer.headers["etag"];
  if (etag === undefined) throw untagged(url.host);
  const modifiedAtMs = Date.parse(answer.headers["last-modified"] ?? "");
  return readingFrom(place, key, { bytes: answer.body, etag, ...(!Number.isNaN(modifiedAtMs) && { modifiedAtMs }) });
}

interface Sent {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly modifiedAtMs?: number;
}

function readingFrom({ canonical }: CalDavPlace, key: string, { bytes, etag, modifiedAtMs }: Sent): Reading {
  const body = canonical(bytes);
  const digest = sha256(body);
  const observed = { key, revision: revisionOf(etag), sizeBytes: body.byteLength, digest, headers: {} };
  return { observed: { ...observed, ...(modifiedAtMs !== undefined && { modifiedAtMs }) }, body: bodyOf(body, digest) };
}

/** Several keys with one request (calendar-multiget, RFC 4791, section 7.9). What is gone is left out. */
async function readTogether(place: CalDavPlace, keys: readonly string[], options: CallOptions): Promise<Map<string, Sent>> {
  const { collection, wire } = place;
  const body = multigetBody(keys.map((key) => urlOf(place, key).pathname));
  const answer = await wire.send(
    { method: "REPORT", url: collection.url, headers: { ...xmlType, depth: "1" }, body, isRead: true },
    options,
  );
  const { responses } = wholeMultistatus(place, answer, "a request for several events");
  const found = new Map<string, Sent>();
  for (const response of responses) {
    const [key, sent] = [keyOf(place, response.href), sentOf(response)];
    if (key !== undefined && sent) found.set(key, sent);
  }
  const isNamed = new Set(responses.map(({ href }) => keyOf(place, href)));
  if (!keys.every((key) => isNamed.has(key))) throw partial(place, "a request for several events");
  return found;
}

function sentOf({ status, properties: { etag, calendarData, modifiedAtMs } }: DavResponse): Sent | undefined {
  if (status >= 300 || calendarData === undefined) return undefined;
  if (etag === undefined) throw untagged("the server");
  return { bytes: new TextEncoder().encode(calendarData), etag, ...(modifiedAtMs !== undefined && { modifiedAtMs }) };
}

interface Waiting {
  readonly key: string;
  readonly options: CallOptions;
  readonly resolve: (reading: Reading | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads that are asked for in one go travel together, fifty to a request. One alone is a GET, and so is one whose bytes have no
 * canonical form: XML takes the carriage returns out of what it carries.
 */
export function batchedReader(place: CalDavPlace): (key: string, options: CallOptions) => Promise<Reading | undefined> {
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    while (all.length > 0) void answerAll(place, all.splice(0, batchMax));
  };
  return async (key, options) => {
    options.signal.throwIfAborted();
    requireKey(key);
    return await new Promise<Reading | undefined>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ key, options, resolve, reject });
    });
  };
}

async function answerAll(place: CalDavPlace, batch: readonly Waiting[]): Promise<void> {
  const [first] = batch;
  const alone = async ({ key, options, resolve, reject }: Waiting): Promise<void> =>
    await readEvent(place, key, options).then(resolve, reject);
  if (batch.length === 1 && first) return await alone(first);
  try {
    const signal = AbortSignal.any(batch.map(({ options }) => options.signal));
    const found = await readTogether(place, [...new Set(batch.map(({ key }) => key))], { signal });
    for (const each of batch) {
      const sent = found.get(each.key);
      const isFormed = sent !== undefined && place.canonical(sent.bytes) !== sent.bytes;
      if (!sent) each.resolve(undefined);
      else if (isFormed) each.resolve(readingFrom(place, each.key, sent));
      else await alone(each);
    }
  } catch {
    // What fails together may succeed alone: one aborted reader must not take the others with it.
    for (const each of batch) await alone(each);
  }
}
