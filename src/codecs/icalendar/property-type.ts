/** Which properties are data of the calendar's own, and what such a property can hold (RFC 5545, sections 3.3 and 8.3.2). */

import { parameterOf, type ContentLine } from "./content-line.ts";
import { readLength } from "./event-length.ts";
import { readRule } from "./recurrence.ts";
import { readTime } from "./wall-time.ts";

type Type = "time" | "times" | "length" | "rule" | "count" | "word" | "fixed";

/**
 * By name. `fixed`: what it says, others refer to or were told, so that no edit changes it. The rest of a calendar's properties are
 * texts for people, addresses, or what programs made up.
 */
const named: readonly (readonly [Type, readonly string[]])[] = [
  ["time", ["DTSTART", "DTEND", "DUE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "COMPLETED", "ACKNOWLEDGED"]],
  ["times", ["EXDATE", "RDATE", "FREEBUSY"]],
  ["length", ["DURATION", "REFRESH-INTERVAL"]],
  ["rule", ["RRULE", "EXRULE"]],
  ["count", ["SEQUENCE", "PRIORITY", "PERCENT-COMPLETE", "REPEAT"]],
  [
    "word",
    ["STATUS", "CLASS", "TRANSP", "ACTION", "GEO", "COLOR", "PROXIMITY", "REQUEST-STATUS", "METHOD", "CALSCALE", "VERSION", "PRODID"],
  ],
  ["fixed", ["UID", "RECURRENCE-ID", "RELATED-TO", "TZID", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO", "TZURL"]],
];
const types: ReadonlyMap<string, Type> = new Map(named.flatMap(([type, names]) => names.map((name) => [name, type] as const)));

/** Whether a property is no text for people: it claims a field only where one is placed at it. */
export const isDatum = (line: ContentLine): boolean =>
  // An alarm at a fixed moment is told of, since it may have been meant for the old one.
  line.name === "TRIGGER" ? parameterOf(line, "VALUE")?.toUpperCase() !== "DATE-TIME" : types.has(line.name);

/** Invitations went to these addresses, with answers that belong to them: a guest is changed where people are invited. */
const addresses: ReadonlySet<string> = new Set(["ATTENDEE", "ORGANIZER"]);

/** What a type can hold in place of another text. */
const takes: Readonly<Record<Type, (said: string, instead: string) => boolean>> = {
  time: (said, instead) => {
    const [now, before] = [readTime(said), readTime(instead)];
    return now !== undefined && (before === undefined || before.isDate === now.isDate);
  },
  times: (said) => readTime(said.split("/")[0] ?? "") !== undefined,
  length: (said) => readLength(said) !== undefined,
  rule: (said) => readRule(said) !== undefined,
  count: (said) => /^\d{1,9}$/u.test(said),
  word: () => true,
  fixed: () => false,
};

/** Whether a property can hold a text in place of another. */
export function takesText({ name }: ContentLine, said: string, instead: string): boolean {
  const type = types.get(name);
  return !addresses.has(name) && (type === undefined || takes[type](said, instead));
}
