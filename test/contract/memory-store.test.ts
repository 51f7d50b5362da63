import { describe, expect, it } from "vitest";
import { openMemoryStore, type MemoryStore } from "../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bodyOf } from "../../src/core/body.ts";
import { asStoreName } from "../../src/core/brand.ts";
import { describeStore } from "./store-contract.ts";

const bytes = new TextEncoder().encode("a");
const signal = new AbortController().signal;
const open = (now: () => number): MemoryStore => openMemoryStore({ name: asStoreName("memory:test"), now, sha256 });

describeStore("the memory store", async () => {
  const store = open(() => 1_700_000_000_000);
  return await Promise.resolve({
    store,
    forceStranger: async (key, content) => await Promise.resolve(store.force(key, content)),
    close: async () => await Promise.resolve(),
  });
});

describe("the memory store", () => {
  it("never gives a revision twice, also for content that comes back", async () => {
    const store = open(() => 0);
    store.force("a", bytes);
    const first = (await store.read("a", { signal }))?.observed.revision;
    store.force("a", undefined);
    store.force("a", bytes);
    expect((await store.read("a", { signal }))?.observed.revision).not.toBe(first);
  });

  it("tells the time of a write by the clock that it was given", async () => {
    let nowMs = 5;
    const store = open(() => nowMs);
    await store.write({ key: "a", expect: { kind: "absent" }, body: bodyOf(bytes, sha256(bytes)), headers: {} }, { signal });
    nowMs = 9;
    expect((await store.read("a", { signal }))?.observed.modifiedAtMs).toBe(5);
  });
});
