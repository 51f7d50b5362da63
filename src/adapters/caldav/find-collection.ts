/** From whatever address a person has to the collection that holds a calendar. By RFC 6764, RFC 5397 and RFC 4791, section 6.2.1. */

import { BelayError } from "../../core/belay-error.ts";
import type { CallOptions } from "../../ports/store.ts";
import { plainText } from "../shared/aws/plain-text.ts";
import type { WebAnswer } from "../shared/web/web-exchange.ts";
import type { CalDavWire } from "./caldav-call.ts";
import { propfindBody, readMultistatus, type DavProperties, type DavResponse } from "./dav-xml.ts";

export interface Collection {
  /** Ends with a slash. */
  readonly url: URL;
  readonly hasSync: boolean;
  /** The server sends invitations by itself when an event with attendees changes (RFC 6638). */
  readonly isScheduling: boolean;
}

interface Search {
  readonly wire: CalDavWire;
  /** The calendar's name or the last part of its address, where there are several. */
  readonly calendar?: string;
  readonly options: CallOptions;
}

const asked = ["resourcetype", "displayname", "current-user-principal", "C:calendar-home-set", "supported-report-set"];
const namesMax = 20;

/** The collection at an address, or below the home of whoever asks. Throws `config-invalid` where it is not clear which is meant. */
export async function findCollection(start: URL, search: Search): Promise<Collection> {
  const isBare = start.pathname === "/";
  const first = await propertiesAt(start, search, isBare);
  if (first && isCalendar(first.properties)) return collection(first, search);
  // Another calendar than the one that was named must never stand in for it.
  if (!first && !isBare) throw missing(start, "there is nothing at that address");
  const root = first ?? (await propertiesAt(new URL("/.well-known/caldav", start), search));
  const home = root && (await homeOf(root, search));
  if (!home) throw missing(start, "there is no calendar at that address, and it does not say where the user's calendars are");
  const { responses } = await askedProperties(home, search, "1");
  const calendars = responses.filter(({ properties }) => isCalendar(properties));
  const named = search.calendar === undefined ? calendars : calendars.filter((each) => isNamed(each, search.calendar ?? ""));
  const [only] = named;
  if (!only)
    throw missing(
      start,
      calendars.length === 0
        ? "the user has no calendar there"
        : `there is no calendar ${plainText(search.calendar ?? "")}; ${listed(calendars)}`,
    );
  if (named.length > 1) throw missing(start, `it is not clear which calendar is meant; ${listed(named)}`);
  const url = sameHost(only.href, home);
  const found = await propertiesAt(url, search);
  return collection(found ?? { url, properties: only.properties, answer: undefined }, search);
}

const isCalendar = ({ resourceTypes }: DavProperties): boolean => resourceTypes.includes("calendar");
const listed = (calendars: readonly DavResponse[]): string =>
  `there are: ${calendars
    .slice(0, namesMax)
    .map(({ href, properties }) => `${plainText(properties.displayName ?? "")} (${plainText(href)})`)
    .join(", ")}`;

function isNamed({ href, properties: { displayName } }: DavResponse, name: string): boolean {
  const last = href.replace(/\/$/u, "").split("/").at(-1) ?? "";
  return displayName === name || last === name || last === encodeURIComponent(name);
}

const missing = (start: URL, why: string): BelayError =>
  new BelayError(
    "config-invalid",
    `No calendar was found at ${start.href}: ${why}.`,
    "Put the address of one calendar into `store: caldav:https://…`, or its name into `calendar:`.",
  );

interface Found {
  readonly url: URL;
  readonly properties: DavProperties;
  readonly answer: WebAnswer | undefined;
}

async function homeOf(root: Found, search: Search): Promise<URL | undefined> {
  if (root.properties.calendarHome !== undefined) return sameHost(root.properties.calendarHome, root.url);
  if (root.properties.principal === undefined) return undefined;
  const principal = await propertiesAt(sameHost(root.properties.principal, root.url), search);
  const home = principal?.properties.calendarHome;
  return principal && home !== undefined ? sameHost(home, principal.url) : undefined;
}

/** An address that a server named. Credentials go to no other host than the one that was configured. */
function sameHost(href: string, from: URL): URL {
  const url = URL.canParse(href, from.href) ? new URL(href, from) : undefined;
  if (!url) throw missing(from, `the server names ${plainText(href)}, which is no address`);
  if (url.host !== from.host || (from.protocol === "https:" && url.protocol !== "https:"))
    throw missing(from, `the server refers to another one, ${plainText(url.href)}; configure that address if it is meant`);
  return url;
}

/** `undefined` where there is nothing at that address. */
async function propertiesAt(url: URL, search: Search, isAnything = false): Promise<Found | undefined> {
  const { responses, answer } = await askedProperties(url, { ...search, isAnything }, "0");
  const [only] = responses;
  return only && only.status < 300 ? { url: answer.url, properties: only.properties, answer } : undefined;
}

async function askedProperties(
  url: URL,
  { wire, options, isAnything = false }: Search & { readonly isAnything?: boolean },
  depth: "0" | "1",
): Promise<{ readonly responses: readonly DavResponse[]; readonly answer: WebAnswer }> {
  const headers = { depth, "content-type": "application/xml; charset=utf-8" };
  const answer = await wire.send({ method: "PROPFIND", url, headers, body: propfindBody(...asked), isRead: true }, options);
  if (answer.status === 404 || answer.status === 405) return { responses: [], answer };
  const read = answer.status === 207 ? readMultistatus(answer.body) : undefined;
  // What stands at the root of a host need not be a calendar server.
  if (!read && isAnything) return { responses: [], answer };
  if (!read) throw missing(url, `PROPFIND was answered with ${answer.status} and no multistatus: it is no CalDAV server`);
  return { responses: read.responses, answer };
}

async function collection({ url, properties, answer }: Found, { wire, options }: Search): Promise<Collection> {
  const at = url.pathname.endsWith("/") ? url : new URL(`${url.pathname}/`, url);
  const said = answer?.headers["dav"] ?? (await wire.send({ method: "OPTIONS", url: at, isRead: true }, options)).headers["dav"] ?? "";
  return { url: at, hasSync: properties.reports.includes("sync-collection"), isScheduling: /\bcalendar-auto-schedule\b/iu.test(said) };
}
