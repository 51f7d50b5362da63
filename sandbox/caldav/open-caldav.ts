/** Calendars by CalDAV (RFC 4791, RFC 6578), as much of it as clients need to read, watch and change events. */

import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "../wire.ts";
import { childText, readXml, type XmlElement } from "../read-xml.ts";
import { openCalendar, uidOf, type Calendar, type StoredEvent } from "./calendar.ts";
import {
  calendarPath,
  calendarProperties,
  conditionError,
  eventPath,
  eventProperties,
  found,
  homePath,
  multistatus,
  principalProperties,
  stated,
} from "./dav-answers.ts";
import { calDavRoot } from "./operation-name.ts";

export interface CalDavOptions {
  readonly clock: Clock;
  readonly user: string;
  readonly password: string;
}

export interface CalendarSettings {
  readonly displayName?: string;
  /** It keeps events sorted and folded in its own way. */
  readonly isNormalising?: boolean;
}

export interface CalDavService {
  readonly handle: SandboxHandler;
  /** Made empty; one that is there already stays as it is. */
  createCalendar(name: string, settings?: CalendarSettings): void;
  calendars(): readonly { readonly name: string; readonly path: string; readonly events: number }[];
  /** An event as it is kept, past every door; `undefined` where there is none. */
  event(calendar: string, name: string): StoredEvent | undefined;
  /** Writes or, without ICS, deletes an event as a stranger would. */
  force(calendar: string, name: string, ics: string | undefined): void;
  /** From now on no sync token that was given is known. */
  forgetTokens(): void;
  /** The most changes in one answer to sync-collection; more are cut with 507. No bound unless set. */
  limitChanges(max: number): void;
  /** Whether the server says that it sends invitations by itself (RFC 6638). */
  announceScheduling(isScheduling: boolean): void;
}

const bodyBytesMax = 32 * 1024 * 1024;
const text = (status: number, said: string, headers: Readonly<Record<string, string>> = {}): SandboxResponse => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body: Buffer.from(said, "utf8"),
});
const nothing = (status: number, headers: Readonly<Record<string, string>> = {}): SandboxResponse => ({ status, headers });

/** A server without calendars. */
export function openCalDav({ clock, user, password }: CalDavOptions): CalDavService {
  const calendars = new Map<string, Calendar>();
  const state = { changesMax: Infinity, isScheduling: false };
  const allowed = `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
  const calendarNamed = (name: string): Calendar => {
    const calendar = calendars.get(name);
    if (!calendar) throw new Error(`there is no calendar ${name}`);
    return calendar;
  };
  const answer = async (request: SandboxRequest): Promise<SandboxResponse> => {
    if (request.path === "/.well-known/caldav") return nothing(301, { location: calDavRoot });
    if (request.headers["authorization"] !== allowed) return text(401, "Who are you?\n", { "www-authenticate": 'Basic realm="sandbox"' });
    if (request.method === "OPTIONS") return nothing(200, { allow: "OPTIONS, GET, PUT, DELETE, PROPFIND, REPORT" });
    const [calendarName, eventName, ...more] = namesIn(request.path);
    if (more.length > 0) return text(404, "There is nothing so deep.\n");
    if (calendarName === undefined) return request.method === "PROPFIND" ? overview(request, calendars) : nothing(405);
    const calendar = calendars.get(calendarName);
    if (!calendar) return text(404, "There is no such calendar.\n");
    if (eventName === undefined) return await onCalendar(request, calendar, state.changesMax);
    return await onEvent(request, { calendar, name: eventName, nowMs: clock.now() });
  };
  return {
    handle: async (request) => {
      const response = await answer(request);
      const dav = `1, 3, calendar-access${state.isScheduling ? ", calendar-auto-schedule" : ""}`;
      return { ...response, headers: { date: new Date(clock.now()).toUTCString(), dav, ...response.headers } };
    },
    createCalendar: (name, { displayName = name, isNormalising = false } = {}) => {
      if (!calendars.has(name)) calendars.set(name, openCalendar(name, displayName, isNormalising));
    },
    calendars: () => [...calendars.values()].map((each) => ({ name: each.name, path: calendarPath(each), events: each.events().length })),
    event: (calendar, name) => calendarNamed(calendar).event(name),
    force: (calendar, name, ics) => {
      if (ics === undefined) calendarNamed(calendar).delete(name);
      else calendarNamed(calendar).put(name, ics, clock.now());
    },
    forgetTokens: () => {
      for (const calendar of calendars.values()) calendar.forgetTokens();
    },
    limitChanges: (max) => {
      state.changesMax = max;
    },
    announceScheduling: (isScheduling) => {
      state.isScheduling = isScheduling;
    },
  };
}

/** The parts of a path below the home of calendars: calendar, event. */
function namesIn(path: string): string[] {
  if (!path.startsWith(homePath)) return [];
  const parts = path.slice(homePath.length).split("/");
  return parts.filter((part) => part !== "").map((part) => decoded(part));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function overview({ path, headers }: SandboxRequest, calendars: ReadonlyMap<string, Calendar>): SandboxResponse {
  const own = found(path, principalProperties());
  const isHome = path.replace(/\/?$/u, "/") === homePath;
  const below =
    isHome && headers["depth"] === "1" ? [...calendars.values()].map((each) => found(calendarPath(each), calendarProperties(each))) : [];
  return multistatus([own, ...below]);
}

async function onCalendar(request: SandboxRequest, calendar: Calendar, changesMax: number): Promise<SandboxResponse> {
  const own = found(calendarPath(calendar), calendarProperties(calendar));
  const all = (withData: boolean): string[] =>
    calendar.events().map((event) => found(eventPath(calendar, event.name), eventProperties(event, withData)));
  if (request.method === "PROPFIND") return multistatus([own, ...(request.headers["depth"] === "1" ? all(false) : [])]);
  if (request.method !== "REPORT") return nothing(405);
  const asked = readXml((await bodyText(request)) ?? "");
  switch (asked?.name) {
    case "calendar-query":
      return multistatus(all(true));
    case "calendar-multiget":
      return multistatus((asked.children.get("href") ?? []).map((href) => eventAt(calendar, href)));
    case "sync-collection":
      return changes(calendar, childText(asked, "sync-token") ?? "", changesMax);
    case undefined:
    default:
      return conditionError(403, "D:supported-report");
  }
}

function eventAt(calendar: Calendar, { text: href }: XmlElement): string {
  const [, name = ""] = namesIn(href.trim());
  const event = calendar.event(name);
  return event ? found(href.trim(), eventProperties(event, true)) : stated(href.trim(), "404 Not Found");
}

function changes(calendar: Calendar, token: string, changesMax: number): SandboxResponse {
  const changed = calendar.changedSince(token.trim());
  if (!changed) return conditionError(403, "D:valid-sync-token");
  const told = changed.slice(0, changesMax);
  const isCut = told.length < changed.length;
  const parts = told.map(({ name }) => {
    const event = calendar.event(name);
    return event
      ? found(eventPath(calendar, name), `<D:getetag>${event.etag}</D:getetag>`)
      : stated(eventPath(calendar, name), "404 Not Found");
  });
  const at = isCut ? (told.at(-1)?.token ?? calendar.token()) : calendar.token();
  return multistatus(
    [...parts, ...(isCut ? [stated(calendarPath(calendar), "507 Insufficient Storage")] : [])],
    `<D:sync-token>${at}</D:sync-token>`,
  );
}

interface Target {
  readonly calendar: Calendar;
  readonly name: string;
  readonly nowMs: number;
}

async function onEvent(request: SandboxRequest, target: Target): Promise<SandboxResponse> {
  const { calendar, name } = target;
  const event = calendar.event(name);
  switch (request.method) {
    case "GET":
    case "HEAD":
      return event ? sent(event) : text(404, "There is no such event.\n");
    case "PROPFIND":
      return event ? multistatus([found(request.path, eventProperties(event, false))]) : text(404, "There is no such event.\n");
    case "PUT":
      return await put(request, target);
    case "DELETE":
      if (!meets(request, event)) return conditionError(412, "D:precondition");
      if (!event) return text(404, "There is no such event.\n");
      calendar.delete(name);
      return nothing(204);
    default:
      return nothing(405);
  }
}

const sent = ({ ics, etag, modifiedAtMs }: StoredEvent): SandboxResponse => ({
  status: 200,
  headers: { "content-type": "text/calendar; charset=utf-8", etag, "last-modified": new Date(modifiedAtMs).toUTCString() },
  body: Buffer.from(ics, "utf8"),
});

async function put(request: SandboxRequest, { calendar, name, nowMs }: Target): Promise<SandboxResponse> {
  const ics = await bodyText(request);
  // Nothing awaits from here on: the condition and the write are one step.
  const event = calendar.event(name);
  if (!meets(request, event)) return conditionError(412, "D:precondition");
  if (ics === undefined) return conditionError(413, "C:max-resource-size");
  if (!/^BEGIN:VCALENDAR\r?\n[\s\S]*\r?\nEND:VCALENDAR\s*$/u.test(ics)) return conditionError(403, "C:valid-calendar-data");
  const uid = uidOf(ics);
  if (calendar.events().some((other) => other.name !== name && uidOf(other.ics) === uid)) return conditionError(403, "C:no-uid-conflict");
  const written = calendar.put(name, ics, nowMs);
  // A server that keeps something else than it was sent gives no entity tag (RFC 4791, section 5.3.4).
  return nothing(event ? 204 : 201, written.ics === ics ? { etag: written.etag } : {});
}

/** RFC 9110, section 13: If-Match wants a tag that is there, If-None-Match: * that nothing is. */
function meets({ headers }: SandboxRequest, event: StoredEvent | undefined): boolean {
  const { "if-match": match, "if-none-match": none } = headers;
  if (match !== undefined && (!event || (match !== "*" && !tagsIn(match).includes(event.etag)))) return false;
  return none === undefined || !event || (none !== "*" && !tagsIn(none).includes(event.etag));
}

const tagsIn = (list: string): string[] => list.split(",").map((tag) => tag.trim());

async function bodyText(request: SandboxRequest): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body()) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes <= bodyBytesMax) chunks.push(chunk);
  }
  return sizeBytes <= bodyBytesMax ? Buffer.concat(chunks).toString("utf8") : undefined;
}
