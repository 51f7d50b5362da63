/**
 * Times belay beside what people use today, on this machine, in one sitting. Nothing here passes or fails: it prints.
 *
 *   npm run bench                  everything but the largest
 *   npm run bench -- start-up      only the benches whose name holds a word
 *   npm run bench -- --large       also 100,000 files
 *   npm run bench -- --write       also writes docs/benchmarks.md
 */

import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { firstPublish, onePage, refusal, startUp, unchanged } from "./benches.mjs";
import { belayMain, hasProgram, root } from "./measure.mjs";

const words = process.argv.slice(2);
const flags = new Set(words.filter((word) => word.startsWith("--")));
const wanted = words.filter((word) => !word.startsWith("--"));
const options = { runs: 5, counts: flags.has("--large") ? [10_000, 100_000] : [10_000], publishCount: 10_000 };

const benches = [
  { name: "start-up", title: "Start-up", says: "What every command pays before it does anything.", bench: startUp },
  {
    name: "unchanged",
    title: "Looking at a site that has not changed",
    says: "`belay status` looks at the working copy and at live; `git status` looks at one tree. The cache of digests is warm.",
    bench: unchanged,
  },
  {
    name: "one-page",
    title: "One changed page, named by its path",
    says: "The work must not grow with the size of the site around it. Calls are those of Node's file system functions.",
    bench: onePage,
  },
  {
    name: "publish",
    title: "The first publish of a site of small files",
    says: "belay writes each file durably, reads it back and records what it did; a copy does none of that.",
    bench: firstPublish,
  },
  {
    name: "refusal",
    title: "Telling somebody that a page is stale",
    says: "A person edited live after four releases, and this copy was edited on top of the second: lineage, lines and page terms.",
    bench: refusal,
  },
];

if (!existsSync(belayMain)) throw new Error(`${belayMain} is missing: node scripts/build.mjs`);
const sections = [];
for (const { name, title, says, bench } of benches) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  const rows = bench(options);
  const text = [
    `## ${title}`,
    "",
    says,
    "",
    "| what | median | least | ratio | |",
    "|---|---|---|---|---|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
  console.log(`${text}\n`);
  sections.push(text);
}
const missing = ["git", "rclone"].filter((name) => !hasProgram(name));
if (missing.length > 0) console.log(`not installed here, so not compared with: ${missing.join(", ")}`);
if (flags.has("--write") && wanted.length > 0) console.log("--write takes no names: the document holds all of them");
else if (flags.has("--write")) {
  const [cpu] = cpus();
  const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}`;
  const head = `# Benchmarks\n\nWritten by \`npm run bench -- --write\` on ${machine}.\nThe programs took turns. The machine may have been busy, so read ratios rather than times: they are of the least times, over the\nfirst line of each table or, where a table has several sizes, over the first line of that size.\n`;
  writeFileSync(join(root, "docs", "benchmarks.md"), `${head}\n${sections.join("\n\n")}\n`);
}
