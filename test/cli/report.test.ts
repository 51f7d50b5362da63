import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

let world: CliWorld;
beforeEach(async () => {
  world = await openCliWorld();
  await world.write("studio/public/index.html", "<!doctype html><title>Harbour</title><h1>Open at ten</h1>\n<p>Ring us.</p>\n");
  await world.run("studio", ["deploy", "staging", "--yes"]);
  await world.write("studio/public/index.html", "<!doctype html><title>Harbour</title><h1>Open at nine</h1>\n<p>Ring us.</p>\n");
});
afterEach(async () => {
  await world.close();
});

describe("belay plan --html", () => {
  test("writes what visitors lose and gain, the lines of both sides and the command that goes on, beside the usual answer", async () => {
    const { exit, stdout, stderr } = await world.run("studio", ["plan", "staging", "--html", "report.html"]);
    expect([exit, stderr]).toEqual([0, "report report.html\n"]);
    const id = /^plan ([0-9a-f]{12})$/mu.exec(stdout)?.[1] ?? "";
    const page = await world.read("studio/report.html");
    expect(page).toContain(`belay apply ${id}`);
    expect(page).toMatch(/Visitors would lose[\s\S]*heading[\s\S]*Open at ten[\s\S]*Visitors would gain[\s\S]*Open at nine/u);
    expect(page).toContain("&lt;h1&gt;Open at <del>ten</del>&lt;/h1&gt;");
    expect(page).toContain("&lt;h1&gt;Open at <ins>nine</ins>&lt;/h1&gt;");
  });

  test("a second report takes the place of the first", async () => {
    await world.run("studio", ["plan", "staging", "--html", "report.html"]);
    await world.write("studio/public/index.html", "<!doctype html><title>Harbour</title><h1>Open at eight</h1>\n");
    expect((await world.run("studio", ["plan", "staging", "--html", "report.html"])).exit).toBe(0);
    expect(await world.read("studio/report.html")).toContain("eight");
  });

  test("what is refused is shown too: whose work would have been lost, and the way on", async () => {
    await world.write(
      "srv/staging/index.html",
      "<!doctype html><title>Harbour</title><h1>Open at ten</h1>\n<p>Ring us.</p>\n<h2>Gift cards</h2>\n",
    );
    const { exit } = await world.run("studio", ["plan", "staging", "--html", "report.html"]);
    expect(exit).toBe(8);
    const page = await world.read("studio/report.html");
    expect(page).toContain("✖ Refused: nothing will be written");
    expect(page).toContain("belay pull staging index.html");
    expect(page).toMatch(/Visitors would lose[\s\S]*Gift cards/u);
    expect(page).not.toContain("belay apply");
  });

  test("credentials in a page are in no report, and a change of one is still told", async () => {
    await world.write("studio/public/app.js", 'const password = "hunter-one";\n');
    expect((await world.run("studio", ["deploy", "staging", "app.js", "--yes"])).exit).toBe(0);
    await world.write("studio/public/app.js", 'const password = "hunter-two";\n');
    await world.run("studio", ["plan", "staging", "app.js", "--html", "report.html", "--markdown", "report.md"]);
    for (const file of ["studio/report.html", "studio/report.md"]) {
      const text = await world.read(file);
      expect(text).not.toMatch(/hunter-(?:one|two)/u);
      expect(text).toContain("differs in what is not shown");
    }
  });

  test("is never written into the folder that is published", async () => {
    const { exit, stderr } = await world.run("studio", ["plan", "staging", "--html", "public/report.html"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("the next deploy would take it along");
    expect(await readdir(join(world.root, "studio/public"))).toEqual(["index.html"]);
  });

  test("with --json stdout is one JSON document, and - for it is refused", async () => {
    const { exit, stdout } = await world.run("studio", ["plan", "staging", "--json", "--html", "report.html"]);
    expect([exit, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ format: 1, target: "staging" })]);
    expect((await world.run("studio", ["plan", "staging", "--json", "--html", "-"])).exit).toBe(2);
    expect((await world.run("studio", ["plan", "staging", "--markdown", "--html", "-"])).exit).toBe(2);
  });
});

describe("belay plan --markdown", () => {
  test("is all that stands on stdout, with the plan's own exit status", async () => {
    const good = await world.run("studio", ["plan", "staging", "--markdown"]);
    expect([good.exit, good.stderr]).toEqual([0, ""]);
    expect(good.stdout).toMatch(/^<!-- belay report -->\n### Deploy to staging: /u);
    expect(good.stdout).toContain("-<!doctype html><title>Harbour</title><h1>Open at ten</h1>");
    await world.write("srv/staging/index.html", "<h1>by somebody else</h1>\n");
    const refused = await world.run("studio", ["plan", "staging", "--markdown", "-"]);
    expect(refused.exit).toBe(8);
    expect(refused.stdout).toContain("**✖ Refused: nothing will be written**");
  });

  test("goes to a file where one is named", async () => {
    const { exit, stdout } = await world.run("studio", ["plan", "staging", "--markdown", "report.md"]);
    expect([exit, await world.read("studio/report.md")]).toEqual([0, expect.stringContaining("### Deploy to staging")]);
    expect(stdout).toContain("next: belay apply");
  });
});
