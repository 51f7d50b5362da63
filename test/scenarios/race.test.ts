/** Sixteen people publish different bytes of one page at the same moment, as processes of their own. */

import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { addCopy, isInVault, openGround, put, sha256, type CopyOptions, type Ground } from "./support/ground.ts";
import { answerOf, belay, type Ran, expectExit } from "./support/run-belay.ts";

const writers = 16;
const isSoak = process.env["BELAY_SOAK"] === "1";
/** A second round shows that a race leaves nothing behind that stops the next; where nothing is shared, nothing can. */
const rounds = isSoak ? { shared: 20, apart: 20 } : { shared: 2, apart: 1 };
const page = "index.html";
let ground: Ground | undefined;

afterEach(() => {
  ground?.remove();
  ground = undefined;
});

const filler = "<!-- the same in every version -->\n".repeat(4000);

/** Large enough that a partial write would show; the writer's name stands at both ends, so that a mixture would too. */
const pageBy = (who: string): string => `<!doctype html>\n<p>Sail with us, says ${who}.</p>\n${filler}<footer>${who}</footer>\n`;

interface Watch {
  readonly stop: () => Promise<void>;
  readonly looks: () => number;
  readonly seen: ReadonlyMap<string, number>;
}

/** Reads a file again and again, as visitors do. */
function watch(path: string, meanwhile: () => void): Watch {
  const seen = new Map<string, number>();
  const state = { isOver: false, looks: 0 };
  const look = async (): Promise<void> => {
    while (!state.isOver) {
      const digest = sha256(readFileSync(path));
      seen.set(digest, (seen.get(digest) ?? 0) + 1);
      state.looks += 1;
      meanwhile();
      await pause(1);
    }
  };
  const looking = look();
  return {
    seen,
    looks: () => state.looks,
    stop: async () => {
      state.isOver = true;
      await looking;
    },
  };
}

interface Race {
  readonly copies: readonly string[];
  readonly live: string;
}

function openRace(options: CopyOptions): Race {
  ground = openGround("race");
  const opened = ground;
  put(opened.live, page, pageBy("nobody"));
  const copies = Array.from({ length: writers }, (_, at) => addCopy(opened, `copy-${at}`, options));
  return { copies, live: join(opened.live, page) };
}

/**
 * One copy pulls, and what it has seen is what all of them have seen, as if each had pulled: so each is legitimately
 * ahead with changes of its own upon it.
 */
async function pullAndEdit(copies: readonly string[], round: number): Promise<string[]> {
  const [first = "", ...others] = copies;
  const pulled = await belay(["pull", "staging", "--take", "live"], { cwd: first });
  expectExit(pulled, 0);
  for (const copy of others) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(first, copy, { recursive: true });
  }
  return copies.map((copy, at) => {
    const content = pageBy(`copy ${at} in round ${round}`);
    put(join(copy, "public"), page, content);
    return content;
  });
}

/** Each writer's name for its own answer: what it was told, not only that it lost. */
const toldOf = (ran: Ran): string => {
  if (ran.exit === 0) return "applied";
  const outcome = answerOf(ran, "outcome") ?? answerOf(ran, "error", "code");
  const says = answerOf(ran, "error", "message") ?? answerOf(ran, "message") ?? answerOf(ran, "refusals", 0, "message");
  return typeof outcome === "string" && typeof says === "string" && says.length > 10 ? `${ran.exit} ${outcome}` : ran.told;
};

interface RoundResult {
  readonly winner: number;
  readonly answers: readonly string[];
}

interface Round {
  readonly round: number;
  /** More words of the command line. */
  readonly words?: readonly string[];
  /** Done again and again while they race. */
  readonly meanwhile?: () => void;
}

async function runRound(race: Race, { round, words = [], meanwhile = () => undefined }: Round): Promise<RoundResult> {
  const { copies, live } = race;
  const before = sha256(readFileSync(live));
  const contents = await pullAndEdit(copies, round);
  const watching = watch(live, meanwhile);
  const ran = await Promise.all(copies.map(async (cwd) => await belay(["deploy", "staging", "--yes", "--json", ...words], { cwd })));
  await watching.stop();
  const winners = ran.flatMap(({ exit }, at) => (exit === 0 ? [at] : []));
  const answers = ran.map(toldOf);
  const winner = winners[0] ?? -1;
  expect(answers.filter((answer) => answer === "applied")).toEqual(["applied"]);
  expect(readFileSync(live, "utf8") === contents[winner]).toBe(true);
  // Whatever a visitor saw was one whole page: the one before, or the winner's.
  expect([...watching.seen.keys()].filter((digest) => digest !== before && digest !== sha256(contents[winner] ?? ""))).toEqual([]);
  expect(watching.looks()).toBeGreaterThan(50);
  return { winner, answers };
}

describe("sixteen processes deploy different bytes of one page at once", () => {
  test("with a shared state: one wins each round, the others are told that somebody is at it or was", async () => {
    const race = openRace({ sharesState: true });
    const allowed = /^(?:7 held|4 conflict|8 needs-person|applied)$/u;
    for (let round = 1; round <= rounds.shared; round += 1) {
      const before = sha256(readFileSync(race.live));
      const { answers } = await runRound(race, { round });
      expect(answers.filter((answer) => !allowed.test(answer))).toEqual([]);
      expect(isInVault(ground?.state ?? "", before)).toBe(true);
    }
    const log = await belay(["log", "--json"], { cwd: race.copies[0] ?? "" });
    expect(answerOf(log, "chain")).toBe("intact");
  });

  // A busy machine may need longer than another test has; each of them waits that long for its turn.
  test("waiting for their turn: one wins, and each of the others learns that live went on meanwhile", { timeout: 150_000 }, async () => {
    const race = openRace({ sharesState: true });
    const before = sha256(readFileSync(race.live));
    const { answers } = await runRound(race, { round: 1, words: ["--wait", "100"] });
    expect(answers.filter((answer) => answer !== "8 needs-person")).toEqual(["applied"]);
    expect(isInVault(ground?.state ?? "", before)).toBe(true);
  });

  test("with leases that vanish as soon as they are taken: the ledger leaves one winner", async () => {
    const race = openRace({ sharesState: true });
    const before = sha256(readFileSync(race.live));
    // The files, not their folder: a folder that goes while a file is being put into it is an unreachable store, and said so.
    const leases = join(ground?.state ?? "", "leases");
    const meanwhile = (): void => {
      if (existsSync(leases)) for (const name of readdirSync(leases)) rmSync(join(leases, name), { force: true });
    };
    const { answers } = await runRound(race, { round: 1, meanwhile });
    const allowed = /^(?:7 held|4 conflict|5 unsettled|8 needs-person|applied)$/u;
    expect(answers.filter((answer) => !allowed.test(answer))).toEqual([]);
    expect(isInVault(ground?.state ?? "", before)).toBe(true);
    const log = await belay(["log", "--json"], { cwd: race.copies[0] ?? "" });
    expect(answerOf(log, "chain")).toBe("intact");
  });

  test("with no lease and no ledger between them: what each has seen is enough to leave one winner", async () => {
    const race = openRace({ sharesState: false });
    const allowed = /^(?:4 conflict|8 needs-person|3 refused|applied)$/u;
    for (let round = 1; round <= rounds.apart; round += 1) {
      const before = sha256(readFileSync(race.live));
      const { winner, answers } = await runRound(race, { round });
      expect(answers.filter((answer) => !allowed.test(answer))).toEqual([]);
      expect(isInVault(join(race.copies[winner] ?? "", ".belay"), before)).toBe(true);
    }
    const logs = await Promise.all(race.copies.map(async (cwd) => await belay(["log", "--json"], { cwd })));
    expect(new Set(logs.map((log) => answerOf(log, "chain")))).toEqual(new Set(["intact"]));
  });
});
