/** Sixteen working copies publish different bytes of one page in a bucket at the same moment, each in a process of its own. */

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { addCopy, isInVault, openGround, put, sha256 } from "../../scenarios/support/ground.ts";
import { answerOf, belay, expectExit, type Ran } from "../../scenarios/support/run-belay.ts";
import { openStartingLine } from "./starting-line.ts";

const writers = 16;
const filler = "<!-- the same in every version -->\n".repeat(2000);

/** Where they race. Keys are the bucket's own. */
export interface Arena {
  /** What an AWS client's environment has to hold to reach the buckets. */
  readonly env: Readonly<Record<string, string>>;
  /** The bucket's name. */
  readonly target: string;
  /**
   * An `s3://…` address. Without one each copy keeps a state to itself, so that nothing but the bucket stands between them;
   * their writes are then made to go at the same moment.
   */
  readonly state?: string;
  /** The page as a visitor of the bucket gets it. */
  readonly look: () => Promise<string>;
  /** Writes the page as somebody who knows nothing of belay. */
  readonly putFirst: (text: string) => Promise<void>;
  /** Whether the vault of the state in the bucket holds these bytes; absent where there is no such state. */
  readonly isKept?: (digest: string) => Promise<boolean>;
}

/** The page that is raced for. */
export const racedPage = "index.html";

/** The writer's name stands at both ends, so that a mixture of two would show. */
const pageBy = (who: string): string => `<!doctype html>\n<p>Sail with us, says ${who}.</p>\n${filler}<footer>${who}</footer>\n`;

export interface BucketRace {
  /** Runs one round and checks it; answers what each copy was told. */
  readonly round: (number: number) => Promise<readonly string[]>;
  /** What `belay log` of one copy says of its chain of entries. */
  readonly chainOf: (copy: number) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export async function openBucketRace(given: Arena): Promise<BucketRace> {
  const ground = openGround("bucket-race");
  await given.putFirst(pageBy("nobody"));
  const { target, state } = given;
  const line = state === undefined ? await openStartingLine(given.env["AWS_ENDPOINT_URL"] ?? "", `/${target}/${racedPage}`) : undefined;
  const env = line ? { ...given.env, AWS_ENDPOINT_URL: line.endpoint } : given.env;
  const options = { sharesState: false, store: `s3://${target}`, ...(state !== undefined && { top: `state: ${state}\n` }) };
  const copies = Array.from({ length: writers }, (_, at) => addCopy(ground, `copy-${at}`, options));
  return {
    round: async (number) => {
      const answers = await runRound({ ...given, env }, copies, number);
      expect(Math.max(...(line?.starts ?? [writers])), "several writers met at the condition").toBeGreaterThan(1);
      return answers;
    },
    chainOf: async (copy) => answerOf(await belay(["log", "--json"], { cwd: copies[copy] ?? "", env }), "chain"),
    close: async () => {
      ground.remove();
      await line?.close();
    },
  };
}

async function runRound(arena: Arena, copies: readonly string[], number: number): Promise<readonly string[]> {
  const { env } = arena;
  const before = sha256(await arena.look());
  const contents = await pullAndEdit(arena, copies, number);
  const watch = { isOver: false, seen: new Set<string>() };
  const watching = keepLooking(arena, watch);
  const ran = await Promise.all(copies.map(async (cwd) => await belay(["deploy", "staging", "--yes", "--json"], { cwd, env })));
  watch.isOver = true;
  await watching;
  const answers = ran.map(toldOf);
  const winner = ran.findIndex(({ exit }) => exit === 0);
  if (answers.filter((answer) => answer === "applied").length !== 1) throw new Error(`there is not one winner:\n${answers.join("\n")}`);
  expect((await arena.look()) === contents[winner], "live is the winner's page, whole").toBe(true);
  const strange = [...watch.seen].filter((digest) => digest !== before && digest !== sha256(contents[winner] ?? ""));
  expect(strange, "a visitor gets one whole page: the one before, or the winner's").toEqual([]);
  expect(watch.seen.size, "the page was looked at meanwhile").toBeGreaterThan(0);
  const isKept = arena.isKept ? await arena.isKept(before) : isInVault(join(copies[winner] ?? "", ".belay"), before);
  expect(isKept, "what was replaced can be had again").toBe(true);
  return answers;
}

/** One copy pulls, and what it has seen is what all have seen, as if each had pulled; then each changes the page in its own way. */
async function pullAndEdit({ env }: Arena, copies: readonly string[], number: number): Promise<readonly string[]> {
  const [first = "", ...others] = copies;
  expectExit(await belay(["pull", "staging", "--take", "live"], { cwd: first, env }), 0);
  for (const copy of others) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(first, copy, { recursive: true });
  }
  return copies.map((copy, at) => {
    const content = pageBy(`copy ${at} in round ${number}`);
    put(join(copy, "public"), racedPage, content);
    return content;
  });
}

async function keepLooking({ look }: Arena, watch: { isOver: boolean; readonly seen: Set<string> }): Promise<void> {
  while (!watch.isOver) {
    watch.seen.add(sha256(await look()));
    await pause(20);
  }
}

/** What a writer was told, not only that it lost; all of its output where it was told nothing. */
function toldOf(ran: Ran): string {
  if (ran.exit === 0) return "applied";
  const outcome = answerOf(ran, "outcome") ?? answerOf(ran, "error", "code");
  const says = answerOf(ran, "error", "message") ?? answerOf(ran, "message") ?? answerOf(ran, "refusals", 0, "message");
  return typeof outcome === "string" && typeof says === "string" && says.length > 10 ? `${ran.exit} ${outcome}` : ran.told;
}
