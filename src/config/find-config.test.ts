import { expect, test } from "vitest";

import { findConfig } from "./find-config.ts";

async function search(
  from: string,
  present: readonly string[],
): Promise<{ readonly found: string | undefined; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const found = await findConfig(from, async (path) => {
    asked.push(path);
    return present.includes(path);
  });
  return { found, asked };
}

test("the nearest belay.yaml wins, and nothing above it is asked for", async () => {
  const { found, asked } = await search("/a/b/c", ["/a/belay.yaml", "/a/b/belay.yaml"]);
  expect(found).toBe("/a/b/belay.yaml");
  expect(asked).toEqual(["/a/b/c/belay.yaml", "/a/b/belay.yaml"]);
});

test("the search ends at the root folder", async () => {
  const { found, asked } = await search("/a", []);
  expect(found).toBeUndefined();
  expect(asked).toEqual(["/a/belay.yaml", "/belay.yaml"]);
});
