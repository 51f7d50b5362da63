import { expect, test } from "vitest";

import { findConfig, findConfigsBelow } from "./find-config.ts";

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

test("below a folder each belay.yaml is found, nearest first, but in no folder that is made or hidden", async () => {
  const folders: Readonly<Record<string, readonly string[]>> = {
    "/w": ["apps", "site", "node_modules", ".git"],
    "/w/apps": ["blog", "dist"],
    "/w/apps/blog": ["deep"],
    "/w/apps/blog/deep": ["deeper"],
  };
  const looked: string[] = [];
  const foldersIn = async (path: string): Promise<readonly string[]> => {
    looked.push(path);
    return await Promise.resolve(folders[path] ?? []);
  };
  const present = ["site", "apps/blog", "apps/dist", "node_modules", ".git", "apps/blog/deep/deeper"].map((one) => `/w/${one}/belay.yaml`);
  const exists = async (path: string): Promise<boolean> => await Promise.resolve(present.includes(path));
  expect(await findConfigsBelow("/w", { foldersIn, exists })).toEqual(["/w/site/belay.yaml", "/w/apps/blog/belay.yaml"]);
  expect(looked).not.toContain("/w/.git");
});

test("a wide tree is looked into so far and no further", async () => {
  let looked = 0;
  const foldersIn = async (): Promise<readonly string[]> => {
    looked += 1;
    return await Promise.resolve(Array.from({ length: 1000 }, (_, at) => `f${at}`));
  };
  expect(await findConfigsBelow("/w", { foldersIn, exists: async () => await Promise.resolve(false) })).toEqual([]);
  expect(looked).toBeLessThanOrEqual(300);
});
