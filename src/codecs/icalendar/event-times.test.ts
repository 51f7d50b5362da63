import { describe, expect, it } from "vitest";
import type { EventTimes } from "../../core/records/event-times.ts";
import type { Moment } from "../../core/records/value.ts";
import { zoneRules } from "../zones/zone-rules.ts";
import { icalendarCodec } from "./icalendar-codec.ts";

const zone = "America/Los_Angeles";
const ianaOf = (name: string): string | undefined => (name === "Pacific Standard Time" ? zone : undefined);
const calendar = (lines: readonly string[], before: readonly string[] = []): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", ...before, "BEGIN:VEVENT", "UID:1", ...lines, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n");

function timesOf(lines: readonly string[], before: readonly string[] = []): EventTimes {
  const read = icalendarCodec.read(new TextEncoder().encode(calendar(lines, before)), {});
  const times = read.kind === "document" ? read.document.eventTimes?.("1", { zones: zoneRules, zone, ianaOf }) : undefined;
  if (!times) throw new Error("no times");
  return times;
}

const at = (date: string, time: string, offset?: string): Moment => ({
  kind: "moment",
  date,
  time,
  ...(offset !== undefined && { offset }),
});
const shifted = [
  "BEGIN:VTIMEZONE",
  "TZID:Harbour time",
  "BEGIN:STANDARD",
  "DTSTART:19700101T000000",
  "TZOFFSETFROM:-0530",
  "TZOFFSETTO:-0530",
  "END:STANDARD",
  "END:VTIMEZONE",
];
const pacific = [
  "BEGIN:VTIMEZONE",
  "TZID:Our coast",
  "BEGIN:DAYLIGHT",
  "DTSTART:20070311T020000",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
  "TZOFFSETFROM:-0800",
  "TZOFFSETTO:-0700",
  "END:DAYLIGHT",
  "BEGIN:STANDARD",
  "DTSTART:20071104T020000",
  "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
  "TZOFFSETFROM:-0700",
  "TZOFFSETTO:-0800",
  "END:STANDARD",
  "END:VTIMEZONE",
];

describe("a start", () => {
  it.each([
    ["in UTC", ["DTSTART:20260530T233000Z"], [], "UTC"],
    ["floating", ["DTSTART:20260530T163000"], [], "floating"],
    ["in a zone of the database", ["DTSTART;TZID=America/New_York:20260530T193000"], [], "America/New_York"],
    ["in a zone that a path names", ["DTSTART;TZID=/example.org/Olson_1/America/New_York:20260530T193000"], [], "America/New_York"],
    ["in a Windows zone", ["DTSTART;TZID=Pacific Standard Time:20260530T163000"], [], zone],
    ["in a zone without DAYLIGHT that the calendar defines", ["DTSTART;TZID=Harbour time:20260530T180000"], shifted, "Harbour time"],
    ["in a zone with both that the calendar defines", ["DTSTART;TZID=Our coast:20260530T163000"], pacific, "Our coast"],
    ["in a zone that stands as a property", ["DTSTART:20260530T193000", "TZID:America/New_York"], [], "America/New_York"],
  ])("%s is told on the kind's clock, and written back in its own form", (_, lines, before, name) => {
    const { start } = timesOf(lines, before);
    expect(start?.moment).toEqual(at("2026-05-30", "16:30"));
    expect(start?.zone).toBe(name);
    expect(start?.write(at("2026-05-30", "16:30"))).toBe(/:(\d+T\d+Z?)$/u.exec(lines[0] ?? "")?.[1]);
  });

  it("moves by an hour in its own zone, in winter by the winter's offset", () => {
    const { start } = timesOf(["DTSTART:20260530T233000Z"]);
    expect(start?.write(at("2026-05-30", "15:30"))).toBe("20260530T223000Z");
    expect(start?.write(at("2026-01-30", "15:30"))).toBe("20260130T233000Z");
    // An offset that the clock does not have then names no instant.
    expect(start?.write(at("2026-01-30", "15:30", "-07:00"))).toBeUndefined();
    const coast = timesOf(["DTSTART;TZID=Our coast:20260530T163000"], pacific).start;
    expect(coast?.write(at("2026-01-30", "15:30"))).toBe("20260130T153000");
  });

  it("in a zone that nobody knows is ambiguous", () => {
    const { start } = timesOf(["DTSTART;TZID=Customized Time Zone:20260530T163000"]);
    expect(start?.moment).toBeUndefined();
    expect(start?.why).toBe('its zone "Customized Time Zone" is neither known nor defined in the calendar');
    expect(start?.write(at("2026-05-30", "15:30"))).toBeUndefined();
  });

  it("without a zone in a calendar that is kept elsewhere can be read in two ways", () => {
    const { start } = timesOf(["DTSTART:20260530T163000"], ["X-WR-TIMEZONE:America/New_York"]);
    expect(start?.readings).toEqual([at("2026-05-30", "16:30"), at("2026-05-30", "13:30")]);
  });

  it("asks in a gap and in a fold", () => {
    expect(timesOf([`DTSTART;TZID=${zone}:20260308T023000`]).start).toMatchObject({
      readings: [],
      why: expect.stringContaining("does not exist"),
    });
    expect(timesOf([`DTSTART;TZID=${zone}:20261101T013000`]).start).toMatchObject({
      readings: [at("2026-11-01", "01:30", "-07:00"), at("2026-11-01", "01:30", "-08:00")],
      why: expect.stringContaining("happens twice"),
    });
  });

  it("that is no date is shown as unreadable, with the reason", () => {
    const { start } = timesOf(["DTSTART:20260231T163000"]);
    expect(start).toMatchObject({ readings: [], why: '"20260231T163000" is no date or time as calendars write them' });
    expect(start?.moment).toBeUndefined();
    expect(timesOf(["SUMMARY:x"]).start).toBeUndefined();
  });
});

describe("an end", () => {
  it("is DTEND, or what DURATION makes of the start", () => {
    expect(timesOf(["DTSTART:20260530T233000Z", "DTEND:20260531T023000Z"])).toMatchObject({
      end: { moment: at("2026-05-30", "19:30") },
      minutes: 180,
      isEndByDuration: false,
    });
    const { end, isEndByDuration, minutes } = timesOf(["DTSTART:20260530T233000Z", "DURATION:PT3H"]);
    expect(end?.moment).toEqual(at("2026-05-30", "19:30"));
    expect(end?.segment).toBe(3);
    expect({ isEndByDuration, minutes }).toEqual({ isEndByDuration: true, minutes: 180 });
  });

  it("of hours across the change of clocks is time that passes, of days the same hour", () => {
    expect(timesOf([`DTSTART;TZID=${zone}:20261031T233000`, "DURATION:PT3H"])).toMatchObject({ end: { why: expect.any(String) } });
    expect(timesOf([`DTSTART;TZID=${zone}:20261031T233000`, "DURATION:PT4H"]).end?.moment).toEqual(at("2026-11-01", "02:30"));
    expect(timesOf([`DTSTART;TZID=${zone}:20261031T163000`, "DURATION:P1D"]).end?.moment).toEqual(at("2026-11-01", "16:30"));
  });

  it("of whole days is the last of them, and is written as the day after", () => {
    const times = timesOf(["DTSTART;VALUE=DATE:20260530", "DTEND;VALUE=DATE:20260601"]);
    expect(times).toMatchObject({
      isAllDay: true,
      start: { moment: { date: "2026-05-30" } },
      end: { moment: { date: "2026-05-31" } },
      minutes: 2880,
    });
    expect(times.end?.write({ kind: "moment", date: "2026-06-02" })).toBe("20260603");
    expect(times.start?.write(at("2026-05-30", "16:30"))).toBeUndefined();
  });
});
