/** What scripts rely on: JSON fields, exit statuses, and usage errors that name the command that was meant. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

let world: CliWorld;

beforeEach(async () => {
  world = await openCliWorld();
  await world.write("studio/public/index.html", "<h1>one</h1>\n");
  await world.write("studio/public/tides/today.html", "<p>high at noon</p>\n");
});
afterEach(() => world.close());

const json = async (folder: string, ...words: readonly string[]): Promise<{ readonly exit: number; readonly document: unknown }> => {
  const { exit, stdout, stderr } = await world.run(folder, [...words, "--json"]);
  expect(stderr).toBe("");
  return { exit, document: JSON.parse(stdout) };
};
const digest = expect.stringMatching(/^[0-9a-f]{64}$/u);

describe("--json gives one document", () => {
  test("of a plan and its deploy, with the fields of the contract", async () => {
    const planned = await json("studio", "plan", "live", "index.html");
    expect(planned).toMatchObject({
      exit: 0,
      document: {
        format: 1,
        id: digest,
        target: "live",
        intent: "deploy",
        steps: [
          {
            wave: "pages",
            kind: "create",
            store: `dir:${world.root}/srv/live`,
            path: "index.html",
            expect: { kind: "absent" },
            because: "new here",
          },
        ],
        refusals: [],
        proof: {
          local: digest,
          live: "nothing",
          diff: { added: 1, removed: 0 },
          tokens: [],
          stagingInvalidation: "none (no CDN)",
          productionInvalidation: "none (not this target)",
        },
        purge: [],
      },
    });
    const deployed = await json("studio", "deploy", "live", "index.html", "--yes");
    expect(deployed).toMatchObject({ exit: 0, document: { format: 1, id: digest, target: "live", outcome: "applied", release: "r1" } });
    const again = await json("studio", "deploy", "live", "index.html", "--yes");
    expect(again).toMatchObject({ exit: 0, document: { outcome: "nothing-to-do", steps: [] } });
  });

  test("of status, with every kind of lineage counted and digests in full", async () => {
    await world.run("studio", ["deploy", "live", "--yes"]);
    await world.write("studio/public/index.html", "<h1>two</h1>\n");
    expect(await json("studio", "status", "live")).toMatchObject({
      exit: 0,
      document: {
        format: 1,
        target: "live",
        objects: [{ path: "index.html", lineage: "ahead", local: digest, base: digest, live: digest }],
        summary: { same: 1, ahead: 1, behind: 0, diverged: 0, new: 0, removed: 0, unknown: 0 },
        tokens: [],
        warnings: [],
      },
    });
    expect(await json("studio", "status")).toMatchObject({
      document: { target: "staging", targets: [{ target: "staging" }, { target: "live" }] },
    });
  });

  test("of a refusal, with its evidence and exit 8 where a person is needed", async () => {
    await world.run("studio", ["deploy", "live", "--yes"]);
    await world.run("laptop", ["pull", "live"]);
    await world.write("studio/public/index.html", "<h1>two</h1>\n");
    await world.run("studio", ["deploy", "live", "--yes"]);
    const { exit, document } = await json("laptop", "deploy", "live", "--yes");
    expect(exit).toBe(8);
    expect(document).toMatchObject({
      format: 1,
      outcome: "needs-person",
      steps: [],
      refusals: [
        { rule: "D8", code: "live-is-ahead", paths: ["index.html"], remedy: "belay pull live index.html", stale: [{ versionsBehind: 1 }] },
      ],
    });
    expect((await world.run("laptop", ["plan", "live"])).exit).toBe(8);
  });

  test("of an unrelated pair of pages refused by D3, with exit 3", async () => {
    await world.run("studio", ["deploy", "live", "--yes"]);
    await world.write("studio/public/index.html", "<h1>two</h1>\n");
    await world.write("studio/public/tides/today.html", "<p>high at one</p>\n");
    expect(await json("studio", "deploy", "live", "--yes")).toMatchObject({
      exit: 3,
      document: { outcome: "refused", refusals: [{ rule: "D3" }] },
    });
    expect(await json("studio", "deploy", "live", "index.html", "tides", "--change", "new hours", "--yes")).toMatchObject({
      exit: 0,
      document: { outcome: "applied", title: "new hours" },
    });
  });

  test("of a plan that nobody confirmed: the whole plan, and the command that does", async () => {
    const { exit, document } = await json("studio", "deploy", "live");
    expect(exit).toBe(2);
    expect(document).toMatchObject({
      id: digest,
      outcome: "confirmation-needed",
      error: { code: "confirmation-needed", remedy: expect.stringMatching(/^belay deploy live --confirm [0-9a-f]{12}$/u) },
    });
    await expect(world.read("srv/live/index.html")).rejects.toThrow("ENOENT");
  });

  test("of the log, whose chain is intact until an entry is gone", async () => {
    await world.run("studio", ["deploy", "live", "--yes"]);
    expect(await json("studio", "log")).toMatchObject({
      exit: 0,
      document: {
        format: 1,
        chain: "intact",
        entries: [
          { seq: 2, kind: "ended", actor: { name: "Wren" } },
          { seq: 1, kind: "started" },
        ],
      },
    });
  });

  test("of an error too, whatever it is", async () => {
    expect(await json("studio", "status", "nowhere")).toEqual({
      exit: 2,
      document: {
        format: 1,
        error: {
          code: "usage",
          message: "There is no target “nowhere” in belay.yaml. Its targets: staging, live.",
          remedy: "belay status staging --json",
        },
      },
    });
    expect(await json("studio", "deploy", "live", "--yse")).toMatchObject({
      exit: 2,
      document: { error: { remedy: "belay deploy live --yes --json" } },
    });
    await rm(join(world.root, "studio", "belay.yaml"));
    expect(await json("studio", "status")).toMatchObject({
      exit: 2,
      document: { error: { code: "config-missing", remedy: "belay init" } },
    });
  });
});

describe("a usage error exits 2 with the command that was meant", () => {
  test.each([
    ["a mistyped verb", ["deplyo", "live"], "next: belay deploy live"],
    ["a mistyped verb below another", ["warn", "lst"], "next: belay warn list"],
    ["a mistyped option", ["pull", "live", "--tkae", "live"], "next: belay pull live --take live"],
    ["a mistyped target", ["deploy", "lve"], "next: belay deploy live"],
    ["a mistyped path", ["deploy", "live", "idnex.html"], "next: belay deploy live index.html"],
    ["no target", ["deploy"], "next: belay deploy staging"],
    ["two targets", ["deploy", "staging", "live"], "rule D2"],
    ["two targets of a verb without paths", ["snapshots", "staging", "live"], "rule D2"],
    ["a path outside the site", ["deploy", "live", "../secret.txt"], "outside the site's folder"],
    ["a side that is none", ["pull", "live", "--take", "both"], "next: belay pull --help"],
    ["a wait that is no number", ["deploy", "live", "--wait", "soon"], "--wait 60"],
    ["a short plan id", ["deploy", "live", "--confirm", "12ab"], "at least its first 8 digits"],
    ["a warning without a text", ["warn", "add", "index.html"], "--note"],
    ["a warning on a path that is nowhere", ["warn", "add", "indx.html", "--note", "mind"], "next: belay warn add index.html --note mind"],
  ])("%s", async (_, words, telling) => {
    const { exit, stdout, stderr } = await world.run("studio", words);
    expect(stderr).toContain(telling);
    expect(stdout).toBe("");
    expect(exit).toBe(2);
  });
});

describe("a path", () => {
  test("may be typed from the working folder or from the site's, and a folder with or without its slash", async () => {
    for (const typed of ["public/tides/today.html", "tides/today.html", "tides", "public/tides/", `${world.root}/studio/public/tides`]) {
      const { document } = await json("studio", "plan", "live", typed);
      expect(document).toMatchObject({ steps: [{ path: "tides/today.html" }] });
    }
    expect(await json("studio/public/tides", "plan", "live", "today.html")).toMatchObject({
      document: { steps: [{ path: "tides/today.html" }] },
    });
  });

  test("that only live has is known as well", async () => {
    await world.write("srv/live/old.html", "<p>old</p>\n");
    expect((await world.run("studio", ["pull", "live", "old.html"])).stdout).toContain("created  old.html");
  });
});

test("a warning holds a deploy until a pull brings what it is about", async () => {
  await world.run("studio", ["deploy", "live", "index.html", "--yes"]);
  await world.run("laptop", ["pull", "live"]);
  await world.write("studio/public/index.html", "<h1>two</h1>\n");
  await world.run("studio", ["deploy", "live", "index.html", "--yes"]);
  await world.run("studio", ["warn", "add", "index.html", "--note", "ask first"]);
  await world.write("studio/public/index.html", "<h1>three</h1>\n");
  const refused = await world.run("studio", ["deploy", "live", "index.html", "--yes"]);
  expect(refused.exit).toBe(3);
  expect(refused.stderr).toContain("ask first");
  const nothing = await world.run("studio", ["pull", "live", "index.html"]);
  expect(nothing.stdout).toMatch(/warning w[0-9a-f]+ still stands: this pull brought nothing that settles it/u);
  expect((await world.run("laptop", ["pull", "live", "index.html"])).stdout).toContain("is settled by this pull");
  expect((await world.run("studio", ["deploy", "live", "index.html", "--yes"])).exit).toBe(0);
});

test("only a person at a terminal settles a warning by their word", async () => {
  await world.run("studio", ["warn", "add", "index.html", "--note", "ask first"]);
  const list = await world.run("studio", ["warn", "list", "--json"]);
  const id = /"id": "(w[0-9a-f]+)"/u.exec(list.stdout)?.[1] ?? "";
  expect((await world.run("studio", ["warn", "resolve", id, "--why", "asked"])).exit).toBe(8);
  expect((await world.run("studio", ["warn", "resolve", id, "--why", "asked"], { answer: "", env: { CLAUDECODE: "1" } })).exit).toBe(8);
  expect((await world.run("studio", ["warn", "resolve", id, "--why", "asked"], { answer: "" })).exit).toBe(0);
});
