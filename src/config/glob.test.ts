import { expect, test } from "vitest";

import { globProblem, matcher } from "./glob.ts";

test.each([
  ["**/*.map", ["a.map", "js/deep/a.map", ".hidden/a.map"], ["a.map.js", "map"]],
  ["*.map", ["a.map"], ["js/a.map"]],
  ["drafts", ["drafts", "drafts/a.html", "drafts/deep/.b"], ["drafts-old/a.html", "blog/drafts/a.html"]],
  ["drafts/", ["drafts/a.html"], ["drafts.html"]],
  ["blog/drafts/", ["blog/drafts/a/b"], ["drafts/a"]],
  ["**/drafts/", ["drafts/a", "blog/drafts/a"], ["blog/drafts.html"]],
  [".well-known/**", [".well-known/a"], ["a"]],
  ["c++", ["c++/a.html", "c++"], ["c/a.html", "ccc"]],
  ["{a,b}/*.html", ["a/x.html", "b/.x.html"], ["c/x.html"]],
  ["caf\u0065\u0301", ["caf\u00e9/menu.html"], ["cafe/menu.html"]],
])("%s matches what it names and nothing else", (glob, hits, misses) => {
  const matches = matcher([glob]);
  expect(hits.filter((key) => !matches(key))).toEqual([]);
  expect(misses.filter((key) => matches(key))).toEqual([]);
});

test("several globs match what any of them matches, and none match nothing", () => {
  const matches = matcher(["a", "*.css"]);
  expect(["a/b", "x.css", "x.js"].map(matches)).toEqual([true, true, false]);
  expect(matcher([])("a")).toBe(false);
});

test.each(["!a", "/a", "a/../b", "./a", "a[b", "{a,b", "[z-a]", "/"])("%s is no glob over keys", (glob) => {
  expect(globProblem(glob)).toBeTypeOf("string");
});

test.each(["**", "drafts/", "*.{js,css}", "a[0-9].html", "@(a|b)/*"])("%s is a glob over keys", (glob) => {
  expect(globProblem(glob)).toBeUndefined();
});
