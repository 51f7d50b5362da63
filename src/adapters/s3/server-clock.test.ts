import { expect, test } from "vitest";
import { ServerClock } from "./server-clock.ts";

test("the server's clock is unknown before its first answer, then runs on from it, wherever ours stands", () => {
  let nowMs = 1_000;
  const clock = new ServerClock({ now: () => nowMs, sleep: async () => await Promise.resolve() });
  expect(clock.nowMs()).toBeUndefined();
  clock.note("Tue, 20 May 2031 14:02:00 GMT");
  nowMs += 5_000;
  expect(clock.nowMs()).toBe(Date.UTC(2031, 4, 20, 14, 2, 5));
});
