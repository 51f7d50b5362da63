import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareKeys, isPage, keyCollisions, keyProblem, urlPathOf, visitorPathsOf } from "./key.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  // Few letters from where UTF-16 and UTF-8 disagree, so that prefixes are shared often.
  fc
    .array(fc.constantFrom("a", "/", "é", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"), { maxLength: 5 })
    .map((all) => all.join("")),
);

describe("compareKeys", () => {
  test("orders as the bytes of UTF-8 do", () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(Math.sign(compareKeys(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      }),
      { numRuns: 2000 },
    );
  });

  test("puts an astral character after the end of the basic plane, where UTF-16 would not", () => {
    expect(compareKeys("\u{10000}", "\uffff")).toBeGreaterThan(0);
    expect(compareKeys("\uffff", "\u{10000}")).toBeLessThan(0);
    expect(["\uffff", "\u{10000}"].toSorted()).toEqual(["\u{10000}", "\uffff"]);
  });
});

describe("keyProblem", () => {
  test.each([
    "index.html",
    "a/b/c.css",
    "été/menu du soir.html",
    "日本語.html",
    ".well-known/x",
    "a".repeat(1024),
    "..a",
    "a..b/c..",
    "-x",
  ])("%s can be a key", (key) => {
    expect(keyProblem(key)).toBeUndefined();
  });

  test.each([
    ["", "it is empty"],
    ["/index.html", "it begins with a slash"],
    ["a//b", "it has an empty segment"],
    ["a/", "it has an empty segment"],
    ["./a", "it has a `.` or `..` segment"],
    ["a/../b", "it has a `.` or `..` segment"],
    ["..", "it has a `.` or `..` segment"],
    [String.raw`a\b`, "it holds a backslash"],
    ["a\nb", "it holds a control character"],
    ["a\u0000", "it holds a control character"],
    ["a\u007f", "it holds a control character"],
    ["a\u0085b", "it holds a control character"],
    ["e\u0301.html", "it is not in Unicode normal form C"],
    ["\ud800", "it is not valid Unicode"],
    ["a".repeat(1025), "it is longer than 1024 bytes"],
    ["é".repeat(513), "it is longer than 1024 bytes"],
  ])("%j cannot be a key: %s", (key, problem) => {
    expect(keyProblem(key)).toBe(problem);
  });

  test("whatever it lets through stays below its folder and is one name in UTF-8 and NFC", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ maxLength: 12 })), (key) => {
        fc.pre(keyProblem(key) === undefined);
        expect(new URL(urlPathOf(key), "https://site.example/").pathname).toBe(urlPathOf(key));
        expect(Buffer.from(key).toString().normalize("NFC")).toBe(key);
      }),
    );
  });
});

describe("keyCollisions", () => {
  test("names that differ in case alone collide, at any depth", () => {
    expect(keyCollisions(["a/Menu.html", "index.html", "a/menu.html", "A/menu.html"])).toEqual([
      ["a/Menu.html", "a/menu.html", "A/menu.html"],
    ]);
    expect(keyCollisions(["É.html", "é.html"])).toEqual([["É.html", "é.html"]]);
  });

  test("a file and a folder of one name collide, case aside and in either order", () => {
    expect(keyCollisions(["tours", "tours/day.html"])).toEqual([["tours", "tours/day.html"]]);
    expect(keyCollisions(["a/b/c/d.html", "A/B"])).toEqual([["A/B", "a/b/c/d.html"]]);
  });

  test("folders that share files, and names that only begin alike, do not collide", () => {
    expect(keyCollisions(["a/b.html", "a/c.html", "a.html", "ab/c.html", "a/bc/d.html"])).toEqual([]);
    expect(keyCollisions([])).toEqual([]);
  });

  test("finds exactly what comparing every pair would find", () => {
    const names = fc.uniqueArray(
      fc.array(fc.constantFrom("a", "A", "b", "c"), { minLength: 1, maxLength: 3 }).map((all) => all.join("/")),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(names, (keys) => {
        const colliding = keys.some((one, at) =>
          keys.some((other, index) => {
            const [left, right] = [one.toLowerCase(), other.toLowerCase()];
            return at !== index && (left === right || right.startsWith(`${left}/`));
          }),
        );
        expect(keyCollisions(keys).length > 0).toBe(colliding);
      }),
    );
  });
});

describe("visitorPathsOf", () => {
  test("an index page is reached by its folder too, any other page by its own path alone", () => {
    expect(visitorPathsOf("index.html")).toEqual(["/index.html", "/"]);
    expect(visitorPathsOf("tours/index.html")).toEqual(["/tours/index.html", "/tours/"]);
    expect(visitorPathsOf("tours/myindex.html")).toEqual(["/tours/myindex.html"]);
    expect(visitorPathsOf("index.html/x.css")).toEqual(["/index.html/x.css"]);
  });

  test("names are percent-encoded, slashes are not", () => {
    expect(visitorPathsOf("été/a b#1?.html")).toEqual(["/%C3%A9t%C3%A9/a%20b%231%3F.html"]);
    expect(visitorPathsOf("a,b;c:d@e$f&g=h!(i)'j'.html")).toEqual(["/a,b;c:d@e$f&g=h!(i)'j'.html"]);
    expect(visitorPathsOf("a+b*~.html")).toEqual(["/a%2Bb%2A%7E.html"]);
    expect(urlPathOf("a+b*~.html")).toBe("/a%2Bb*~.html");
    expect(visitorPathsOf("a b/index.html")).toEqual(["/a%20b/index.html", "/a%20b/"]);
  });
});

describe("isPage", () => {
  test.each(["index.html", "a.htm", "a/b.XHTML", "a.HTM"])("%s is a page", (key) => {
    expect(isPage(key)).toBe(true);
  });

  test.each(["a.css", "html", "a.html.gz", "a.html/x.js", "a.xml"])("%s is none", (key) => {
    expect(isPage(key)).toBe(false);
  });
});
