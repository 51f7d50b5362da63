/** Zones that a calendar defines itself (VTIMEZONE, RFC 5545, section 3.6.5). */

import { propertyOf, type Component } from "./component-tree.ts";
import { occurrences, readRule, type RecurrenceRule } from "./recurrence.ts";
import { dayMs, readOffset, readTime, type WallMs } from "./wall-time.ts";

/** One STANDARD or DAYLIGHT of a definition. */
interface Observance {
  readonly fromMs: number;
  readonly toMs: number;
  /** On the clock as it stood before. */
  readonly startMs: WallMs;
  readonly rule?: RecurrenceRule;
  readonly dates: readonly WallMs[];
}

export interface CustomZone {
  /** Instants at which its clock shows this: none in a gap, two in a fold. */
  instantsOf(wallMs: WallMs): readonly number[];
  /** What its clock shows. */
  wallOf(instantMs: number): WallMs;
}

const textIn = (line: { readonly text: string; readonly valueAt: number }): string => line.text.slice(line.valueAt);

/** A zone by its definition; `undefined` where that holds no observance with offsets. */
export function customZone(definition: Component): CustomZone | undefined {
  const observances = definition.components.flatMap((component) => observanceOf(component));
  const [first] = observances.toSorted((left, right) => left.startMs - right.startMs);
  if (!first) return undefined;
  const offsets = [...new Set(observances.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))];
  const known = new Map<number, readonly Onset[]>();
  const onsetsNear = (instantMs: number): readonly Onset[] => {
    const year = new Date(instantMs).getUTCFullYear();
    const held = known.get(year) ?? observances.flatMap((each) => onsetsOf(each, year)).toSorted((left, right) => left.atMs - right.atMs);
    known.set(year, held);
    return held;
  };
  // Before the first onset the clock stands as that onset found it.
  const offsetAt = (instantMs: number): number => onsetsNear(instantMs).findLast(({ atMs }) => atMs <= instantMs)?.offsetMs ?? first.fromMs;
  return {
    instantsOf: (wallMs) =>
      offsets
        .map((offsetMs) => wallMs - offsetMs)
        .filter((instantMs) => wallMs - instantMs === offsetAt(instantMs))
        .toSorted((left, right) => left - right),
    wallOf: (instantMs) => instantMs + offsetAt(instantMs),
  };
}

interface Onset {
  readonly atMs: number;
  readonly offsetMs: number;
}

function observanceOf(component: Component): Observance[] {
  if (component.name !== "STANDARD" && component.name !== "DAYLIGHT") return [];
  const said = (name: string): string => {
    const line = propertyOf(component, name);
    return line ? textIn(line) : "";
  };
  const to = readOffset(said("TZOFFSETTO"));
  const start = readTime(said("DTSTART"));
  if (to === undefined || !start) return [];
  const rule = readRule(said("RRULE"));
  const dates = component.properties
    .filter(({ name }) => name === "RDATE")
    .flatMap((line) => textIn(line).split(","))
    .flatMap((text) => readTime(text)?.wallMs ?? []);
  return [{ fromMs: readOffset(said("TZOFFSETFROM")) ?? to, toMs: to, startMs: start.wallMs, dates, ...(rule && { rule }) }];
}

const onsetsMax = 400;

/** Onsets of the year and of the one before, and the last one before those: what may hold on some day of the year. */
function onsetsOf({ fromMs, toMs, startMs, rule, dates }: Observance, year: number): Onset[] {
  const endMs = Date.UTC(year + 1, 0, 2);
  const beginMs = Date.UTC(year - 1, 0, 1);
  const until = rule?.until?.isUtc ? { untilWallMs: rule.until.wallMs + fromMs } : {};
  const ruled = rule ? occurrences(rule, startMs, { fromMs: beginMs, toMs: endMs, instancesMax: onsetsMax, ...until }) : [];
  // A rule that has ended left its last onset behind, and that one may still hold.
  const last =
    rule && ruled.length === 0 && startMs < beginMs
      ? occurrences(rule, startMs, {
          fromMs: Math.max(startMs, (rule.until?.wallMs ?? beginMs) - 732 * dayMs),
          toMs: endMs,
          instancesMax: onsetsMax,
          ...until,
        })
      : [];
  return [startMs, ...dates, ...ruled, ...last]
    .filter((wallMs) => wallMs <= endMs)
    .map((wallMs) => ({ atMs: wallMs - fromMs, offsetMs: toMs }));
}
