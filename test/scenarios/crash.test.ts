/** Processes that die without warning in the middle of a deploy, of an undo, of a resume: `kill -9`, at seeded moments. */

import { performance } from "node:perf_hooks";
import { afterEach, describe, expect, test } from "vitest";
import {
  edit,
  edition,
  expectLanded,
  expectLogIntact,
  expectPutBack,
  expectWhole,
  hasLanded,
  isOpen,
  killed,
  lookAround,
  openCrashSite,
  type CrashSite,
} from "./support/crash-site.ts";
import { randomFrom } from "../support/random-from.ts";
import { openGround, type Ground } from "./support/ground.ts";
import { belay, expectExit } from "./support/run-belay.ts";

const isSoak = process.env["BELAY_SOAK"] === "1";
const kills = isSoak ? 200 : 12;
const nestedKills = isSoak ? 60 : 4;
const seed = Number(process.env["BELAY_SEED"] ?? 20_261_122);
const minutes = (count: number): { readonly timeout: number } => ({ timeout: count * 60_000 });
const deployWords = (round: number): string[] => ["deploy", "staging", "--yes", "--change", `edition ${round}`];

let ground: Ground | undefined;
afterEach(() => {
  ground?.remove();
  ground = undefined;
});

/** A site, and how long one whole deploy takes on this machine right now. */
async function openTimed(): Promise<{ readonly site: CrashSite; readonly deployMs: number }> {
  ground = openGround("crash");
  const site = await openCrashSite(ground);
  const next = edition(1);
  edit(site, next);
  const startedMs = performance.now();
  const whole = await belay(deployWords(1), { cwd: site.copy });
  expectExit(whole, 0);
  expectLanded(site, next);
  return { site, deployMs: performance.now() - startedMs };
}

/** Ends what was interrupted and holds the result against the plan, or against what was there before. */
async function settle(site: CrashSite, way: "resume" | "undo", next: ReadonlyMap<string, string>): Promise<void> {
  const ended = await belay([way, "staging"], { cwd: site.copy });
  expectExit(ended, 0);
  expectWhole(site, next);
  if (way === "resume") expectLanded(site, next);
  else expectPutBack(site, next);
}

describe(`a deploy of some hundred files is killed (seed ${seed})`, () => {
  test(`after ${kills} kills at any moment, resume finishes each deploy and undo takes each back`, minutes(isSoak ? 60 : 5), async () => {
    const { site, deployMs } = await openTimed();
    const random = randomFrom(seed);
    let interrupted = 0;
    for (let round = 2; round < kills + 2; round += 1) {
      const next = edition(round);
      edit(site, next);
      // Every other one at any moment of the process, the rest while it writes.
      const moment = round % 2 === 0 ? { afterMs: random() * deployMs } : { afterMs: random() * deployMs * 0.4, fromNextEntry: true };
      const ran = await killed(site, deployWords(round), moment);
      if (ran.exit !== null) expectExit(ran, 0);
      expectWhole(site, next);
      if (round % 5 === 0) await lookAround(site);
      if (isOpen(site)) {
        interrupted += 1;
        await settle(site, random() < 0.5 ? "resume" : "undo", next);
      } else if (ran.exit === 0 || hasLanded(site, next)) expectLanded(site, next);
      else expectPutBack(site, next);
      if (round % 10 === 0) await expectLogIntact(site);
    }
    // Enough of the kills fell between the first entry of the record and the last.
    expect(interrupted).toBeGreaterThan(kills / 5);
    const last = edition(kills + 2);
    edit(site, last);
    const after = await belay(deployWords(kills + 2), { cwd: site.copy });
    expectExit(after, 0);
    expectLanded(site, last);
    await expectLogIntact(site);
  });

  test(
    `after ${nestedKills} more kills, of the resume or the undo that follows, the next one ends it`,
    minutes(isSoak ? 60 : 5),
    async () => {
      const { site, deployMs } = await openTimed();
      const random = randomFrom(seed + 1);
      let [interrupted, interruptedAgain] = [0, 0];
      for (let round = 2; round < nestedKills + 2; round += 1) {
        const next = edition(round);
        edit(site, next);
        await killed(site, deployWords(round), { afterMs: random() * deployMs * 0.3, fromNextEntry: true });
        if (!isOpen(site)) {
          if (hasLanded(site, next)) expectLanded(site, next);
          continue;
        }
        interrupted += 1;
        const way = round % 2 === 0 ? "undo" : "resume";
        await killed(site, [way, "staging"], { afterMs: random() * deployMs * 0.3, fromNextEntry: true });
        expectWhole(site, next);
        if (!isOpen(site)) {
          if (way === "resume") expectLanded(site, next);
          else expectPutBack(site, next);
          continue;
        }
        interruptedAgain += 1;
        // Once putting back has begun, both ways lead back; before that, each leads where it says.
        const ended = await belay(["resume", "staging"], { cwd: site.copy });
        expectExit(ended, 0);
        expectWhole(site, next);
        if (/put back/u.test(ended.stdout)) expectPutBack(site, next);
        else expectLanded(site, next);
      }
      expect(interrupted).toBeGreaterThan(0);
      expect(interruptedAgain).toBeGreaterThan(0);
      await expectLogIntact(site);
    },
  );
});
