/** What lines of access logs have in common: fields, times, names, and what may be told of a visitor. */

import type { Fetch, Visitor } from "../../core/records/page-use.ts";

/** Of an S3 access log: parted by spaces; a field in brackets or in quotation marks may hold some. */
export const fieldsOf = (line: string): string[] =>
  [...line.matchAll(/\[([^\]]*)\]|"((?:[^"\\]|\\.)*)"|(\S+)/gu)].map(([, bracketed, quoted, bare]) => bracketed ?? quoted ?? bare ?? "");

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `06/Feb/2019:00:00:38 +0000`. */
export function timeOf(text: string | undefined): number | undefined {
  const [, day, month = "", year, clock, zone] =
    /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/u.exec(text ?? "") ?? [];
  const number = months.indexOf(month) + 1;
  if (day === undefined || number === 0 || zone === undefined) return undefined;
  const at = Date.parse(`${year}-${String(number).padStart(2, "0")}-${day}T${clock}${zone.slice(0, 3)}:${zone.slice(3)}`);
  return Number.isNaN(at) ? undefined : at;
}

/** S3 writes the key as the request spelt it and encodes that once more. Where a tool decoded one layer already, the second is none. */
export function namesOf(key: string): string[] {
  const once = decoded(key) ?? key;
  const twice = decoded(once) ?? once;
  return [...new Set([twice, once])];
}

export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** What kind of visitor an agent is; the agent itself is told nowhere, since it may tell one person from others. */
export function visitorOf(agent: string | undefined): Visitor {
  if (agent === undefined || agent === "") return "other";
  if (agent === "belay") return "belay";
  if (/^Amazon CloudFront/iu.test(agent)) return "cdn";
  if (/bot\b|crawl|spider|slurp|facebookexternalhit|preview|monitor|pingdom|scanner/iu.test(agent)) return "crawler";
  if (!agent.startsWith("Mozilla/") && !agent.startsWith("Opera/")) return "tool";
  return /Mobile|Android|iPhone|iPad/u.test(agent) ? "phone" : "browser";
}

const pathCharsMax = 200;

/** Host and path of a page that was left; its query may hold a signature or a name, and goes nowhere. */
export function originOf(referrer: string | undefined): Fetch["from"] {
  if (referrer === undefined || !/^https?:/iu.test(referrer) || !URL.canParse(referrer)) return undefined;
  const { hostname, pathname } = new URL(referrer);
  return { host: hostname, path: pathname.slice(0, pathCharsMax) };
}
