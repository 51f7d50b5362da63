/** What a deploy of many files looks at in the store after it has written them. */

import { describe, expect, test } from "vitest";
import { MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const many = Array.from({ length: 40 }, (_, at) => `page-${at}.html`);

async function published(): Promise<{ world: MemoryWorld; ines: MemoryCopy }> {
  const world = new MemoryWorld();
  const ines = world.copy("ines");
  for (const path of many) ines.edit(path, "one");
  expect((await ines.deploy()).kind).toBe("applied");
  return { world, ines };
}

describe("a wave of many files", () => {
  test("is checked by one listing, not by a read of each file", async () => {
    const { world, ines } = await published();
    const { staging } = world.live;
    let reads = 0;
    const read = staging.read.bind(staging);
    staging.read = async (key, options) => {
      reads += 1;
      return await read(key, options);
    };
    for (const path of many) ines.edit(path, "two");
    expect((await ines.deploy()).kind).toBe("applied");
    expect(reads).toBeLessThan(5);
  });

  test.each([
    ["overwrote", "a stranger's"],
    ["deleted", undefined],
  ] as const)("is bad where somebody has %s one of them meanwhile, and the stranger's work stands", async (_, text) => {
    const { world, ines } = await published();
    for (const path of many) ines.edit(path, "two");
    const { staging } = world.live;
    const list = staging.list.bind(staging);
    let written = 0;
    ines.beforeWrite = () => void (written += 1);
    staging.list = (prefix, options) => {
      if (written === many.length) world.stranger("staging", "page-7.html", text);
      written = 0;
      return list(prefix, options);
    };
    expect((await ines.deploy()).kind).toBe("verification-failed");
    expect(await world.liveText("staging", "page-7.html")).toBe(text);
    expect(await world.liveText("staging", "page-8.html")).toBe("one");
  });

  test("of deletes is bad where one of them came back meanwhile", async () => {
    const { world, ines } = await published();
    for (const path of many.slice(0, 20)) ines.edit(path, undefined);
    const { staging } = world.live;
    const list = staging.list.bind(staging);
    let written = 0;
    ines.beforeWrite = () => void (written += 1);
    staging.list = (prefix, options) => {
      if (written === 20) world.stranger("staging", "page-7.html", "back again");
      written = 0;
      return list(prefix, options);
    };
    expect((await ines.deploy()).kind).toBe("verification-failed");
    expect(await world.liveText("staging", "page-7.html")).toBe("back again");
  });
});
