import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld, type Finished } from "./cli-world.ts";

let world: CliWorld;

beforeEach(async () => {
  world = await openCliWorld();
});
afterEach(async () => {
  await world.close();
});

async function deployed(files: Readonly<Record<string, string>>, title: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) await world.write(`studio/public/${path}`, text);
  const ran = await world.run("studio", ["deploy", "staging", "--change", title, "--yes", ...Object.keys(files)]);
  expect(ran).toMatchObject({ exit: 0 });
}

const json = ({ stdout }: Finished): unknown => JSON.parse(stdout);
const widest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

describe("belay rollback", () => {
  beforeEach(async () => {
    await deployed({ "index.html": "<p>spring</p>\n" }, "spring");
    await deployed({ "index.html": '<p>summer</p><img src="sun.svg">\n', "sun.svg": "<svg/>\n" }, "summer");
  });

  test("goes back in one command, says what stays, and is told by snapshots", async () => {
    const ran = await world.run("studio", ["rollback", "staging", "--yes"]);
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toContain("rollback to staging  roll back to r1");
    expect(ran.stdout).toMatch(/stays {2}sun\.svg, for pages that are still cached \(later: belay sweep\s+staging\)/u);
    expect(await world.read("srv/staging/index.html")).toBe("<p>spring</p>\n");
    expect(await world.read("srv/staging/sun.svg")).toBe("<svg/>\n");
    const { stdout } = await world.run("studio", ["snapshots", "staging"]);
    expect(stdout).toMatch(/● r1 .*spring/u);
    expect(stdout).toMatch(/ {2}r3 .*\(rolled back by r5\) summer/u);
    expect(stdout).toContain("belay restore staging --from r5");
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });

  test("a second time does nothing, and names the way further and the way back", async () => {
    await world.run("studio", ["rollback", "staging", "--yes"]);
    const again = await world.run("studio", ["rollback", "staging", "--yes"]);
    expect(again.exit).toBe(0);
    expect(again.stdout).toContain("staging is as it was after r1 already: nothing to do.");
    expect(again.stdout).toContain("r5 has rolled it back already.");
    expect(again.stdout).toContain("belay restore staging --from r1   (further back)");
    expect(again.stdout).toContain("belay restore staging --from r5   (takes the rollback back)");
    expect(json(await world.run("studio", ["rollback", "staging", "--yes", "--json"]))).toMatchObject({
      outcome: "nothing-to-do",
      already: { by: "r5", further: { when: "before", release: "r1" } },
    });
    expect(await world.run("studio", ["restore", "staging", "--from", "r5", "--yes"])).toMatchObject({ exit: 0 });
    expect(await world.read("srv/staging/index.html")).toContain("summer");
  });

  test("in JSON has the plan's fields, where it goes, what stays, and the release", async () => {
    const ran = await world.run("studio", ["rollback", "staging", "--to", "r1", "--yes", "--json"]);
    expect(json(ran)).toMatchObject({
      format: 1,
      intent: "rollback",
      target: "staging",
      steps: [{ wave: "pages", kind: "replace", path: "index.html", because: "as it was after r1" }],
      refusals: [],
      back: { when: "after", release: "r1" },
      stays: ["sun.svg"],
      outcome: "applied",
      release: "r5",
    });
  });

  test("over somebody's edit stops for a person, with what to run, and what is to be run works", async () => {
    await world.write("srv/staging/index.html", "<p>by hand</p>\n");
    const ran = await world.run("studio", ["rollback", "staging", "--yes"]);
    expect(ran.exit).toBe(8);
    expect(ran.stderr).toContain("next: belay pull staging index.html");
    expect(await world.read("srv/staging/index.html")).toBe("<p>by hand</p>\n");
    expect(await world.run("studio", ["pull", "staging", "index.html"])).toMatchObject({ exit: 0 });
    expect(await world.run("studio", ["rollback", "staging", "--yes"])).toMatchObject({ exit: 0 });
    expect(await world.read("srv/staging/index.html")).toBe("<p>spring</p>\n");
  });

  test("off a terminal asks for a confirmation by the plan's id", async () => {
    const asked = await world.run("studio", ["rollback", "staging"]);
    expect(asked.exit).toBe(2);
    const next = /belay rollback staging --confirm ([0-9a-f]{12})/u.exec(asked.stderr);
    expect(await world.run("studio", ["rollback", "staging", "--confirm", next?.[1] ?? ""])).toMatchObject({ exit: 0 });
  });

  test.each([["r2"], ["last"]])("to %s, which is no release, is a matter of usage", async (to) => {
    expect(await world.run("studio", ["rollback", "staging", "--to", to, "--yes"])).toMatchObject({ exit: 2 });
  });
});

describe("belay sweep", () => {
  beforeEach(async () => {
    await deployed({ "index.html": "<p>spring</p>\n" }, "spring");
    await deployed({ "index.html": '<img src="sun.svg">\n', "sun.svg": "<svg/>\n" }, "summer");
    await world.run("studio", ["rollback", "staging", "--yes"]);
    await world.run("studio", ["pull", "staging"]);
  });

  test("says what it left and why, and removes what nobody can need", async () => {
    const held = await world.run("studio", ["sweep", "staging", "--grace", "0d", "--yes"]);
    expect(held.stdout).toContain("staging holds no asset that can go: nothing to do.");
    expect(held.stdout).toContain("left: 1 asset that the stage before, or the working folder, still holds");
    await world.run("laptop", ["pull", "staging", "index.html"]);
    const early = await world.run("laptop", ["sweep", "staging", "--json", "--yes"]);
    expect(json(early)).toMatchObject({
      intent: "sweep",
      outcome: "nothing-to-do",
      left: [{ why: "recent", count: 1, paths: ["sun.svg"] }],
    });
    const swept = await world.run("laptop", ["sweep", "staging", "--grace", "0d", "--yes"]);
    expect(swept.exit).toBe(0);
    expect(swept.stdout).toMatch(/− +sun\.svg +no page refers to it any more/u);
    await expect(world.read("srv/staging/sun.svg")).rejects.toMatchObject({ code: "ENOENT" });
    expect(widest(swept.stdout)).toBeLessThanOrEqual(80);
  });

  test.each(["soon", "30", "-1d", "d"])("takes no grace of %s", async (grace) => {
    expect(await world.run("studio", ["sweep", "staging", `--grace=${grace}`])).toMatchObject({ exit: 2 });
  });
});
