import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zoneRules } from "../../src/codecs/zones/zone-rules.ts";
import type { ClockContext, ClockMention } from "../../src/core/records/clock-text/clock-mention.ts";
import { findClockText, mayHoldClockText } from "../../src/core/records/clock-text/find-clock-text.ts";

const about: ClockContext = { zones: zoneRules, zone: "America/Los_Angeles", today: "2026-05-20" };

/** Characters of a hostile text; more by `BELAY_CLOCK_CHARACTERS`. */
const hostile = Number(process.env["BELAY_CLOCK_CHARACTERS"] ?? 40_000);

const said = ({ readings }: ClockMention): readonly string[] =>
  readings.map(({ start, end, duration, relation, yearless }) =>
    [
      [start.date, start.time, start.offset, start.weekday === undefined ? undefined : `day ${start.weekday}`, yearless]
        .filter(Boolean)
        .join(" "),
      end === undefined ? "" : `→ ${[end.date, end.time, end.offset].filter(Boolean).join(" ")}`,
      duration === undefined ? "" : `${duration} min`,
      relation === undefined ? "" : `${relation.minutes} from ${relation.to}`,
    ]
      .filter((one) => one !== "")
      .join(" "),
  );

/** Every mention of a text: its readings, or what it is instead. */
const read = (text: string, more: Partial<ClockContext> = {}): readonly (readonly string[])[] =>
  findClockText(text, { ...about, ...more }).map((mention) =>
    mention.justification === undefined ? said(mention) : [`no: ${mention.justification}`],
  );

const zonesOfProcess = ["UTC", "America/Los_Angeles", "Asia/Kolkata"];
const before = process.env["TZ"];
afterAll(() => {
  if (before === undefined) delete process.env["TZ"];
  else process.env["TZ"] = before;
});

describe.each(zonesOfProcess)("clock text, in a process whose zone is %s", (zone) => {
  beforeAll(() => {
    process.env["TZ"] = zone;
  });

  it("the process really is in that zone", () => {
    const minutes = { UTC: 0, "America/Los_Angeles": 420, "Asia/Kolkata": -330 }[zone];
    expect(new Date("2026-05-30T12:00:00Z").getTimezoneOffset() + 0).toBe(minutes);
  });

  it.each([
    "–",
    "-",
    "—",
    "−",
    "‒",
    " – ",
    "\u202f–\u202f",
    "\u00a0-\u00a0",
    "\u2009—\u2009",
    "\u2060–\u2060",
    " to ",
    " until ",
    " til ",
    " -- ",
    "～",
  ])("pitfall 1: 4:30%j7:30 PM is one range in the afternoon", (dash) => {
    expect(read(`4:30${dash}7:30 PM`)).toEqual([["16:30 → 19:30"]]);
    expect(read(`4:30${dash}7:30\u202fp.m.`)).toEqual([["16:30 → 19:30"]]);
  });

  it("pitfall 2: 11:30–2:30 PM begins before noon", () => {
    expect(read("11:30–2:30 PM")).toEqual([["11:30 → 14:30"]]);
  });

  it("pitfall 3: 10 PM – 1 AM ends on the next day", () => {
    expect(read("10 PM – 1 AM")).toEqual([["22:00 → 01:00"]]);
    expect(read("Friday, May 29, 2026, 10 PM – 1 AM")).toEqual([["2026-05-29 22:00 → 2026-05-30 01:00"]]);
  });

  it("pitfall 4: 4:30 - 7:30 has two readings, and only a stated rule chooses", () => {
    expect(read("4:30 - 7:30")).toEqual([["04:30 → 07:30", "16:30 → 19:30"]]);
    expect(findClockText("4:30 - 7:30", about)[0]?.asks).toBe("it does not say AM or PM");
    const [byHint] = findClockText("4:30 - 7:30", { ...about, hint: { time: { start: "16:30", end: "19:30" } } });
    expect(byHint).toMatchObject({
      readings: [{ start: { time: "16:30" }, end: { time: "19:30" } }],
      settledBy: "the sibling value 16:30–19:30",
    });
    const [byHours] = findClockText("4:30 - 7:30", { ...about, hours: { from: "08:00", to: "22:00" } });
    expect(byHours).toMatchObject({ readings: [{ start: { time: "16:30" } }], settledBy: "the hours 08:00–22:00" });
    // A sibling that says something else settles nothing.
    expect(read("4:30 - 7:30", { hint: { time: { start: "15:30" } } })[0]).toHaveLength(2);
  });

  it("pitfall 5: noon and midnight are where people put them", () => {
    expect(read("12:30–3:30 PM")).toEqual([["12:30 → 15:30"]]);
    expect(read("12 AM")).toEqual([["00:00"]]);
    expect(read("12 PM")).toEqual([["12:00"]]);
    expect(read("noon–3 PM")).toEqual([["12:00 → 15:00"]]);
    expect(read("9 PM – midnight")).toEqual([["21:00 → 00:00"]]);
  });

  it("pitfall 6: a date before or after a range is the range's", () => {
    expect(read("Saturday, May 30, 2026 · 4:30–7:30 PM")).toEqual([["2026-05-30 16:30 → 2026-05-30 19:30"]]);
    expect(read("4:30–7:30 PM on Saturday, May 30, 2026")).toEqual([["2026-05-30 16:30 → 2026-05-30 19:30"]]);
    expect(read("May 30, 2026, 4:30 – 7:30 PM")).toEqual([["2026-05-30 16:30 → 2026-05-30 19:30"]]);
  });

  it("pitfall 7: an ISO date-time is one instant", () => {
    expect(read("2026-05-30T15:30:00-07:00")).toEqual([["2026-05-30 15:30"]]);
    expect(read("2026-05-30T22:30:00.000Z")).toEqual([["2026-05-30 15:30"]]);
    expect(read("20260530T223000Z")).toEqual([["2026-05-30 15:30"]]);
    expect(read("Sat, 30 May 2026 22:30:00 GMT")).toEqual([["2026-05-30 15:30"]]);
    expect(read("1780180200000", { isCode: true })).toEqual([["2026-05-30 15:30"]]);
  });

  it("pitfall 8: a time counted from another is derived, and no start", () => {
    expect(read("Boarding 15 minutes before 4:30")).toEqual([["04:15 -15 from 04:30", "16:15 -15 from 16:30"]]);
    expect(read("Boarding 15 minutes before 4:30 PM")).toEqual([["16:15 -15 from 16:30"]]);
    expect(read("30 minutes prior to departure")).toEqual([["-30 from departure"]]);
  });

  it("pitfall 9: other ways to write a time, and dates whose order is open", () => {
    expect(read("1630 hrs, 4.30pm, 16h30, 4:30P.M., 4:30p")).toEqual([["16:30"], ["16:30"], ["16:30"], ["16:30"], ["16:30"]]);
    expect(read("5/6/2026")).toEqual([["2026-05-06", "2026-06-05"]]);
    expect(read("5/6/2026", { dateOrder: "dmy" })).toEqual([["2026-06-05"]]);
    expect(read("5/30/2026, 30/5/2026, 30.05.2026, 2026/05/30")).toEqual(Array.from({ length: 4 }, () => ["2026-05-30"]));
    expect(read("Friday, 5/6/2026")).toEqual([["2026-06-05"]]);
  });

  it("pitfall 10: amounts, phone numbers and tides are never times", () => {
    expect(read("$1,430")).toEqual([["no: an amount of money"]]);
    expect(read("call 555-0430 or (619) 555-0430")).toEqual([["no: a phone number"], ["no: a phone number"]]);
    expect(read("4:30 AM tide. High tide 4:30 AM. Tides: 4:30 AM (5.2 ft), 10:50 AM")).toEqual(
      Array.from({ length: 4 }, () => ["no: a tide time"]),
    );
    const others = "16:10 ratio, scale 10:20, John 3:16, 192.168.4.30, version 4.30, €4.30, 430 USD, 10:20:30:40, 555-1630";
    expect(read(others).filter(([first]) => first?.startsWith("no: ") !== true)).toEqual([]);
  });

  it("pitfall 11: a range whose markup is gone reads as one text, with parts to edit each alone", () => {
    const text = "4:30–7:30 PM";
    const [mention] = findClockText(text, about);
    expect(mention?.parts.map(({ role, from, to }) => [role, text.slice(from, to)])).toEqual([
      ["start", "4:30"],
      ["end", "7:30 PM"],
    ]);
  });

  it("pitfall 12: a UTC text is the zone's wall clock of its season", () => {
    expect(read("15:30")).toEqual([["15:30"]]);
    expect(read("2026-05-30 22:30", { textZone: "UTC" })).toEqual([["2026-05-30 15:30"]]);
    expect(read("2026-01-30 23:30", { textZone: "UTC" })).toEqual([["2026-01-30 15:30"]]);
    expect(read("23:30Z")).toEqual([["15:30", "16:30"]]);
    expect(read("23:30Z", { hint: { date: "2026-01-30" } })).toEqual([["15:30"]]);
  });

  it("pitfall 13: a time that a clock skips or shows twice has two readings", () => {
    expect(read("2026-03-08 02:30")).toEqual([["2026-03-08 03:30", "2026-03-08 01:30"]]);
    expect(read("Nov 1, 2026 1:30 AM")).toEqual([["2026-11-01 01:30 -07:00", "2026-11-01 01:30 -08:00"]]);
    expect(findClockText("2026-03-08 02:30", about)[0]?.asks).toBe("the clock of America/Los_Angeles skips 02:30 on 2026-03-08");
    expect(read("2026-11-01T01:30:00-08:00")).toEqual([["2026-11-01 01:30 -08:00"]]);
  });

  it("pitfall 14: a range across the change keeps its wall clock", () => {
    expect(read("Oct 31, 2026, 11 PM – 3 AM")).toEqual([["2026-10-31 23:00 → 2026-11-01 03:00"]]);
  });

  it("pitfall 15: floating, UTC and date-only calendar values", () => {
    expect(read("20260530T163000", { isCode: true })).toEqual([["2026-05-30 16:30"]]);
    expect(read("20260530T163000", { isCode: true, textZone: "America/New_York" })).toEqual([["2026-05-30 13:30"]]);
    expect(read("20260530", { isCode: true })).toEqual([["2026-05-30"]]);
    expect(read("booking 20260530")).toEqual([]);
  });

  it("pitfall 17: start, arrival, end and length of one page are each what they are", () => {
    expect(read("Departs 4:30 PM, arrive at 4:15 PM. Ends 2026-05-31T02:30Z. A 3 hours sail.")).toEqual([
      ["16:30"],
      ["16:15"],
      ["2026-05-30 19:30"],
      ["180 min"],
    ]);
  });
});

describe("clock text around a time", () => {
  it.each([
    ["set up meeting 1:30p.m. to 4 people", [["13:30"]]],
    ["1p.m. to 4.", [["13:00 → 16:00"]]],
    ["Dock 4 – 7:30 PM", [["19:30"]]],
    ["party of 4, 7:30 PM", [["19:30"]]],
    ["from 4:30 PM for 3 hours", [["16:30 → 19:30 180 min"]]],
    ["half past seven in the evening", [["19:30"]]],
    ["20 minutes to three to eight in the evening", [["14:40 → 20:00"]]],
    ["1630–1930 hrs", [["16:30 → 19:30"]]],
    ["4.30–7.30 pm", [["16:30 → 19:30"]]],
    ["9:30–16:30", [["09:30 → 16:30"]]],
    ["May 30, 4:30 PM – May 31, 1 AM", [["2026-05-30 16:30 → 2026-05-31 01:00"]]],
    ["May 30 – June 2, 2027", [["2027-05-30 → 2027-06-02"]]],
    ["Jun 7 1440-1825; party of 1440-1825", [["2026-06-07 14:40 → 2026-06-07 18:25"]]],
    ["Monday 8:00 PM", [["20:00 day 1"]]],
    ["See you Saturday.", [["day 6"]]],
    ["7:30 PM ET", [["16:30"]]],
    ["Sunset 7:52 PM", [["no: the time of sunrise or sunset"]]],
    ["sunset sail 4:30 PM", [["16:30"]]],
    ["4:30 PM sunset cruise", [["16:30"]]],
    ["Open daily 9 AM – 5 PM", [["no: opening hours"]]],
    ["Upload closes Monday at 8:00 PM", [["20:00 day 1"]]],
    ["Open bar 4:30–7:30 PM", [["16:30 → 19:30"]]],
    ["Saturdays 4:30 PM", [["no: a time that recurs"]]],
    ["2-3 hours", [["120 min", "180 min"]]],
    ["1 hour 30 minutes", [["90 min"]]],
    ["/g/2026-05-30-someone-sunset.html", []],
    ["I sat in the sun, and may 30 guests come", []],
    ["41 guests, 12 of them crew; lines 96 - 568", []],
  ])("%j", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it("a weekday that is not the date's is said to contradict it", () => {
    expect(findClockText("Friday, May 30, 2026", about)[0]?.contradiction).toBe("Friday, but 2026-05-30 is a Saturday");
  });

  it("a day without a year takes the year in which its weekday fits, and says so", () => {
    expect(findClockText("Saturday, May 30", about)[0]).toMatchObject({
      readings: [{ start: { date: "2026-05-30" } }],
      settledBy: "the year in which it is a Saturday",
    });
    const { today: _today, ...undated } = about;
    expect(findClockText("Saturday, May 30", undated)[0]?.readings[0]).toEqual({
      start: { kind: "moment", weekday: 6 },
      yearless: "05-30",
    });
  });

  it("in code, a time is one only as the whole value or as an ISO text", () => {
    expect(read("meet at 4:30 PM", { isCode: true })).toEqual([]);
    expect(read(" 4:30 PM ", { isCode: true })).toEqual([["16:30"]]);
    expect(read("10:30", { isCode: true })).toEqual([["10:30"]]);
    expect(read('const CUTOFF = "2026-05-30T15:30"; x = 4', { isCode: true })).toEqual([["2026-05-30 15:30"]]);
  });

  it("what the quick look turns away holds nothing", () => {
    expect(mayHoldClockText("Welcome aboard, dear guests.")).toBe(false);
    for (const text of ["noon", "Friday", "half an hour", "two to five p m", "seven o’clock in the evening"]) {
      expect([text, mayHoldClockText(text), findClockText(text, about).length > 0]).toEqual([text, true, true]);
    }
  });

  it.each(["1", "1:", "4-", "4 - ", "12 ", "$1,", "1.", "half past ", "4 – ", "555-0430 ", "- - ", "open 4 ", "may 3, ", "am "])(
    "time is linear in a text of nothing but %j",
    (piece) => {
      const cpuMs = (size: number): number => {
        const text = piece.repeat(Math.ceil(size / piece.length));
        const from = process.cpuUsage().user;
        findClockText(text, about);
        return (process.cpuUsage().user - from) / 1000;
      };
      cpuMs(hostile / 8);
      // Four times the time per character leaves room for a busy machine; what is quadratic takes eight times it.
      expect(cpuMs(hostile)).toBeLessThan(100 + 8 * 4 * Math.max(2, cpuMs(hostile / 8)));
    },
  );
});
