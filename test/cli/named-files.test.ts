/** Decision 0037: off a terminal, a deploy of named files to a stage says by itself what a confirmation would. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

let world: CliWorld;

beforeAll(async () => {
  world = await openCliWorld(["    production: { store: dir:../srv/production }"]);
  for (const path of ["index.html", "fees.html", "rooms/north.html", "old.html"]) {
    await world.write(`studio/public/${path}`, `<p>${path}</p>\n`);
  }
});
afterAll(() => world.close());

const unconfirmed = { exit: 2, stderr: expect.stringContaining("needs a confirmation") };
const live = async (path: string): Promise<string> => await world.read(`srv/live/${path}`);

describe("a deploy that nobody can be asked about", () => {
  test("goes ahead where every file is named, and writes no other", async () => {
    const ran = await world.run("studio", ["deploy", "live", "index.html", "public/old.html"]);
    expect(ran).toMatchObject({ exit: 0, stdout: expect.stringContaining("applied r1 to live: 2 files") });
    expect(await live("index.html")).toContain("index.html");
    await expect(live("fees.html")).rejects.toThrow("ENOENT");
  });

  test("waits where a folder is named, or nothing", async () => {
    expect(await world.run("studio", ["deploy", "live", "rooms"])).toMatchObject(unconfirmed);
    expect(await world.run("studio", ["deploy", "live", "fees.html", "rooms/", "--change", "winter"])).toMatchObject(unconfirmed);
    expect(await world.run("studio", ["deploy", "staging"])).toMatchObject(unconfirmed);
    await expect(live("fees.html")).rejects.toThrow("ENOENT");
  });

  test("waits where the target is production", async () => {
    expect(await world.run("studio", ["deploy", "production", "index.html"])).toMatchObject(unconfirmed);
    await expect(world.read("srv/production/index.html")).rejects.toThrow("ENOENT");
  });

  test("goes ahead for another plan than the one that was confirmed in no case", async () => {
    const other = await world.run("studio", ["deploy", "live", "fees.html", "--confirm", "0123456789ab"]);
    expect(other).toMatchObject({ exit: 2, stderr: expect.stringContaining("not 0123456789ab any more") });
    await expect(live("fees.html")).rejects.toThrow("ENOENT");
  });

  test("takes a named file away that is gone here", async () => {
    await rm(join(world.root, "studio/public/old.html"));
    expect(await world.run("studio", ["deploy", "live", "old.html"])).toMatchObject({ exit: 0 });
    await expect(live("old.html")).rejects.toThrow("ENOENT");
  });

  test("is refused by the rules as ever", async () => {
    await world.run("laptop", ["pull", "live"]);
    await world.write("laptop/public/index.html", "<p>laptop</p>\n");
    await world.write("studio/public/index.html", "<p>studio</p>\n");
    expect(await world.run("studio", ["deploy", "live", "index.html"])).toMatchObject({ exit: 0 });
    expect(await world.run("laptop", ["deploy", "live", "index.html"])).toMatchObject({
      exit: 8,
      stderr: expect.stringContaining("refused D8"),
    });
    expect(await live("index.html")).toContain("studio");
  });
});

test("a person at a terminal is asked all the same", async () => {
  expect(await world.run("studio", ["deploy", "live", "fees.html"], { answer: "n\n" })).toMatchObject({ exit: 2 });
  await expect(live("fees.html")).rejects.toThrow("ENOENT");
  expect(await world.run("studio", ["deploy", "live", "fees.html"], { answer: "y\n" })).toMatchObject({ exit: 0 });
});
