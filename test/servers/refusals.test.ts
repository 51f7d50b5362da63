/** What belay makes of the server in hand, operation by operation: guarded where its conditions hold, refused where they do not. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { bodyOf, bytesOf, type Body } from "../../src/core/body.ts";
import type { Revision } from "../../src/core/brand.ts";
import type { Store, WriteOutcome } from "../../src/ports/store.ts";
import { asStranger, live, makeBucket, namesIn, openBucketStore } from "./support/buckets.ts";
import { server, type BucketKind, type Operation } from "./support/server.ts";

const key = "index.html";
const bodyWith = (text: string): Body => bodyOf(new TextEncoder().encode(text), sha256(new TextEncoder().encode(text)));

/** What the messages of refusals call each operation. */
const conditions: Readonly<Record<Operation, string>> = {
  create: "If-None-Match on PutObject",
  replace: "If-Match on PutObject",
  delete: "If-Match on DeleteObject",
};
const operations = ["create", "replace", "delete"] as const;

const attempts: Readonly<Record<Operation, (store: Store, revision: Revision) => Promise<WriteOutcome>>> = {
  create: async (store) => await store.write({ key: "new.html", expect: { kind: "absent" }, body: bodyWith("new"), headers: {} }, live),
  replace: async (store, revision) =>
    await store.write({ key, expect: { kind: "unchanged", revision }, body: bodyWith("ours"), headers: {} }, live),
  delete: async (store, revision) => await store.remove({ key, expect: { kind: "unchanged", revision } }, live),
};

async function textAt(store: Store, at: string): Promise<string | undefined> {
  const reading = await store.read(at, live);
  return reading && new TextDecoder().decode(await bytesOf(reading.body));
}

describe.each(server.kinds)(`${server.title}, a %s bucket`, (kind: BucketKind) => {
  const refused = server.refused[kind];
  const [kept, unkept] = [true, false].map((isKept) => operations.filter((operation) => (refused[operation] === undefined) === isKept));

  /** A page that a stranger has put there, and the revision at which belay has seen it. */
  const open = async (): Promise<{ readonly store: Store; readonly revision: Revision }> => {
    const bucket = await makeBucket(kind);
    await asStranger(bucket, key, "theirs");
    const store = openBucketStore(bucket, { watchesHeaders: true });
    const seen = await store.read(key, live);
    if (!seen) throw new Error("what was put there is not to be seen");
    return { store, revision: seen.observed.revision };
  };
  it("belay says of each operation whether it is guarded, and calls none atomic that only a trial has shown", async () => {
    const { store } = await open();
    expect(await store.guarantees(live)).toEqual(
      Object.fromEntries(operations.map((operation) => [operation, refused[operation] === undefined ? "checked" : "none"])),
    );
  });

  it.runIf((unkept ?? []).length > 0).each(unkept ?? [])("a %s is refused by name, and nothing is touched", async (operation) => {
    const { store, revision } = await open();
    await expect(attempts[operation](store, revision)).rejects.toMatchObject({
      code: "store-unguarded",
      message: expect.stringContaining(`does not honour ${conditions[operation]}`),
    });
    expect(await textAt(store, key)).toBe("theirs");
    expect(await store.read("new.html", live)).toBeUndefined();
  });

  it.runIf((kept ?? []).length > 0).each(kept ?? [])("a %s is done where the expectation holds", async (operation) => {
    const { store, revision } = await open();
    expect((await attempts[operation](store, revision)).kind).toBe(operation === "delete" ? "removed" : "written");
  });

  it("a trial leaves nothing behind, not even among the versions", async () => {
    const bucket = await makeBucket(kind);
    await asStranger(bucket, key, "theirs");
    await openBucketStore(bucket, { watchesHeaders: true }).guarantees(live);
    expect(await namesIn(bucket)).toEqual([key]);
    // A bucket without versions lists its objects there.
    expect(await namesIn(bucket, server.kinds.includes("versioned") ? { versions: "" } : {})).toEqual([key]);
  });
});

it(`whatever is known of ${server.title} stands in docs/servers.md`, () => {
  const page = readFileSync(new URL("../../docs/servers.md", import.meta.url), "utf8").replaceAll(/\s+/gu, " ");
  expect(server.reasons.filter((reason) => !page.includes(reason))).toEqual([]);
});
