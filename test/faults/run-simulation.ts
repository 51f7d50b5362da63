/**
 * Runs schedules until one breaks a promise, and prints one line of JSON about it:
 *
 *   node run-simulation.js FIRST COUNT [promotions]
 *
 * A command that crashes, or a schedule that does not end, is counted but is no broken promise: a planted fault has to
 * be caught by what belay promises, not by its own clumsiness.
 */

import { runChain } from "../simulation/run-chain.ts";
import { runSchedule } from "../simulation/run-schedule.ts";

const first = Number(process.argv[2]);
const count = Number(process.argv[3]);
const run = process.argv[4] === "promotions" ? runChain : runSchedule;
const isCrash = (violation: string): boolean => violation.includes(" crashed: ");

interface Finding {
  readonly seed: number;
  readonly what: string;
}

let broken: Finding | undefined;
let crashed: Finding | undefined;
let crashes = 0;
let schedules = 0;
for (let seed = first; seed < first + count && !broken; seed += 1) {
  schedules += 1;
  try {
    const { violations } = await run(seed);
    const promises = violations.filter((violation) => !isCrash(violation));
    const [crash] = violations.filter(isCrash);
    if (promises.length > 0) broken = { seed, what: promises.slice(0, 3).join("; ") };
    if (crash !== undefined) note(seed, crash);
  } catch (error) {
    note(seed, error instanceof Error ? error.message : String(error));
  }
}
process.stdout.write(`${JSON.stringify({ schedules, broken, crashes, crashed })}\n`);

function note(seed: number, what: string): void {
  crashes += 1;
  crashed ??= { seed, what };
}
