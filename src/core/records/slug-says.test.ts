import { expect, test } from "vitest";
import { slugSaysOtherwise } from "./slug-says.ts";

test.each([
  ["g/2026-05-30-jonah-sunset.html", "15:30", "sunset"],
  ["g/2026-05-30-jonah-sunset.html", "16:30", undefined],
  ["g/2026-05-30-jonah-afternoon.html", "18:30", "afternoon"],
  ["g/2026-05-30-morningstar.html", "18:30", undefined],
])("the address %s at %s says otherwise: %s", (key, time, word) => {
  expect(slugSaysOtherwise(key, time)).toBe(word);
});
