/** Clock texts of one document, taken apart: each end of a range, each time, each date is one unit to be explained. */

import { findClockText } from "../clock-text/find-clock-text.ts";
import type { ClockMention } from "../clock-text/clock-mention.ts";
import type { Place, RecordDocument, Segment } from "../document.ts";
import type { Moment } from "../value.ts";
import { clockContext, type ReadAbout } from "./read-about.ts";
import { toldOfOld } from "./told-of-old.ts";

export interface ClockUnit {
  /** Index in the document. */
  readonly segment: number;
  readonly place: Place;
  readonly mention: ClockMention;
  readonly role?: "start" | "end";
  /** One where it is clear; several where it is ambiguous. */
  readonly readings: readonly Moment[];
  /** Lower-case words right before and after it in its text. */
  readonly before: string;
  readonly after: string;
}

export interface ClockTexts {
  readonly units: readonly ClockUnit[];
  /** What looks like a time and is none. */
  readonly justified: readonly { readonly place: Place; readonly segment: number; readonly mention: ClockMention }[];
}

/** Places whose text is a constant or a datum, not a sentence. */
const codeMedia: ReadonlySet<Place["medium"]> = new Set<Place["medium"]>(["script", "style"]);

/** A sentence in a datum (a description in JSON-LD, a note in an item) is read as one. */
export function isCode({ medium, name }: Place, text: string): boolean {
  if (codeMedia.has(medium)) return !/\s\S+\s/u.test(text);
  if (medium === "attribute") return /^(?:data-|datetime$|value$)/u.test(name) && !/\s\S+\s/u.test(text);
  if (medium === "json-ld" || medium === "item" || medium === "property" || medium === "microdata") return !/[\p{L}]{2,}\s/u.test(text);
  return false;
}

const nearChars = 40;

/** Segments that a field was placed at (`taken`) are not read again. */
export function clockUnits(document: RecordDocument, part: string, taken: ReadonlySet<number>, about: ReadAbout): ClockTexts {
  const units: ClockUnit[] = [];
  const justified: { place: Place; segment: number; mention: ClockMention }[] = [];
  for (const [index, segment] of document.segments.entries()) {
    if (
      segment.place.part !== part ||
      taken.has(index) ||
      segment.place.isTemplate ||
      segment.place.isDatum ||
      segment.place.medium === "style"
    )
      continue;
    for (const mention of mentionsIn(segment, about)) {
      const old = mention.readings.length === 0 ? undefined : toldOfOld(segment.place, segment.text, mention.from, mention.to);
      if (old !== undefined)
        justified.push({ place: segment.place, segment: index, mention: { ...mention, readings: [], justification: old } });
      else if (mention.readings.length === 0) justified.push({ place: segment.place, segment: index, mention });
      else units.push(...unitsOf(mention, segment, index));
    }
  }
  return { units, justified };
}

function mentionsIn({ text, place, heads }: Segment, about: ReadAbout): readonly ClockMention[] {
  return findClockText(text, clockContext(about, { isCode: isCode(place, text), ...(heads && { heads }) }));
}

function unitsOf(mention: ClockMention, { text, place }: Segment, segment: number): ClockUnit[] {
  const { readings, from, to } = mention;
  const starts = distinctMoments(readings.map(({ start }) => start).filter(saysSomething));
  if (starts.length === 0) return [];
  const ends = distinctMoments(readings.flatMap(({ end }) => (end && saysSomething(end) ? [end] : [])));
  const before = text.slice(Math.max(0, from - nearChars), from).toLowerCase();
  const after = text.slice(to, to + nearChars).toLowerCase();
  if (ends.length === 0) return [{ segment, place, mention, before, after, readings: starts }];
  return [
    { segment, place, mention, before, after, role: "start", readings: starts },
    { segment, place, mention, before, after, role: "end", readings: ends },
  ];
}

/** A bare duration says no moment. */
const saysSomething = ({ date, time, weekday }: Moment): boolean => date !== undefined || time !== undefined || weekday !== undefined;

/** Each moment once. */
export function distinctMoments(moments: Moment[]): Moment[] {
  if (moments.length < 2) return moments;
  const seen = new Map(moments.map((moment) => [`${moment.date} ${moment.time} ${moment.offset} ${moment.weekday}`, moment]));
  return [...seen.values()];
}
