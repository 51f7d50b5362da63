import { beforeEach, describe, expect, it } from "vitest";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { openVault } from "../../src/adapters/state/store-vault.ts";
import { bodyOf, bytesOf, type Body } from "../../src/core/body.ts";
import type { Store } from "../../src/ports/store.ts";
import type { Vault } from "../../src/ports/vault.ts";
import { calm, countCalls, keysUnder, overwrite, textAt, watch, type WatchedStore } from "./watched-store.ts";

function page(text: string): Body {
  const bytes = new TextEncoder().encode(text);
  return bodyOf(bytes, sha256(bytes));
}

const keyOf = ({ digest }: Body): string => `vault/${digest.slice(0, 2)}/${digest}`;

async function textOf(body: Body | undefined): Promise<string | undefined> {
  return body && new TextDecoder().decode(await bytesOf(body));
}

/** What a vault over any store promises. `openStore` opens an empty one. */
export function vaultContract(place: string, openStore: () => Promise<Store>): void {
  describe(`a vault over ${place}`, () => {
    let store: WatchedStore;
    let vault: Vault;

    beforeEach(async () => {
      store = watch(await openStore());
      vault = openVault({ store });
    });

    it("what was kept comes back under its digest, at one request each", async () => {
      const body = page("<h1>Harbour tours</h1>");
      expect(await countCalls(store, async () => await vault.keep(body, calm))).toEqual({ list: 0, read: 0, write: 1, remove: 0 });
      expect(await keysUnder(store, "")).toEqual([keyOf(body)]);
      const opened = await vault.open(body.digest, calm);
      expect(opened).toMatchObject({ digest: body.digest, sizeBytes: body.sizeBytes });
      expect(await textOf(opened)).toBe("<h1>Harbour tours</h1>");
      expect(await textOf(opened)).toBe("<h1>Harbour tours</h1>");
    });

    it("an empty file is kept as well", async () => {
      await vault.keep(page(""), calm);
      expect(await textOf(await vault.open(page("").digest, calm))).toBe("");
    });

    it("what was never kept is undefined", async () => {
      expect(await vault.open(page("never").digest, calm)).toBeUndefined();
    });

    it("keeping the same bytes twice, or sixteen times at once, leaves one object", async () => {
      const body = page("twice");
      await vault.keep(body, calm);
      await Promise.all(Array.from({ length: 16 }, async () => await openVault({ store }).keep(body, calm)));
      expect(await keysUnder(store, "")).toEqual([keyOf(body)]);
      expect(await textOf(await vault.open(body.digest, calm))).toBe("twice");
    });

    it("large bytes that are there already are not sent again", async () => {
      const body = page("x".repeat(300_000));
      await vault.keep(body, calm);
      expect(await countCalls(store, async () => await vault.keep(body, calm))).toEqual({ list: 1, read: 0, write: 0, remove: 0 });
    });

    it.each([
      ["after it was carried out", ["lost-after"] as const, 1],
      ["before it arrived", ["lost-before", "lost-before", "lost-before", "lost-after"] as const, 4],
    ])("a reply lost %s does not keep the bytes out", async (_, faults, writes) => {
      const body = page("lost reply");
      store.faults.push(...faults);
      expect((await countCalls(store, async () => await vault.keep(body, calm))).write).toBe(writes);
      expect(await textOf(await vault.open(body.digest, calm))).toBe("lost reply");
    });

    it("bytes that never arrive are not called kept", async () => {
      store.faults.push("lost-before", "lost-before", "lost-before", "lost-before");
      await expect(vault.keep(page("never arrives"), calm)).rejects.toMatchObject({ code: "unsettled" });
    });

    it("an object whose bytes were changed is not handed over", async () => {
      const body = page("the only copy");
      await vault.keep(body, calm);
      await overwrite(store, keyOf(body), "the 0nly copy");
      await expect(vault.open(body.digest, calm)).rejects.toMatchObject({
        code: "vault-damaged",
        message: expect.stringContaining(keyOf(body)),
        remedy: expect.stringContaining("backup"),
      });
    });

    it("a store that is wrong about its own bytes is found out before the last chunk", async () => {
      const body = page("promised");
      const lying: Store = {
        ...store,
        async read(key, options) {
          const reading = await store.read(key, options);
          const other = new TextEncoder().encode("delivers");
          return reading && { ...reading, body: bodyOf(other, body.digest) };
        },
      };
      await vault.keep(body, calm);
      const opened = await openVault({ store: lying }).open(body.digest, calm);
      await expect(textOf(opened)).rejects.toMatchObject({ code: "vault-damaged" });
    });

    it.each(["cut", "sAme s1ze"])("keeping bytes mends an object that was damaged to %j", async (damage) => {
      const body = page("same size");
      await vault.keep(body, calm);
      await overwrite(store, keyOf(body), damage);
      await vault.keep(body, calm);
      expect(await textAt(store, keyOf(body))).toBe("same size");
    });

    it("where the store reports no digests, a wrong size is still mended", async () => {
      const body = page("same size");
      const silent: Store = {
        ...store,
        async write(request, options) {
          const outcome = await store.write(request, options);
          if (outcome.kind !== "conflict" || !outcome.found) return outcome;
          const { key, revision, sizeBytes } = outcome.found;
          return { kind: "conflict", found: { key, revision, sizeBytes } };
        },
      };
      await openVault({ store: silent }).keep(body, calm);
      await openVault({ store: silent }).keep(body, calm);
      await overwrite(store, keyOf(body), "cut");
      await openVault({ store: silent }).keep(body, calm);
      expect(await textAt(store, keyOf(body))).toBe("same size");
    });

    it("digests are found by their first four digits or more, whatever the case, and strangers' files are passed over", async () => {
      const body = page("findable");
      await vault.keep(body, calm);
      await vault.keep(page("another"), calm);
      await overwrite(store, `${keyOf(body)}.bak`, "stranger");
      expect(await vault.find(body.digest.slice(0, 4), calm)).toEqual([body.digest]);
      expect(await vault.find(body.digest.slice(0, 12).toUpperCase(), calm)).toEqual([body.digest]);
      expect(await vault.find(body.digest, calm)).toEqual([body.digest]);
      expect(await vault.find("0123456789abcdef", calm)).toEqual([]);
    });

    it("at most 16 digests are found", async () => {
      for (let at = 0; at < 20; at += 1) await overwrite(store, `vault/ab/abcd${String(at).padStart(60, "0")}`, "x");
      expect(await vault.find("abcd", calm)).toHaveLength(16);
    });

    it.each(["abc", "", "xyzw", "../../etc", "a".repeat(65)])("%j is refused as the beginning of a digest", async (start) => {
      await expect(vault.find(start, calm)).rejects.toMatchObject({ code: "usage" });
    });

    it("two vaults of one store with different prefixes hold different things", async () => {
      const body = page("apart");
      await openVault({ store, prefix: "base-bytes" }).keep(body, calm);
      expect(await vault.open(body.digest, calm)).toBeUndefined();
      expect(await keysUnder(store, "base-bytes/")).toHaveLength(1);
    });
  });
}
