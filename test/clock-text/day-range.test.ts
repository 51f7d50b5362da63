import { describe, expect, it } from "vitest";
import { zoneRules } from "../../src/codecs/zones/zone-rules.ts";
import type { ClockContext } from "../../src/core/records/clock-text/clock-mention.ts";
import { findClockText } from "../../src/core/records/clock-text/find-clock-text.ts";
import { type NewValue, rewriteClock, withReplacements } from "../../src/core/records/clock-text/rewrite-clock.ts";
import type { Moment } from "../../src/core/records/value.ts";

const about: ClockContext = { zones: zoneRules, zone: "America/Los_Angeles", today: "2026-05-20" };

const said = (text: string): readonly string[] =>
  findClockText(text, about).map(({ readings, contradiction }) =>
    [...readings.map(({ start, end }) => `${start.date} ${start.time ?? ""}→ ${end?.date} ${end?.time ?? ""}`), contradiction ?? ""]
      .join("|")
      .trim(),
  );

const on = (date: string, time?: string): Moment => ({ kind: "moment", date, ...(time !== undefined && { time }) });

const rewritten = (text: string, to: NewValue): string => {
  const [mention] = findClockText(text, about);
  const found = mention ? rewriteClock(mention, text, to, about) : expect.fail(`nothing in ${text}`);
  return "cannot" in found ? `cannot: ${found.cannot}` : withReplacements(text, found);
};

describe("several days of one date are read together", () => {
  it.each([
    "May 30–31, 2026",
    "May 30 – 31, 2026",
    "May 30 to 31, 2026",
    "May 30 & 31",
    "May 30th–31st, 2026",
    "30–31 May 2026",
    "30.–31. May 2026",
    "30/31 May",
    "30 and 31 May 2026",
    "May 30 – May 31, 2026",
    "Sat–Sun, May 30–31",
    "Sat/Sun, 30–31 May 2026",
    "Saturday–Sunday, May 30–31, 2026",
    "Sat, May 30 – Sun, May 31, 2026",
  ])("%s", (text) => {
    expect(said(text)).toEqual(["2026-05-30 → 2026-05-31 |"]);
  });

  it("over the end of a month too", () => {
    expect(said("May 30 – June 1, 2026")).toEqual(["2026-05-30 → 2026-06-01 |"]);
  });

  it("a time or a number of people behind a date is none of its days", () => {
    expect(said("May 4–7 PM")).toEqual(["2026-05-04 19:00→ undefined |"]);
    expect(said("May 4 – 7 guests")).toEqual(["2026-05-04 → undefined |"]);
    expect(said("May 30, 4:30 PM")).toEqual(["2026-05-30 16:30→ undefined |"]);
  });

  it("both ends move, or neither does", () => {
    const both = { start: on("2026-06-05"), end: on("2026-06-06") };
    expect(rewritten("May 30–31, 2026", both)).toBe("June 5–6, 2026");
    expect(rewritten("30/31 May", both)).toBe("5/6 June");
    expect(rewritten("Sat–Sun, May 30–31", both)).toBe("Fri–Sat, Jun 5–6");
    expect(rewritten("May 30–31, 2026", { start: on("2026-06-05") })).toMatch(/^cannot/u);
    expect(rewritten("May 30 – June 1, 2026", { start: on("2026-05-29") })).toBe("May 29 – June 1, 2026");
    expect(rewritten("May 30–31, 2026", { start: on("2026-06-30"), end: on("2026-07-01") })).toMatch(/^cannot/u);
  });
});

describe("a range whose end nobody decided", () => {
  it("is not left to end before it begins", () => {
    for (const text of ["Saturday, May 30, 2026, 4:30–7:30 PM", "May 30, 2026, 16:30–19:30"])
      expect(rewritten(text, { start: on("2026-05-30", "20:30") })).toMatch(/^cannot: .*before it begins/u);
    expect(rewritten("4:30–7:30 PM", { start: { kind: "moment", time: "19:30" } })).toMatch(/^cannot/u);
  });

  it("moves where it still ends later, where the end is decided too, and where it was over midnight before", () => {
    expect(rewritten("May 30, 2026, 4:30–7:30 PM", { start: on("2026-05-30", "15:30") })).toBe("May 30, 2026, 3:30–7:30 PM");
    expect(rewritten("4:30–7:30 PM", { start: on("2026-05-30", "22:30"), end: on("2026-05-31", "01:30") })).toMatch(/^10:30–1:30 AM$/u);
    expect(rewritten("May 30, 2026, 10 PM – 1 AM", { start: on("2026-05-30", "21:00") })).toBe("May 30, 2026, 9 PM – 1 AM");
  });
});
