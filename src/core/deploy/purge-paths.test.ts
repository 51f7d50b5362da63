import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { visitorPathsOf } from "../paths/key.ts";
import { purgeExactMax, purgePaths } from "./purge-paths.ts";

const atRoot = { urlPath: "", exactMax: purgeExactMax };
const files = (folder: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${folder}${at}.html`);

/** What a CDN matches: a last `*` is anything or nothing, every other character is itself. */
const covers = (pattern: string, path: string): boolean =>
  pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path;

describe("purgePaths", () => {
  test("names every path of a key as visitors ask for it, folder addresses included, each once", () => {
    expect(purgePaths(["index.html", "tours/index.html", "a b.css", "index.html"], atRoot)).toEqual({
      paths: ["/index.html", "/", "/tours/index.html", "/tours/", "/a%20b.css"],
    });
    expect(purgePaths([], atRoot)).toEqual({ paths: [] });
  });

  test("a site below a path of its host is purged below that path", () => {
    expect(purgePaths(["index.html", "café.html"], { urlPath: "/docs", exactMax: 3 })).toEqual({
      paths: ["/docs/index.html", "/docs/", "/docs/caf%C3%A9.html"],
    });
    expect(purgePaths(files("guide/", 4), { urlPath: "/docs", exactMax: 3 })).toEqual({ paths: ["/docs/guide/*"], standsFor: 4 });
    expect(purgePaths(files("", 11), { urlPath: "/docs", exactMax: 3 })).toEqual({ paths: ["/docs/*"], standsFor: 11 });
  });

  test("a thousand exact paths stay exact, one more becomes its folder", () => {
    expect(purgePaths(files("tours/", 1000), atRoot).paths).toHaveLength(1000);
    expect(purgePaths(files("tours/", 1001), atRoot)).toEqual({ paths: ["/tours/*"], standsFor: 1001 });
  });

  test("the folder is the deepest that holds them all, and ends at a slash", () => {
    const keys = [...files("a/b/one", 2), ...files("a/b/c/d/", 2), "a/bc/x.css"];
    expect(purgePaths(keys, { urlPath: "", exactMax: 4 })).toEqual({ paths: ["/a/*"], standsFor: 5 });
    expect(purgePaths(keys.slice(0, 4), { urlPath: "", exactMax: 3 })).toEqual({ paths: ["/a/b/*"], standsFor: 4 });
    expect(purgePaths(["a/index.html", "a/x.css"], { urlPath: "", exactMax: 2 })).toEqual({ paths: ["/a/*"], standsFor: 3 });
  });

  test("a path that shares no folder with another stays exact beside the folders", () => {
    const keys = ["index.html", ...files("assets/img/", 3), "about/team.html"];
    expect(purgePaths(keys, { urlPath: "", exactMax: 4 })).toEqual({
      paths: ["/index.html", "/", "/assets/img/*", "/about/team.html"],
      standsFor: 6,
    });
  });

  test("ten folders are listed, eleven become the whole site", () => {
    const folders = Array.from({ length: 11 }, (_, at) => files(`f${at}/`, 2)).flat();
    expect(purgePaths(folders.slice(0, 20), { urlPath: "", exactMax: 1 }).paths).toHaveLength(10);
    expect(purgePaths(folders, { urlPath: "", exactMax: 1 })).toEqual({ paths: ["/*"], standsFor: 22 });
  });

  test("whatever the keys, each of their paths is covered, by few enough entries", () => {
    const key = fc.array(fc.constantFrom("a", "b", "ab", "é", "index.html"), { minLength: 1, maxLength: 4 }).map((all) => all.join("/"));
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 40 }),
        fc.constantFrom("", "/docs"),
        fc.integer({ min: 0, max: 12 }),
        (keys, urlPath, exactMax) => {
          const { paths, standsFor } = purgePaths(keys, { urlPath, exactMax });
          const wanted = keys.flatMap(visitorPathsOf).map((path) => urlPath + path);
          expect(wanted.filter((path) => !paths.some((pattern) => covers(pattern, path)))).toEqual([]);
          expect(paths.length).toBeLessThanOrEqual(Math.max(exactMax, 10));
          expect(paths.every((path) => path.startsWith(`${urlPath}/`))).toBe(true);
          expect(standsFor === undefined).toBe(new Set(wanted).size <= exactMax);
        },
      ),
    );
  });
});
