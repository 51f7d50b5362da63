import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judgeEffects } from "../../../src/core/guard/judge-effects.ts";
import type { GuardScope } from "../../../src/core/guard/scope.ts";
import { effectsOf, folder } from "./seen.ts";

const scope: GuardScope = {
  folder,
  buckets: [{ name: "queenofsandiego-prod", label: "production", target: "production", prefix: "", except: [] }],
  distributions: [],
  tables: [],
  urls: [],
  folders: [{ name: "/mnt/prod", label: "production" }],
  sites: [{ name: "main", root: folder, liveTargets: ["production"], targets: ["staging", "production"], guardedTargets: ["production"] }],
  stateFolders: [`${folder}/.belay`],
  hasRecords: false,
};

const write = "aws s3 rm s3://queenofsandiego-prod/x";

/** What lies in the working folder. */
const files = {
  "d.sh": write,
  "d.mk": `x:\n\t${write}\n`,
  justfile: `ship:\n  ${write}\n`,
  Makefile: `build:\n\tvite build\nship:\n\t${write}\n`,
  "stage.sh": "aws s3 sync . s3://queenofsandiego-staging",
  "scripts/build.mjs": "console.log(1)",
  "package.json": JSON.stringify({ scripts: { build: "vite build", test: "vitest", lint: "oxlint" } }),
};

/** `\n` is a newline, `\\` a backslash. */
const lines = readFileSync(new URL("lines.tsv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [expected = "", command = ""] = line.split("\t");
    return { expected, command: command.replaceAll(/\\(\\|n)/g, (_, char: string) => (char === "n" ? "\n" : "\\")) };
  });

describe("ways to start, hide and quote a command, and words that only look like one", () => {
  it.each(lines)("$expected: $command", ({ expected, command }) => {
    expect(judgeEffects(effectsOf(command, files), scope).kind).toBe(expected);
  });
});
