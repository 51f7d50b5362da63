import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordOfPage } from "../../../src/compose/guard-page-records.ts";
import { openRecords } from "../../../src/compose/open-records.ts";
import type { Config } from "../../../src/config/config.ts";
import { guardScopeOf } from "../../../src/config/guard-scope.ts";
import { parseConfig } from "../../../src/config/load-config.ts";
import type { KnownRecord } from "../../../src/core/records/known-record.ts";
import { observeSystems } from "../../../src/operations/records/observe-systems.ts";
import { context } from "../../scenarios/records/records-world.ts";

const yaml = `version: 1
site:
  root: public
  targets:
    staging: { store: "dir:../staging", guard: false }
    production: { store: "dir:../live", url: "https://harbor.example", after: staging }
records:
  booking:
    zone: America/Los_Angeles
    fields:
      start: datetime
      guest: { type: person, words: [guest] }
      code: { type: key, words: [guest code] }
    identity: { keys: [code], match: [guest] }
    systems:
      pages: { target: production, match: "g/*.html", templates: ["g/_*.html"] }
      desk: { store: "dir:../desk", match: "*.html" }
`;
const page = (guest: string, day: string, code: string): string =>
  `<!doctype html><meta charset="utf-8"><title>Charter</title><h1>Charter</h1><p>Guest: ${guest}</p><p>${day}, 4:30 PM</p><p>Guest code: ${code}</p>`;
const petra = page("Petra Lund", "Saturday, July 4, 2026", "PTR4LU");

let top: string;
let config: Config;
const put = (name: string, text: string): void => {
  mkdirSync(join(top, name, ".."), { recursive: true });
  writeFileSync(join(top, name), text);
};
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "belay-remembered-"));
  mkdirSync(join(top, "copy/public"), { recursive: true });
  config = parseConfig(yaml, join(top, "copy/belay.yaml"));
  put("live/g/PTR4LU.html", petra);
  put("desk/PTR4LU.html", petra);
});
afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

const asked = async (key: string, text: string): Promise<KnownRecord | undefined> => {
  const [site] = guardScopeOf(config).sites;
  if (!site) throw new Error("the scope has no site");
  return await recordOfPage(config, { site, key, text }, {});
};

describe("a page that an agent is about to make (R9)", () => {
  it("is let through where nothing was ever looked at: the deploy asks", async () => {
    expect(await asked("g/july-4.html", petra)).toBeUndefined();
  });

  it("is known by what this machine remembers, without a look at any system", async () => {
    await observeSystems(await openRecords(config, "booking", { env: {} }), context);
    for (const name of ["live", "desk", "staging"]) rmSync(join(top, name), { recursive: true, force: true });
    expect(await asked("g/july-4.html", petra)).toMatchObject({
      is: "record",
      kind: "booking",
      page: { key: "g/PTR4LU.html", at: "production", url: "https://harbor.example/g/PTR4LU.html" },
    });
  });

  it("is let through where it shows another record, or none, or is no page of the kind", async () => {
    await observeSystems(await openRecords(config, "booking", { env: {} }), context);
    expect(await asked("g/august-1.html", page("Jonah Reed", "Saturday, August 1, 2026", "JON1RD"))).toBeUndefined();
    expect(await asked("g/about.html", "<h1>About</h1>")).toBeUndefined();
    expect(await asked("tours/july-4.html", petra)).toBeUndefined();
    expect(await asked("g/_template.html", petra)).toBeUndefined();
  });
});
