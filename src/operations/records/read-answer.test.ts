import { expect, test } from "vitest";
import { booking } from "../../../test/scenarios/records/records-world.ts";
import { readAnswer } from "./read-answer.ts";

const answer = (text: string): unknown => readAnswer(booking, "start", text, "2026-05-01");

test("a time as belay writes it in its questions is taken back as it was written", () => {
  expect(answer("10:30")).toEqual({ kind: "moment", time: "10:30" });
  expect(answer("12:05")).toEqual({ kind: "moment", time: "12:05" });
  expect(answer("15:30")).toEqual({ kind: "moment", time: "15:30" });
});

test("another text of two readings is refused with both of them", () => {
  expect(() => answer("4:30")).toThrow(/can be read as .*04:30.* or .*16:30/u);
});
