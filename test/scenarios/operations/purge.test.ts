/** What becomes of a deploy when the CDN is slow, refuses, or is told of a put-back. */

import { describe, expect, test } from "vitest";
import { BelayError } from "../../../src/core/belay-error.ts";
import type { Edge } from "../../../src/ports/edge.ts";
import { MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const page = (text: string): string => `<!doctype html>\n<p>${text}</p>\n`;

interface Cdn {
  readonly edge: Edge;
  readonly asked: { readonly paths: readonly string[]; readonly reference: string }[];
  failure: Error | undefined;
}

function openCdn(): Cdn {
  const cdn: Cdn = {
    asked: [],
    failure: undefined,
    edge: {
      purge: async (paths, reference) => {
        cdn.asked.push({ paths, reference });
        if (cdn.failure) throw await Promise.resolve(cdn.failure);
        return { id: `I${cdn.asked.length}` };
      },
    },
  };
  return cdn;
}

function withCdn(): { world: MemoryWorld; ines: MemoryCopy; cdn: Cdn } {
  const world = new MemoryWorld({ staging: { cdn: "cloudfront:ESTAGING" } });
  const cdn = openCdn();
  return { world, cdn, ines: world.copy("ines", { edgeOf: async () => await Promise.resolve(cdn.edge) }) };
}

describe("purging", () => {
  test("every wave's paths are purged before the next begins, under references of their own", async () => {
    const { ines, cdn } = withCdn();
    ines.edit("index.html", page("one"));
    ines.edit("style.css", "p {}\n");
    expect((await ines.deploy()).kind).toBe("applied");
    expect(cdn.asked.map(({ paths }) => paths)).toEqual([["/style.css"], ["/index.html", "/"]]);
    expect(new Set(cdn.asked.map(({ reference }) => reference)).size).toBe(2);
  });

  test("a CDN that does not finish leaves the bytes live and the plan open; resume asks under the same reference and ends it", async () => {
    const { world, ines, cdn } = withCdn();
    cdn.failure = new BelayError("unsettled", "The invalidation has not completed.", "belay resume");
    ines.edit("index.html", page("one"));
    const told = await ines.deploy();
    expect(told.kind).toBe("unsettled");
    expect(await world.liveText("staging", "index.html")).toBe(page("one"));
    cdn.failure = undefined;
    expect((await ines.resume("finish")).kind).toBe("tried");
    expect(cdn.asked[1]?.reference).toBe(cdn.asked[0]?.reference);
    expect(await ines.entryKinds()).toEqual(["started", "left", "adopted", "ended"]);
    expect(await ines.lineage("index.html")).toBe("same");
  });

  test.each([
    ["refuses", new BelayError("store-denied", "cloudfront:CreateInvalidation is denied.", "Allow it.")],
    ["is not the bucket's any more", new BelayError("edge-mismatch", "The distribution serves another bucket.", "Correct cdn.")],
  ])("a CDN that %s takes nothing back, and says why", async (_, failure) => {
    const { world, ines, cdn } = withCdn();
    ines.edit("index.html", page("one"));
    cdn.failure = failure;
    const { kind, result } = await ines.deploy();
    expect(kind).toBe("unsettled");
    expect(JSON.stringify(result)).toContain(failure.message);
    expect(await world.liveText("staging", "index.html")).toBe(page("one"));
  });

  test("a bug in the CDN's adapter is no answer of the CDN", async () => {
    const { ines, cdn } = withCdn();
    ines.edit("index.html", page("one"));
    cdn.failure = new TypeError("bug");
    await expect(ines.deploy()).rejects.toThrow("bug");
  });

  test("Ctrl-C ends the wait for a CDN, and the plan waits for resume", async () => {
    const { world, ines, cdn } = withCdn();
    ines.edit("index.html", page("one"));
    const waiting: Edge = {
      purge: async (_paths, _reference, { signal }) =>
        await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")));
          ines.stopping.abort();
        }),
    };
    Object.assign(cdn.edge, waiting);
    expect((await ines.deploy()).kind).toBe("unsettled");
    expect(await world.liveText("staging", "index.html")).toBe(page("one"));
  });

  test("what is put back is purged again, under another reference; a CDN that refuses leaves the undoing open", async () => {
    const { world, ines, cdn } = withCdn();
    ines.edit("index.html", page("one"));
    ines.edit("zebra.html", page("zebra"));
    expect((await ines.deploy()).kind).toBe("applied");
    ines.edit("index.html", page("two"));
    ines.edit("zebra.html", page("zebra two"));
    ines.beforeWrite = (_, key) => {
      if (key !== "zebra.html") return;
      world.stranger("staging", "zebra.html", page("a stranger's"));
      cdn.failure = new BelayError("store-denied", "cloudfront:CreateInvalidation is denied.", "Allow it.");
    };
    expect((await ines.deploy()).kind).toBe("unsettled");
    expect(await world.liveText("staging", "index.html")).toBe(page("one"));
    expect(cdn.asked.at(-1)?.reference).toMatch(/-undo-\d+$/u);
    cdn.failure = undefined;
    ines.beforeWrite = () => undefined;
    const resumed = await ines.resume("put-back");
    expect(resumed.kind).toBe("put-back");
    expect((await ines.entryKinds()).at(-1)).toBe("ended");
  });

  test("what is put back late is purged once it is back, not before", async () => {
    const { world, ines, cdn } = withCdn();
    for (const key of ["a.html", "b.html"]) ines.edit(key, page(`${key} one`));
    expect((await ines.deploy()).kind).toBe("applied");
    for (const key of ["a.html", "b.html"]) ines.edit(key, page(`${key} two`));
    cdn.failure = new BelayError("unsettled", "The invalidation has not completed.", "belay resume");
    expect((await ines.deploy()).kind).toBe("unsettled");
    cdn.failure = undefined;
    const { staging } = world.live;
    const write = staging.write.bind(staging);
    staging.write = async (request, options) =>
      request.key === "b.html" ? { kind: "unknown", cause: new Error("lost on its way") } : await write(request, options);
    const purgedWith: (string | undefined)[] = [];
    Object.assign(cdn.edge, {
      purge: async (_paths: unknown, reference: string) => {
        purgedWith.push(await world.liveText("staging", "b.html"));
        return { id: reference };
      },
    });
    expect(await ines.resume("put-back")).toMatchObject({ result: { kind: "unsettled" } });
    expect(purgedWith).toEqual([]);
    staging.write = write;
    expect((await ines.resume("put-back")).kind).toBe("put-back");
    expect(purgedWith).toEqual([page("b.html one")]);
  });
});
