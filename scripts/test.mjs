/**
 * Runs the tests; the last line says `N passed, N failed`, and the exit code says the same.
 *
 *   node scripts/test.mjs [vitest arguments]   everything, or the files whose path holds an argument
 *   node scripts/test.mjs soak                 the seeded simulations and the crash scenarios, for long (BELAY_SOAK=1)
 *
 * With CI=true a test that was skipped because the machine lacks a program (its name says "needs …") counts as failed.
 */

import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, textOf } from "./workspace.mjs";

const soakFilters = ["test/simulation/", "test/scenarios/crash"];
const needs = /\bneeds \S/iu;
const listedMax = 20;

const args = process.argv.slice(2);
const isSoak = args[0] === "soak";
const filters = isSoak ? [...soakFilters, ...args.slice(1)] : args;
const isCi = process.env.CI === "true" || process.env.CI === "1";
const report = join(root, ".cache", `test-${process.pid}.json`);

mkdirSync(join(root, ".cache"), { recursive: true });
const exitCode = await vitest();
const { passed, failed, skipped } = tally(exitCode);
rmSync(report, { force: true });
const lacking = isCi ? skipped.filter((name) => needs.test(name)) : [];

if (lacking.length > 0) list("these may not be skipped where CI is set; install what they need", lacking);
else if (skipped.length > 0) list("skipped", skipped);
const failures = failed + lacking.length;
const skips = skipped.length - lacking.length;
console.log(`${passed} passed, ${failures} failed${skips > 0 ? `, ${skips} skipped` : ""}`);
process.exitCode = failures > 0 ? 1 : 0;

function vitest() {
  const env = { ...process.env, BELAY_TEST_COUNTS: report, ...(isSoak ? { BELAY_SOAK: "1" } : {}) };
  const flags = ["run", "--reporter=default", `--reporter=${join(root, "scripts", "test-counts.mjs")}`];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join("node_modules", "vitest", "vitest.mjs"), ...flags, ...filters], {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", () => resolve(1));
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** What the reporter left. An error that it could not see (a crash, no test at all) fails vitest, and so must the count. */
function tally(code) {
  const text = textOf(report);
  const counted = text === undefined ? { passed: 0, failed: 0, skipped: [] } : JSON.parse(text);
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function list(title, names) {
  const more = names.length > listedMax ? [`  … and ${names.length - listedMax} more`] : [];
  console.log([`${title}:`, ...names.slice(0, listedMax).map((name) => `  ${name}`), ...more].join("\n"));
}
