/** What a program used besides time: its CPU and its peak of memory, as GNU time tells them. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./measure.mjs";

/** GNU time, under the names that it has on Linux and from package managers on a Mac; BSD's has other options. */
const gnuTime = ["/usr/bin/time", "gtime"].find((name) => /GNU/u.test(textOf(spawnSync(name, ["--version"], { encoding: "utf8" }))));

function textOf({ stdout, stderr }) {
  return `${stdout ?? ""}${stderr ?? ""}`;
}

export const measuresUsage = gnuTime !== undefined;

/**
 * Runs a program like `run` and adds `cpuMs`, user and system time of it and of what it started, and `peakBytes`, the
 * largest resident set of any of these. Both are `undefined` where there is no GNU time.
 */
export function runUsing(program) {
  if (gnuTime === undefined) return { ...run(program), cpuMs: undefined, peakBytes: undefined };
  const folder = mkdtempSync(join(tmpdir(), "belay-usage-"));
  try {
    const file = join(folder, "usage");
    const ran = run({ ...program, words: [gnuTime, "--quiet", "-f", "%U %S %M", "-o", file, ...program.words] });
    const [user, system, kib] = readFileSync(file, "utf8").trim().split("\n").at(-1).split(" ").map(Number);
    return { ...ran, cpuMs: (user + system) * 1000, peakBytes: kib * 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const middle = (values) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];

/** Medians over the runs of one program, and the least time. */
export function medians(runs) {
  const of = (name) => (runs.some((one) => one[name] === undefined) ? undefined : middle(runs.map((one) => one[name])));
  return { medianMs: of("ms"), leastMs: Math.min(...runs.map(({ ms }) => ms)), cpuMs: of("cpuMs"), peakBytes: of("peakBytes") };
}
