import { expect, it } from "vitest";
import { zoneRules } from "../../src/codecs/zones/zone-rules.ts";
import type { ClockContext } from "../../src/core/records/clock-text/clock-mention.ts";
import { findClockText } from "../../src/core/records/clock-text/find-clock-text.ts";
import { rewriteClock, withReplacements } from "../../src/core/records/clock-text/rewrite-clock.ts";
import type { Moment } from "../../src/core/records/value.ts";

const about: ClockContext = { zones: zoneRules, zone: "America/Los_Angeles", today: "2026-05-20" };
const said = (text: string): readonly string[] =>
  findClockText(text, about).flatMap(({ readings }) =>
    readings.map(({ start, end }) => [start, end].flatMap((one) => (one ? [`${one.date} ${one.time}`] : [])).join(" → ")),
  );
const on = (date: string, time: string): Moment => ({ kind: "moment", date, time });

it.each([
  ["?action=TEMPLATE&dates=20260530T163000/20260530T193000&ctz=America/Los_Angeles", "2026-05-30 16:30 → 2026-05-30 19:30"],
  ["?dates=20260530T163000%2F20260530T193000", "2026-05-30 16:30 → 2026-05-30 19:30"],
  ["?dates=20260530T233000Z/20260531T023000Z", "2026-05-30 16:30 → 2026-05-30 19:30"],
  ["?v=60&st=20260530T233000Z&dur=0300", "2026-05-30 16:30"],
  ["/new?startdt=2026-05-30T16:30:00", "2026-05-30 16:30"],
])("a link that adds an event to a calendar says when it is: %s", (text, expected) => {
  expect(said(`https://calendar.example/${text}`)).toEqual([expected]);
});

it("such a link moves as a whole", () => {
  const text = "https://calendar.example/?dates=20260530T233000Z%2F20260531T023000Z&a=1";
  const [mention = expect.fail("nothing read")] = findClockText(text, about);
  const found = rewriteClock(mention, text, { start: on("2026-06-05", "15:30"), end: on("2026-06-05", "18:30") }, about);
  expect("cannot" in found ? found : withReplacements(text, found)).toBe(
    "https://calendar.example/?dates=20260605T223000Z%2F20260606T013000Z&a=1",
  );
});

it("a date in a link's path or alone in a parameter stays a part of the address, and no half of a stamp is read", () => {
  expect(said("https://x.example/g/2026-05-30-sail?day=2026-05-30")).toEqual([]);
  expect(said("/x_2026-05-30T16:30")).toEqual([]);
});

it("an instant whose zone another parameter names otherwise is not taken for the kind's", () => {
  expect(said("https://calendar.example/?dates=20260530T163000/20260530T193000&ctz=America/New_York")).toEqual([]);
  expect(said("https://calendar.example/?dates=20260530T163000/20260530T193000&ctz=America%2FLos_Angeles")).toHaveLength(1);
});

it("small letters make no other date of it where a weekday stands before", () => {
  expect(said("sat may 30, 4:30 pm")).toEqual(["2026-05-30 16:30"]);
  expect(findClockText("saturday, may 30", about)).toMatchObject([
    { raw: "saturday, may 30", readings: [{ start: { date: "2026-05-30" } }] },
  ]);
  expect(said("we sat in the sun, and may 30 guests come")).toEqual([]);
});
