import { expect, test } from "vitest";
import { ago, localTime } from "./when.ts";

const now = new Date(2026, 4, 22, 12, 0).getTime();
const iso = (...at: readonly [number, number, number, number, number]): string => new Date(...at).toISOString();

test("a moment is told in local time, with its year only where that is another one", () => {
  expect(localTime(iso(2026, 4, 20, 14, 2), now)).toBe("20 May 14:02");
  expect(localTime(iso(2025, 11, 1, 9, 5), now)).toBe("1 Dec 2025 09:05");
  expect(localTime("whenever", now)).toBe("whenever");
});

test.each([
  [iso(2026, 4, 22, 11, 59), "1 minute ago"],
  [iso(2026, 4, 22, 12, 0), "just now"],
  [iso(2026, 4, 22, 12, 1), "just now"],
  [iso(2026, 4, 22, 9, 0), "3 hours ago"],
  [iso(2026, 4, 20, 11, 0), "2 days ago"],
  [iso(2026, 1, 22, 12, 0), "2 months ago"],
  [iso(2024, 4, 1, 12, 0), "2 years ago"],
  [iso(2026, 4, 23, 12, 0), "in the future by this clock"],
  ["whenever", "at an unknown time"],
])("%s is %s", (at, told) => {
  expect(ago(at, now)).toBe(told);
});
