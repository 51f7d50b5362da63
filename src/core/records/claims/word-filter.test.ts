import { expect, test } from "vitest";
import { mayHoldWord, wordFilter } from "./word-filter.ts";
import { wordHash } from "./word-hash.ts";

const words = (from: number, count: number): ReadonlySet<string> => new Set(Array.from({ length: count }, (_, at) => `word${from + at}`));

test("a filter never denies a word that it was made of, and few that it was not", () => {
  for (const count of [1, 7, 400, 5000]) {
    const held = words(0, count);
    const filter = wordFilter(new Set([...held].map(wordHash)));
    expect([...held].filter((word) => !mayHoldWord(filter, word))).toEqual([]);
    const wrong = [...words(100_000, 2000)].filter((word) => mayHoldWord(filter, word)).length;
    expect(wrong).toBeLessThan(100);
    expect(filter.length).toBeLessThanOrEqual(Math.ceil((count * 10) / 6) + 1);
  }
});

test("a filter of no words denies all", () => {
  expect(mayHoldWord(wordFilter(new Set()), "jonah")).toBe(false);
});
