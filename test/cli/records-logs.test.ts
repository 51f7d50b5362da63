/** `audit KIND RECORD --logs PLACE` as it is typed, over folders and log files on disk. */

import { gzipSync } from "node:zlib";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCliWorld, type CliWorld } from "./cli-world.ts";

const config = `version: 1
state: ../state
site: { root: public, targets: { live: { store: dir:../srv, url: "https://visitors.invalid" } } }
records:
  booking:
    zone: America/Los_Angeles
    fields: { start: datetime, guest: person, code: { type: key, words: [code] } }
    systems: { pages: { target: live, match: ["g/*.html"] } }
`;
const page = (more: string): string =>
  `<h1>Petra Lund</h1>\n<p>Saturday, July 4, 2026, 10:00 AM – 1:00 PM</p>\n<p>Code: PTR4LU</p>\n${more}`;
const header = "#Version: 1.0\n#Fields: date time cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) x-host-header\n";
const visit = (stem: string, day: string): string =>
  `${[day, "17:03:05", "GET", "d111.cloudfront.net", stem, "200", "-", "Mozilla/5.0%20(iPhone)%20Mobile", "visitors.invalid"].join("\t")}\n`;

let world: CliWorld;
beforeEach(async () => {
  world = await openCliWorld();
  await world.write("studio/belay.yaml", config);
  await world.write("srv/g/petra.html", page('<form action="/photos" method="post"><input type="file" name="photo"></form>\n'));
  await world.write("srv/g/petra-2.html", page(""));
});
afterEach(async () => await world.close());

test("a folder of logs, gzip too, tells which duplicate is fetched, and one line tells what was read", async () => {
  const logs = join(world.root, "logs");
  await mkdir(logs);
  await writeFile(join(logs, "a.log"), header + visit("/g/petra.html", "2026-06-01") + visit("/g/petra.html", "2026-06-02") + "broken\n");
  await writeFile(join(logs, "b.log.gz"), gzipSync(header + visit("/g/petra-2.html", "2026-06-05")));

  const { stdout, stderr } = await world.run("studio", ["audit", "booking", "PTR4LU", "--logs", "../logs"]);
  expect(stderr).toContain("2 files of logs: 3 fetches and 0 writes of this kind");
  const told = stdout.replace(/\s+/gu, " ");
  expect(told).toContain("fetched by: 2 times from 2026-06-01 to 2026-06-02 (2 by phone)");
  expect(told).toContain("fetched by: once on 2026-06-05");
  for (const line of `${stdout}${stderr}`.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("without logs it is unknown, and logs that are not there are a clear error", async () => {
  const without = await world.run("studio", ["audit", "booking", "PTR4LU"]);
  expect(without.stdout).toContain("unknown");
  const { exit, stderr } = await world.run("studio", ["audit", "booking", "PTR4LU", "--logs", "../nowhere"]);
  expect(exit).toBe(2);
  expect(stderr).toContain("nowhere");
  expect(stderr).toContain("next: ");
});
