/** What the port `Store` promises of `copy`, asked of any store that has it, beside another of its kind. */

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bodyOf, bytesOf, type Body } from "../../src/core/body.ts";
import { asRevision, asStoreName, type Revision } from "../../src/core/brand.ts";
import type { Headers, Provenance } from "../../src/core/plan/plan.ts";
import type { CallOptions, CopyOutcome, CopyRequest, Store } from "../../src/ports/store.ts";

export interface CopyUnderTest {
  readonly store: Store;
  /** Where the bytes lie. */
  readonly source: Store;
  /** Writes into `store` as a stranger would. */
  readonly forceStranger: (key: string, bytes: Uint8Array) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface CopyDepartures {
  /** Why that place copies nothing: then every copy must say so, and leave everything as it was. */
  readonly copies?: string;
  /** Why an empty file is sent there rather than copied. */
  readonly empty?: string;
}

const live: CallOptions = { signal: new AbortController().signal };
const absent = { kind: "absent" } as const;
const unchanged = (revision: Revision) => ({ kind: "unchanged", revision }) as const;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const bodyOfText = (text: string): Body => bodyOf(bytes(text), sha256(bytes(text)));
const provenance: Provenance = {
  plan: sha256(bytes("plan")),
  release: "r9",
  digest: sha256(bytes("harbor")),
  parent: sha256(bytes("parent")),
  commit: "0123456789abcdef0123456789abcdef01234567",
  actor: "Ada Example <ada@example.org>",
  at: "2031-05-20T14:02:00.000Z",
};

export function describeCopy(name: string, factory: () => Promise<CopyUnderTest>, departures: CopyDepartures = {}): void {
  describe(`${name} keeps the promises of copying`, () => {
    let held: CopyUnderTest;
    let store: Store;
    let source: Store;
    beforeEach(async () => {
      held = await factory();
      ({ store, source } = held);
    });
    afterEach(async () => await held.close());

    const text = async (key: string): Promise<string | undefined> => {
      const reading = await store.read(key, live);
      return reading && new TextDecoder().decode(await bytesOf(reading.body));
    };
    const staged = async (key: string, content: string, headers: Headers = {}): Promise<Revision> =>
      revisionIn(await source.write({ key, expect: absent, body: bodyOfText(content), headers }, live));
    /** Copies `harbor` from `assets/a.css` at the revision, unless told otherwise. */
    const copy = async (revision: Revision, more: Partial<CopyRequest> = {}, options = live): Promise<CopyOutcome> => {
      const digest = sha256(bytes("harbor"));
      const from = { store: source.name, key: "assets/a.css", revision };
      const request = { key: "assets/a.css", expect: absent, headers: {}, from, digest, sizeBytes: 6, ...more };
      return (await store.copy?.(request, options)) ?? { kind: "not-copied", why: "it cannot" };
    };

    it.runIf(departures.copies)("copies nothing, says so, and leaves everything as it was", async () => {
      const revision = await staged("assets/a.css", "harbor");
      expect(await copy(revision)).toMatchObject({ kind: "not-copied" });
      expect(await store.read("assets/a.css", live)).toBeUndefined();
      await held.forceStranger("assets/a.css", bytes("theirs"));
      const seen = (await store.read("assets/a.css", live))?.observed.revision ?? asRevision("");
      expect(await copy(revision, { expect: unchanged(seen) })).toMatchObject({ kind: "not-copied" });
      expect(await text("assets/a.css")).toBe("theirs");
    });

    describe.skipIf(departures.copies)("under guard", () => {
      it("the bytes arrive with the request's headers and provenance, and none of the source's", async () => {
        const revision = await staged("assets/a.css", "harbor", { "cache-control": "no-store", "content-language": "en" });
        const headers = { "content-type": "text/css", "cache-control": "max-age=60" };
        const outcome = await copy(revision, { headers, provenance });
        const observed = (await store.read("assets/a.css", live))?.observed;
        expect(observed).toMatchObject({ digest: sha256(bytes("harbor")), sizeBytes: 6, provenance });
        expect(observed?.headers).toEqual(headers);
        expect(outcome).toEqual({ kind: "written", revision: observed?.revision });
        expect((await source.read("assets/a.css", live))?.observed.revision).toBe(revision);
      });

      it("a creation over what is there is a conflict that shows it, and changes nothing", async () => {
        const revision = await staged("assets/a.css", "harbor");
        await held.forceStranger("assets/a.css", bytes("theirs"));
        expect(await copy(revision)).toMatchObject({ kind: "conflict", found: { digest: sha256(bytes("theirs")) } });
        expect(await text("assets/a.css")).toBe("theirs");
      });

      it("a replacement at the revision that was seen lands, once", async () => {
        const revision = await staged("assets/a.css", "harbor");
        const seen = revisionIn(await store.write({ key: "assets/a.css", expect: absent, body: bodyOfText("old"), headers: {} }, live));
        const next = revisionIn(await copy(revision, { expect: unchanged(seen) }));
        expect(next).not.toBe(seen);
        expect(await text("assets/a.css")).toBe("harbor");
        expect((await store.read("assets/a.css", live))?.observed.revision).toBe(next);
        expect(await copy(revision, { expect: unchanged(seen) })).toMatchObject({ kind: "conflict" });
      });

      it("a stranger's write since the look is a conflict, and stands; so is an absence", async () => {
        const revision = await staged("assets/a.css", "harbor");
        const seen = revisionIn(await store.write({ key: "assets/a.css", expect: absent, body: bodyOfText("old"), headers: {} }, live));
        await held.forceStranger("assets/a.css", bytes("theirs"));
        expect(await copy(revision, { expect: unchanged(seen) })).toMatchObject({ kind: "conflict", found: { key: "assets/a.css" } });
        expect(await text("assets/a.css")).toBe("theirs");
        expect(await copy(revision, { key: "gone.css", expect: unchanged(seen) })).toEqual({ kind: "conflict", found: undefined });
        expect(await copy(revision, { expect: unchanged(asRevision("of another kind")) })).toMatchObject({ kind: "conflict" });
      });

      it("what the source held before, or holds no more, is not copied", async () => {
        const first = await staged("assets/a.css", "harbor");
        revisionIn(await source.write({ key: "assets/a.css", expect: unchanged(first), body: bodyOfText("HARBOR"), headers: {} }, live));
        expect(await copy(first)).toMatchObject({ kind: "not-copied" });
        expect(await copy(first, { from: { store: source.name, key: "never.css", revision: first } })).toMatchObject({
          kind: "not-copied",
        });
        expect(await store.read("assets/a.css", live)).toBeUndefined();
      });

      it("a source that holds other bytes than were meant is not copied", async () => {
        const revision = await staged("assets/a.css", "HARBOR");
        expect(await copy(revision)).toMatchObject({ kind: "not-copied" });
        expect(await copy(revision, { digest: sha256(bytes("HARBOR")), sizeBytes: 7 })).toMatchObject({ kind: "not-copied" });
        expect(await store.read("assets/a.css", live)).toBeUndefined();
      });

      it("a store of another kind, and a revision of one, are no source", async () => {
        const revision = await staged("assets/a.css", "harbor");
        const from = { store: asStoreName("dir:/srv/www"), key: "assets/a.css", revision };
        expect(await copy(revision, { from })).toMatchObject({ kind: "not-copied" });
        expect(await copy(asRevision("sha256-of-a-file"))).toMatchObject({ kind: "not-copied" });
      });

      it("who may not write any more copies nothing, and is asked while nothing is visible", async () => {
        const revision = await staged("assets/a.css", "harbor");
        let isVisible: boolean | undefined;
        const confirm = async (): Promise<boolean> => {
          isVisible = (await store.read("assets/a.css", live)) !== undefined;
          return false;
        };
        expect(await copy(revision, { confirm })).toEqual({ kind: "conflict", found: undefined });
        expect(isVisible).toBe(false);
        expect(await store.read("assets/a.css", live)).toBeUndefined();
      });

      it("of 16 copies at once exactly one wins", async () => {
        const revision = await staged("assets/a.css", "harbor");
        const outcomes = await Promise.all(Array.from({ length: 16 }, async () => await copy(revision)));
        expect(outcomes.filter(({ kind }) => kind === "written")).toHaveLength(1);
        expect(outcomes.filter(({ kind }) => kind === "conflict")).toHaveLength(15);
      });

      it("names that need care in URLs and headers are plain keys", async () => {
        for (const key of ["100% a+b #c?d=e&f.txt", "naïve/Ünï \u{1F600}.html", "it's (1)!*.txt"]) {
          const revision = await staged(key, "harbor");
          revisionIn(await copy(revision, { key, from: { store: source.name, key, revision } }));
          expect(await text(key)).toBe("harbor");
        }
      });

      it("an empty file is copied", async () => {
        const revision = await staged("empty", "");
        const from = { store: source.name, key: "empty", revision };
        const outcome = await copy(revision, { key: "empty", digest: sha256(bytes("")), sizeBytes: 0, from });
        expect([outcome.kind, await text("empty")]).toEqual(departures.empty === undefined ? ["written", ""] : ["not-copied", undefined]);
      });

      it("an aborted copy rejects, a key that is none is refused, and nothing changes", async () => {
        const revision = await staged("assets/a.css", "harbor");
        const aborted: CallOptions = { signal: AbortSignal.abort(new Error("stopped by a person")) };
        await expect(copy(revision, {}, aborted)).rejects.toBeInstanceOf(Error);
        await expect(copy(revision, { key: "../up.css" })).rejects.toMatchObject({ code: "key-invalid" });
        const from = { store: source.name, key: "../up.css", revision };
        await expect(copy(revision, { from })).rejects.toMatchObject({ code: "key-invalid" });
        expect(await store.read("assets/a.css", live)).toBeUndefined();
      });
    });
  });
}

function revisionIn(outcome: CopyOutcome): Revision {
  if (outcome.kind !== "written") throw new Error(`expected a write, got ${JSON.stringify(outcome)}`);
  return outcome.revision;
}
