import { expect, test } from "vitest";
import { foldText, normalEmail, normalKey, phoneDigits, skeletonOf, wordsOf } from "./fold-text.ts";
import { alignNames, isTypo, likenessOf, mayBeSamePerson, nameWords } from "./person-name.ts";
import { editDistance, jaroWinkler } from "./string-similarity.ts";

test("edits are counted with swaps of neighbours as one, up to the most that is asked for", () => {
  expect(editDistance("silva", "silva", 2)).toBe(0);
  expect(editDistance("silva", "sliva", 2)).toBe(1);
  expect(editDistance("baker", "bakker", 2)).toBe(1);
  expect(editDistance("smith", "smyth", 2)).toBe(1);
  expect(editDistance("kitten", "sitting", 3)).toBe(3);
  expect(editDistance("kitten", "sitting", 2)).toBe(3);
  expect(editDistance("", "ab", 2)).toBe(2);
});

test("Jaro and Winkler's own examples come out as they published them", () => {
  expect(jaroWinkler("martha", "marhta")).toBeCloseTo(0.961, 3);
  expect(jaroWinkler("dwayne", "duane")).toBeCloseTo(0.84, 3);
  expect(jaroWinkler("dixon", "dicksonx")).toBeCloseTo(0.813, 3);
  expect(jaroWinkler("abc", "xyz")).toBe(0);
});

test("marks, case and apostrophes make no other word", () => {
  expect(foldText("Müller-Straße")).toBe("muller-strasse");
  expect(wordsOf("O’Hare, José 12b")).toEqual(["ohare", "jose", "12", "b"]);
  expect(skeletonOf("jonathan")).toBe(skeletonOf("jonathon"));
});

test("a key compares without what people put around it, and a placeholder is no key", () => {
  expect(normalKey("#XQ-7hgm")).toBe(normalKey("xq7hgm"));
  for (const none of ["TBD", "n/a", "0000", "xx", "Unknown"]) expect(normalKey(none)).toBe("");
  expect(phoneDigits("+1 (619) 555-0143")).toBe("16195550143");
  expect(normalEmail('"Ana" <Ana+trip@Example.com>')).toBe("ana@example.com");
  expect(normalEmail("no address")).toBe("");
});

const isOne = (a: string, b: string): boolean => mayBeSamePerson(alignNames(nameWords(a), nameWords(b)));

test.each([
  ["Jonathan Baker", "Baker, Jonathan"],
  ["Jonathan", "Jonathan B."],
  ["Jon Baker", "Jonathan Baker"],
  ["Bob Silva", "Robert Silva"],
  ["José Núñez", "Jose Nunez"],
  ["Mr. Peter Larsen", "Peter Larsne"],
  ["Mary Ann Okafor", "Maryann Okafor"],
  ["O'Connor", "OConnor"],
])("%s and %s may be one person", (a, b) => expect(isOne(a, b)).toBe(true));

test.each([
  ["Jonathan Baker", "Jonathan Kim"],
  ["Jonathan B.", "Jonathan K."],
  ["Mary Silva", "Mark Silva"],
  ["Peter Larsen", "Susan Larsen"],
])("%s and %s are two", (a, b) => expect(isOne(a, b)).toBe(false));

test("a slip is allowed by length, and numbers are never slips of one another", () => {
  expect(isTypo("kim", "kmi")).toBe(true);
  expect(isTypo("kim", "kin")).toBe(false);
  expect(isTypo("4312", "4321")).toBe(false);
  expect(likenessOf("mary", "mark")).toBeUndefined();
});
