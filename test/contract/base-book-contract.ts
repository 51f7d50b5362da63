import { beforeEach, describe, expect, it } from "vitest";
import { sha256OfText } from "../../src/adapters/shared/sha256.ts";
import { openBaseBook } from "../../src/adapters/state/store-base-book.ts";
import { asRevision } from "../../src/core/brand.ts";
import type { BaseEntry } from "../../src/core/lineage/base.ts";
import type { BaseBook } from "../../src/ports/base-book.ts";
import type { Store } from "../../src/ports/store.ts";
import { calm, countCalls, keysUnder, overwrite, textAt, watch, type WatchedStore } from "./watched-store.ts";

const seen = (text: string): BaseEntry => ({
  digest: sha256OfText(text),
  revision: asRevision(`etag-${text}`),
  sizeBytes: text.length,
  headers: { "content-type": "text/html" },
  at: "2026-05-20T12:00:00.000Z",
  how: "pulled",
});

const shardKey = (target: string, path: string): string =>
  `base/${target}/${(Number.parseInt(sha256OfText(path).slice(0, 2), 16) % 64).toString(16).padStart(2, "0")}.json`;

/** Paths that share a shard with the first of them. */
function neighbours(path: string, count: number): string[] {
  const found = [path];
  for (let at = 0; found.length < count; at += 1) {
    const other = `page-${at}.html`;
    if (shardKey("t", other) === shardKey("t", path)) found.push(other);
  }
  return found;
}

/** What a base book over any store promises. `openStore` opens an empty one. */
export function baseBookContract(place: string, openStore: () => Promise<Store>): void {
  describe(`a base book over ${place}`, () => {
    let store: WatchedStore;
    let book: BaseBook;

    beforeEach(async () => {
      store = watch(await openStore());
      book = openBaseBook({ store });
    });

    it("what was saved comes back, for the paths asked for or for all", async () => {
      const entries = new Map(["index.html", "fahrpläne/törn 1.html", "__proto__", "constructor"].map((path) => [path, seen(path)]));
      await book.save("staging", entries, calm);
      expect(await book.load("staging", undefined, calm)).toEqual(entries);
      expect(await book.load("staging", ["__proto__", "never.html"], calm)).toEqual(new Map([["__proto__", seen("__proto__")]]));
      expect(await book.load("production", undefined, calm)).toEqual(new Map());
    });

    it("all entries come in the byte order of their paths, whatever the shards and planes", async () => {
      const paths = [
        "a-b",
        "a.html",
        "a/z",
        "a0",
        "__proto__",
        "\uFF5E.txt",
        "\u{1F600}.txt",
        'q"u\\ote{}.txt',
        ...neighbours("index.html", 9),
      ];
      const astral = neighbours("\u{1F601}", 1).concat(Array.from({ length: 200 }, (_, at) => `${at % 2 ? "\uFF5E" : "\u{1F600}"}${at}`));
      const all = new Map([...paths, ...astral].map((path) => [path, seen(path)]));
      await book.save("staging", all, calm);
      const listed: (readonly [string, BaseEntry])[] = [];
      for await (const pair of book.entries("staging", calm)) listed.push(pair);
      expect(listed.map(([path]) => path)).toEqual(
        [...all.keys()].toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
      );
      expect(new Map(listed)).toEqual(all);
      for await (const pair of book.entries("production", calm)) expect(pair).toBeUndefined();
    });

    it("a shard that was cut off tells what it still holds, in order, and nothing else", async () => {
      const some = neighbours("index.html", 6);
      await book.save("staging", new Map(some.map((path) => [path, seen(path)])), calm);
      const whole = (await textAt(store, shardKey("staging", "index.html"))) ?? "";
      await overwrite(store, shardKey("staging", "index.html"), whole.slice(0, whole.length / 2));
      const listed: string[] = [];
      for await (const [path] of book.entries("staging", calm)) listed.push(path);
      expect(listed.length).toBeLessThan(6);
      expect(listed).toEqual(some.toSorted().slice(0, listed.length));
    });

    it("only the shards of the paths in hand are read and written", async () => {
      const [one, two] = neighbours("index.html", 2);
      await book.save(
        "staging",
        new Map([
          ["index.html", seen("a")],
          ["about.html", seen("b")],
        ]),
        calm,
      );
      expect(shardKey("t", "about.html")).not.toBe(shardKey("t", "index.html"));
      expect(await countCalls(store, async () => await book.load("staging", [`${one}`, `${two}`], calm))).toEqual({
        list: 0,
        read: 1,
        write: 0,
        remove: 0,
      });
      const saved = await countCalls(store, async () => await book.save("staging", new Map([["index.html", seen("c")]]), calm));
      expect(saved).toEqual({ list: 0, read: 1, write: 1, remove: 0 });
      expect(await book.load("staging", ["about.html"], calm)).toEqual(new Map([["about.html", seen("b")]]));
    });

    it("undefined forgets a path and leaves its neighbours in the shard alone", async () => {
      const [one = "", two = ""] = neighbours("index.html", 2);
      await book.save(
        "staging",
        new Map([
          [one, seen("1")],
          [two, seen("2")],
        ]),
        calm,
      );
      expect(await book.load("staging", [one], calm)).toEqual(new Map([[one, seen("1")]]));
      await book.save("staging", new Map([[one, undefined]]), calm);
      expect(await book.load("staging", undefined, calm)).toEqual(new Map([[two, seen("2")]]));
    });

    it("forgetting what was never known writes nothing", async () => {
      expect((await countCalls(store, async () => await book.save("staging", new Map([["x.html", undefined]]), calm))).write).toBe(0);
    });

    it("sixteen processes that save into one shard at once lose none of each other's entries", async () => {
      const paths = neighbours("index.html", 16);
      await Promise.all(paths.map(async (path) => await openBaseBook({ store }).save("staging", new Map([[path, seen(path)]]), calm)));
      expect(await book.load("staging", undefined, calm)).toEqual(new Map(paths.map((path) => [path, seen(path)])));
      expect(await keysUnder(store, "")).toEqual([shardKey("staging", "index.html")]);
    });

    it("a save that another one overtakes between its read and its write keeps both", async () => {
      const [one = "", two = ""] = neighbours("index.html", 2);
      store.beforeWrite = async () => await openBaseBook({ store }).save("staging", new Map([[two, seen("2")]]), calm);
      await book.save("staging", new Map([[one, seen("1")]]), calm);
      expect(await book.load("staging", [one, two], calm)).toEqual(
        new Map([
          [one, seen("1")],
          [two, seen("2")],
        ]),
      );
    });

    it.each(["lost-before", "lost-after"] as const)("a save with a reply %s arrives all the same", async (fault) => {
      store.faults.push(fault);
      await book.save("staging", new Map([["index.html", seen("x")]]), calm);
      expect(await book.load("staging", ["index.html"], calm)).toEqual(new Map([["index.html", seen("x")]]));
    });

    it("a save that never arrives says so", async () => {
      store.faults.push(...Array.from({ length: 64 }, () => "lost-before" as const));
      await expect(book.save("staging", new Map([["index.html", seen("x")]]), calm)).rejects.toMatchObject({ code: "unsettled" });
    });

    it.each(["", "{", "[]", "null", '"text"', "\u0000"])(
      "a shard that holds %j knows nothing, and the next save replaces it",
      async (damage) => {
        await book.save("staging", new Map([["index.html", seen("x")]]), calm);
        await overwrite(store, shardKey("staging", "index.html"), damage);
        expect(await book.load("staging", ["index.html"], calm)).toEqual(new Map());
        await book.save("staging", new Map([["index.html", seen("y")]]), calm);
        expect(await book.load("staging", undefined, calm)).toEqual(new Map([["index.html", seen("y")]]));
      },
    );

    it("an entry that is no entry, or lies in a shard not its own, is never taken for a base", async () => {
      const [one = "", two = ""] = neighbours("index.html", 2);
      await book.save(
        "staging",
        new Map([
          [one, seen("1")],
          [two, seen("2")],
        ]),
        calm,
      );
      const key = shardKey("staging", one);
      const text = await textAt(store, key);
      await overwrite(
        store,
        key,
        text.replace(seen("1").digest, "not a digest").replace("{", `{"about.html":${JSON.stringify(seen("b"))},`),
      );
      expect(await book.load("staging", undefined, calm)).toEqual(new Map([[two, seen("2")]]));
    });

    it("a target with an odd name keeps to its own folder", async () => {
      await book.save("a/../b", new Map([["index.html", seen("odd")]]), calm);
      expect(await book.load("a/../b", undefined, calm)).toEqual(new Map([["index.html", seen("odd")]]));
      expect(await book.load("b", undefined, calm)).toEqual(new Map());
    });

    it("strangers' files in the folder are passed over", async () => {
      await book.save("staging", new Map([["index.html", seen("x")]]), calm);
      await overwrite(store, "base/staging/notes.txt", "mine");
      await overwrite(store, "base/staging/ff.json", JSON.stringify({ "index.html": seen("forged") }));
      expect(await book.load("staging", undefined, calm)).toEqual(new Map([["index.html", seen("x")]]));
    });
  });
}
