/** Runs programs and takes their times: interleaved, several times, medians. Uses Node alone. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/u, "");
export const belayMain = process.env.BELAY_MAIN ?? join(root, "dist", "main.js");

/** One program with its words, run in a folder. `prepare` runs before each run and is not timed. */
export const program = (name, words, { cwd, prepare, env, exits = [0], input } = {}) => ({ name, words, cwd, prepare, env, exits, input });
export const belay = (name, words, options) => program(name, [process.execPath, belayMain, ...words], options);

/** Ends the bench where a program does not do what it is timed for: a quick failure is no speed. */
export function run({ name, words, cwd, env, exits, input }) {
  const startMs = performance.now();
  const [command, ...args] = words;
  const ran = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: "utf8", maxBuffer: 1 << 28, input });
  const ms = performance.now() - startMs;
  if (ran.error) throw ran.error;
  if (!exits.includes(ran.status)) throw new Error(`${name}: exit ${ran.status}\n${ran.stdout.slice(0, 2000)}${ran.stderr.slice(0, 2000)}`);
  return { ms, stdout: ran.stdout, stderr: ran.stderr };
}

/** The times of each program, least first. They take turns, so that a busy moment of the machine hits all of them. */
export function timed(programs, runs) {
  const times = programs.map(() => []);
  for (let turn = 0; turn < runs; turn += 1) {
    for (const [at, one] of programs.entries()) {
      one.prepare?.();
      times[at].push(run(one).ms);
    }
  }
  return times.map((all) => {
    const sorted = all.toSorted((left, right) => left - right);
    return { medianMs: sorted[Math.floor(sorted.length / 2)], leastMs: sorted[0] };
  });
}

export const hasProgram = (name) => (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, name)));

export const shownMs = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(0)} ms`);
/** The columns of one row: the median, the least, the least over another's. */
export const columns = (time, over = time) => [shownMs(time.medianMs), shownMs(time.leastMs), ratio(time.leastMs, over.leastMs)];
export const ratio = (one, other) => `${(one / other).toFixed(2)}×`;
