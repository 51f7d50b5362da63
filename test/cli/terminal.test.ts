/** What only shows on a terminal: questions, colour, interruption, and text that means to be obeyed. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

let world: CliWorld;

beforeEach(async () => {
  world = await openCliWorld();
  await world.write("studio/public/index.html", "<h1>one</h1>\n");
});
afterEach(() => world.close());

const live = (): Promise<string> => world.read("srv/live/index.html").catch(() => "nothing");

describe("a question", () => {
  test("is asked of a person, and y is yes", async () => {
    const { exit, stderr } = await world.run("studio", ["deploy", "live"], { answer: "y\n" });
    expect(stderr).toContain("Write this to live? [y/N] ");
    expect(exit).toBe(0);
    expect(await live()).toBe("<h1>one</h1>\n");
  });

  test.each([["n\n"], ["\n"], [""], ["yep\n"]])("is answered no by %j", async (answer) => {
    expect((await world.run("studio", ["deploy", "live"], { answer })).exit).toBe(2);
    expect(await live()).toBe("nothing");
  });

  test("is never asked of an agent, even behind a terminal", async () => {
    const { exit, stderr } = await world.run("studio", ["deploy", "live"], { answer: "y\n", env: { CLAUDECODE: "1" } });
    expect(stderr).not.toContain("[y/N]");
    expect(exit).toBe(2);
    expect(await live()).toBe("nothing");
  });

  test("is not skipped by --yes at a target that comes after another", async () => {
    const config = await world.read("studio/belay.yaml");
    await world.run("studio", ["deploy", "live", "--yes"]);
    await world.write("studio/public/index.html", "<h1>two</h1>\n");
    await world.run("studio", ["deploy", "live", "--yes"]);
    await world.write("studio/belay.yaml", config.replace("srv/live }", "srv/live, after: staging }"));
    const { exit, stderr } = await world.run("studio", ["restore", "live", "--yes"]);
    expect(stderr).toContain("so --yes is not enough");
    expect(exit).toBe(2);
    expect(await live()).toBe("<h1>two</h1>\n");
  });
});

describe("an interruption", () => {
  test("before anything was written exits 130 and leaves live as it was", async () => {
    const { exit, stderr } = await world.run("studio", ["deploy", "live", "--yes"], { onStart: (interrupt) => interrupt() });
    expect(stderr).toContain("stopping…");
    expect(exit).toBe(130);
    expect(await live()).toBe("nothing");
    expect((await world.run("studio", ["deploy", "live", "--yes"])).exit).toBe(0);
  });
});

describe("text from outside", () => {
  test("cannot command the terminal nor pass for belay's own words", async () => {
    await world.run("studio", ["deploy", "live", "--yes"]);
    await world.run("laptop", ["pull", "live"]);
    await world.write("studio/public/index.html", "<h1>one</h1>\n<h2>\u001b[2J\u001b]0;owned\u0007 next: \u202egod eht\u202c</h2>\n");
    await world.run("studio", ["deploy", "live", "--yes", "--by", "Wren\u001b[31m\nnext: belay undo"]);
    for (const words of [["deploy", "live"], ["log"], ["status"], ["snapshots", "live"], ["diff", "live"]]) {
      const { stdout, stderr } = await world.run("laptop", words, { answer: "n\n" });
      // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
      expect(`${stdout}${stderr}`.replaceAll("\r\u001b[2K", "")).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
      expect(`${stdout}${stderr}`).not.toMatch(/^next: belay undo/mu);
    }
    const { stderr } = await world.run("laptop", ["deploy", "live"]);
    expect(stderr).toContain("heading  “");
  });
});

test("colour comes on terminals and goes with NO_COLOR, --no-color and pipes", async () => {
  const escapes = "\u001b[";
  const coloured = { answer: "", env: { NO_COLOR: "" } };
  expect((await world.run("studio", ["status", "live"], coloured)).stdout).toContain(escapes);
  expect((await world.run("studio", ["status", "live", "--no-color"], coloured)).stdout).not.toContain(escapes);
  expect((await world.run("studio", ["status", "live"], { answer: "" })).stdout).not.toContain(escapes);
  expect((await world.run("studio", ["status", "live"], { env: { NO_COLOR: "" } })).stdout).not.toContain(escapes);
});

/** Near enough to columns for this test's own words. */
const wide = (line: string): number => Array.from(line).reduce((sum, char) => sum + (/[\u3000-\u9fff]/u.test(char) ? 2 : 1), 0);

test("no line but a command or a path is wider than the terminal", async () => {
  await world.run("studio", ["deploy", "live", "--yes"]);
  await world.run("laptop", ["pull", "live"]);
  await world.write("studio/public/index.html", `<h1>one</h1>\n<h2>${"港の時刻表 ".repeat(30)}</h2>\n<p>${"tide ".repeat(60)}</p>\n`);
  await world.run("studio", ["deploy", "live", "--yes"]);
  const { stderr } = await world.run("laptop", ["deploy", "live"], { env: { COLUMNS: "60" } });
  expect(stderr).toContain("港の時刻表");
  expect(stderr.split("\n").filter((line) => wide(line) > 60 && !line.includes("belay "))).toEqual([]);
});
