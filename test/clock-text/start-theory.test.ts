import { expect, test } from "vitest";
import { booking } from "../scenarios/records/records-world.ts";
import { zoneRules } from "../../src/codecs/zones/zone-rules.ts";
import { findClockText } from "../../src/core/records/clock-text/find-clock-text.ts";
import type { Moment } from "../../src/core/records/value.ts";
import type { ClockUnit } from "../../src/core/records/claims/clock-units.ts";
import { startField } from "../../src/core/records/claims/field-places.ts";
import { bestTheories, candidatesMax, type Theories } from "../../src/core/records/claims/start-theory.ts";

const [mention = expect.fail("no mention")] = findClockText("4:30 PM", { zones: zoneRules, zone: booking.zone });
const place = { medium: "text", name: "", label: "text", part: "" } as const;
const start = startField(booking) ?? expect.fail("no start");

/** What is thought of a page that says these moments, and how often one of them was looked at. */
function theories(moments: readonly Moment[]): { readonly found: Theories | undefined; readonly looks: number } {
  let looks = 0;
  const units = moments.map((moment): ClockUnit => ({
    segment: 0,
    place,
    mention,
    before: "",
    after: "",
    get readings() {
      looks += 1;
      return [moment];
    },
  }));
  const facts = { kind: booking, clock: { zone: booking.zone, rules: zoneRules }, units, stated: [] };
  return { found: bestTheories(start, new Map(), facts), looks };
}

const two = (value: number): string => String(value).padStart(2, "0");
/** Moments that all differ. */
const timetable = (count: number): readonly Moment[] =>
  Array.from({ length: count }, (_, at) => ({
    kind: "moment",
    date: `2026-${two(1 + (Math.floor(at / 500) % 12))}-${two(1 + (Math.floor(at / 24) % 21))}`,
    time: `${two(at % 24)}:30`,
  }));

const different = (count: number): number => theories(timetable(count)).looks;

const same = (count: number): number => theories(Array.from({ length: count }, () => ({ kind: "moment", time: "16:30" }))).looks;

const said = (time: string): Moment => ({ kind: "moment", date: "2026-05-30", time });

test("a page with more different times than a record has is a timetable, and none of them is the start", () => {
  expect(theories(timetable(candidatesMax)).found?.best.start.name).toBe(start.name);
  expect(theories(timetable(candidatesMax + 1)).found).toBeUndefined();
});

test("twice the times take at most twice the looks, whether they differ or repeat", () => {
  expect(different(4000)).toBeLessThanOrEqual(2 * different(2000));
  expect(same(4000)).toBeLessThanOrEqual(2 * same(2000));
  expect(same(4000)).toBeLessThan(40_000);
});

test("what a page says most often is its start still", () => {
  expect(theories([said("15:30"), said("16:30"), said("16:30")]).found?.best.value.time).toBe("16:30");
});
