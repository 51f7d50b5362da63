/** docs/benchmarks.md: one section for each bench, written by the machine that ran it. */

import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { root } from "./measure.mjs";

const file = join(root, "docs", "benchmarks.md");

const thisMachine = () => {
  const [cpu] = cpus();
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}`;
};

const headOf = (machine) =>
  `# Benchmarks\n\nWritten by \`npm run bench -- --write\` on ${machine}.\nThe programs took turns. The machine may have been busy, so read ratios rather than times: they are of the least times, over the\nfirst line of each table or, where a table has several sizes, over the first line of that size.\n`;

/**
 * Replaces the sections with these titles and keeps the others, in the order of `titles`. Sections that another machine
 * wrote are not kept: numbers of two machines do not stand side by side.
 */
export function writeSections(sections, titles) {
  const machine = thisMachine();
  const kept = keptOf(machine);
  const texts = new Map([...kept, ...sections.map(({ title, text }) => [title, text])]);
  const ordered = titles.filter((title) => texts.has(title)).map((title) => `## ${title}\n\n${texts.get(title)}`);
  writeFileSync(file, `${headOf(machine)}\n${ordered.join("\n\n")}\n`);
}

function keptOf(machine) {
  const [head = "", ...found] = readFileSync(file, "utf8").split(/^## /mu);
  if (!head.includes(` on ${machine}.`)) return new Map();
  return new Map(
    found.map((section) => {
      const [title = "", ...lines] = section.split("\n");
      return [title, lines.join("\n").trim()];
    }),
  );
}
