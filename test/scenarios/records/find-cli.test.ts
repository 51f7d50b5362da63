/** `find`, `claim` and `watch` as they are typed. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "../../cli/cli-world.ts";
import { openRecordsCli, type RecordsCli } from "../../cli/records-cli.ts";

describe("over the incident", () => {
  let cli: RecordsCli;
  beforeEach(async () => {
    cli = await openRecordsCli();
  });
  afterEach(async () => await cli.close());

  test("find names the pages and the next command, whichever way its fields are typed", async () => {
    for (const words of [
      ["find", "booking", "--date", "2026-05-30", "--guest", "Jonah"],
      ["find", "--guest=Jonah", "booking", "--where", "date=May 30, 2026"],
      ["find", "booking", "--where", "code=S2FJLN"],
    ]) {
      const { exit, stdout, stderr } = await cli.run(words);
      expect([exit, stderr.includes("next: belay reconcile booking S2FJLN")]).toEqual([0, true]);
      expect(stdout).toContain("exists: booking S2FJLN");
      expect(stdout).toContain("g/2026-05-30-jonah-sunset.html");
      for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test("find says none in JSON, with the claim that comes next", async () => {
    const { exit, stdout } = await cli.run(["find", "booking", "--date", "2026-07-04", "--guest", "Petra Lund", "--json"]);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 1,
      kind: "booking",
      exists: false,
      found: [],
      doubts: [],
      next: expect.stringContaining("belay claim booking --guest 'Petra Lund' --date 2026-07-04"),
    });
  });

  test("claim exits 0, 7 and 3: given, held by somebody, and there already", async () => {
    const words = ["claim", "booking", "--date", "2026-07-04", "--guest", "Petra Lund", "--for", "2h"];
    expect((await cli.run(words)).exit).toBe(0);
    const held = await cli.run([...words, "--json"]);
    expect(held.exit).toBe(7);
    expect(JSON.parse(held.stdout)).toMatchObject({ outcome: "held", claim: { by: { name: "mara" } } });
    const exists = await cli.run(["claim", "booking", "--date", "2026-05-30", "--guest", "Jonah Reed"]);
    expect(exists.exit).toBe(3);
    expect(exists.stdout).toContain("refused R9: it exists already");
    const { record } = JSON.parse(held.stdout).claim;
    expect((await cli.run(["claim", "booking", "--release", record])).exit).toBe(0);
    expect((await cli.run(words)).exit).toBe(0);
  });

  test.each([
    ["no field", ["find", "booking"], "Say what is known"],
    ["a field that there is not", ["find", "booking", "--colour", "red"], "has no field “colour”"],
    ["a time of two readings", ["find", "booking", "--where", "time=4:30"], "can be read as"],
    ["a word without its field", ["find", "booking", "Jonah"], "does not know what “Jonah” is"],
    ["a short option", ["claim", "booking", "-x"], "takes no option -x"],
    ["a time that is none", ["claim", "booking", "--guest", "A", "--for", "soon"], "--for takes"],
    ["a switch both ways", ["watch", "booking", "--stop", "x", "--start"], "cannot both be"],
  ])("%s is a usage error, told with the way on", async (_, words, message) => {
    const { exit, stderr } = await cli.run(words);
    expect([exit, stderr.includes(message), stderr.includes("next: ")]).toEqual([2, true, true]);
  });

  test("watch --once exits 8 where a person has to decide, and prints a line of JSON for each event", async () => {
    const { exit, stdout } = await cli.run(["watch", "booking", "--once", "--json"]);
    expect(exit).toBe(8);
    const events = stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(events).toContainEqual(expect.objectContaining({ format: 1, event: "asked", of: "booking", record: "S2FJLN" }));
    expect((await cli.run(["watch", "booking", "--stop", "the table is wrong"])).exit).toBe(0);
    expect((await cli.run(["watch", "booking", "--once"])).exit).toBe(3);
  });
});

const page = (name: string): string =>
  `<h1>${name}</h1>\n<p>Saturday, July 4, 2026, 10:00 AM – 1:00 PM</p>\n<p data-code="PTR4LU">Code PTR4LU</p>\n`;

describe("in a folder, as belay.yaml has it", () => {
  const config = `version: 1
state: ../state
site: { root: public, targets: { staging: { store: dir:../srv } } }
records:
  booking:
    zone: America/Los_Angeles
    fields: { start: datetime, guest: person, code: key }
    systems: { pages: { target: staging, match: ["g/*.html"] } }
`;
  let world: CliWorld;
  beforeEach(async () => {
    world = await openCliWorld();
    await world.write("studio/belay.yaml", config);
    await world.write("studio/public/index.html", "<h1>Home</h1>\n");
    await world.write("studio/public/g/petra.html", page("Petra Lund"));
  });
  afterEach(async () => await world.close());

  test("a second page of a record is refused, R9, with the page that it has", async () => {
    expect((await world.run("studio", ["deploy", "staging", "--yes"])).exit).toBe(0);
    await world.write("studio/public/g/petra-again.html", page("Petra"));
    const { exit, stderr } = await world.run("studio", ["deploy", "staging", "g/petra-again.html", "--yes"]);
    expect(exit).toBe(3);
    expect(stderr).toContain("R9");
    expect(stderr).toContain("g/petra.html");
  });

  test("of eight commands that claim at once, one is given", async () => {
    const words = ["claim", "booking", "--date", "2026-08-01", "--guest", "Ole Brandt"];
    const exits = await Promise.all(Array.from({ length: 8 }, async () => (await world.run("studio", words)).exit));
    expect(exits.toSorted((one, other) => one - other)).toEqual([0, 7, 7, 7, 7, 7, 7, 7]);
  });
});
