import { expect, test } from "vitest";
import { zoneRules } from "../../src/codecs/zones/zone-rules.ts";
import { showValue } from "../../src/core/records/compare-values.ts";
import { isSkipped, shownMoments } from "../../src/core/records/shown-moments.ts";

const berlin = { zone: "Europe/Berlin", rules: zoneRules };
const at = (date: string, time: string) => ({ kind: "moment", date, time }) as const;
const shown = (date: string, time: string): readonly string[] => shownMoments(at(date, time), berlin).map((one) => showValue(one));

test("a time that the clock shows once is that time", () => {
  expect(shown("2027-05-10", "18:30")).toEqual(["2027-05-10 18:30"]);
});

test("a time that the clock skips is one of the two moments around the gap", () => {
  expect(shown("2027-03-28", "02:30")).toEqual(["2027-03-28 03:30", "2027-03-28 01:30"]);
  expect(isSkipped(at("2027-03-28", "02:30"), berlin)).toBe(true);
});

test("a time that the clock shows twice is two moments with their offsets", () => {
  expect(shown("2027-10-31", "02:30")).toEqual(["2027-10-31 02:30 +02:00", "2027-10-31 02:30 +01:00"]);
  expect(isSkipped(at("2027-10-31", "02:30"), berlin)).toBe(false);
});
