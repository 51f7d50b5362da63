/** The addresses of systems under `records:`: what they mean, and their one spelling. */

import { asStoreName, type StoreName } from "../core/brand.ts";
import type { Medium } from "../core/records/kind.ts";
import { parseStore, storeName, type StoreAddress } from "./store-address.ts";

/** What serves a system: `medium` says what it holds, this how it is spoken to. */
export type Service = "pages" | "dynamodb" | "caldav" | "google-calendar" | "ics" | "web";

export interface RecordStore {
  readonly medium: Medium;
  readonly service: Service;
  readonly store: StoreName;
  /** Of pages: the bucket or folder, for comparison with other places. */
  readonly address?: StoreAddress;
  /** Of a feed whose address is a secret: the variable that holds it. */
  readonly secretUrl?: string;
}

const tablePattern = /^[A-Za-z0-9_.-]{3,255}$/u;
const calendarPattern = /^[^\s/?#\\]{1,254}$/u;
const variablePattern = /^env:(?<name>[A-Za-z_]\w*)$/u;
const loopback: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const forms = "s3://BUCKET/PREFIX, dir:PATH, dynamodb:TABLE, caldav:URL, google-calendar:ID, ics:URL or web:URL";

/** Reads the `store` of a system; a string is the clause that says what is wrong. Addresses, which may hold secrets, are never repeated in it. */
export function parseRecordStore(spelling: string, folder: string): RecordStore | string {
  if (spelling.startsWith("s3://") || spelling.startsWith("dir:")) {
    const address = parseStore(spelling, folder);
    return typeof address === "string" ? address : { medium: "pages", service: "pages", store: storeName(address), address };
  }
  const [, scheme = "", rest = ""] = /^(?<scheme>[a-z0-9-]+):(?<rest>.*)$/su.exec(spelling) ?? [];
  switch (scheme) {
    case "dynamodb":
      if (!tablePattern.test(rest)) return "does not name a table: 3 to 255 letters, digits, `_`, `.` and `-` after dynamodb:";
      return { medium: "table", service: scheme, store: asStoreName(spelling) };
    case "google-calendar":
      if (!calendarPattern.test(rest)) return "does not name a calendar: its id stands after google-calendar:";
      return { medium: "calendar", service: scheme, store: asStoreName(spelling) };
    case "caldav":
      return withAddress(rest, { medium: "calendar", service: scheme });
    case "ics":
      return feed(rest);
    case "web":
      return withAddress(rest, { medium: "web-page", service: scheme });
    default:
      return `must be ${forms}`;
  }
}

/** A feed's address is often its own password, so what looks like one has to stand in the environment. */
function feed(rest: string): RecordStore | string {
  const variable = variablePattern.exec(rest)?.groups?.["name"];
  if (variable !== undefined) return { medium: "feed", service: "ics", store: asStoreName(`ics:${rest}`), secretUrl: variable };
  const url = rest.replace(/^webcal:\/\//u, "https://");
  if (url.includes("?") || /\/private-[0-9a-f]{8,}/iu.test(url))
    return "has an address that may be a secret; put it into an environment variable and write ics:env:NAME";
  return withAddress(url, { medium: "feed", service: "ics" });
}

function withAddress(spelling: string, what: Pick<RecordStore, "medium" | "service">): RecordStore | string {
  const problem = webAddressProblem(spelling);
  if (problem !== undefined) return problem;
  const { href, search } = new URL(spelling);
  if (what.service === "caldav" && search !== "") return "has a query, which the address of a collection cannot have";
  return { ...what, store: asStoreName(`${what.service}:${href}`) };
}

/** Why a text is no address that belay may speak to, as a clause; `undefined` where it is one. */
export function webAddressProblem(spelling: string): string | undefined {
  if (!/^https?:\/\//u.test(spelling) || !URL.canParse(spelling)) return "needs an address that begins with https://";
  const { protocol, hostname, username, password, hash } = new URL(spelling);
  if (username !== "" || password !== "") return "must not hold credentials";
  if (hash !== "" || spelling.endsWith("#")) return "must not hold a fragment";
  if (protocol === "http:" && !loopback.has(hostname)) return "must begin with https://; http:// is only for this machine";
  return undefined;
}
