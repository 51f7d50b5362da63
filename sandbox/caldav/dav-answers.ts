/** Multistatus documents (RFC 4918, section 13), as text. */

import type { SandboxResponse } from "../wire.ts";
import type { Calendar, StoredEvent } from "./calendar.ts";
import { calDavRoot } from "./operation-name.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text: string): string => text.replaceAll(/[&<>]/gu, (mark) => entities[mark] ?? mark);

export const homePath: string = `${calDavRoot}home/`;
export const calendarPath = ({ name }: Calendar): string => `${homePath}${encodeURIComponent(name)}/`;
export const eventPath = (calendar: Calendar, name: string): string => `${calendarPath(calendar)}${encodeURIComponent(name)}`;

/** A response for a resource with properties that it has. */
export const found = (href: string, properties: string): string =>
  `<D:response><D:href>${escaped(href)}</D:href><D:propstat><D:prop>${properties}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`;

/** A response for a resource as a whole: 404 for one that is gone, 507 where the answer was cut. */
export const stated = (href: string, status: string): string =>
  `<D:response><D:href>${escaped(href)}</D:href><D:status>HTTP/1.1 ${status}</D:status></D:response>`;

export const eventProperties = ({ etag, ics, modifiedAtMs }: StoredEvent, withData: boolean): string =>
  `<D:getetag>${escaped(etag)}</D:getetag><D:resourcetype/><D:getcontenttype>text/calendar; component=vevent</D:getcontenttype>` +
  `<D:getcontentlength>${Buffer.byteLength(ics)}</D:getcontentlength><D:getlastmodified>${new Date(modifiedAtMs).toUTCString()}</D:getlastmodified>` +
  (withData ? `<C:calendar-data>${escaped(ics)}</C:calendar-data>` : "");

export const calendarProperties = (calendar: Calendar): string =>
  `<D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:displayname>${escaped(calendar.displayName)}</D:displayname>` +
  `<D:current-user-principal><D:href>${calDavRoot}</D:href></D:current-user-principal><D:sync-token>${escaped(calendar.token())}</D:sync-token>` +
  "<D:supported-report-set>" +
  ["C:calendar-query", "C:calendar-multiget", "D:sync-collection"]
    .map((name) => `<D:supported-report><D:report><${name}/></D:report></D:supported-report>`)
    .join("") +
  "</D:supported-report-set>";

/** The user, and the folder of their calendars. */
export const principalProperties = (): string =>
  `<D:resourcetype><D:collection/></D:resourcetype><D:current-user-principal><D:href>${calDavRoot}</D:href></D:current-user-principal>` +
  `<C:calendar-home-set><D:href>${homePath}</D:href></C:calendar-home-set>`;

export const multistatus = (parts: readonly string[], rest = ""): SandboxResponse =>
  xml(207, `<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">${parts.join("")}${rest}</D:multistatus>`);

/** An error that names the condition that was not met. */
export const conditionError = (status: number, condition: string): SandboxResponse =>
  xml(status, `<D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><${condition}/></D:error>`);

function xml(status: number, text: string): SandboxResponse {
  const body = Buffer.from(`<?xml version="1.0" encoding="utf-8"?>\n${text}`, "utf8");
  return { status, headers: { "content-type": "application/xml; charset=utf-8" }, body };
}
