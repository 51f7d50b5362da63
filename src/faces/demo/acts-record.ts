/** Acts 10 to 12: a write past belay, what the record knows of it, and the way back. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { refused } from "./acts-after.ts";
import { lostFeatures } from "./demo-case.ts";
import type { Stage } from "./stage.ts";

/** Somebody edits production's page where it lies. belay notices, and takes nothing away. */
export async function theOtherHand({ narrator, demoCase, world, ...stage }: Stage): Promise<void> {
  const { page } = demoCase;
  await narrator.act("Somebody writes straight into production");
  const line = "<!-- written by hand, on the server -->";
  narrator.say("Somebody opens the page on the server itself, and adds a line:");
  narrator.line(`+ ${line}`);
  const theirs = await addLine(join(world.served("production"), page), line);
  const status = await stage.show("laptop", ["status", "production"]);
  narrator.claim(
    "belay noticed: a hand that is not its own.",
    status.code === 0 && status.text.includes(page) && status.text.includes("another hand"),
  );
  narrator.claim("It took nothing away: their line stands.", (await stage.served("production")) === theirs);
}

async function addLine(path: string, line: string): Promise<string> {
  const page = await readFile(path, "utf8");
  const text = `${page}${page.endsWith("\n") ? "" : "\n"}${line}\n`;
  await writeFile(path, text);
  return text;
}

/** Who did what, whose deploy a line came by, and that nobody rewrote it. */
export async function theRecord({ narrator, demoCase, ...stage }: Stage): Promise<void> {
  const { page } = demoCase;
  await narrator.act("Who changed what, and when");
  const log = await stage.show("laptop", ["log", page, "--target", "production"]);
  narrator.claim("The log of the page names the write past belay.", log.code === 0 && isSaid(log.text, "another hand"));
  narrator.gap();
  narrator.say("And the line that the laptop had corrected:");
  const live = await stage.served("production");
  const number = live.slice(0, live.indexOf(demoCase.edit.replace)).split("\n").length;
  const blame = await stage.show("laptop", ["blame", page, "--line", String(number)]);
  narrator.claim("It came by the promotion, from a deploy to staging.", blame.code === 0 && isSaid(blame.text, "promoted from r"));
  const record = await stage.brief("studio", ["log", "--json"]);
  narrator.claim("Either copy reads the same log, and its chain of hashes is intact.", chainOf(record.text) === "intact");
}

const isSaid = (text: string, words: string): boolean => text.replaceAll(/\s+/gu, " ").includes(words);

/** `undefined` where the text is no log at all. */
function chainOf(json: string): unknown {
  if (!json.trimStart().startsWith("{")) return undefined;
  const log: unknown = JSON.parse(json);
  return typeof log === "object" && log !== null && "chain" in log ? log.chain : undefined;
}

/** A rollback goes over nobody's unseen work; once that is seen, it is one command. */
export async function theWayBack({ narrator, demoCase, world, ...stage }: Stage): Promise<void> {
  const { page, features } = demoCase;
  await narrator.act("And back, in one command");
  narrator.say("The correction turns out to be wrong. The person at the studio goes back, alone: that needs no second one.");
  const theirs = await stage.served("production");
  const early = await stage.show("studio", ["rollback", "production"], "person");
  narrator.claim(
    `Not over a line that nobody has looked at: exit ${early.code}.`,
    refused.includes(early.code) && (await stage.served("production")) === theirs,
  );
  const pulled = await stage.show("studio", ["pull", "production", page], "person");
  narrator.claim("The pull brought that line to the studio, and settled it.", pulled.code === 0 && (await stage.page("studio")) === theirs);
  const back = await stage.show("studio", ["rollback", "production"], "person");
  narrator.claim("Production is back: exit 0.", back.code === 0);
  narrator.gap();
  narrator.say("What visitors of production get now:");
  const seen = await stage.visit("production");
  narrator.claim(
    `Version 3, byte for byte, with all ${features.length} features, as before the promotion.`,
    seen === demoCase.versions[2] && lostFeatures(seen, features).length === 0,
  );
  narrator.claim(
    "What was there is kept at the studio, the added line too.",
    await isKept(join(world.copy("studio"), ".belay", "snapshots"), page, theirs),
  );
}

/** Whether one of the snapshots of a working copy holds the page with exactly this text. */
async function isKept(folder: string, page: string, text: string): Promise<boolean> {
  const releases = await readdir(join(folder, "production")).catch(() => []);
  const pages = await Promise.all(
    releases.map((release) => readFile(join(folder, "production", release, page), "utf8").catch(() => undefined)),
  );
  return pages.includes(text);
}
