import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { occurrences, readRule } from "./recurrence.ts";

const instances = (rule: string, start: string, toDate: string): string[] => {
  const read = readRule(rule);
  if (!read) throw new Error(`${rule} is no rule`);
  const startMs = Date.parse(`${start}Z`);
  return occurrences(read, startMs, { fromMs: startMs, toMs: Date.parse(`${toDate}T23:59:59Z`), instancesMax: 40 }).map((at) =>
    new Date(at).toISOString().slice(0, 19),
  );
};

/** As much of ical.js as is asked here; its own declarations are not for this compiler. */
interface SecondOpinion {
  readonly Recur: { fromString(rule: string): { iterator(start: unknown): { next(): { toString(): string } | null | undefined } } };
  readonly Time: { fromJSDate(date: Date, isUtc: boolean): unknown };
}

const isSecondOpinion = (value: unknown): value is SecondOpinion =>
  typeof value === "object" && value !== null && "Recur" in value && "Time" in value;

function secondOpinion(): SecondOpinion {
  const loaded: unknown = createRequire(import.meta.url)("ical.js");
  const found: unknown = typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : loaded;
  if (!isSecondOpinion(found)) throw new Error("ical.js has other parts than this test knows");
  return found;
}

const ICAL = secondOpinion();

/** The same by ical.js. */
function second(rule: string, start: string, toDate: string): string[] {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromJSDate(new Date(`${start}Z`), true));
  const found: string[] = [];
  for (let next = iterator.next(); next && found.length < 40; next = iterator.next()) {
    const text = next.toString().replace("Z", "");
    if (text.slice(0, 10) > toDate) break;
    found.push(text);
  }
  return found;
}

describe("a recurrence rule", () => {
  it.each([
    "FREQ=DAILY;COUNT=10",
    "FREQ=DAILY;INTERVAL=3;UNTIL=20261224T000000",
    "FREQ=DAILY;BYMONTH=6,7",
    "FREQ=DAILY;BYDAY=SA,SU;BYHOUR=9,16",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,SA",
    "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=SU,TU",
    "FREQ=MONTHLY;COUNT=6",
    "FREQ=MONTHLY;BYDAY=1FR,-1SA",
    "FREQ=MONTHLY;BYMONTHDAY=-1,15",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11,12",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
    "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=5,7",
    "FREQ=HOURLY;INTERVAL=5;COUNT=12",
  ])("%s names what ical.js says it names", (rule) => {
    // DTSTART counts as the first instance whether or not the rule names it; here it does where it matters.
    const starts = second(rule, "2026-05-30T16:30:00", "2031-12-31");
    const first = starts[0] ?? "2026-05-30T16:30:00";
    expect(instances(rule, first, "2031-12-31")).toEqual(second(rule, first, "2031-12-31"));
  });

  it("leaves out the days that a month lacks", () => {
    expect(instances("FREQ=YEARLY;BYMONTH=1,2", "2028-01-30T16:30:00", "2029-12-31")).toEqual([
      "2028-01-30T16:30:00",
      "2029-01-30T16:30:00",
    ]);
  });

  it("that is none is not read", () => {
    for (const rule of [
      "",
      "FREQ=NEVER",
      "FREQ=DAILY;INTERVAL=0",
      "FREQ=DAILY;COUNT=x",
      "FREQ=DAILY;BYDAY=XX",
      "FREQ=MONTHLY;BYMONTHDAY=40",
      "FREQ=DAILY;UNTIL=soon",
    ])
      expect(readRule(rule)).toBeUndefined();
  });

  it("that never comes true ends", () => {
    expect(instances("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-05-30T16:30:00", "2999-12-31")).toEqual(["2026-05-30T16:30:00"]);
  });
});
