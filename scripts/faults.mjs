/**
 * Plants the faults of test/faults/faults.mjs, one at a time, and expects a test to break by a broken promise.
 *
 *   node scripts/faults.mjs               all of them, and the record: docs/faults.md
 *   node scripts/faults.mjs TEXT          those whose name holds the text; the record stays as it is
 *   node scripts/faults.mjs --match       plants nothing: only whether each one's text still stands exactly once in its file
 *   node scripts/faults.mjs --from SEED   the simulation begins at another seed than 1
 *
 * Each fault gets a copy of the sources in a temp folder, two at a time. What fails: a fault that no test notices, one whose
 * text is not found exactly once (stale), one that is noticed only because it does not build, crashes or takes too long, and
 * a test that is broken without any fault.
 */

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { faults } from "../test/faults/faults.mjs";
import { root } from "./workspace.mjs";

const copied = ["src", "sandbox", "test", "package.json", "tsconfig.json", "vitest.config.ts"];
const lanes = 2;
const limitMs = 15 * 60_000;
const entry = fileURLToPath(new URL("../test/faults/run-simulation.ts", import.meta.url)).slice(root.length + 1);

const args = process.argv.slice(2);
const fromAt = args.indexOf("--from");
const first = fromAt === -1 ? 1 : Number(args.splice(fromAt, 2)[1]);
const isMatching = args.includes("--match");
const [wanted] = args.filter((word) => word !== "--match");
const chosen = faults.filter(({ name }) => wanted === undefined || name.includes(wanted));
if (chosen.length === 0) {
  console.error(`✖ faults: none has a name that holds "${wanted}"`);
  process.exit(2);
}

if (isMatching) {
  const stale = chosen.flatMap((fault) => (timesIn(fault) === 1 ? [] : [fault]));
  for (const fault of stale) console.error(`✖ ${fault.name}: its text stands ${timesIn(fault)} times in ${fault.file}`);
  console.log(`${chosen.length - stale.length} of ${chosen.length} faults can be planted`);
  process.exit(stale.length > 0 ? 1 : 0);
}

const startMs = performance.now();
const folder = mkdtempSync(join(tmpdir(), "belay-faults-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

const sound = await inLanes(unplanted(), ({ name, run }) => soundly(name, run));
const rows = await inLanes(chosen.toSorted(byCost), judge);
const minutes = Math.max(1, Math.ceil((performance.now() - startMs) / 60_000));
// A record of faults caught by tests that are broken anyway would say nothing.
if (wanted === undefined && first === 1 && sound.every((row) => row.isGood))
  writeFileSync(join(root, "docs", "faults.md"), record(rows, minutes));
const failed = [...sound, ...rows].filter((row) => !row.isGood);
console.log(`${rows.filter((row) => row.isGood).length} of ${rows.length} faults caught, in ${minutes} min`);
for (const { name, what } of failed) console.error(`✖ ${name}: ${what}`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** What has to pass while nothing is planted: the longest simulation that any fault asks for, and every test file named. */
function unplanted() {
  const longest = (world) => Math.max(0, ...chosen.map((fault) => (fault.world === world ? (fault.simulate ?? 0) : 0)));
  const [schedules, promotions] = [longest(undefined), longest("promotions")];
  const files = [...new Set(chosen.flatMap(({ test }) => test ?? []))];
  return [
    ...(schedules > 0 ? [{ name: `${schedules} schedules without a fault`, run: { simulate: schedules } }] : []),
    ...(promotions > 0
      ? [{ name: `${promotions} schedules of promotions without a fault`, run: { simulate: promotions, world: "promotions" } }]
      : []),
    ...files.map((test) => ({ name: `${test} without a fault`, run: { test } })),
  ];
}

async function soundly(name, run) {
  const tree = plant(undefined);
  try {
    const found = await attempt(tree, run);
    const row = { name, isGood: found.kind === "passed", what: found.kind === "passed" ? "passes" : `${found.kind}: ${found.what}` };
    return say(row);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** A file that is gone holds it nowhere. */
function timesIn({ file, find }) {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, "utf8").split(find).length - 1 : 0;
}

async function judge(fault) {
  const times = timesIn(fault);
  if (times !== 1) return say({ ...fault, isGood: false, what: `stale: its text stands ${times} times in ${fault.file}` });
  const tree = plant(fault);
  try {
    return say({ ...fault, ...verdictOn(fault, await attempt(tree, fault)) });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function verdictOn(fault, found) {
  if (found.kind === "passed") return { isGood: false, what: `survived ${found.what}` };
  if (found.kind !== "broken") return { isGood: false, what: `${found.kind} instead of breaking a promise: ${found.what}` };
  if (!fault.caughtBy.test(found.what)) return { isGood: false, what: `breaks something else than expected: ${found.what}` };
  return { isGood: true, what: found.what, after: found.after };
}

/** A copy of what a test needs, with the fault in it. */
function plant(fault) {
  const tree = mkdtempSync(join(folder, "tree-"));
  for (const path of copied) cpSync(join(root, path), join(tree, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  if (!fault) return tree;
  const path = join(tree, fault.file);
  // A function, so that no `$` of the text means anything.
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace(fault.find, () => fault.replace),
  );
  return tree;
}

function attempt(tree, { simulate, world, test }) {
  return simulate === undefined ? runTest(tree, test) : runSimulation(tree, simulate, world);
}

/** Bundled and run by plain Node: a schedule costs a few milliseconds, and starting a test runner would cost seconds. */
async function runSimulation(tree, count, world) {
  try {
    await bundle(tree);
  } catch (error) {
    return { kind: "does not build", what: error.message };
  }
  const { code, out, err } = await node(tree, [join(tree, "out", "run-simulation.js"), String(first), String(count), world ?? ""]);
  if (code === "timeout") return { kind: "timeout", what: `no end within ${limitMs / 60_000} minutes` };
  const report = jsonOf(out);
  if (!report) return { kind: "crash", what: err.trim().split("\n").slice(-4).join(" ") };
  const { broken, crashed, crashes, schedules } = report;
  if (broken) return { kind: "broken", what: broken.what, after: `seed ${broken.seed}, ${plural(schedules, "schedule")}` };
  if (crashed) return { kind: "crash", what: `seed ${crashed.seed} (one of ${crashes}): ${crashed.what.split("\n")[0]}` };
  return { kind: "passed", what: plural(schedules, "schedule") };
}

async function bundle(tree) {
  const { rolldown } = await import("rolldown");
  const bundler = await rolldown({ cwd: tree, input: join(tree, entry), platform: "node", logLevel: "silent" });
  await bundler.write({ dir: join(tree, "out"), format: "esm" });
  await bundler.close();
}

async function runTest(tree, test) {
  const report = join(tree, "report.json");
  const vitest = join(tree, "node_modules", "vitest", "vitest.mjs");
  const { code, err } = await node(tree, [vitest, "run", "--reporter=json", `--outputFile=${report}`, test]);
  if (code === "timeout") return { kind: "timeout", what: `no end within ${limitMs / 60_000} minutes` };
  const results = jsonOf(textOr(report, ""))?.testResults ?? [];
  const cases = results.flatMap(({ assertionResults }) => assertionResults);
  const failures = cases.filter(({ status }) => status === "failed");
  const claims = failures.filter(({ failureMessages }) => !/^(?:Error: )?(?:Test|Hook) timed out/u.test(failureMessages.join("\n")));
  const [claim] = claims;
  if (claim) return { kind: "broken", what: claims.map(({ title }) => title).join("; "), after: plural(claims.length, "claim") };
  if (failures.length > 0) return { kind: "timeout", what: failures[0].title };
  if (code !== 0 || cases.length === 0) return { kind: "does not build", what: results[0]?.message ?? err.trim().slice(-400) };
  return { kind: "passed", what: plural(cases.length, "test") };
}

/** Runs Node to its end, or kills it when it takes too long. */
function node(cwd, argv) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argv, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: limitMs, killSignal: "SIGKILL" });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    child.stderr.on("data", (chunk) => (err += chunk));
    child.on("error", (error) => resolve({ code: 1, out, err: error.message }));
    child.on("close", (code, signal) => resolve({ code: signal === "SIGKILL" ? "timeout" : code, out, err }));
  });
}

/** Results come in the order of the items, whichever of them ends first. */
async function inLanes(items, work) {
  const results = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

function byCost(one, other) {
  return cost(one) - cost(other);
}

function cost({ simulate }) {
  return simulate ?? 0;
}

function say(row) {
  console.log(`${row.isGood ? "✔" : "✖"} ${row.name}\n    ${row.what}${row.after === undefined ? "" : `   (${row.after})`}`);
  return row;
}

/** The record that is kept beside the documentation. */
function record(all, tookMinutes) {
  const lines = all.map(({ name, rule, file, simulate, test, isGood, what, after }) => {
    const by = simulate === undefined ? `\`${test}\`` : "simulation";
    const cells = [name, rule, `\`${file}\``, isGood ? plain(what) : `**not caught**: ${plain(what)}`, by, after ?? "–"];
    return `| ${cells.join(" | ")} |`;
  });
  return `${[
    "# Planted faults",
    "",
    "Written by `npm run faults`; do not edit. Each line is one fault that somebody could make, planted alone into a copy of the",
    "sources, and the promise that broke. Without a fault the same tests pass. Names such as `copy0/deploy#3` are simulated",
    "processes: which working copy, which command, the how manieth command of the schedule. A seed replays its schedule exactly.",
    "",
    `The run takes about ${plural(tookMinutes, "minute")} on ${plural(cpus().length, "core")} and is no part of \`npm test\`.`,
    "",
    "| fault | rule that it breaks | where | what broke | caught by | after |",
    "| --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n")}\n`;
}

function plain(text) {
  return text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ");
}

function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOr(path, otherwise) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}
