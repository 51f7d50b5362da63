/** What a deploy makes of what visitors get of the pages that it has just written. */

import { describe, expect, test } from "vitest";
import { asStoreName } from "../../../src/core/brand.ts";
import { headersShown } from "../../../src/operations/apply/check-wave.ts";
import type { Sight } from "../../../src/ports/probe.ts";
import { digestOfText, MemoryWorld } from "../memory-bench.ts";

const url = "https://staging.example";
const html = { "content-type": "text/html; charset=utf-8" };
const headersFor = (): typeof html => html;

const seen = (text: string, headers: Readonly<Record<string, string>> = html, status = 200): Sight => ({
  kind: "seen",
  status,
  digest: digestOfText(text),
  headers,
});

describe("a deploy", () => {
  test("looks once at a page that is right", async () => {
    const world = new MemoryWorld({ staging: { url } });
    let looks = 0;
    const look = async (): Promise<Sight> => await Promise.resolve(((looks += 1), seen("one")));
    const ines = world.copy("ines", { look, headersFor });
    ines.edit("a.html", "one");
    expect((await ines.deploy()).kind).toBe("applied");
    expect(looks).toBe(1);
  });

  test("waits up to half a minute for an edge that still serves the page of before", async () => {
    const world = new MemoryWorld({ staging: { url } });
    const startMs = world.nowMs;
    const look = async (): Promise<Sight> => await Promise.resolve(seen(world.nowMs - startMs < 25_000 ? "old" : "one"));
    const ines = world.copy("ines", { look, headersFor });
    ines.edit("a.html", "one");
    expect((await ines.deploy()).kind).toBe("applied");
    expect(world.nowMs - startMs).toBeGreaterThanOrEqual(25_000);
  });

  test("takes back a page that comes with another type than it was written with", async () => {
    const world = new MemoryWorld({ staging: { url } });
    const ines = world.copy("ines", { look: async () => await Promise.resolve(seen("one", { "content-type": "text/plain" })), headersFor });
    ines.edit("a.html", "one");
    const told = await ines.deploy();
    expect(told.kind).toBe("verification-failed");
    expect(told.result).toMatchObject({ result: { saw: "content type text/plain instead of text/html; charset=utf-8" } });
    expect(await world.liveText("staging", "a.html")).toBeUndefined();
  });

  test("of a folder leaves types to the web server in front of it", () => {
    const { staging } = new MemoryWorld();
    const change = {
      kind: "create",
      at: { store: staging.store, key: "a.html" },
      expect: { kind: "absent" },
      content: { digest: digestOfText("one"), sizeBytes: 3, headers: html },
    } as const;
    const steps = [{ change, because: "new" }];
    expect(headersShown(steps, staging).get("a.html")).toEqual(html);
    expect(headersShown(steps, { ...staging, store: asStoreName("dir:../srv") }).size).toBe(0);
  });

  test("keeps what it wrote where a gateway could not ask for the page, and is unsettled", async () => {
    const world = new MemoryWorld({ staging: { url } });
    const ines = world.copy("ines", { look: async () => await Promise.resolve(seen("busy", html, 503)), headersFor });
    ines.edit("a.html", "one");
    expect((await ines.deploy()).kind).toBe("unsettled");
    expect(await world.liveText("staging", "a.html")).toBe("one");
  });

  test("that is interrupted while it waits for an edge stops waiting and takes back what was not seen", async () => {
    const world = new MemoryWorld({ staging: { url } });
    let looks = 0;
    const look = async (): Promise<Sight> => {
      looks += 1;
      if (looks === 2) ines.stopping.abort();
      return await Promise.resolve(seen("old"));
    };
    const ines = world.copy("ines", { look, headersFor });
    ines.edit("a.html", "one");
    expect((await ines.deploy()).kind).toBe("verification-failed");
    expect(looks).toBe(2);
    expect(await world.liveText("staging", "a.html")).toBeUndefined();
  });
});
