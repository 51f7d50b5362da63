import { expect, test } from "vitest";
import type { Moment } from "../value.ts";
import { oldSpellings } from "./unread-code.ts";

const old: readonly Moment[] = [
  { kind: "moment", date: "2026-05-30", time: "16:30" },
  { kind: "moment", time: "09:05" },
];
const spelled = (text: string, name = ""): readonly string[] =>
  oldSpellings(text, { name }, old).map(({ from, to }) => text.slice(from, to));

test.each([
  ["new Date(2026, 4, 30, 16, 30)", ["2026, 4, 30, 16, 30"]],
  ['{"start":"16:30","d":3}', ["16:30"]],
  ['{"startTime":1630}', ["1630"]],
  ["?start=2026-05-30T16%3A30%3A00", ["2026-05-30T16%3A30"]],
  ["openAt('9:05')", ["9:05"]],
])("%s says an old time", (text, expected) => {
  expect(spelled(text)).toEqual(expected);
});

test("a number is an old time by itself only where its name says that it is one", () => {
  expect(spelled("1630", "startTime")).toEqual(["1630"]);
  expect(spelled("1630", "width")).toEqual([]);
});

test.each(["new Date(2026, 5, 30, 16, 30)", "116:30", "16:30:15", "16:305", "width: 1630", "2026,4,30,16,3", "16301630"])(
  "%s says none",
  (text) => {
    expect(spelled(text)).toEqual([]);
  },
);
