/** Every check that reads the code without running it, two at a time: one line per tool, the full output of those that fail. */

import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const atOnceMax = 2;
const bin = (path) => join("node_modules", path);
const folders = ["src", "test", "sandbox", "bench", "scripts"].filter((name) => existsSync(join(root, name)));

/** The slowest begin first. A check of several commands stops at the first that fails. */
const checks = [
  {
    name: "package",
    commands: [["scripts/build.mjs", "--types"], [bin("publint/src/cli.js"), "run", "--strict", "--pack", "npm"], ["scripts/api.mjs"]],
  },
  {
    name: "lint",
    commands: [[bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings", "--report-unused-disable-directives", ...folders]],
  },
  { name: "types", commands: [[bin("typescript/bin/tsc"), "-p", ".", "--incremental", "--tsBuildInfoFile", ".cache/check.tsbuildinfo"]] },
  {
    name: "arrow",
    commands: [
      [
        bin("dependency-cruiser/bin/dependency-cruise.mjs"),
        "src",
        "sandbox",
        "--config",
        ".dependency-cruiser.cjs",
        "--output-type",
        "err-long",
      ],
    ],
  },
  { name: "unused", commands: [[bin("knip/bin/knip.js"), "--no-progress"]] },
  { name: "format", commands: [[bin("oxfmt/bin/oxfmt"), "--check", "."]] },
];

mkdirSync(join(root, ".cache"), { recursive: true });
const waiting = [...checks];
const failed = [];
await Promise.all(Array.from({ length: atOnceMax }, work));
for (const { name, output } of failed) console.log(`\n── ${name} ──\n${output.trim()}`);
console.log(
  failed.length === 0
    ? `\n${checks.length} checks passed`
    : `\n${failed.length} of ${checks.length} checks failed: ${failed.map(({ name }) => name).join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work() {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const startMs = performance.now();
    const { hasPassed, output } = await runAll(check.commands);
    if (!hasPassed) failed.push({ name: check.name, output });
    console.log(`${hasPassed ? "✔" : "✖"} ${check.name.padEnd(8)} ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  }
}

async function runAll(commands) {
  for (const command of commands) {
    const ran = await run(command);
    if (!ran.hasPassed) return ran;
  }
  return { hasPassed: true, output: "" };
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("error", (error) => resolve({ hasPassed: false, output: String(error) }));
    child.on("close", (code, signal) =>
      resolve({ hasPassed: code === 0, output: code === null ? `${output}\nended by ${signal}` : output }),
    );
  });
}
