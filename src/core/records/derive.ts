/** How fields follow from one another: `end = start + 3h`, a cut-off that moves with the start. */

import { momentAt } from "./clock-text/zone-turns.ts";
import { dayField, isOfDay } from "./day-and-time.ts";
import type { Derivation, Field, RecordKind } from "./kind.ts";
import type { Moment, Value, ZoneRules } from "./value.ts";

export interface Clock {
  readonly zone: string;
  readonly rules: ZoneRules;
}

const minuteMs = 60_000;
const dayMinutes = 1440;
const dayMs = 86_400_000;

/**
 * The value that `field = from + minutes` gives: elapsed time, so that a charter over the night in which clocks change still
 * lasts as long. A time without a date is moved on the clock face. `undefined` where the zone's clock skips that time or
 * shows it twice and nobody said which: then it asks.
 */
function offsetFrom(from: Value, minutes: number, clock: Clock): Moment | undefined {
  if (from.kind !== "moment") return undefined;
  if (from.time === undefined) {
    const isWhole = minutes % dayMinutes === 0 && from.date !== undefined;
    return isWhole ? { kind: "moment", date: shiftDate(from.date, minutes / dayMinutes) } : undefined;
  }
  if (from.date === undefined) return { kind: "moment", time: onFace(from.time, minutes) };
  const instant = instantOf({ ...from, kind: "moment" }, clock);
  if (instant === undefined) return undefined;
  return momentAt(instant + minutes * minuteMs, { zones: clock.rules, zone: clock.zone });
}

/** The one instant that a moment names in the zone, in milliseconds since the epoch. */
export function instantOf({ date, time, offset }: Moment, { zone, rules }: Clock): number | undefined {
  if (date === undefined || time === undefined) return undefined;
  const instants = rules.instantsOf(date, time, zone);
  if (offset !== undefined) return instants.find((instant) => rules.wallOf(instant, zone).offset === offset);
  return instants.length === 1 ? instants[0] : undefined;
}

/** Moves a value by the distance between two others on the wall clock: what `moves-with` means. */
export function moveWith(value: Value, from: { readonly old: Value; readonly now: Value }): Moment | undefined {
  const distance = wallDistance(from.old, from.now);
  if (distance === undefined || value.kind !== "moment") return undefined;
  const { date, time, weekday } = value;
  if (time === undefined) {
    if (distance % (24 * 60) !== 0) return date === undefined ? undefined : { kind: "moment", date };
    if (date !== undefined) return { kind: "moment", date: shiftDate(date, distance / (24 * 60)) };
    if (weekday === undefined) return undefined;
    return { kind: "moment", weekday: (((weekday + distance / (24 * 60)) % 7) + 7) % 7 };
  }
  if (date === undefined) {
    const moved = onFace(time, distance);
    if (weekday === undefined) return { kind: "moment", time: moved };
    const days = Math.floor((minutesOf(time) + distance) / (24 * 60));
    return { kind: "moment", time: moved, weekday: (((weekday + days) % 7) + 7) % 7 };
  }
  const total = Date.parse(`${date}T00:00:00Z`) / minuteMs + minutesOf(time) + distance;
  const moved = new Date(Math.floor(total) * minuteMs);
  return { kind: "moment", date: moved.toISOString().slice(0, 10), time: moved.toISOString().slice(11, 16) + secondsOf(time) };
}

/** Minutes on the wall clock from one moment to another, by the parts that both have. */
function wallDistance(old: Value, now: Value): number | undefined {
  if (old.kind !== "moment" || now.kind !== "moment") return undefined;
  const hasDates = old.date !== undefined && now.date !== undefined;
  const hasTimes = old.time !== undefined && now.time !== undefined;
  if (!hasDates && !hasTimes) return undefined;
  const days = hasDates ? (Date.parse(now.date ?? "") - Date.parse(old.date ?? "")) / dayMs : 0;
  const minutes = hasTimes ? minutesOf(now.time ?? "") - minutesOf(old.time ?? "") : 0;
  return days * 24 * 60 + minutes;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const secondsOf = (time: string): string => time.slice(5);

function onFace(time: string, minutes: number): string {
  const total = (((minutesOf(time) + minutes) % (24 * 60)) + 24 * 60) % (24 * 60);
  const hours = Math.floor(total / 60);
  return `${String(hours).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}${secondsOf(time)}`;
}

function shiftDate(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** What a derivation says the field is, given the value of the field that it names. */
export function derived(derivation: Derivation, from: Value, clock: Clock): Moment | undefined {
  return derivation.kind === "offset" ? offsetFrom(from, derivation.minutes, clock) : undefined;
}

/** Fields in an order in which each comes after what it derives from, and a time after its day. Configuration has no cycles. */
export function inOrder({ fields }: RecordKind): readonly Field[] {
  const day = dayField({ fields })?.name;
  const placed = new Set<string>();
  const sorted: Field[] = [];
  const isReady = (field: Field): boolean => {
    const after = field.derivation?.from ?? (isOfDay(field) ? day : undefined);
    return after === undefined || placed.has(after);
  };
  while (sorted.length < fields.length) {
    const next = fields.filter((field) => !placed.has(field.name) && isReady(field));
    if (next.length === 0) return [...sorted, ...fields.filter(({ name }) => !placed.has(name))];
    for (const field of next) placed.add(field.name);
    sorted.push(...next);
  }
  return sorted;
}
