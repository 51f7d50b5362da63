import { describe, expect, test } from "vitest";
import { placeIn } from "./place-in-history.ts";

describe("placeIn", () => {
  test("a content that stands once has one place", () => {
    expect(placeIn(["c", "b", "a"], "b")).toEqual({ newest: 1, oldest: 1 });
  });

  test("a content that came back has the ends of its run", () => {
    expect(placeIn(["a", "b", "a", "c"], "a")).toEqual({ newest: 0, oldest: 2 });
  });

  test("a content that history does not know, or that is absent, has no place", () => {
    expect(placeIn(["a"], "b")).toBeUndefined();
    expect(placeIn(["a"], undefined)).toBeUndefined();
    expect(placeIn([], "a")).toBeUndefined();
  });
});
