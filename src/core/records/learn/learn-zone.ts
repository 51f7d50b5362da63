/** In which zone the examples' clocks run: by a name, by an offset, by an abbreviation, or by a UTC time beside its clock time. */

import { weekdayOf } from "../clock-text/calendar-days.ts";
import type { Moment, ZoneRules } from "../value.ts";
import { isValue, tellingSegments, type Example, type ReadClock } from "./example.ts";
import type { ZoneGuess } from "./guess.ts";
import { roleInProse, roleOfName } from "./time-roles.ts";

/** Zones in which many people live, one for each way to keep time: a guess among them is for a person to correct. */
const commonZones = [
  "America/Los_Angeles",
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Phoenix",
  "America/Anchorage",
  "Pacific/Honolulu",
  "America/Halifax",
  "America/Sao_Paulo",
  "Europe/London",
  "Europe/Berlin",
  "Europe/Athens",
  "Europe/Istanbul",
  "Africa/Johannesburg",
  "Asia/Dubai",
  "Asia/Kolkata",
  "Asia/Bangkok",
  "Asia/Singapore",
  "Asia/Tokyo",
  "Australia/Brisbane",
  "Australia/Sydney",
  "Pacific/Auckland",
];
const abbreviations: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "America/Los_Angeles": "PT PST PDT",
    "America/Denver": "MT MST MDT",
    "America/Chicago": "CT CST CDT",
    "America/New_York": "ET EST EDT",
    "America/Anchorage": "AKST AKDT",
    "Pacific/Honolulu": "HST",
    "Europe/London": "BST",
    "Europe/Berlin": "CET CEST",
  }).flatMap(([zone, names]) => names.split(" ").map((name): [string, string] => [name, zone])),
);
/** So many texts of an example are looked into; more tell nothing new. */
const textsMax = 5000;

interface Stamp {
  readonly date: string;
  readonly time: string;
  /** `-07:00`, or `Z`. */
  readonly offset: string;
  readonly raw: string;
  readonly example: string;
  /** What the name of its place says: `cutoff`. */
  readonly role: string | undefined;
}

export interface ZoneFacts {
  readonly rules: ZoneRules;
  readonly readClock: ReadClock;
  /** The zone of the machine that asks: the last resort, and the first among equals. */
  readonly here: string;
}

export function learnZone(examples: readonly Example[], facts: ZoneFacts): ZoneGuess {
  const texts = examples.flatMap(({ name, document }) =>
    tellingSegments(document)
      .slice(0, textsMax)
      .map(({ text, place }): Text => ({ text, example: name, role: roleOfName(place.name)?.field })),
  );
  const stamps = texts.flatMap(stampsIn);
  return (
    byName(texts, facts) ??
    byOffset(stamps, facts) ??
    byAbbreviation(texts) ??
    byUtc(examples, stamps, facts) ?? {
      zone: facts.here,
      because: ["nothing in the examples tells a zone; this is the machine's"],
      isSure: false,
    }
  );
}

interface Text {
  readonly text: string;
  readonly example: string;
  readonly role: string | undefined;
}

function byName(texts: readonly Text[], { rules }: ZoneFacts): ZoneGuess | undefined {
  for (const { text, example } of texts) {
    for (const [name] of text.matchAll(/\b[A-Z][A-Za-z]{2,}\/[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_]+)?\b/gu))
      if (rules.isZone(name)) return { zone: name, because: [`named in ${example}`], isSure: true };
  }
  return undefined;
}

function stampsIn({ text, example, role }: Text): Stamp[] {
  const pattern = /(?<date>\d{4}-\d\d-\d\d)[T ](?<time>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?<offset>Z|[+-]\d\d:?\d\d)/gu;
  return [...text.matchAll(pattern)].flatMap((found): Stamp[] => {
    const { date = "", time = "", offset = "" } = found.groups ?? {};
    if (Number.isNaN(Date.parse(`${date}T${time}Z`))) return [];
    return [{ date, time, offset: offset.replace(/^([+-]\d\d):?(\d\d)$/u, "$1:$2"), raw: found[0], example, role }];
  });
}

const candidates = ({ here, rules }: ZoneFacts): string[] =>
  [...new Set([here, ...commonZones])].filter((zone) => rules.isZone(zone) && zone !== "UTC");

/** The zones whose clocks had these offsets on these dates. UTC itself says nothing: machines write it everywhere. */
function byOffset(stamps: readonly Stamp[], facts: ZoneFacts): ZoneGuess | undefined {
  const told = stamps.filter(({ offset }) => !/^(?:Z|[+-]00:00)$/u.test(offset));
  const [first] = told;
  if (first === undefined) return undefined;
  const fitting = candidates(facts).filter((zone) => told.every((stamp) => offsetsOf(stamp, zone, facts.rules).includes(stamp.offset)));
  const [zone, ...others] = fitting;
  if (zone === undefined) return undefined;
  const also = others.length === 0 ? [] : [`${others.join(", ")} would fit as well`];
  return { zone, because: [`${first.offset} on ${first.date} in ${first.example}`, ...also], isSure: others.length === 0 };
}

const offsetsOf = ({ date, time }: Stamp, zone: string, rules: ZoneRules): string[] =>
  rules.instantsOf(date, time, zone).map((instant) => rules.wallOf(instant, zone).offset);

function byAbbreviation(texts: readonly Text[]): ZoneGuess | undefined {
  for (const { text, example } of texts) {
    const name = /\b\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\.?)?\s*\(?(?<name>[A-Z]{2,4})\b/iu.exec(text)?.groups?.["name"];
    const zone = name === undefined ? undefined : abbreviations.get(name);
    if (zone !== undefined) return { zone, because: [`"${name ?? ""}" in ${example}`], isSure: false };
  }
  return undefined;
}

interface Clock {
  readonly example: string;
  readonly moment: Moment;
  readonly role: string | undefined;
}

/**
 * The zone in which most of the UTC times fall on a clock time of the same example: on the same day, on the same weekday, or
 * in a place of the same role. A clock time alone would fit by chance too often.
 */
function byUtc(examples: readonly Example[], stamps: readonly Stamp[], facts: ZoneFacts): ZoneGuess | undefined {
  const instants = stamps.filter(({ offset }) => offset === "Z");
  if (instants.length === 0) return undefined;
  const clocks = examples.flatMap((example) => clocksOf(example, facts.readClock));
  const fitsIn = (stamp: Stamp, zone: string): boolean => {
    const wall = facts.rules.wallOf(Date.parse(`${stamp.date}T${stamp.time}Z`), zone);
    return clocks.some(
      ({ example, moment, role }) =>
        example === stamp.example &&
        moment.time === wall.time &&
        (moment.date === undefined
          ? moment.weekday === weekdayOf(wall.date) || (role !== undefined && role === stamp.role)
          : moment.date === wall.date),
    );
  };
  const scored = candidates(facts).map((zone) => ({ zone, fits: instants.filter((stamp) => fitsIn(stamp, zone)) }));
  const most = Math.max(...scored.map(({ fits }) => fits.length));
  const [best, ...others] = scored.filter(({ fits }) => fits.length === most && most > 0);
  const [fit] = best?.fits ?? [];
  if (best === undefined || fit === undefined) return undefined;
  const clock = facts.rules.wallOf(Date.parse(`${fit.date}T${fit.time}Z`), best.zone).time;
  const also = others.length === 0 ? [] : [`${others.map(({ zone }) => zone).join(", ")} would fit as well`];
  return { zone: best.zone, because: [`${fit.raw} is ${clock} there, as ${fit.example} says as well`, ...also], isSure: false };
}

/** Clock times without a zone of their own. */
const clocksOf = ({ name, document }: Example, readClock: ReadClock): Clock[] =>
  tellingSegments(document).flatMap(({ text, place }) =>
    readClock(text, { zone: "UTC", isCode: isValue(place, text) }).flatMap(({ readings, from, to }) => {
      const role = (roleOfName(place.name) ?? roleInProse(text, from, to))?.field;
      return readings.flatMap(({ start, end, zoneSaid }) =>
        zoneSaid === undefined
          ? [start, ...(end === undefined ? [] : [end])].map((moment): Clock => ({ example: name, moment, role }))
          : [],
      );
    }),
  );
