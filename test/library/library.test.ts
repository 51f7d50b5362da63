/** The library as its page describes it: the example there is run as it stands, against the built package. */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/library.md"), "utf8");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "belay-library-"));
  mkdirSync(join(folder, "node_modules/@belay-site"), { recursive: true });
  mkdirSync(join(folder, "public"));
  symlinkSync(root, join(folder, "node_modules/@belay-site/belay"));
  writeFileSync(join(folder, "belay.yaml"), "version: 1\nsite:\n  root: public\n  targets:\n    staging:\n      store: dir:live\n");
  writeFileSync(join(folder, "public/index.html"), "<!doctype html><title>Harbour tours</title>\n");
  writeFileSync(join(folder, "example.mjs"), /```js\n(?<code>[\s\S]*?)```/u.exec(page)?.groups?.["code"] ?? "");
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (): string => execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" });

test("the page's example deploys, and finds nothing to do the second time", () => {
  expect(run()).toBe("1 new, 0 ahead, 0 behind\napplied\n");
  expect(readFileSync(join(folder, "live/index.html"), "utf8")).toContain("Harbour tours");
  expect(run()).toBe("0 new, 0 ahead, 0 behind\nnothing-to-do\n");
});

test("every function that the page names is exported", async () => {
  const library: object = await import(pathToFileURL(join(root, "dist/index.js")).href);
  const named = [...page.matchAll(/^\| [a-z].*?\|(?<calls>.*?)\|/gmu)].flatMap((row) =>
    [...(row.groups?.["calls"] ?? "").matchAll(/`(?<name>\w+)`/gu)].map((match) => match.groups?.["name"] ?? ""),
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !Object.hasOwn(library, name))).toEqual([]);
});
