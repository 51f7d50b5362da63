import { expect, test } from "vitest";
import { coverageOf, decodedPath } from "./invalidation-paths.ts";

const covers = (paths: readonly string[], path: string): boolean => coverageOf(paths)(decodedPath(path));

test("an exact path covers itself, however it is percent-encoded, and nothing else", () => {
  expect(covers(["/caf%C3%A9.html"], "/caf%c3%a9.html")).toBe(true);
  expect(covers(["/%61.html"], "/a.html")).toBe(true);
  expect(covers(["/a.html"], "/A.html")).toBe(false);
  expect(covers(["/a"], "/a/")).toBe(false);
  expect(covers(["/"], "/index.html")).toBe(false);
});

test("a wildcard covers everything that begins alike, folders below included", () => {
  expect(covers(["/dir/*"], "/dir/a/b.html")).toBe(true);
  expect(covers(["/dir/*"], "/dir/")).toBe(true);
  expect(covers(["/dir/*"], "/dir")).toBe(false);
  expect(covers(["/dir*"], "/directory.html")).toBe(true);
  expect(covers(["/*"], "/")).toBe(true);
  expect(covers(["/caf%C3%A9/*"], "/caf%c3%a9/menu.html")).toBe(true);
});

test("an encoded star is a character, not a wildcard", () => {
  expect(covers(["/a%2A"], "/a*")).toBe(true);
  expect(covers(["/a%2A"], "/ab")).toBe(false);
});

test("a path that is no valid encoding is compared as it came", () => {
  expect(covers(["/100%"], "/100%")).toBe(true);
});
