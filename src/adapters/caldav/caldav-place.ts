/** What all parts of a CalDAV store share: the collection, the way to it, and which address belongs to which key. */

import { BelayError } from "../../core/belay-error.ts";
import { asRevision, type Revision } from "../../core/brand.ts";
import { keyProblem } from "../../core/paths/key.ts";
import type { Observed } from "../../core/plan/plan.ts";
import type { CalDavWire } from "./caldav-call.ts";
import type { DavResponse } from "./dav-xml.ts";
import type { Collection } from "./find-collection.ts";

/** The canonical form of a calendar; the same array where there is none. */
export type Canonical = (bytes: Uint8Array) => Uint8Array;

export interface CalDavPlace {
  readonly wire: CalDavWire;
  readonly collection: Collection;
  readonly canonical: Canonical;
  readonly isNotifying: boolean;
  /** Addresses as the server wrote them, by key: servers differ in what they percent-encode. */
  readonly hrefs: Map<string, string>;
}

/** Names of objects that belay makes to try a server out; never listed. */
export const canaryPrefix = "belay-canary-";

/** Throws `key-invalid` for what cannot be the name of an event: a calendar has no folders. */
export function requireKey(key: string): void {
  const problem = keyProblem(key) ?? (key.includes("/") ? "a calendar has no folders" : undefined);
  if (problem !== undefined)
    throw new BelayError(
      "key-invalid",
      `${JSON.stringify(key)} cannot be an event's key because ${problem}`,
      "Use a name such as `4711.ics`.",
    );
}

export const urlOf = ({ collection, hrefs }: CalDavPlace, key: string): URL =>
  new URL(hrefs.get(key) ?? `${collection.url.pathname}${encodeURIComponent(key)}`, collection.url);

/** The key of an address in the collection: its last part, decoded where that makes a key. `undefined` for the collection and what lies elsewhere. */
export function keyOf({ collection, hrefs }: CalDavPlace, href: string): string | undefined {
  if (!URL.canParse(href, collection.url.href)) return undefined;
  const url = new URL(href, collection.url);
  const base = decoded(collection.url.pathname);
  const path = decoded(url.pathname);
  if (url.host !== collection.url.host || !path.startsWith(base) || path === base) return undefined;
  const last = url.pathname.split("/").at(-1) ?? "";
  const key = [decoded(last), last].find((name) => keyProblem(name) === undefined && !name.includes("/"));
  if (key !== undefined) hrefs.set(key, url.pathname);
  return key;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path).normalize("NFC");
  } catch {
    return path;
  }
}

/** A strong entity tag (RFC 9110, section 8.8.1): one that a condition may be built on. */
export const isStrong = (etag: string | undefined): etag is string => etag !== undefined && !/^W\//iu.test(etag) && etag !== "";

/** Without quotes where it has some: some servers leave them out in one answer and not in another. */
export const revisionOf = (etag: string): Revision => asRevision(etag.replace(/^"(.*)"$/u, "$1"));
export const conditionOf = (revision: Revision): string => (/^W\//iu.test(revision) ? revision : `"${revision}"`);

export const untagged = (host: string): BelayError =>
  new BelayError(
    "not-supported",
    `The calendar at ${host} has no entity tags, so a change could not be noticed.`,
    "Keep this calendar as a feed (`ics:https://…`), which is read only.",
  );

/** What a listing says of one resource; `undefined` for what is no object of the calendar. */
export function observedOf(place: CalDavPlace, { href, status, properties }: DavResponse): Observed | undefined {
  const { etag, sizeBytes, modifiedAtMs, resourceTypes } = properties;
  if (status >= 300 || resourceTypes.includes("collection")) return undefined;
  const key = keyOf(place, href);
  if (key === undefined || key.startsWith(canaryPrefix)) return undefined;
  if (etag === undefined) throw untagged(place.collection.url.host);
  return { key, revision: revisionOf(etag), sizeBytes: sizeBytes ?? 0, ...(modifiedAtMs !== undefined && { modifiedAtMs }) };
}
