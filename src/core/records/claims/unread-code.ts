/** Old times in code and in links, in forms that the grammar leaves alone: parts of a constructor, a text in a text, `1630`. */

import type { Unexplained } from "../claim.ts";
import type { Place, RecordDocument, Segment } from "../document.ts";
import type { Moment } from "../value.ts";
import type { ReadAbout } from "./read-about.ts";

export interface OldSpelling {
  readonly from: number;
  readonly to: number;
  readonly moment: Moment;
}

/** Names of a datum that is a time of day. */
const timeNames = /time|start|begin|end|hour|depart|arriv|return|board|open|from|until|uhr|zeit|heure|hora/iu;
const spellingsMax = 100;

/** Every spelling of these moments in a text that is code, an attribute or structured data, in order. */
export function oldSpellings(text: string, { name }: Pick<Place, "name">, old: readonly Moment[]): readonly OldSpelling[] {
  if (!/\d/u.test(text)) return [];
  const found = new Map<number, OldSpelling>();
  const matches = old.flatMap((moment) =>
    patternsOf(moment, text, name).flatMap((pattern) => [...text.matchAll(pattern)].map((match) => ({ match, moment }))),
  );
  for (const { match, moment } of matches.slice(0, spellingsMax)) {
    const [from, to] = [match.index, match.index + match[0].length];
    if ((found.get(from)?.to ?? 0) < to) found.set(from, { from, to, moment });
  }
  const all = [...found.values()];
  const isWithin = (one: OldSpelling): boolean => all.some((other) => other !== one && other.from <= one.from && other.to >= one.to);
  return all.filter((one) => !isWithin(one)).toSorted((one, other) => one.from - other.from);
}

const partsCount = 5;

/**
 * Moments in the parts of a constructor, in order: each number of `new Date(2026, 4, 30, 16, 30)` is a segment of its own in a script. Whether it
 * is the clock of the kind's zone or that of UTC, the name of what is called need not tell: both are readings.
 */
export function dateParts({ segments }: RecordDocument, part: string, about: ReadAbout): readonly Unexplained[] {
  const literals = segments.filter(({ place }) => place.medium === "script" && place.part === part && !place.isTemplate);
  return literals.flatMap((first, at): Unexplained[] => {
    if (!/^\d{4}$/u.test(first.text)) return [];
    const parts = literals.slice(at, at + partsCount);
    const readings = parts.every(({ place }) => listName(place) === listName(first.place)) ? momentsOf(parts, about) : [];
    if (readings.length === 0) return [];
    const raw = parts.map(({ text }) => text).join(", ");
    return [{ raw, place: first.place, readings, spans: parts.flatMap((segment) => segment.spans(0, segment.text.length)) }];
  });
}

/** Elements of one list stand under its name. */
const listName = ({ name }: Place): string => name.replace(/\[\d+\]$/u, "");

function momentsOf(parts: readonly Segment[], { kind, zones }: ReadAbout): readonly Moment[] {
  if (parts.length < partsCount || !parts.every(({ text }) => /^\d{1,4}$/u.test(text))) return [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.map(({ text }) => Number(text));
  // Months count from nought in a Date's parts.
  const ms = Date.UTC(year, month, day, hour, minute);
  if (month > 11 || day < 1 || day > 31 || hour > 23 || minute > 59) return [];
  const iso = new Date(ms).toISOString();
  const { date, time } = zones.wallOf(ms, kind.zone);
  return [
    { kind: "moment", date: iso.slice(0, 10), time: iso.slice(11, 16) },
    { kind: "moment", date, time },
  ];
}

const plain = (digits: string): string => String(Number(digits));

/** Figures are matched as they are: nothing of a page gets into a pattern. */
function patternsOf({ date, time }: Moment, text: string, name: string): readonly RegExp[] {
  if (time === undefined) return [];
  const [hour = "", minute = ""] = time.split(":");
  const clock = `${hour.startsWith("0") ? "0?" : ""}${plain(hour)}(?::|%3A)${minute}`;
  const isNamed = timeNames.test(name) && text.trim() === `${plain(hour)}${minute}`;
  const patterns = [
    new RegExp(`(?<![\\d:.])${clock}(?![\\d]|:(?!00(?!\\d)))`, "giu"),
    new RegExp(`(?<=(?:time|start|begin|end|hour)\\w*["']?\\s*[:=]\\s*["']?)${plain(hour)}${minute}(?![\\d.:])`, "giu"),
    ...(isNamed ? [new RegExp(`${plain(hour)}${minute}`, "gu")] : []),
  ];
  if (date === undefined) return patterns;
  const [year = "", month = "", day = ""] = date.split("-");
  // Months count from nought in a Date's parts.
  const parts = [year, String(Number(month) - 1), plain(day), plain(hour), plain(minute)].join("\\s*,\\s*");
  return [
    ...patterns,
    new RegExp(`(?<!\\d)${parts}(?!\\d)`, "gu"),
    new RegExp(`(?<!\\d)${year}-?${month}-?${day}(?:T|t|%20|\\+| )?${hour}(?::|%3A)?${minute}(?!\\d\\d?\\d)`, "gu"),
  ];
}
