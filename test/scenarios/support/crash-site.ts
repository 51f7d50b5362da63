/** A site of some hundred files whose every edition replaces, creates and deletes, for deploys that are killed on the way. */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { addCopy, digestsOf, isInVault, putAll, treeOf, type Ground } from "./ground.ts";
import { answerOf, belay, startBelay, type Ran, expectExit } from "./run-belay.ts";

type Files = ReadonlyMap<string, string>;

const fileCount = 300;

/** Of 300 files a quarter is replaced from one edition to the next, some appear, some go, the rest stay. */
export function edition(number: number): Files {
  const files = new Map<string, string>();
  for (let at = 0; at < fileCount; at += 1) {
    // One file in twelve is absent, another one each time.
    if ((at + number) % 12 === 0) continue;
    const isPage = at % 3 !== 0;
    // What comes back after an absence comes back with other bytes: those that were live once would be stale.
    const changedIn = at % 4 !== 0 ? `since ${Math.floor((at + number) / 12)}` : number;
    const text = `file ${at}, edition ${changedIn}\n`.repeat(20 + (at % 50));
    files.set(
      isPage ? `part-${at % 7}/page-${at}.html` : `assets/${at % 5}/sheet-${at}.css`,
      isPage ? `<!doctype html>\n<p>${text}</p>\n` : `/* ${text} */\n`,
    );
  }
  return files;
}

export interface CrashSite {
  readonly ground: Ground;
  readonly copy: string;
  /** What is live and was deployed whole. */
  settled: Files;
}

export async function openCrashSite(ground: Ground): Promise<CrashSite> {
  const copy = addCopy(ground, "copy", { sharesState: true });
  const site: CrashSite = { ground, copy, settled: edition(0) };
  putAll(join(copy, "public"), site.settled);
  const first = await belay(["deploy", "staging", "--yes", "--change", "edition 0"], { cwd: copy });
  expectExit(first, 0);
  // Node's own warnings (of too many listeners, of what is deprecated) are no business of whoever deploys.
  expect(first.stderr).not.toMatch(/Warning/u);
  return site;
}

/** Writes an edition into the working copy. */
export const edit = ({ copy }: CrashSite, files: Files): void => putAll(join(copy, "public"), files);

export interface Killing {
  readonly afterMs: number;
  /** Counts from the next entry of the record, rather than from the start of the process. */
  readonly fromNextEntry?: boolean;
}

/** Starts a command and kills it without warning. Its answer, where it was quicker. */
export async function killed(
  { ground, copy }: CrashSite,
  words: readonly string[],
  { afterMs, fromNextEntry = false }: Killing,
): Promise<Ran> {
  const entries = (): number => readdirSync(join(ground.state, "ledger")).length;
  const before = entries();
  const { child, ended } = startBelay(words, { cwd: copy });
  const race = { isOver: false };
  const ending = ended.finally(() => {
    race.isOver = true;
  });
  if (fromNextEntry) while (!race.isOver && entries() === before) await pause(2);
  await Promise.race([ending, pause(afterMs)]);
  if (!race.isOver) child.kill("SIGKILL");
  return await ending;
}

/** Whether an apply stands open: begun, and neither ended nor put back. Reads the newest entry of the record itself. */
export function isOpen({ ground }: CrashSite): boolean {
  const ledger = join(ground.state, "ledger");
  const [newest = ""] = readdirSync(ledger).toSorted();
  const entry: unknown = JSON.parse(readFileSync(join(ledger, newest), "utf8"));
  return typeof entry === "object" && entry !== null && "kind" in entry && entry.kind !== "ended";
}

/** Somebody looks at how things stand: nothing may come of that. */
export async function lookAround({ copy }: CrashSite): Promise<void> {
  const status = await belay(["status", "staging", "--json"], { cwd: copy });
  expectExit(status, 0);
}

/**
 * What must hold at any moment between an edition and the next, however it was cut off: every served file is whole, one
 * of the two editions, and nothing else lies there; what is not live any more is in the vault.
 */
export function expectWhole({ ground, settled }: CrashSite, next: Files): void {
  const [before, after, live] = [digestsOf(settled), digestsOf(next), treeOf(ground.live)];
  const torn = [...live].filter(([path, digest]) => before.get(path) !== digest && after.get(path) !== digest);
  expect(torn, "every served file is whole, and one of the two editions").toEqual([]);
  const missing = [...before].filter(([path]) => !live.has(path) && after.has(path));
  expect(missing, "no file of both editions is ever missing").toEqual([]);
  const lost = [...before].filter(([path, digest]) => live.get(path) !== digest && !isInVault(ground.state, digest));
  expect(lost, "what was overwritten or deleted is in the vault").toEqual([]);
}

/** Whether the whole edition is live. */
export function hasLanded({ ground }: CrashSite, next: Files): boolean {
  const [live, wanted] = [treeOf(ground.live), digestsOf(next)];
  return live.size === wanted.size && [...wanted].every(([path, digest]) => live.get(path) === digest);
}

/** The plan is fulfilled: live is the edition, and the edition is what the copy now knows as live. */
export function expectLanded(site: CrashSite, next: Files): void {
  expect(treeOf(site.ground.live)).toEqual(digestsOf(next));
  site.settled = next;
}

/** All is as before, except that assets which were created stay, since a visitor's page may name them. */
export function expectPutBack(site: CrashSite, next: Files): void {
  const stayed = [...treeOf(site.ground.live)].filter(([path]) => !site.settled.has(path));
  expect(stayed.filter(([path, digest]) => path.endsWith(".html") || digestsOf(next).get(path) !== digest)).toEqual([]);
  const back = new Map([...treeOf(site.ground.live)].filter(([path]) => site.settled.has(path)));
  expect(back).toEqual(digestsOf(site.settled));
  site.settled = new Map([...site.settled, ...stayed.map(([path]) => [path, next.get(path) ?? ""] as const)]);
}

/** The record tells the whole story in one unbroken chain, and the state holds nothing half-written. */
export async function expectLogIntact({ copy }: CrashSite): Promise<void> {
  const log = await belay(["log", "--json", "--limit", "1"], { cwd: copy });
  expectExit(log, 0);
  expect(answerOf(log, "chain")).toBe("intact");
}
