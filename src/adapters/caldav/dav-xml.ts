/** What WebDAV servers answer (RFC 4918, section 13), by a parser that knows no entities but XML's own. */

import { DOMParser, onErrorStopParsing, type Element, type Node } from "@xmldom/xmldom";

export interface DavProperties {
  /** With its quotes, as the server wrote it. */
  readonly etag?: string;
  readonly sizeBytes?: number;
  readonly modifiedAtMs?: number;
  readonly displayName?: string;
  /** Local names: `collection`, `calendar`. */
  readonly resourceTypes: readonly string[];
  readonly calendarData?: string;
  readonly principal?: string;
  readonly calendarHome?: string;
  /** Local names of reports that the resource answers. */
  readonly reports: readonly string[];
}

export interface DavResponse {
  /** As written: percent-encoded, absolute or a path. */
  readonly href: string;
  /** Of the resource; 200 where only its properties have one. */
  readonly status: number;
  readonly properties: DavProperties;
}

export interface Multistatus {
  readonly responses: readonly DavResponse[];
  readonly syncToken?: string;
}

const davSpace = "DAV:";
const calendarSpace = "urn:ietf:params:xml:ns:caldav";
const parser = new DOMParser({ onError: onErrorStopParsing });
const responsesMax = 1_000_000;

/** A multistatus; `undefined` where the bytes are none, are cut off, or declare a document type. */
export function readMultistatus(bytes: Uint8Array): Multistatus | undefined {
  const root = rootOf(bytes);
  if (!root || root.localName !== "multistatus") return undefined;
  const responses = children(root, davSpace, "response").slice(0, responsesMax).map(responseOf);
  const syncToken = textOf(children(root, davSpace, "sync-token")[0]);
  return { responses, ...(syncToken !== undefined && { syncToken }) };
}

/** Local names of the conditions that an error says were not met (RFC 4918, section 16): `valid-sync-token`. */
export function readConditions(bytes: Uint8Array): readonly string[] {
  const root = rootOf(bytes);
  return root?.localName === "error" ? elements(root).map(({ localName }) => localName ?? "") : [];
}

function rootOf(bytes: Uint8Array): Element | undefined {
  const text = new TextDecoder("utf-8").decode(bytes);
  // A document type could define entities; no WebDAV answer has one.
  if (/<!DOCTYPE/iu.test(text)) return undefined;
  try {
    return parser.parseFromString(text, "text/xml").documentElement ?? undefined;
  } catch {
    return undefined;
  }
}

function responseOf(element: Element): DavResponse {
  const status = statusOf(textOf(children(element, davSpace, "status")[0])) ?? 200;
  const found = children(element, davSpace, "propstat")
    .filter((each) => statusOf(textOf(children(each, davSpace, "status")[0])) === 200)
    .flatMap((each) => children(each, davSpace, "prop"))
    .flatMap((each) => elements(each));
  return { href: (textOf(children(element, davSpace, "href")[0]) ?? "").trim(), status, properties: propertiesOf(found) };
}

const statusOf = (line: string | undefined): number | undefined => {
  const code = /\s(\d{3})(?:\s|$)/u.exec(line ?? "")?.[1];
  return code === undefined ? undefined : Number(code);
};

function propertiesOf(found: readonly Element[]): DavProperties {
  const named = (space: string, name: string): Element | undefined =>
    found.find(({ namespaceURI, localName }) => namespaceURI === space && localName === name);
  const text = (name: string): string | undefined => {
    const said = textOf(named(davSpace, name))?.trim();
    return said === "" ? undefined : said;
  };
  const within = (element: Element | undefined): string | undefined => textOf(element && children(element, davSpace, "href")[0])?.trim();
  const [etag, length, modified, displayName] = ["getetag", "getcontentlength", "getlastmodified", "displayname"].map(text);
  const modifiedAtMs = Date.parse(modified ?? "");
  const types = named(davSpace, "resourcetype");
  const reports = named(davSpace, "supported-report-set");
  const data = textOf(named(calendarSpace, "calendar-data"));
  const [principal, home] = [within(named(davSpace, "current-user-principal")), within(named(calendarSpace, "calendar-home-set"))];
  return {
    ...(etag !== undefined && { etag }),
    ...(length !== undefined && /^\d{1,15}$/u.test(length) && { sizeBytes: Number(length) }),
    ...(!Number.isNaN(modifiedAtMs) && { modifiedAtMs }),
    ...(displayName !== undefined && { displayName }),
    resourceTypes: types ? elements(types).map(({ localName }) => localName ?? "") : [],
    ...(data !== undefined && { calendarData: data }),
    ...(principal !== undefined && { principal }),
    ...(home !== undefined && { calendarHome: home }),
    reports: reports ? descendants(reports).map(({ localName }) => localName ?? "") : [],
  };
}

function elements(parent: Element): Element[] {
  const found: Element[] = [];
  for (let node: Node | null = parent.firstChild; node; node = node.nextSibling) if (isElement(node)) found.push(node);
  return found;
}

const isElement = (node: { readonly nodeType: number }): node is Element => node.nodeType === 1;
const descendants = (parent: Element): Element[] => elements(parent).flatMap((each) => [each, ...descendants(each)]);
const children = (parent: Element, space: string, name: string): Element[] =>
  elements(parent).filter(({ namespaceURI, localName }) => namespaceURI === space && localName === name);
const textOf = (element: Element | undefined): string | undefined => element?.textContent ?? undefined;

/** A request that asks for properties. Names with `C:` are CalDAV's. */
export const propfindBody = (...names: readonly string[]): Uint8Array =>
  document(`<D:propfind xmlns:D="DAV:" xmlns:C="${calendarSpace}"><D:prop>${propertyList(names)}</D:prop></D:propfind>`);

/** A request for the bodies of some resources (RFC 4791, section 7.9). */
export const multigetBody = (hrefs: readonly string[]): Uint8Array =>
  document(
    `<C:calendar-multiget xmlns:D="DAV:" xmlns:C="${calendarSpace}"><D:prop>${propertyList(["getetag", "getlastmodified", "C:calendar-data"])}</D:prop>` +
      `${hrefs.map((href) => `<D:href>${escaped(href)}</D:href>`).join("")}</C:calendar-multiget>`,
  );

/** A request for what has changed since a token; an empty one asks for everything (RFC 6578, section 3.2). */
export const syncBody = (token: string): Uint8Array =>
  document(
    `<D:sync-collection xmlns:D="DAV:"><D:sync-token>${escaped(token)}</D:sync-token><D:sync-level>1</D:sync-level>` +
      `<D:prop>${propertyList(["getetag"])}</D:prop></D:sync-collection>`,
  );

const propertyList = (names: readonly string[]): string => names.map((name) => `<${name.includes(":") ? name : `D:${name}`}/>`).join("");
const document = (text: string): Uint8Array => new TextEncoder().encode(`<?xml version="1.0" encoding="utf-8"?>\n${text}`);
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/gu, (mark) => entities[mark] ?? mark);
