/** `audit`, `reconcile` and `tasks` as people and programs see them, over the second incident. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { widthOf } from "../../src/faces/cli/text-width.ts";
import { booking, incident, item, richPage, type RecordsWorldOptions } from "../scenarios/records/records-world.ts";
import { openRecordsCli, type RecordsCli, type RecordsRun } from "./records-cli.ts";
import type { Finished } from "./cli-world.ts";

let cli: RecordsCli | undefined;
const open = async (options: RecordsWorldOptions = {}): Promise<RecordsCli> => (cli = await openRecordsCli(options));
afterEach(async () => {
  await cli?.close();
  cli = undefined;
});

const sunset = "g/2026-05-30-jonah-sunset.html";
const decide = ["--set", "start=15:30", "--keep", sunset] as const;
const run = async (words: readonly string[], options?: RecordsRun): Promise<Finished> => await (cli ?? (await open())).run(words, options);
const jsonOf = ({ stdout }: Finished): Record<string, unknown> => JSON.parse(stdout);
const idIn = ({ stdout }: Finished): string => /^plan (?<id>[0-9a-f]{12})/mu.exec(stdout)?.groups?.["id"] ?? "";

describe("audit", () => {
  test("shows fields down and systems across in 80 columns, and nothing that a shell would not take is to be pasted", async () => {
    const { exit, stdout } = await run(["audit", "booking", "S2FJLN"], { typed: [], columns: 80 });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^ {11}holds +record +pages 1 +pages 2 +calendar +listing$/mu);
    expect(stdout).toMatch(/^ {2}start +\? 2026-05-30 +≠ 15:30 +≠ 16:30 +≠ 16:30 +≠ 16:30 +≠ 16:30$/mu);
    expect(stdout).toMatch(/^ {2}guest +Jonah Reed +✔ +✔ +✔ +✔ +✔$/mu);
    expect(stdout).toContain("--set start='2026-05-30 15:30'");
    expect(stdout).toContain(`--keep ${sunset}`);
  });

  test.each([60, 80])("keeps every line within %i columns", async (columns) => {
    const { stdout } = await run(["audit", "booking", "S2FJLN"], { typed: [], columns });
    const long = stdout.split("\n").filter((line) => widthOf(line) > columns);
    expect(long).toEqual([]);
    expect(stdout).toContain("16:30");
  });

  test("stacks the systems below each field where they do not fit beside one another", async () => {
    const { stdout } = await run(["audit", "booking", "S2FJLN"], { typed: [], columns: 60 });
    expect(stdout).toMatch(/^ {2}start {2}nobody has decided, 2026-05-30\n {4}≠ record {4}15:30$/mu);
  });

  test("obeys nothing that a page, an item or a name says to a terminal", async () => {
    const evil = "\u001b[2J\u001b]0;owned\u0007Jo\u202enah";
    const record = item({
      guest_code: "S2FJLN",
      guest_name: evil,
      charter_date: "2026-05-30",
      start_time: "15:30",
      page_slug: `gone${evil}`,
    });
    await open({ held: { ...incident, record: { S2FJLN: record } } });
    for (const words of [
      ["audit", "booking", "S2FJLN"],
      ["audit", "booking"],
      ["reconcile", "booking", "S2FJLN"],
    ]) {
      const { stdout, stderr } = await run(words);
      // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/u);
    }
  });

  test("says without colour everything that it says with it", async () => {
    const plain = await run(["audit", "booking", "S2FJLN"]);
    const coloured = await run(["audit", "booking", "S2FJLN"], { env: { NO_COLOR: "", FORCE_COLOR: "1" } });
    expect(coloured.stdout).not.toBe(plain.stdout);
    expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout);
  });

  test("of a kind lists what does not agree, leaves templates alone, and only --check makes that an exit of 3", async () => {
    const { exit, stdout } = await run(["audit", "booking"]);
    expect(exit).toBe(0);
    expect(stdout).toContain("✖ S2FJLN  start: record 15:30, pages+calendar+listing 16:30");
    expect(stdout).toContain("1 template left alone: pages g/_template.html");
    expect((await run(["audit", "booking", "--check"])).exit).toBe(3);
  });

  test("gives one JSON document with rows, evidence, findings, questions and the timeline", async () => {
    const found = await run(["audit", "booking", "S2FJLN", "--json"]);
    expect(jsonOf(found)).toMatchObject({
      format: 1,
      kind: "booking",
      systems: [{ system: "record", objects: 1 }, { system: "pages", objects: 3 }, { system: "calendar" }, { system: "listing" }],
      records: [
        {
          record: "S2FJLN",
          consistent: false,
          rows: [
            {
              field: "start",
              state: "open",
              cells: [{ sighting: "record S2FJLN", verdict: "differs", claims: [{ raw: "2026-05-30" }, { raw: "15:30" }] }, {}, {}, {}, {}],
            },
            {},
            {},
            {},
            {},
            {},
            {},
          ],
          questions: [{ name: "start", choices: [{ answer: "2026-05-30 15:30" }, { answer: "2026-05-30 16:30" }] }],
          findings: [{ code: "duplicate" }],
          timeline: [{ source: "document", deed: { kind: "told" } }, {}, {}, {}, {}, {}],
        },
      ],
      summary: { records: 1, agree: 0, differ: 1, undecided: 1 },
    });
    expect(jsonOf(await run(["audit", "booking", "--json"]))).toMatchObject({ records: [{ record: "S2FJLN" }], summary: { records: 1 } });
  });

  test("names the record that is not there, and the system that it does not know", async () => {
    expect((await run(["audit", "booking", "NOBODY"])).exit).toBe(2);
    const { exit, stderr } = await run(["audit", "booking", "--accept-empty", "fax"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("Its systems: record, pages, calendar, listing");
  });
});

describe("reconcile", () => {
  test("off a terminal asks nothing, exits 8 and names the words that answer each question", async () => {
    const { exit, stderr } = await run(["reconcile", "booking", "S2FJLN"]);
    expect(exit).toBe(8);
    expect(stderr).toContain("waits for 2 decisions; nothing was written");
    expect(stderr).toContain("--set start='2026-05-30 16:30'");
    expect(stderr).toContain("--keep g/2026-05-30-jonah-afternoon.html");
    expect(jsonOf(await run(["reconcile", "booking", "S2FJLN", "--json"]))).toMatchObject({
      outcome: "needs-person",
      waitsFor: "decision",
      questions: [{ name: "start" }, { about: "survivor" }],
    });
  });

  test("asks one by one at a terminal, then shows all of it and writes on a yes", async () => {
    const { exit, stdout } = await run(["reconcile", "booking", "S2FJLN"], { typed: ["1", "the guest called", "2", "y"] });
    expect(exit).toBe(0);
    expect(stdout).toContain("start    2026-05-30 15:30  mara: the guest called");
    expect(stdout).toContain(`${sunset} stays (mara: the guest called)`);
    expect(stdout).toContain("− Saturday, May 30, 2026 · 4:30–7:30 PM");
    expect(stdout).toContain("✔ booking S2FJLN: every system that belay can write says the same");
    expect(await cli?.world.textOf("pages", sunset)).toContain("<b>3:30</b>&ndash;<i>6:30</i> PM");
    expect(stdout.split("\n").filter((line) => widthOf(line) > 80)).toEqual([]);
  });

  test("writes nothing on a no, and the plan that was shown can be carried out by its id", async () => {
    const declined = await run(["reconcile", "booking", "S2FJLN", ...decide], { typed: ["n"] });
    expect(declined.exit).toBe(2);
    expect(await cli?.world.textOf("pages", sunset)).toBe(richPage);
    const applied = await run(["apply", idIn(declined)]);
    expect(applied.exit).toBe(0);
    expect(await cli?.world.textOf("pages", sunset)).toContain("<b>3:30</b>");
  });

  test("--plan keeps a plan that --confirm carries out, and not one that decides otherwise", async () => {
    const planned = await run(["reconcile", "booking", "S2FJLN", ...decide, "--plan"]);
    expect(planned.exit).toBe(0);
    const other = await run(["reconcile", "booking", "S2FJLN", "--set", "start=14:00", "--confirm", idIn(planned)]);
    expect(other.exit).toBe(2);
    expect(other.stderr).toContain("decides something else about start");
    const done = await run(["reconcile", "booking", "S2FJLN", ...decide, "--confirm", idIn(planned), "--json"]);
    expect(done.exit).toBe(0);
    expect(jsonOf(done)).toMatchObject({
      outcome: "applied",
      records: { decisions: [{ field: "start", how: "person" }, {}, {}, {}, {}, {}, {}] },
      parts: [{}, {}, {}, {}],
    });
  });

  test.each([
    ["start=half", "cannot be read as a time"],
    ["start=4:30", "can be read as 04:30 or 16:30"],
    ["start=4:30-7:30 PM", "says more than one time"],
    ["start=2026-03-08 02:30", "skips"],
    ["start=2026-11-01 01:30", "twice"],
    ["beginning=15:30", "has no field"],
    ["start", "has no “=”"],
  ])("--set %s is refused, since it %s", async (set, why) => {
    const { exit, stderr } = await run(["reconcile", "booking", "S2FJLN", "--set", set]);
    expect(exit).toBe(2);
    expect(stderr.replaceAll(/\s+/gu, " ")).toContain(why);
  });

  test.each(["start=3:30 PM", "start=2026-05-30 15:30", "start=2026-05-30T22:30:00Z"])("--set %s means 15:30 on that day", async (set) => {
    const { stdout } = await run(["reconcile", "booking", "S2FJLN", "--set", set, "--keep", sunset, "--plan"]);
    expect(stdout).toMatch(/^ {2}start +2026-05-30 15:30 /mu);
  });
});

describe("tasks", () => {
  test("lists what only a person can change, with where and from what to what", async () => {
    expect((await run(["tasks"])).stdout).toBe("Nothing waits for a person.\n");
    await run(["reconcile", "booking", "S2FJLN", ...decide], { typed: ["y"] });
    const { stdout } = await run(["tasks"]);
    expect(stdout).toContain("listing: booking S2FJLN");
    expect(stdout).toContain("4:30 PM to 7:30 PM → 2026-05-30 15:30");
    expect(stdout).toContain("https://market.example.com/edit/S2FJLN");
    expect(jsonOf(await run(["tasks", "--json"]))).toMatchObject({
      tasks: [{ system: "listing", state: "open", changes: [{ field: "start" }, { field: "end" }] }],
    });
  });

  test("done takes a person's word with what it rests on, and nobody else's", async () => {
    await run(["reconcile", "booking", "S2FJLN", ...decide], { typed: ["y"] });
    const [{ id }] = [...JSON.parse((await run(["tasks", "--json"])).stdout).tasks];
    expect((await run(["tasks", "done", id], { typed: [] })).exit).toBe(2);
    expect((await run(["tasks", "done", id, "--evidence", "changed it"])).exit).toBe(8);
    const done = await run(["tasks", "done", id.slice(0, 6), "--evidence", "changed it at 14:02", "--recheck", "7d"], { typed: [] });
    expect(done.exit).toBe(0);
    expect((await run(["tasks"])).stdout).toBe("Nothing waits for a person.\n");
    expect((await run(["tasks", "--all"])).stdout).toContain("“changed it at 14:02”");
  });
});

describe("the timeline", () => {
  test("tells what a release changed, who decided it and why, and what a task is about", async () => {
    await run(["reconcile", "booking", "S2FJLN", ...decide, "--why", "guest called"], { typed: ["y"] });
    const { stdout } = await run(["audit", "booking", "S2FJLN"]);
    const told = stdout.slice(stdout.indexOf("timeline")).replaceAll(/\s+/gu, " ");
    expect(told).toContain("start 2026-05-30 16:30 → 2026-05-30 15:30; end 2026-05-30 19:30 → 2026-05-30 18:30");
    expect(told).toContain("decided: start 2026-05-30 15:30 (mara: guest called)");
    expect(told).toContain("page_slug 2026-05-30-jonah-afternoon → 2026-05-30-jonah-sunset");
    expect(told).toContain("asked of a person: start, end");
  });

  test("marks an item's own account of its last change where its store has seen nothing since", async () => {
    const record = item({
      guest_code: "S2FJLN",
      guest_name: "Jonah Reed",
      charter_date: "2026-05-30",
      start_time: "15:30",
      updated_at: "2031-05-20T20:00:00Z",
      updated_by: "Ash",
    });
    const { world } = await open({ held: { ...incident, record: { S2FJLN: record } } });
    world.world.nowMs += 86_400_000;
    const { stdout } = await run(["audit", "booking", "S2FJLN"]);
    expect(stdout).toMatch(/record +Ash\? +says so of itself: last changed\n +! nothing was written there after 2031-05-20T14:02/u);
  });
});

describe("the newest claim", () => {
  const newest = {
    ...booking,
    fields: booking.fields.map((field) => (field.name === "start" ? { ...field, authority: { kind: "newest" as const } } : field)),
  };

  test("decides nothing where no store has seen the change itself", async () => {
    await open({ kind: newest });
    expect((await run(["reconcile", "booking", "S2FJLN", "--keep", sunset])).exit).toBe(8);
  });
});

describe("reports", () => {
  test("of an audit and of a reconcile ask nobody for anything, and carry no markup from outside", async () => {
    const evil = `Jonah <script>alert(1)</script><img src=x onerror=alert(2)> "'`;
    const record = item({
      guest_code: "S2FJLN",
      guest_name: evil,
      charter_date: "2026-05-30",
      start_time: "15:30",
      page_slug: `<b>gone</b>`,
    });
    const { folder } = await open({ held: { ...incident, record: { S2FJLN: record } } });
    expect((await run(["audit", "booking", "S2FJLN", "--html", "audit.html"])).exit).toBe(0);
    expect((await run(["reconcile", "booking", "S2FJLN", ...decide, "--plan", "--html", "plan.html"])).exit).toBe(0);
    for (const name of ["audit.html", "plan.html"]) {
      const page = await readFile(join(folder, name), "utf8");
      expect(page).toMatch(/content="default-src 'none'; style-src 'sha256-/u);
      expect(page).not.toMatch(/<script|<img|<b>gone|<[^>]*\s(?:on\w+|src)=|href="(?!#)/iu);
      expect(page).toContain("2026-05-30 15:30");
    }
    expect(await readFile(join(folder, "audit.html"), "utf8")).toContain("&lt;script&gt;alert(1)");
  });

  test("share stdout with no other document", async () => {
    expect((await run(["audit", "booking", "--html", "-", "--json"])).exit).toBe(2);
    const { stdout } = await run(["audit", "booking", "--html", "-"]);
    expect(stdout.trimStart()).toMatch(/^<!doctype html>/u);
    expect(stdout.trimEnd()).toMatch(/<\/html>$/u);
  });
});
