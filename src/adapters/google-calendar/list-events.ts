/** All events of a calendar, or what has changed since a token: whole, or an error. */

import { BelayError } from "../../core/belay-error.ts";
import type { Call, CalendarCaller } from "./calendar-call.ts";
import { isRecord, textIn, type EventJson } from "./event-body.ts";

/** Google gives no larger page. Source: `maxResults` of events.list. */
const pageSizeMax = 2_500;
const pagesMax = 2_000;

export interface Listing {
  readonly events: readonly EventJson[];
  /** Where the next look at changes begins. */
  readonly token: string;
}

export interface ListRequest {
  readonly calendarId: string;
  readonly signal: AbortSignal;
  /** From an earlier listing: only what has changed since, what was deleted among it with status `cancelled`. */
  readonly since?: string;
  /** Only events with this RFC 5545 UID. Google gives no sync token then. */
  readonly uid?: string;
  /** Only occurrences of this series within a time. Google gives no sync token then. */
  readonly series?: { readonly eventId: string; readonly timeMin: string; readonly timeMax: string };
}

/**
 * Goes through every page. `expired` where Google no longer knows the token (410). Throws where a page is missing: a listing that
 * ends without the token of a complete one may be half a list, and half a list reads like deletions.
 */
export async function listEvents(caller: CalendarCaller, request: ListRequest): Promise<Listing | "expired"> {
  const events: EventJson[] = [];
  const seen = new Set<string>();
  let pageToken: string | undefined;
  for (let page = 1; page <= pagesMax; page += 1) {
    const answer = await caller.read({ what: whatOf(request), signal: request.signal, send: sender(request, pageToken) }, since(request));
    if (answer.kind === "problem") return "expired";
    events.push(...itemsOf(answer.data, request));
    pageToken = textIn(answer.data, "nextPageToken");
    if (pageToken === undefined) return { events, token: tokenOf(answer.data, request) };
    if (seen.has(pageToken)) throw partial(request, "it named the same page twice");
    seen.add(pageToken);
  }
  throw partial(request, `it has more than ${pagesMax} pages`);
}

const since = (request: ListRequest): readonly number[] => (request.since === undefined ? [] : [410]);

/**
 * No filter but the token: Google takes no other one together with it, and `showDeleted` and `singleEvents` stay at their defaults
 * in both kinds of listing, as it asks for. Exceptions of a series come as events of their own.
 */
const sender =
  ({ calendarId, since: syncToken, uid, series }: ListRequest, pageToken: string | undefined): Call["send"] =>
  async (events, options) => {
    const page = { calendarId, maxResults: pageSizeMax, ...(pageToken !== undefined && { pageToken }) };
    if (series) return await events.instances({ ...page, ...series }, options);
    return await events.list(
      { ...page, ...(syncToken !== undefined && { syncToken }), ...(uid !== undefined && { iCalUID: uid }) },
      options,
    );
  };

function itemsOf(data: unknown, request: ListRequest): EventJson[] {
  const items: unknown = isRecord(data) ? (data["items"] ?? []) : undefined;
  if (!Array.isArray(items)) throw partial(request, "a page of it is no list");
  const events = items.filter((item: unknown) => isRecord(item));
  if (events.length < items.length) throw partial(request, "a page of it holds what is no event");
  return events;
}

function tokenOf(data: unknown, request: ListRequest): string {
  const token = textIn(data, "nextSyncToken");
  const isWhole = request.uid === undefined && request.series === undefined;
  if (token === undefined && isWhole) throw partial(request, "it ended without a sync token");
  return token ?? "";
}

const whatOf = ({ calendarId, since: token }: ListRequest): string =>
  token === undefined ? `list the events of ${calendarId}` : `list what has changed in ${calendarId}`;

const partial = (request: ListRequest, why: string): BelayError =>
  new BelayError(
    "store-unreachable",
    `belay could not ${whatOf(request)} whole: ${why}. What is missing from half a list was not deleted, so nothing was concluded from it.`,
    "Run the same command again.",
  );
