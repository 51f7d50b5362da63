/** Everything that the port `Edge` promises, asked of any edge. Every adapter runs it. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { purgePaths } from "../../src/core/deploy/purge-paths.ts";
import { urlPathOf, visitorPathsOf } from "../../src/core/paths/key.ts";
import type { Edge } from "../../src/ports/edge.ts";
import type { CallOptions } from "../../src/ports/store.ts";

/** A CDN with an empty cache in front of an empty store, and hands that know nothing of belay. */
export interface EdgeUnderTest {
  readonly edge: Edge;
  /** An edge of the same CDN for something that it does not know. */
  readonly unknown: Edge;
  /** Writes to the store behind the CDN. */
  readonly put: (key: string, text: string) => Promise<void>;
  /** What a visitor gets for a path of a URL; the CDN keeps it from then on. */
  readonly visit: (path: string) => Promise<string>;
  /** How many purges the CDN has taken so far. */
  readonly purges: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Promises that cannot be asked about at a place, each with the reason: their tests are skipped by name. */
export interface EdgeDepartures {
  /** Nothing answers visitors there. */
  readonly noVisitors?: string;
}

const calm: CallOptions = { signal: new AbortController().signal };
/** A CDN in front of a plain store shows an index page at its folder's address for the top folder only. */
const addressesOf = (key: string): readonly string[] => (key === "index.html" ? visitorPathsOf(key) : [urlPathOf(key)]);
const pathsOf = (...keys: readonly string[]): readonly string[] => purgePaths(keys, { urlPath: "", exactMax: 1000 }).paths;

export function describeEdge(name: string, factory: () => Promise<EdgeUnderTest>, departures: EdgeDepartures = {}): void {
  describe(`${name} keeps the promises of an edge`, () => {
    let held: EdgeUnderTest;
    let edge: Edge;
    beforeEach(async () => {
      held = await factory();
      ({ edge } = held);
    });
    afterEach(async () => await held.close());

    /** Old bodies that visitors have been given, and new ones behind them that they do not get yet. */
    const fallBehind = async (keys: readonly string[]): Promise<void> => {
      const paths = keys.flatMap(addressesOf);
      for (const key of keys) await held.put(key, `old ${key}`);
      for (const path of paths) expect(await held.visit(path)).toMatch(/^old /u);
      for (const key of keys) await held.put(key, `new ${key}`);
      for (const path of paths) expect(await held.visit(path), "the CDN is none if it keeps nothing").toMatch(/^old /u);
    };

    describe.skipIf(departures.noVisitors !== undefined)("as visitors see it", () => {
      it("once a purge resolves, visitors get the new body at every address of a page", async () => {
        await fallBehind(["index.html", "tours/index.html"]);
        await edge.purge(pathsOf("index.html", "tours/index.html"), "r1", calm);
        expect(await held.visit("/")).toBe("new index.html");
        expect(await held.visit("/index.html")).toBe("new index.html");
        expect(await held.visit("/tours/index.html")).toBe("new tours/index.html");
      });

      it("what was not listed stays as visitors had it", async () => {
        await fallBehind(["a.html", "a.html.css", "b/a.html"]);
        await edge.purge(pathsOf("a.html"), "r1", calm);
        expect(await held.visit("/a.html")).toBe("new a.html");
        expect(await held.visit("/a.html.css")).toBe("old a.html.css");
        expect(await held.visit("/b/a.html")).toBe("old b/a.html");
      });

      it.each([
        "two words.html",
        "a+b.html",
        "été/menü — 日本語.html",
        "(one).html",
        "o'clock.html",
        "fish&chips <3>.html",
        '"quoted"#1?.html',
        "100%25.html",
        "~me@home,;=$!.html",
        "all*.html",
      ])("the key %j is purged under the address that visitors use", async (key) => {
        await fallBehind([key, "other.html"]);
        await edge.purge(pathsOf(key), "r1", calm);
        expect(await held.visit(urlPathOf(key))).toBe(`new ${key}`);
        expect(await held.visit("/other.html")).toBe("old other.html");
      });

      it("a wildcard covers a folder and what is below it, nothing beside it", async () => {
        const inside = ["tours/a.html", "tours/b/c/d.html", "tours/two words.html"];
        await fallBehind([...inside, "tours.html", "toursome/a.html"]);
        await edge.purge(["/tours/*"], "r1", calm);
        for (const key of inside) expect(await held.visit(urlPathOf(key))).toBe(`new ${key}`);
        expect(await held.visit("/tours.html")).toBe("old tours.html");
        expect(await held.visit("/toursome/a.html")).toBe("old toursome/a.html");
      });

      it("a wildcard at the top covers everything, the top itself included", async () => {
        await fallBehind(["index.html", "tours/a.html"]);
        await edge.purge(["/*"], "r1", calm);
        expect(await held.visit("/")).toBe("new index.html");
        expect(await held.visit("/tours/a.html")).toBe("new tours/a.html");
      });

      it("the same reference leaves alone what visitors were given after its purge; another one does not", async () => {
        await fallBehind(["a.html"]);
        const first = await edge.purge(["/a.html"], "r1", calm);
        expect(await held.visit("/a.html")).toBe("new a.html");
        await held.put("a.html", "newer");
        expect(await edge.purge(["/a.html"], "r1", calm)).toEqual(first);
        expect(await held.visit("/a.html")).toBe("new a.html");
        expect(await edge.purge(["/a.html"], "r2", calm)).not.toEqual(first);
        expect(await held.visit("/a.html")).toBe("newer");
      });
    });

    it("the same reference purges once, one after the other and all at once", async () => {
      const ids = await Promise.all(Array.from({ length: 4 }, async () => (await edge.purge(["/a.html", "/b.html"], "r1", calm)).id));
      ids.push((await edge.purge(["/a.html", "/b.html"], "r1", calm)).id);
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).not.toBe("");
      expect(await held.purges()).toBe(1);
    });

    it("the same paths under another reference are another purge", async () => {
      const first = await edge.purge(["/a.html"], "r1", calm);
      const second = await edge.purge(["/a.html"], "r2", calm);
      expect(second.id).not.toBe(first.id);
      expect(await held.purges()).toBe(2);
    });

    it("a thousand paths with every kind of character are one purge", async () => {
      const keys = Array.from({ length: 1000 }, (_, at) => `tours & more/été <${at}>.html`);
      await edge.purge(pathsOf(...keys), "r1", calm);
      expect(await held.purges()).toBe(1);
    });

    it("a distribution that the CDN does not know is a mismatch", async () => {
      await expect(held.unknown.purge(["/a.html"], "r1", calm)).rejects.toMatchObject({ code: "edge-mismatch" });
    });

    it("what is interrupted before it begins purges nothing", async () => {
      await expect(edge.purge(["/a.html"], "r1", { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "interrupted" });
      expect(await held.purges()).toBe(0);
    });

    it("what is interrupted under way says so, and the same purge can be asked for again", async () => {
      const command = new AbortController();
      const waiting = edge.purge(["/a.html"], "r1", command);
      command.abort();
      await expect(waiting).rejects.toMatchObject({ code: "interrupted", remedy: expect.stringContaining("belay resume") });
      await edge.purge(["/a.html"], "r1", calm);
      expect(await held.purges()).toBe(1);
    });
  });
}
