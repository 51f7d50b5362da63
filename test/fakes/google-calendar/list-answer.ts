/** events.list and events.instances: pages, sync tokens and filters, as the API's description has them. */

import { isObject, refusal, tokenTooOld, type EventFields, type GoogleAnswer } from "./google-answer.ts";
import { timeOf, type HeldEvents } from "./held-events.ts";

const pageSizeUsual = 250;
const pageSizeMax = 2_500;
/** Not taken together with a sync token. */
const apart = ["iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax", "updatedMin"];

export interface ListSettings {
  /** Sync tokens of an earlier epoch have expired. */
  readonly epoch: number;
  /** Pages are no larger, whatever is asked for: the description allows it. */
  readonly pageSizeMax?: number;
}

/** What a token stands for. */
interface Mark {
  readonly epoch: number;
  /** Only changes after this count. */
  readonly after: number;
  /** The count when the listing began: what is changed meanwhile comes in the next one. */
  readonly upTo: number;
  readonly offset: number;
}

export function listAnswer(held: HeldEvents, query: URLSearchParams, settings: ListSettings): GoogleAnswer {
  const sync = query.get("syncToken");
  const since = sync === null ? undefined : markOf(sync);
  if (sync !== null && (!since || since.epoch !== settings.epoch)) return tokenTooOld;
  const wrong = since && (apart.find((name) => query.has(name)) ?? (query.get("showDeleted") === "false" ? "showDeleted" : undefined));
  if (wrong !== undefined) return refusal(400, "badRequest", `Sync token cannot be combined with ${wrong}.`);
  const chosen = held.all().filter((event) => isChosen(event, query, since && held.changedAt(String(event["id"])) > since.after));
  return page(chosen, query, { settings, after: since?.after ?? 0, upTo: held.changeCount, hasSyncToken: !query.has("iCalUID") });
}

export function instancesAnswer(held: HeldEvents, id: string, query: URLSearchParams): GoogleAnswer {
  const [from, to] = [Date.parse(query.get("timeMin") ?? ""), Date.parse(query.get("timeMax") ?? "")];
  const chosen = held
    .occurrences(id)
    .filter((event) => event["status"] !== "cancelled" || query.get("showDeleted") === "true")
    .filter((event) => !(timeOf(event["end"]) <= from) && !(timeOf(event["start"]) >= to));
  return page(chosen, query, { settings: { epoch: 0 }, after: 0, upTo: 0, hasSyncToken: false });
}

/** `isChanged` is absent where no sync token was given. */
function isChosen(event: EventFields, query: URLSearchParams, isChanged: boolean | undefined): boolean {
  if (isChanged !== undefined) return isChanged;
  const uid = query.get("iCalUID");
  if (uid !== null && event["iCalUID"] !== uid) return false;
  // Occurrences of a series that were called off come along, unless they were asked to be left out by expanding the series.
  const isException = event["recurringEventId"] !== undefined && query.get("singleEvents") !== "true";
  return event["status"] !== "cancelled" || query.get("showDeleted") === "true" || isException;
}

interface Paging {
  readonly settings: ListSettings;
  readonly after: number;
  readonly upTo: number;
  readonly hasSyncToken: boolean;
}

function page(events: readonly EventFields[], query: URLSearchParams, { settings, after, upTo, hasSyncToken }: Paging): GoogleAnswer {
  const asked = Number(query.get("maxResults") ?? pageSizeUsual);
  const size = Math.min(asked, pageSizeMax, settings.pageSizeMax ?? pageSizeMax);
  const pageToken = query.get("pageToken");
  const at = pageToken === null ? undefined : markOf(pageToken);
  if (pageToken !== null && !at) return refusal(400, "invalid", "Invalid page token value.");
  const offset = at?.offset ?? 0;
  const begun = at?.upTo ?? upTo;
  const isLast = offset + size >= events.length;
  const next = { epoch: settings.epoch, after, upTo: begun, offset: offset + size };
  return {
    status: 200,
    body: {
      kind: "calendar#events",
      etag: `"p${upTo}"`,
      summary: "Harbor charters",
      timeZone: "America/Los_Angeles",
      accessRole: "owner",
      items: events.slice(offset, offset + size),
      ...(!isLast && { nextPageToken: tokenOf(next) }),
      ...(isLast && hasSyncToken && { nextSyncToken: tokenOf({ epoch: settings.epoch, after: begun, upTo: begun, offset: 0 }) }),
    },
  };
}

const tokenOf = (mark: Mark): string => Buffer.from(JSON.stringify(mark)).toString("base64url");

function markOf(token: string): Mark | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (!isObject(value)) return undefined;
    const { epoch, after, upTo, offset } = value;
    return { epoch: Number(epoch), after: Number(after), upTo: Number(upTo), offset: Number(offset) };
  } catch {
    return undefined;
  }
}
