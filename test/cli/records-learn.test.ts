/** `belay records learn` as it is typed. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load-config.ts";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

const config = `version: 1
state: ../state
site: { root: public, targets: { staging: { store: dir:../srv/staging } } }
`;
const page = `<p>Saturday, May 30, 2026, 4:30–7:30 PM</p><p>Please arrive at 4:00 PM.</p><p>Code Q7RDTX</p>\n`;
const item = '{ "Item": { "guest_code": { "S": "Q7RDTX" }, "page": { "S": "g/a.html" } } }\n';

let world: CliWorld;
beforeEach(async () => {
  world = await openCliWorld();
  await world.write("studio/belay.yaml", config);
  await world.write("studio/public/g/a.html", page);
  await world.write("studio/public/g/photo.jpg", "no page");
  await world.write("studio/item.json", item);
});
afterEach(async () => await world.close());

test("a folder of pages and an item give a block that belay.yaml takes", async () => {
  const words = ["records", "learn", "public/g", "--item", "item.json", "--system", "crew=dynamodb:crew-dispatch", "--kind", "booking"];
  const { exit, stdout } = await world.run("studio", [...words, "--zone", "America/Los_Angeles"]);
  expect(exit).toBe(0);
  const [kind] = parseConfig(config + stdout, "/w/belay.yaml").records;
  expect(kind).toMatchObject({
    name: "booking",
    zone: "America/Los_Angeles",
    systems: [
      { name: "crew", store: "dynamodb:crew-dispatch" },
      { name: "pages", match: ["g/*.html"] },
    ],
    pointers: [{ from: "crew", at: "page", to: "pages" }],
  });
  const { stdout: json } = await world.run("studio", [...words, "--json"]);
  expect(JSON.parse(json)).toMatchObject({ format: 1, kind: { name: "booking" }, yaml: expect.stringContaining("records:") });
});

test.each([
  ["nothing to learn from", [], 2, "There is nothing to learn from"],
  ["a page that is not there", ["public/g/b.html"], 2, "There is no page g/b.html."],
  ["an item that is not there", ["--item", "none.json"], 2, "There is no file none.json."],
  ["an item that is none", ["--item", "belay.yaml"], 2, "belay.yaml cannot be read as an example"],
  ["a system without a name", ["public/g/a.html", "--system", "dynamodb:x"], 2, "has no name before its store"],
  ["a system without a place", ["public/g/a.html", "--system", "x=mongodb:x"], 2, "The system x must be s3://BUCKET/PREFIX"],
  ["a kind that is no name", ["public/g/a.html", "--kind", "A b"], 2, "cannot name a kind of record"],
])("%s is told, with the way on", async (_, words, exit, message) => {
  const found = await world.run("studio", ["records", "learn", ...words]);
  expect(found.stderr).toContain(message);
  expect(found.stderr).toContain("next: ");
  expect(found.exit).toBe(exit);
});

test("a folder that was named besides the pages is a system of its own, and theirs stays the target", async () => {
  const { exit, stdout } = await world.run("studio", [
    "records",
    "learn",
    "public/g",
    "--item",
    "item.json",
    "--system",
    "wall=dir:../wall",
    "--zone",
    "Europe/Berlin",
  ]);
  expect(exit).toBe(0);
  const [kind] = parseConfig(config + stdout, "/w/belay.yaml").records;
  expect(kind?.systems.map(({ name, target, match }) => [name, target?.target, match])).toEqual([
    ["record", undefined, []],
    ["pages", "staging", ["g/*.html"]],
    ["wall", undefined, ["**/*.html"]],
  ]);
});

test("--from without a page is refused, since nothing would be read there", async () => {
  const { exit, stderr } = await world.run("studio", ["records", "learn", "--item", "item.json", "--from", "staging"]);
  expect([exit, stderr]).toEqual([2, expect.stringContaining("--from staging says where pages are read, and none is named.")]);
});

test("a day and the hour from which on are the start, whatever they are called", async () => {
  await world.write("studio/split.json", '{ "class_code": { "S": "Q7RDTX" }, "day": { "S": "2026-05-30" }, "from": { "S": "16:30" } }\n');
  const { stdout } = await world.run("studio", ["records", "learn", "public/g", "--item", "split.json", "--zone", "America/Los_Angeles"]);
  expect(stdout).toContain("start: { date: day, time: from }");
});
