/** Figures that could say an old time in a form that the grammar does not read: `18.30` without "Uhr", `1830`. */

import type { Unexplained } from "../claim.ts";
import type { RecordDocument, Segment } from "../document.ts";
import type { Moment, Value } from "../value.ts";
import { clockUnits } from "./clock-units.ts";
import type { ReadAbout } from "./read-about.ts";
import { dateParts, oldSpellings } from "./unread-code.ts";

const figures =
  /(?<![\p{L}\p{N}.,:/$€£#_-]|[$€£]\s)(?<hour>\d{1,2})(?<mark>[.]?)(?<minute>[0-5]\d)(?![\p{L}\p{N}_]|[.,:/]\d|\s?[€$£%]|\s(?:euro?s?|chf|usd|gbp|kg|km|cm)\b)/giu;
const spelledMax = 200;

/** Mentions of old times that are read by nothing. What a claim or a mention covers already is none. */
export function unreadFigures(document: RecordDocument, part: string, old: readonly Value[], about: ReadAbout): readonly Unexplained[] {
  const times = new Set(old.flatMap((value) => (value.kind === "moment" && value.time !== undefined ? [value.time.slice(0, 5)] : [])));
  if (times.size === 0) return [];
  const { units, justified } = clockUnits(document, part, new Set(), about);
  const read = new Map<number, { readonly from: number; readonly to: number }[]>();
  for (const { segment, mention } of [...units, ...justified]) {
    const own = read.get(segment);
    if (own) own.push(mention);
    else read.set(segment, [mention]);
  }
  const found: Unexplained[] = [];
  for (const [index, segment] of document.segments.entries()) {
    const { place, text } = segment;
    if (place.part !== part || place.isTemplate || place.isStruck || place.isDatum) continue;
    const own = read.get(index) ?? [];
    for (const { from, to, readings } of spelled(segment, old, times)) {
      const isRead = own.some((one) => one.from < to && one.to > from);
      if (!isRead && found.length < spelledMax) found.push({ raw: text.slice(from, to), spans: segment.spans(from, to), place, readings });
    }
  }
  return [...found, ...oldParts(document, part, old, about)].slice(0, spelledMax);
}

/** Parts of dates in scripts that say an old moment. */
const oldParts = (document: RecordDocument, part: string, old: readonly Value[], about: ReadAbout): readonly Unexplained[] =>
  dateParts(document, part, about).flatMap((one) => {
    const readings = one.readings.filter((reading) => old.some((value) => isOld(reading, value)));
    return readings.length === 0 ? [] : [{ ...one, readings }];
  });

/** The same minute; an old value that names no day is one of any day. */
const isOld = (reading: Value, value: Value): boolean =>
  reading.kind === "moment" &&
  value.kind === "moment" &&
  reading.time === value.time?.slice(0, 5) &&
  (value.date === undefined || value.date === reading.date);

interface Spelled {
  readonly from: number;
  readonly to: number;
  readonly readings: readonly Moment[];
}

function spelled({ place, text }: Segment, old: readonly Value[], times: ReadonlySet<string>): readonly Spelled[] {
  if (code.has(place.medium)) {
    const moments = old.filter((value) => value.kind === "moment");
    return oldSpellings(text, place, moments).map(({ from, to, moment }) => ({ from, to, readings: [moment] }));
  }
  if (!prose.has(place.medium)) return [];
  return [...text.matchAll(figures)].flatMap((match) => {
    const readings = momentsOf(match.groups).filter(({ time = "" }) => times.has(time));
    return readings.length === 0 ? [] : [{ from: match.index, to: match.index + match[0].length, readings }];
  });
}

/** Where the grammar takes only whole values and ISO forms. */
const code: ReadonlySet<string> = new Set(["script", "attribute", "json-ld"]);

/** Where people read sentences: figures in code say anything. */
const prose: ReadonlySet<string> = new Set(["text", "title", "meta", "microdata"]);

/** On the 24-hour clock, and in the afternoon where the figures may leave that out. Without a mark only four digits count. */
function momentsOf(groups: { readonly [name: string]: string } | undefined): Moment[] {
  const { hour = "", mark = "", minute = "" } = groups ?? {};
  if (Number(hour) > 23 || (mark === "" && hour.length < 2)) return [];
  const isHalf = mark !== "" && !hour.startsWith("0") && Number(hour) <= 12;
  const hours = isHalf ? [Number(hour) % 12, (Number(hour) % 12) + 12] : [Number(hour)];
  return hours.map((one): Moment => ({ kind: "moment", time: `${String(one).padStart(2, "0")}:${minute}` }));
}
