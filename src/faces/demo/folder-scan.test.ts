import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf, scanFolder, scanLimits } from "./folder-scan.ts";

let root = "";
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "folder-scan-")));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function put(...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), key);
  }
}

const keysOf = async (limits = scanLimits): Promise<string[]> => (await scanFolder(root, limits)).files.map((file) => file.key);

describe("scanFolder", () => {
  test("takes upper folders first, each by the bytes of its names", async () => {
    await put("b/a.html", "z.html", "A.html", "b/c/d.html", "ä.html");
    expect(await keysOf()).toEqual(["A.html", "z.html", "ä.html", "b/a.html", "b/c/d.html"]);
  });

  test("follows no link, to a file or to a folder", async () => {
    await put("a.html");
    await symlink(join(root, "a.html"), join(root, "b.html"));
    await symlink(tmpdir(), join(root, "loop"));
    const scan = await scanFolder(root, scanLimits);
    expect(scan.files.map((file) => file.key)).toEqual(["a.html"]);
    expect(scan.leftOut.get("symbolic links, which are not followed")).toBe(2);
  });

  test("of names that differ only in case the first stays", async () => {
    await put("Page.html", "page.html");
    expect(await keysOf()).toEqual(["Page.html"]);
  });

  test("stops at each of its limits and says so", async () => {
    await put("a.html", "b.html", "c/d.html");
    expect(await scanFolder(root, { ...scanLimits, filesMax: 2 })).toMatchObject({
      isPartial: true,
      files: [{ key: "a.html" }, { key: "b.html" }],
    });
    expect(await scanFolder(root, { ...scanLimits, bytesMax: 7 })).toMatchObject({ isPartial: true, files: [{ key: "a.html" }] });
    expect(await scanFolder(root, { ...scanLimits, foldersMax: 1 })).toMatchObject({ isPartial: true });
    expect(await scanFolder(root, scanLimits)).toMatchObject({ isPartial: false });
  });
});

describe("digestOf", () => {
  test("changes with bytes, times and new files, and otherwise stays", async () => {
    await put("a.html");
    const digest = async (): Promise<string> => digestOf(await scanFolder(root, scanLimits));
    await utimes(join(root, "a.html"), 1000, 1000);
    const before = await digest();
    expect(await digest()).toBe(before);
    await writeFile(join(root, "a.html"), "A.html");
    await utimes(join(root, "a.html"), 1000, 1000);
    const rewritten = await digest();
    expect(rewritten).not.toBe(before);
    await utimes(join(root, "a.html"), 1000, 2000);
    const touched = await digest();
    expect(touched).not.toBe(rewritten);
    await put("b.html");
    expect(await digest()).not.toBe(touched);
  });
});
