/** What `audit`, `find` and `tasks` say is so: counts, names, who links to what, and what is not known. */

import { afterEach, describe, expect, test } from "vitest";
import { BelayError } from "../../src/core/belay-error.ts";
import type { RecordKind } from "../../src/core/records/kind.ts";
import { asStoreName } from "../../src/core/brand.ts";
import { widthOf } from "../../src/faces/cli/text-width.ts";
import { booking, event, incident, item, poorPage, type RecordsWorldOptions } from "../scenarios/records/records-world.ts";
import { openRecordsCli, type RecordsCli } from "./records-cli.ts";

let cli: RecordsCli | undefined;
const open = async (options: RecordsWorldOptions = {}): Promise<RecordsCli> => (cli = await openRecordsCli(options));
afterEach(async () => {
  await cli?.close();
  cli = undefined;
});

const sunset = "g/2026-05-30-jonah-sunset.html";
const noon = "g/2026-05-30-jonah-afternoon.html";
const agreeing = {
  record: { S2FJLN: item({ guest_code: "S2FJLN", guest_name: "Jonah Reed", charter_date: "2026-05-30", start_time: "16:30" }) },
  calendar: { "charter-1.ics": event },
};
const named = (name: string, kind: RecordKind = booking): RecordKind => ({ ...kind, name });
const only = (...names: readonly string[]): RecordKind => ({
  ...booking,
  systems: booking.systems.filter(({ name }) => names.includes(name)),
});

const unanswered = (): never => {
  throw new BelayError("store-unreachable", "It does not answer.", "Try again later.");
};

describe("audit", () => {
  test("names the richer of two pages in one line, and who of the whole site leads to each", async () => {
    const opened = await open({
      held: { ...incident, pages: { ...incident["pages"], "index.html": `<a href="${noon}">the charter of Jonah</a>` } },
    });
    const { stdout } = await opened.run(["audit", "booking", "S2FJLN"], { columns: 100 });
    expect(stdout).toMatch(new RegExp(`^ +${sunset} is richer: it alone has `, "mu"));
    const links = stdout.match(/^ +linked by: .*$/gmu)?.map((line) => line.trim());
    expect(links).toEqual(["linked by: index.html", "linked by: nobody"]);
  });

  test("names an object that cannot be read beside a record too, and does not pass a check with it", async () => {
    const opened = await open({ kind: only("record", "pages"), held: { ...agreeing, pages: { [sunset]: "<p>\u0000S2FJLN</p>" } } });
    const { stderr } = await opened.run(["audit", "booking", "S2FJLN"], { columns: 100 });
    expect(stderr).toContain(`pages ${sunset} cannot be read`);
    expect((await opened.run(["audit", "booking", "--check"])).exit).toBe(3);
  });

  test("of a whole kind does not say nobody of links that it has not looked for", async () => {
    const opened = await open();
    expect((await opened.run(["audit", "booking", "--json"])).stdout).toContain("linked by: unknown");
  });

  test("counts kinds by the plural that their name has", async () => {
    const opened = await open({ kind: named("class", only("record", "calendar")), held: {} });
    expect((await opened.run(["audit", "class"])).stdout).toContain("0 classes: 0 agree");
  });

  test("does not call what it could see of a record all of it", async () => {
    const opened = await open({ kind: only("record", "calendar"), held: agreeing });
    const calendar = opened.world.stores.get("calendar");
    if (!calendar) throw new Error("no calendar");
    const [list, readAll] = [calendar.list.bind(calendar), calendar.readAll?.bind(calendar)];
    Object.assign(calendar, { list: unanswered, ...(readAll && { readAll: unanswered }) });
    const { exit, stdout } = await opened.run(["audit", "booking", "--all"], { columns: 100 });
    Object.assign(calendar, { list, ...(readAll && { readAll }) });
    expect(exit).toBe(5);
    expect(stdout).toContain("? S2FJLN  all agree, but for what calendar may hold");
    expect(stdout.replaceAll(/\s+/gu, " ")).toContain("as far as belay could look: without calendar");
  });

  test.each([60, 70, 80, 90, 100])("never cuts a time, in %i columns", async (columns) => {
    const other = "2026-06-13";
    const opened = await open({
      held: { ...incident, calendar: { "charter-1.ics": event.replaceAll("20260530", other.replaceAll("-", "")) } },
    });
    for (const words of [
      ["audit", "booking", "S2FJLN"],
      ["audit", "booking"],
    ]) {
      const { stdout } = await opened.run(words, { typed: [], columns });
      expect(stdout.split("\n").filter((line) => widthOf(line) > columns)).toEqual([]);
      expect(stdout.match(/\d{4}-\d{2}-\d{2} \d{0,2}:?\d?…|\d{1,2}:\d?…|\d{4}-\d{0,2}-?\d?…/gu)).toBeNull();
    }
  });
});

describe("find", () => {
  test("that comes near one record does not say that there is none, nor lead to a claim that would be refused", async () => {
    const opened = await open({ held: agreeing, kind: only("record", "calendar", "pages") });
    const { exit, stdout, stderr } = await opened.run(["find", "booking", "--date", "2026-05-30"]);
    expect(exit).toBe(0);
    expect(stdout).toContain("? not certain: there may be such a booking already");
    expect(stdout).not.toContain("there is no such booking");
    expect(stderr).toContain("belay audit booking S2FJLN");
    expect(stderr).not.toContain("belay claim");
  });

  test("whose record's pages could not be looked at does not say that it has none", async () => {
    const opened = await open({ held: agreeing, kind: only("record", "calendar", "pages") });
    const { production } = opened.world.world.live;
    const list = production.list.bind(production);
    Object.assign(production, { list: unanswered });
    const { exit, stdout, stderr } = await opened.run(["find", "booking", "--code", "S2FJLN"]);
    Object.assign(production, { list });
    expect(exit).toBe(5);
    expect(stdout).toContain("exists, and whether it has a page is not known");
    expect(stderr).toContain("Try again later.");
    expect(stderr).not.toContain("belay claim");
  });

  test("of one page in each of two systems asks nobody which of them stays", async () => {
    const [, pages] = booking.systems;
    if (!pages) throw new Error("no pages");
    const { target: _target, ...rest } = pages;
    const kind = {
      ...only("record", "pages"),
      systems: [...only("record", "pages").systems, { ...rest, name: "wall", store: asStoreName("memory:wall") }],
    };
    const opened = await open({ kind, held: { ...agreeing, pages: { [noon]: poorPage }, wall: { [noon]: poorPage } } });
    const { stderr } = await opened.run(["find", "booking", "--code", "S2FJLN"]);
    expect(stderr).toContain("belay audit booking S2FJLN");
    expect(stderr).not.toContain("decide which one stays");
  });
});
