import { assert, constantFrom, integer, property, record } from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { zoneRules } from "../../src/codecs/zones/zone-rules.ts";
import type { Moment } from "../../src/core/records/value.ts";
import { plusDays, timeOf } from "../../src/core/records/clock-text/calendar-days.ts";
import type { ClockContext } from "../../src/core/records/clock-text/clock-mention.ts";
import { findClockText } from "../../src/core/records/clock-text/find-clock-text.ts";
import { type NewValue, rewriteClock, withReplacements } from "../../src/core/records/clock-text/rewrite-clock.ts";

const about: ClockContext = { zones: zoneRules, zone: "America/Los_Angeles", today: "2026-05-20" };

const moment = (said: string): Moment => {
  const [first = "", second] = said.split(" ");
  const isDate = first.includes("-");
  return { kind: "moment", ...(isDate ? { date: first } : {}), ...(isDate && second === undefined ? {} : { time: second ?? first }) };
};
const value = (start: string | undefined, end?: string, duration?: number): NewValue => ({
  ...(start === undefined ? {} : { start: moment(start) }),
  ...(end === undefined ? {} : { end: moment(end) }),
  ...(duration === undefined ? {} : { duration }),
});

/** The text with its first mention rewritten, or why not. */
function rewritten(text: string, to: NewValue, more: Partial<ClockContext> = {}): string {
  const context = { ...about, ...more };
  const [mention] = findClockText(text, context);
  if (mention === undefined) return "nothing found";
  const made = rewriteClock(mention, text, to, context);
  return "cannot" in made ? `cannot: ${made.cannot}` : withReplacements(text, made);
}

describe("a rewritten clock text keeps its manner", () => {
  it.each([
    ["4:30–7:30 PM", "15:30", "18:30", "3:30–6:30 PM"],
    ["4:30\u202f—\u202f7:30 p.m.", "15:30", "18:30", "3:30\u202f—\u202f6:30 p.m."],
    ["1:30–4:30 PM", "11:30", "14:30", "11:30–2:30 PM"],
    ["1:30–4:30 PM", "23:30", "00:30", "11:30–12:30 AM"],
    ["4:30–7:30 PM", "07:30", "19:30", "7:30–7:30 PM"],
    ["4:30–7:30 PM", "06:30", "19:30", "6:30 AM–7:30 PM"],
    ["11:30–2:30 PM", "12:30", "15:30", "12:30–3:30 PM"],
    ["10 PM – 1 AM", "21:00", "00:00", "9 PM – 12 AM"],
    ["4 PM", "15:30", undefined, "3:30 PM"],
    ["4:30pm", "15:00", undefined, "3:00pm"],
    ["4–7 PM", "15:30", "18:30", "3:30–6:30 PM"],
    ["4:30 p.m. to 7:30 p.m.", "11:30", "14:30", "11:30 a.m. to 2:30 p.m."],
    ["04:30 PM", "15:30", undefined, "03:30 PM"],
    ["noon–3 PM", "11:00", "14:00", "11 AM–2 PM"],
    ["Midnight", "12:00", undefined, "Noon"],
    ["1630 hrs", "15:30", undefined, "1530 hrs"],
    ["16h30", "15:30", undefined, "15h30"],
    ["16:30–19:30", "09:30", "12:30", "09:30–12:30"],
    ["4 o'clock in the afternoon", "15:30", undefined, "3:30 in the afternoon"],
    ["half past seven in the evening", "18:30", undefined, "half past six in the evening"],
    ["Saturday, May 30, 2026 · 4:30–7:30 PM", "2026-06-07 15:30", "2026-06-07 18:30", "Sunday, June 7, 2026 · 3:30–6:30 PM"],
    ["MAY 30TH, 4:30PM", "2026-06-02 15:30", undefined, "JUNE 2ND, 3:30PM"],
    ["Sat 5/30/2026 4:30pm", "2026-06-07 15:30", undefined, "Sun 6/7/2026 3:30pm"],
    ["30.05.2026 16:30 Uhr", "2026-06-01 09:00", undefined, "01.06.2026 09:00 Uhr"],
    ["Thurs. Aug. 6th", "2026-05-19", undefined, "Tues. May 19th"],
    ["2026-05-30T15:30:00-07:00", "2026-12-30 14:30", undefined, "2026-12-30T14:30:00-08:00"],
    ["2026-05-30T22:30:00.000Z", "2026-05-30 17:30", undefined, "2026-05-31T00:30:00.000Z"],
    ["20260530T163000", "2026-06-01 15:30", undefined, "20260601T153000"],
    ["Sat, 30 May 2026 22:30:00 GMT", "2026-06-05 15:30", undefined, "Fri, 05 Jun 2026 22:30:00 GMT"],
    ["May 30, 2026 at 4:30 PM PDT", "2026-12-30 15:30", undefined, "December 30, 2026 at 3:30 PM PST"],
    ["15 minutes before 4:30 PM", "15:15", undefined, "15 minutes before 3:30 PM"],
    ["Monday 8:00 PM", "2026-06-02 19:00", undefined, "Tuesday 7:00 PM"],
  ])("%j to %s %s", (text, start, end, expected) => {
    expect(rewritten(`On ${text}, aboard`, value(start, end))).toBe(`On ${expected}, aboard`);
  });

  it("lengths keep their unit, and take the plural that they need", () => {
    expect(rewritten("a sail of 3 hours", value(undefined, undefined, 150))).toBe("a sail of 2.5 hours");
    expect(rewritten("a sail of 3 hours", value(undefined, undefined, 60))).toBe("a sail of 1 hour");
    expect(rewritten("a 3-hour sail", value(undefined, undefined, 120))).toBe("a 2-hour sail");
    expect(rewritten("from 4 PM for 3 hours", value("15:30", undefined, 120))).toBe("from 3:30 PM for 2 hours");
  });

  it("only what changes is replaced", () => {
    const text = "Sail 4:30–7:30 PM";
    const [mention] = findClockText(text, about);
    const made = mention === undefined ? [] : rewriteClock(mention, text, value("15:30", "18:30"), about);
    expect(made).toEqual([
      { from: 5, to: 6, text: "3" },
      { from: 10, to: 11, text: "6" },
    ]);
    expect(mention === undefined ? [] : rewriteClock(mention, text, value("16:30", "19:30"), about)).toEqual([]);
  });

  it("epoch values of code move by what the moment moves", () => {
    expect(rewritten("1780180200", value("2026-05-30 14:30"), { isCode: true })).toBe("1780176600");
    expect(rewritten("1780180200000", value("2026-05-30 14:30"), { isCode: true })).toBe("1780176600000");
  });

  it("what cannot be said in a manner is refused with a reason", () => {
    expect(rewritten("5 in the afternoon", value("10:00"))).toMatch(/^cannot: "5 in the afternoon" has no way to say 10:00$/u);
    expect(rewritten("half past seven in the evening", value("18:45"))).toMatch(/^cannot: /u);
    expect(rewritten("Mar 8, 2026 3:30 AM", value("2026-03-08 02:30"))).toMatch(/never or twice/u);
    expect(rewritten("4:30 - 7:30", value("15:30", "18:30"))).toBe("cannot: it does not say AM or PM");
    expect(rewritten("$1,430", value("15:30"))).toBe("cannot: it is an amount of money");
    expect(rewritten("7:30 PM ET", value("15:30"))).toMatch(/^cannot: without a date/u);
    expect(rewritten("May 30, 2026, 4:30–7:30 PM", value("2026-05-30 16:30", "2026-06-02 19:30"))).toMatch(/^cannot: /u);
  });
});

/** Ways to write a range; `#` stands where hours, minutes and halves go. */
const h12 = (seconds: number): string => String(((Math.floor(seconds / 3600) + 11) % 12) + 1);
const mm = (seconds: number): string => String(Math.floor(seconds / 60) % 60).padStart(2, "0");
const half = (seconds: number, pm: string, am: string): string => (seconds >= 43_200 ? pm : am);

const manners: readonly ((start: number, end: number) => string)[] = [
  (start, end) => `${h12(start)}:${mm(start)} ${half(start, "PM", "AM")}–${h12(end)}:${mm(end)} ${half(end, "PM", "AM")}`,
  (start, end) => `${h12(start)}:${mm(start)}${half(start, "p", "a")} - ${h12(end)}:${mm(end)}${half(end, "p", "a")}`,
  (start, end) =>
    `${h12(start)}.${mm(start)}\u00a0${half(start, "p.m.", "a.m.")} to ${h12(end)}.${mm(end)}\u00a0${half(end, "p.m.", "a.m.")}`,
  (start, end) => `${timeOf(start)} — ${timeOf(end)}`,
  (start, end) => `${timeOf(start).replace(":", "")}–${timeOf(end).replace(":", "")} hrs`,
  (start, end) => `${timeOf(start).replace(":", "h")} until ${timeOf(end).replace(":", "h")}`,
  (start, end) => `${h12(start)}:${mm(start)}–${h12(end)}:${mm(end)} ${half(end, "PM", "AM")}`,
];
const dates: readonly ((date: string) => string)[] = [
  (date) => date,
  (date) => `${Number(date.slice(5, 7))}/${Number(date.slice(8))}/${date.slice(0, 4)}`,
  (date) => new Date(`${date}T12:00Z`).toLocaleDateString("en-US", { dateStyle: "full", timeZone: "UTC" }),
  (date) => new Date(`${date}T12:00Z`).toLocaleDateString("en-US", { dateStyle: "medium", timeZone: "UTC" }),
  (date) =>
    new Date(`${date}T12:00Z`).toLocaleDateString("en-GB", {
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    }),
];
const stamps: readonly ((date: string, seconds: number) => string)[] = [
  (date, seconds) => `${date}T${timeOf(seconds)}:00`,
  (date, seconds) => `${date} ${timeOf(seconds)}`,
  (date, seconds) => `${date.replaceAll("-", "")}T${timeOf(seconds).replace(":", "")}00`,
  (date, seconds) => new Date(zoneRules.instantsOf(date, timeOf(seconds), about.zone)[0] ?? 0).toISOString(),
  (date, seconds) => new Date(zoneRules.instantsOf(date, timeOf(seconds), about.zone)[0] ?? 0).toUTCString(),
  (date, seconds) =>
    `${date}T${timeOf(seconds)}${zoneRules.wallOf(zoneRules.instantsOf(date, timeOf(seconds), about.zone)[0] ?? 0, about.zone).offset}`,
];

const clock = integer({ min: 0, max: 287 }).map((step) => step * 300);
/** Up to eleven hours, so that a shared AM or PM may say it. */
const range = record({ start: clock, length: integer({ min: 1, max: 132 }) }).map(({ start, length }) => ({
  start,
  end: (start + length * 300) % 86_400,
}));
const day = integer({ min: 0, max: 700 }).map((days) => plusDays("2026-01-01", days));
/** Days on which no clock is set. */
const plainDay = day.filter(
  (date) =>
    zoneRules.instantsOf(date, "02:30", about.zone).length === 1 &&
    zoneRules.instantsOf(date, "01:30", about.zone).length === 1 &&
    zoneRules.instantsOf(plusDays(date, 1), "01:30", about.zone).length === 1 &&
    zoneRules.instantsOf(plusDays(date, 1), "02:30", about.zone).length === 1,
);
const runs = Number(process.env["BELAY_CLOCK_RUNS"] ?? 150);

const before = process.env["TZ"];
afterAll(() => {
  if (before === undefined) delete process.env["TZ"];
  else process.env["TZ"] = before;
});

describe.each(["UTC", "America/Los_Angeles", "Asia/Kolkata"])("in a process whose zone is %s", (zone) => {
  it("a rewritten range says exactly the new value, whatever its manner", () => {
    process.env["TZ"] = zone;
    const either = record({
      old: range,
      next: range,
      manner: constantFrom(...manners),
      date: constantFrom(undefined, ...dates),
      from: plainDay,
      to: plainDay,
    });
    assert(
      property(either, ({ old, next, manner, date, from, to }) => {
        const dated = date === undefined ? "" : `${date(from)}, `;
        const text = `Sail: ${dated}${manner(old.start, old.end)}; bring a jacket.`;
        const order = { ...about, dateOrder: "mdy" as const, hint: { time: { start: timeOf(old.start), end: timeOf(old.end) } } };
        const [mention] = findClockText(text, order);
        expect(mention?.readings.map(({ start, end }) => [start.time, end?.time])).toEqual([[timeOf(old.start), timeOf(old.end)]]);
        if (mention === undefined) return;
        const last = next.end <= next.start ? plusDays(to, 1) : to;
        const wanted: NewValue = {
          start: { kind: "moment", date: to, time: timeOf(next.start) },
          end: { kind: "moment", date: last, time: timeOf(next.end) },
        };
        const made = rewriteClock(mention, text, wanted, order);
        expect(made).not.toHaveProperty("cannot");
        if ("cannot" in made) return;
        const after = withReplacements(text, made);
        expect(after.startsWith("Sail: ") && after.endsWith("; bring a jacket.")).toBe(true);
        const again = findClockText(after, { ...order, hint: { time: { start: timeOf(next.start), end: timeOf(next.end) } } });
        const seen = again.map(({ readings }) => readings.map(({ start, end }) => [start.date, start.time, end?.date, end?.time]));
        expect(seen).toEqual([
          [[date === undefined ? undefined : to, timeOf(next.start), date === undefined ? undefined : last, timeOf(next.end)]],
        ]);
      }),
      { numRuns: runs },
    );
  });

  it("a rewritten ISO, UTC or calendar stamp says exactly the new moment", () => {
    process.env["TZ"] = zone;
    const either = record({ from: plainDay, to: plainDay, old: clock, next: clock, stamp: constantFrom(...stamps) });
    assert(
      property(either, ({ from, to, old, next, stamp }) => {
        const text = stamp(from, old);
        const [mention] = findClockText(text, { ...about, isCode: true });
        expect(mention?.readings.map(({ start }) => [start.date, start.time])).toEqual([[from, timeOf(old)]]);
        if (mention === undefined) return;
        const made = rewriteClock(mention, text, { start: { kind: "moment", date: to, time: timeOf(next) } }, { ...about, isCode: true });
        expect("cannot" in made ? made.cannot : withReplacements(text, made)).toBe(stamp(to, next));
      }),
      { numRuns: runs },
    );
  });
});
