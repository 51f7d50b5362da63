import { expect, test } from "vitest";
import { alignSlices } from "./align-slices.ts";

const aligned = (old: string, next: string) =>
  alignSlices({ from: 10, to: 10 + old.length, text: next }, old)?.map(({ from, to, text }) => [old.slice(from - 10, to - 10), text]);

test("texts that are built alike change word by word and figure by figure", () => {
  expect(aligned("18:30", "19:15")).toEqual([
    ["18", "19"],
    ["30", "15"],
  ]);
  expect(aligned("Mara Voss", "Ben Li")).toEqual([
    ["Mara", "Ben"],
    ["Voss", "Li"],
  ]);
  expect(aligned("Ann O’Hara", "Dr. Li")).toEqual([
    ["Ann", "Dr."],
    ["O’Hara", "Li"],
  ]);
  expect(aligned("9:30 AM", "10:30 AM")).toEqual([["9", "10"]]);
});

test("texts that are not built alike are not taken apart", () => {
  expect(aligned("Mara Voss", "Ben")).toBeUndefined();
  expect(aligned("18:30", "7 pm")).toBeUndefined();
  expect(aligned("Ana, Ben", "Ana and Ben")).toBeUndefined();
});
