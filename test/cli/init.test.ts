/** `belay init`: what it writes, what it takes on, and what it never makes look fine. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

let world: CliWorld;

beforeEach(async () => {
  world = await openCliWorld();
  await mkdir(join(world.root, "fresh"));
  await world.write("srv/www/index.html", '<h1>Harbour</h1>\n<div id="tides"></div>\n');
  await world.write("srv/www/style.css", "h1 { margin: 0 }\n");
});
afterEach(() => world.close());

test("a stale folder is not made to look fine, and the next command is the pull", async () => {
  await world.write("fresh/public/index.html", "<h1>Harbour</h1>\n");
  await world.write("fresh/public/style.css", "h1 { margin: 0 }\n");
  expect(await world.shown("fresh", ["init", "--target", "production=dir:../srv/www"])).toMatchInlineSnapshot(`
    "fresh $ belay init --target production=dir:../srv/www
    ✔ wrote belay.yaml

      production  dir:/world/srv/www  2 files live
        1 the same in public, recorded as seen
        1 different from live, and nothing proves which is newer
      next: belay pull production
    [exit 0]
    "
  `);
  expect((await world.run("fresh", ["deploy", "production", "--yes"])).exit).toBe(3);
  expect(await world.read("srv/www/index.html")).toContain("tides");
});

test("into an empty folder it brings what is live, and both are the same", async () => {
  expect((await world.run("fresh", ["init", "--from", "dir:../srv/www"])).exit).toBe(0);
  expect(await world.read("fresh/public/index.html")).toBe(await world.read("srv/www/index.html"));
  expect((await world.run("fresh", ["status"])).stdout).toContain("everything is the same as live (2 files)");
});

test("tokens of a CLAUDE.md bind where live bears them out; the others stand there as comments", async () => {
  await world.write(
    "fresh/CLAUDE.md",
    [
      "## Feature tokens",
      '- `TIDE_TABLE`: index.html must contain `id="tides"`',
      "- `BERTH_FORM`: index.html must contain `action=/berth`",
      "",
    ].join("\n"),
  );
  await world.write("fresh/public/index.html", "<h1>Harbour</h1>\n");
  const { stdout } = await world.run("fresh", ["init", "--target", "production=dir:../srv/www"]);
  expect(stdout).toContain("feature tokens taken over: TIDE_TABLE\n");
  const config = await world.read("fresh/belay.yaml");
  expect(config).toMatch(/^ {4}TIDE_TABLE: \{ file: index\.html, contains: "id=\\"tides\\"" \}$/mu);
  expect(config).toMatch(/^# {3}BERTH_FORM: .*CLAUDE\.md:3$/mu);
  expect((await world.run("fresh", ["tokens", "check"])).exit).toBe(3);
});

test("no belay.yaml is ever overwritten", async () => {
  const before = await world.read("studio/belay.yaml");
  const { exit, stderr } = await world.run("studio", ["init", "--from", "dir:../srv/www"]);
  expect(exit).toBe(2);
  expect(stderr).toContain("init overwrites nothing");
  expect(await world.read("studio/belay.yaml")).toBe(before);
});

test.each([
  ["nobody says where the site is live", [], "nobody is here to ask"],
  ["a target lies inside the root", ["--root", "public", "--target", "live=dir:public/live"], "must lie apart"],
  ["a target's kind is not known", ["--target", "live=ftp://host"], "no valid belay.yaml"],
  ["a stage is none of the targets", ["--target", "live=dir:../srv/www", "--after", "live=staging"], "names no target"],
])("where %s, nothing is written", async (_, flags, telling) => {
  const { exit, stderr } = await world.run("fresh", ["init", ...flags]);
  expect(stderr).toContain(telling);
  expect(exit).toBe(2);
  await expect(world.read("fresh/belay.yaml")).rejects.toThrow("ENOENT");
});

test("in a git work tree the state is ignored, once", async () => {
  await mkdir(join(world.root, "fresh", ".git"));
  await world.write("fresh/.gitignore", "node_modules");
  await world.run("fresh", ["init", "--from", "dir:../srv/www"]);
  expect(await world.read("fresh/.gitignore")).toBe("node_modules\n.belay/\n");
});
