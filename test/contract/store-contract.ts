/** Everything that the port `Store` promises, asked of any store. Every adapter runs it. */

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bodyOf, bytesOf, type Body } from "../../src/core/body.ts";
import { BelayError } from "../../src/core/belay-error.ts";
import { asRevision, type Revision } from "../../src/core/brand.ts";
import type { Headers, Observed, Provenance } from "../../src/core/plan/plan.ts";
import type { CallOptions, ListOptions, Store, WriteOutcome } from "../../src/ports/store.ts";

/** A fresh, empty store, and a hand that knows nothing of belay. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Writes or, without bytes, deletes as a stranger would: unguarded and without headers. */
  readonly forceStranger: (key: string, bytes: Uint8Array | undefined) => Promise<void>;
  readonly close: () => Promise<void>;
}

const live: CallOptions = { signal: new AbortController().signal };
const absent = { kind: "absent" } as const;
const unchanged = (revision: Revision) => ({ kind: "unchanged", revision }) as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const body = (content: string | Uint8Array): Body => {
  const held = typeof content === "string" ? bytes(content) : content;
  return bodyOf(held, sha256(held));
};
const stop = new Error("the source broke off");
const provenanceOf = (content: string): Provenance => ({
  plan: sha256(bytes("plan")),
  release: "r7",
  digest: sha256(bytes(content)),
  parent: sha256(bytes("parent")),
  commit: "0123456789abcdef0123456789abcdef01234567",
  actor: "Ada Example <ada@example.org>",
  at: "2025-05-20T14:02:00.000Z",
});

/** Promises that a place is known not to keep, each with the reason: their tests are skipped by name. */
export interface Departures {
  /** Of racing writes that change nothing but headers, more than one may land. */
  readonly headerRaces?: string;
  /** Deletes are refused there, since the place would not keep their expectation. */
  readonly deletes?: string;
  /** A loser of a race may be told that nobody knows what became of its write, rather than of a conflict. */
  readonly unclearLosers?: string;
  /** An object there has at most some hundred kilobytes. */
  readonly largeBodies?: string;
}

export function describeStore(name: string, factory: () => Promise<StoreUnderTest>, departures: Departures = {}): void {
  describe(`${name} keeps the promises of a store`, () => {
    let held: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      held = await factory();
      store = held.store;
    });
    afterEach(async () => await held.close());

    const list = async (prefix = "", options: ListOptions = live): Promise<Observed[]> => {
      const all: Observed[] = [];
      for await (const observed of store.list(prefix, options)) all.push(observed);
      return all;
    };
    const keys = async (prefix = ""): Promise<string[]> => (await list(prefix)).map((observed) => observed.key);
    const text = async (key: string): Promise<string | undefined> => {
      const reading = await store.read(key, live);
      return reading && new TextDecoder("utf-8", { ignoreBOM: true }).decode(await bytesOf(reading.body));
    };
    const create = async (key: string, content: string | Uint8Array, headers: Headers = {}): Promise<Revision> =>
      revisionIn(await store.write({ key, expect: absent, body: body(content), headers }, live));
    const losses: readonly WriteOutcome["kind"][] = departures.unclearLosers === undefined ? ["conflict"] : ["conflict", "unknown"];
    const replace = async (key: string, was: Revision, content: string, headers: Headers = {}): Promise<WriteOutcome> =>
      await store.write({ key, expect: unchanged(was), body: body(content), headers }, live);

    describe("reading", () => {
      it("an absent key reads as undefined", async () => {
        expect(await store.read("nowhere/index.html", live)).toBeUndefined();
      });

      it("what was written is read back with its digest, size, headers and revision", async () => {
        const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "max-age=60" };
        const revision = await create("a/index.html", "<p>hello</p>", headers);
        const reading = await store.read("a/index.html", live);
        expect(reading?.observed).toMatchObject({
          key: "a/index.html",
          revision,
          sizeBytes: 12,
          digest: sha256(bytes("<p>hello</p>")),
          headers,
        });
        expect(reading?.body.digest).toBe(reading?.observed.digest);
        expect(await text("a/index.html")).toBe("<p>hello</p>");
      });

      it("headers are `{}` where none were set", async () => {
        await create("a.txt", "a");
        expect((await store.read("a.txt", live))?.observed.headers).toEqual({});
      });

      it("the time of a write is told in whole milliseconds, where it is told", async () => {
        await create("a.txt", "a");
        const at = (await store.read("a.txt", live))?.observed.modifiedAtMs ?? 0;
        expect(at).toBe(Math.trunc(at));
        expect(at).toBeLessThan(Date.now() + 60_000);
      });

      it("a body may be opened more than once", async () => {
        await create("a.txt", "again");
        const reading = await store.read("a.txt", live);
        if (!reading) throw new Error("a.txt is absent");
        expect(await bytesOf(reading.body)).toEqual(await bytesOf(reading.body));
      });

      it("a stranger's write is seen, with another revision", async () => {
        const revision = await create("a.txt", "ours");
        await held.forceStranger("a.txt", bytes("theirs"));
        const reading = await store.read("a.txt", live);
        expect(reading?.observed.revision).not.toBe(revision);
        expect(reading?.observed.digest).toBe(sha256(bytes("theirs")));
      });
    });

    describe("bytes", () => {
      it("an empty body is an object of no bytes", async () => {
        await create("empty", "");
        expect((await store.read("empty", live))?.observed).toMatchObject({ sizeBytes: 0, digest: sha256(bytes("")) });
        expect(await text("empty")).toBe("");
      });

      it("every byte comes back as it went, whatever it is", async () => {
        let at = 0;
        await fc.assert(
          fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (content) => {
            at += 1;
            await create(`bytes/${at}`, content);
            const reading = await store.read(`bytes/${at}`, live);
            expect(reading && Buffer.from(await bytesOf(reading.body)).equals(content)).toBe(true);
          }),
          { numRuns: 15 },
        );
      });

      it("line endings and a byte order mark stay as they are", async () => {
        await create("crlf.html", "\uFEFF<p>one</p>\r\n<p>two</p>\r\n\n");
        expect(await text("crlf.html")).toBe("\uFEFF<p>one</p>\r\n<p>two</p>\r\n\n");
      });

      it.skipIf(departures.largeBodies !== undefined)("a body of many chunks and a few megabytes arrives whole", async () => {
        const chunks = Array.from({ length: 11 }, (_, at) => new Uint8Array(1_000_003).fill(at * 23));
        const whole = Buffer.concat(chunks);
        const streamed: Body = {
          digest: sha256(whole),
          sizeBytes: whole.byteLength,
          async *open() {
            for (const chunk of chunks) yield await Promise.resolve(chunk);
          },
        };
        await store.write({ key: "big.bin", expect: absent, body: streamed, headers: {} }, live);
        const reading = await store.read("big.bin", live);
        expect(reading?.observed).toMatchObject({ sizeBytes: whole.byteLength, digest: streamed.digest });
        expect(reading && whole.equals(await bytesOf(reading.body))).toBe(true);
      });
    });

    describe("expectations", () => {
      it("a create over an existing object is a conflict that shows what was found, and changes nothing", async () => {
        const revision = await create("a.txt", "first");
        const outcome = await store.write({ key: "a.txt", expect: absent, body: body("second"), headers: {} }, live);
        expect(outcome).toMatchObject({ kind: "conflict", found: { key: "a.txt", revision } });
        expect(await text("a.txt")).toBe("first");
      });

      it("a replace of an absent object is a conflict with nothing found, and creates nothing", async () => {
        expect(await replace("a.txt", asRevision("never"), "x")).toEqual({ kind: "conflict", found: undefined });
        expect(await keys()).toEqual([]);
      });

      it("a replace at the revision that was seen lands, once", async () => {
        const first = await create("a.txt", "first");
        const second = revisionIn(await replace("a.txt", first, "second"));
        expect(second).not.toBe(first);
        expect((await store.read("a.txt", live))?.observed.revision).toBe(second);
        expect(await replace("a.txt", first, "third")).toMatchObject({ kind: "conflict", found: { revision: second } });
        expect(await text("a.txt")).toBe("second");
      });

      it.skipIf(departures.deletes !== undefined)(
        "a stranger's write since the look makes a replace and a delete conflicts, and stands",
        async () => {
          const revision = await create("a.txt", "seen");
          await held.forceStranger("a.txt", bytes("unseen"));
          expect(await replace("a.txt", revision, "blind")).toMatchObject({ kind: "conflict", found: { digest: sha256(bytes("unseen")) } });
          expect(await store.remove({ key: "a.txt", expect: unchanged(revision) }, live)).toMatchObject({ kind: "conflict" });
          expect(await text("a.txt")).toBe("unseen");
        },
      );

      it.skipIf(departures.deletes !== undefined)(
        "a stranger's delete since the look makes a replace and a delete conflicts with nothing found",
        async () => {
          const revision = await create("a.txt", "seen");
          await held.forceStranger("a.txt", undefined);
          expect(await replace("a.txt", revision, "again")).toEqual({ kind: "conflict", found: undefined });
          expect(await store.remove({ key: "a.txt", expect: unchanged(revision) }, live)).toEqual({ kind: "conflict", found: undefined });
        },
      );

      it.skipIf(departures.deletes !== undefined)(
        "a delete at the revision that was seen removes, and the key can be created again",
        async () => {
          const revision = await create("deep/er/a.txt", "x");
          expect(await store.remove({ key: "deep/er/a.txt", expect: unchanged(revision) }, live)).toEqual({ kind: "removed" });
          expect(await store.read("deep/er/a.txt", live)).toBeUndefined();
          expect(await keys()).toEqual([]);
          await create("deep/er/a.txt", "y");
          expect(await text("deep/er/a.txt")).toBe("y");
        },
      );

      it("of 16 creates at once exactly one wins, and what stands is the winner's", async () => {
        const winner = await winnerOf16(
          losses,
          async (at) => await store.write({ key: "race.txt", expect: absent, body: body(`writer ${at}`), headers: {} }, live),
        );
        expect(await text("race.txt")).toBe(`writer ${winner}`);
      });

      it("of 16 replaces at once exactly one wins, and what stands is the winner's", async () => {
        const revision = await create("race.txt", "before");
        const winner = await winnerOf16(losses, async (at) => await replace("race.txt", revision, `writer ${at}`));
        expect(await text("race.txt")).toBe(`writer ${winner}`);
      });

      it.skipIf(departures.deletes !== undefined)("of 16 replaces and deletes at once exactly one wins", async () => {
        const revision = await create("race.txt", "before");
        const winner = await winnerOf16(losses, async (at) =>
          at % 2 === 0
            ? await replace("race.txt", revision, `writer ${at}`)
            : await store.remove({ key: "race.txt", expect: unchanged(revision) }, live),
        );
        expect(await text("race.txt")).toBe(winner % 2 === 0 ? `writer ${winner}` : undefined);
      });

      it("writers that read, change and write in a loop lose no update", async () => {
        await create("count.txt", "0");
        await Promise.all(Array.from({ length: 5 }, async () => await incrementThrice(store)));
        expect(await text("count.txt")).toBe("15");
      });
    });

    describe("headers and provenance", () => {
      it("a change of headers alone changes the revision, and an old expectation fails", async () => {
        const first = await create("a.txt", "same", { "cache-control": "no-cache" });
        const second = revisionIn(await replace("a.txt", first, "same", { "cache-control": "max-age=60" }));
        expect(second).not.toBe(first);
        expect((await store.read("a.txt", live))?.observed).toMatchObject({ revision: second, headers: { "cache-control": "max-age=60" } });
        expect(await replace("a.txt", first, "other")).toMatchObject({ kind: "conflict" });
      });

      it.skipIf(departures.headerRaces !== undefined)("of 16 changes of headers alone at once exactly one wins", async () => {
        const revision = await create("a.txt", "same");
        const winner = await winnerOf16(losses, async (at) => await replace("a.txt", revision, "same", { "content-language": `x-${at}` }));
        expect((await store.read("a.txt", live))?.observed.headers).toEqual({ "content-language": `x-${winner}` });
      });

      it("headers are replaced as a whole, and can be taken away", async () => {
        const first = await create("a.txt", "one", { "cache-control": "no-cache", "content-language": "en" });
        const second = revisionIn(await replace("a.txt", first, "two", { "content-language": "de" }));
        expect((await store.read("a.txt", live))?.observed.headers).toEqual({ "content-language": "de" });
        await replace("a.txt", second, "two", {});
        expect((await store.read("a.txt", live))?.observed.headers).toEqual({});
      });

      it("provenance comes back as it was written", async () => {
        const provenance = provenanceOf("a");
        await store.write({ key: "a.txt", expect: absent, body: body("a"), headers: {}, provenance }, live);
        expect((await store.read("a.txt", live))?.observed.provenance).toEqual(provenance);
      });

      it("a stranger's bytes carry neither our headers nor our provenance", async () => {
        await store.write(
          { key: "a.txt", expect: absent, body: body("a"), headers: { "cache-control": "no-cache" }, provenance: provenanceOf("a") },
          live,
        );
        await held.forceStranger("a.txt", bytes("theirs"));
        const observed = (await store.read("a.txt", live))?.observed;
        expect(observed?.provenance).toBeUndefined();
        expect(observed?.headers?.["cache-control"]).toBeUndefined();
      });
    });

    describe("listing", () => {
      it("keys come in the order of their UTF-8 bytes, whatever the folders and planes", async () => {
        // U+1F600 lies beyond U+FF5E in UTF-8 and before it in UTF-16; `-` and `.` lie before `/`.
        const ordered = ["a-b", "a.html", "a/z", "a0", "b/c/d", "b/é", "\uFF5E.txt", "\u{1F600}.txt"];
        for (const key of ordered.toReversed()) await create(key, key);
        expect(await keys()).toEqual(ordered);
      });

      it("a listing reports the revision that a reading reports", async () => {
        await create("a.txt", "a", { "cache-control": "no-cache" });
        await create("b.txt", "b");
        await held.forceStranger("c.txt", bytes("c"));
        for (const observed of await list()) {
          const reading = await store.read(observed.key, live);
          expect(observed.revision).toBe(reading?.observed.revision);
          expect(observed.sizeBytes).toBe(reading?.observed.sizeBytes);
          expect([undefined, reading?.observed.digest]).toContain(observed.digest);
        }
      });

      it("a prefix is text: it may end within a name, and lists nothing else", async () => {
        for (const key of ["blog/a.html", "blog/ab/c.html", "blog-old/a.html", "blog.html", "index.html"]) await create(key, key);
        expect(await keys("blog/")).toEqual(["blog/a.html", "blog/ab/c.html"]);
        expect(await keys("blog/a")).toEqual(["blog/a.html", "blog/ab/c.html"]);
        expect(await keys("blog/ab/")).toEqual(["blog/ab/c.html"]);
        expect(await keys("blog")).toEqual(["blog-old/a.html", "blog.html", "blog/a.html", "blog/ab/c.html"]);
        expect(await keys("nothing/here")).toEqual([]);
      });

      it("a limit stops after so many objects, in order", async () => {
        for (const key of ["c", "a", "b"]) await create(key, key);
        expect((await list("", { ...live, limit: 2 })).map((observed) => observed.key)).toEqual(["a", "b"]);
      });

      it("names that need care in URLs, shells and file systems are plain keys", async () => {
        const careful = [
          "100%.txt",
          "a b.txt",
          "a#b?c=d.txt",
          "it's.txt",
          'q"uote.txt',
          "+plus&.txt",
          "naïve/Ünï.html",
          "$HOME;rm.txt",
          "~.txt",
        ];
        for (const key of careful) await create(key, key);
        expect(new Set(await keys())).toEqual(new Set(careful));
        for (const key of careful) expect(await text(key)).toBe(key);
      });
    });

    describe("refusing", () => {
      const hostile = [
        "",
        "/etc/passwd",
        "../up.txt",
        "a/../../up.txt",
        "a//b",
        "./a",
        "a/",
        "a\\b",
        "nul\u0000",
        "line\nbreak",
        "e\u0301.txt",
        "\uD800.txt",
        "x".repeat(1025),
      ];

      it.each(hostile.map((key) => [JSON.stringify(key).slice(0, 30), key] as const))(
        "the key %s is invalid for every call",
        async (_, key) => {
          const invalid = { code: "key-invalid" };
          await expect(store.read(key, live)).rejects.toMatchObject(invalid);
          await expect(store.write({ key, expect: absent, body: body("x"), headers: {} }, live)).rejects.toMatchObject(invalid);
          await expect(store.remove({ key, expect: unchanged(asRevision("x")) }, live)).rejects.toMatchObject(invalid);
          expect(await keys()).toEqual([]);
        },
      );

      it("an aborted call rejects and changes nothing", async () => {
        const revision = await create("a.txt", "kept");
        const aborted: CallOptions = { signal: AbortSignal.abort(new Error("stopped by a person")) };
        await expect(store.read("a.txt", aborted)).rejects.toBeInstanceOf(Error);
        await expect(list("", aborted)).rejects.toBeInstanceOf(Error);
        await expect(store.write({ key: "b.txt", expect: absent, body: body("b"), headers: {} }, aborted)).rejects.toBeInstanceOf(Error);
        await expect(
          store.write({ key: "a.txt", expect: unchanged(revision), body: body("b"), headers: {} }, aborted),
        ).rejects.toBeInstanceOf(Error);
        await expect(store.remove({ key: "a.txt", expect: unchanged(revision) }, aborted)).rejects.toBeInstanceOf(Error);
        expect(await keys()).toEqual(["a.txt"]);
        expect(await text("a.txt")).toBe("kept");
      });

      it("a listing that is aborted on the way throws rather than end early", async () => {
        for (const key of ["a", "b", "c"]) await create(key, key);
        const controller = new AbortController();
        const abortAtFirst = async (): Promise<void> => {
          for await (const { key } of store.list("", { signal: controller.signal })) if (key === "a") controller.abort(new Error("enough"));
        };
        await expect(abortAtFirst()).rejects.toBeInstanceOf(Error);
      });
    });

    describe("bodies that fail", () => {
      const broken: Body = {
        digest: sha256(bytes("half and half")),
        sizeBytes: 13,
        async *open() {
          yield await Promise.resolve(bytes("half "));
          throw stop;
        },
      };
      const lying: Body = { ...body("what is sent"), digest: sha256(bytes("what was said")) };
      const changed: Body = {
        ...body("x"),
        // oxlint-disable-next-line require-yield -- the source changes before its first chunk
        async *open() {
          throw await Promise.resolve(new BelayError("input-changed", "the file changed", "Run it again."));
        },
      };

      it.each([
        ["breaks off", broken],
        ["says it has changed", changed],
        ["holds other bytes than its digest", lying],
        ["is longer than it says", { ...body("four"), sizeBytes: 3 }],
      ] as const)("a body that %s leaves no new object and the old one as it was", async (_, failing) => {
        const revision = await create("old.txt", "old", { "cache-control": "no-cache" });
        const write = async (key: string, expectation: typeof absent | ReturnType<typeof unchanged>): Promise<WriteOutcome> =>
          await store.write({ key, expect: expectation, body: failing, headers: {} }, live);
        await expect(write("new.txt", absent)).rejects.toBeInstanceOf(Error);
        await expect(write("old.txt", unchanged(revision))).rejects.toBeInstanceOf(Error);
        expect(await keys()).toEqual(["old.txt"]);
        expect((await store.read("old.txt", live))?.observed.revision).toBe(revision);
        expect(await text("old.txt")).toBe("old");
      });
    });
  });
}

function revisionIn(outcome: WriteOutcome): Revision {
  if (outcome.kind !== "written") throw new Error(`expected a write, got ${JSON.stringify(outcome)}`);
  return outcome.revision;
}

/** Runs 16 writers at once, checks that one landed and 15 were told of a loss, and returns which one landed. */
async function winnerOf16(losses: readonly WriteOutcome["kind"][], write: (at: number) => Promise<WriteOutcome>): Promise<number> {
  const outcomes = await Promise.all(Array.from({ length: 16 }, async (_, at) => await write(at)));
  const winners = outcomes.flatMap((outcome, at) => (losses.includes(outcome.kind) ? [] : [at]));
  expect(winners).toHaveLength(1);
  expect(outcomes[winners[0] ?? 0]?.kind).toMatch(/^(?:written|removed)$/u);
  return winners[0] ?? 0;
}

async function incrementThrice(store: Store): Promise<void> {
  let landed = 0;
  for (let attempt = 0; attempt < 200 && landed < 3; attempt += 1) {
    const reading = await store.read("count.txt", live);
    if (!reading) throw new Error("the counter vanished");
    const next = Number(new TextDecoder().decode(await bytesOf(reading.body))) + 1;
    const request = { key: "count.txt", expect: unchanged(reading.observed.revision), body: body(String(next)), headers: {} };
    if ((await store.write(request, live)).kind === "written") landed += 1;
  }
}
