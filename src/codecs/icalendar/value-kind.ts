/** How the value of a property is written. By the tables of RFC 5545, section 8.3, and RFC 7986. */

import { parameterOf, type ContentLine } from "./content-line.ts";

/**
 * `text`: with escapes; `texts`: several, between commas; `values`: several without escapes, between commas; `plain`: as it stands;
 * `lenient`: a property that no standard knows, with escapes where there are some; `binary`: nothing that anybody reads.
 */
export type ValueKind = "text" | "texts" | "values" | "plain" | "lenient" | "binary";

const texts = new Set(["CATEGORIES", "RESOURCES"]);
const values = new Set(["EXDATE", "RDATE", "FREEBUSY"]);
const text = new Set([
  "SUMMARY",
  "DESCRIPTION",
  "LOCATION",
  "COMMENT",
  "CONTACT",
  "RELATED-TO",
  "UID",
  "STATUS",
  "CLASS",
  "TRANSP",
  "ACTION",
  "PRODID",
  "METHOD",
  "CALSCALE",
  "VERSION",
  "TZID",
  "TZNAME",
  "NAME",
  "COLOR",
]);
const plain = new Set([
  "DTSTART",
  "DTEND",
  "DUE",
  "DURATION",
  "DTSTAMP",
  "CREATED",
  "LAST-MODIFIED",
  "COMPLETED",
  "RECURRENCE-ID",
  "RRULE",
  "EXRULE",
  "URL",
  "GEO",
  "ATTACH",
  "ATTENDEE",
  "ORGANIZER",
  "SEQUENCE",
  "PRIORITY",
  "PERCENT-COMPLETE",
  "TRIGGER",
  "REPEAT",
  "TZOFFSETFROM",
  "TZOFFSETTO",
  "TZURL",
  "REQUEST-STATUS",
  "IMAGE",
  "CONFERENCE",
  "SOURCE",
  "REFRESH-INTERVAL",
]);

/** By the property's name, unless its VALUE or ENCODING says otherwise. */
export function valueKind(line: ContentLine): ValueKind {
  const encoding = parameterOf(line, "ENCODING")?.toUpperCase();
  const type = parameterOf(line, "VALUE")?.toUpperCase();
  if (encoding === "BASE64" || encoding === "B" || type === "BINARY") return "binary";
  if (texts.has(line.name)) return "texts";
  if (values.has(line.name)) return "values";
  if (text.has(line.name)) return "text";
  if (plain.has(line.name)) return "plain";
  if (type === "TEXT") return "text";
  return type === undefined || type === "UNKNOWN" ? "lenient" : "plain";
}

/** Whether a property's value is written in quoted-printable, as vCalendar 1.0 did. */
export const isQuotedPrintable = (line: ContentLine): boolean =>
  line.parameters.some(
    ({ name, values: said }) => name === "QUOTED-PRINTABLE" || (name === "ENCODING" && said[0]?.toUpperCase() === "QUOTED-PRINTABLE"),
  );
