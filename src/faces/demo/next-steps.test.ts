import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aliasLine } from "./next-steps.ts";

let ground = "";

beforeEach(async () => {
  ground = await mkdtemp(join(tmpdir(), "next-steps-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(ground, { recursive: true, force: true });
});

async function pathWith(...folders: readonly string[]): Promise<void> {
  const paths = folders.map((folder) => join(ground, folder));
  for (const path of paths) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "belay"), "", { mode: 0o755 });
  }
  vi.stubEnv("PATH", [join(ground, "empty"), ...paths].join(delimiter));
}

test("where a shell knows `belay` nothing needs to be said", async () => {
  await pathWith("bin");
  expect(await aliasLine(["node", "main.js"])).toBeUndefined();
});

test("where only npm put `belay` on the path, the alias starts what is running now, with its spaces quoted", async () => {
  await pathWith("node_modules/.bin");
  expect(await aliasLine(["/opt/node", "/my files/main.js"])).toBe(String.raw`alias belay='/opt/node '\''/my files/main.js'\'''`);
});
