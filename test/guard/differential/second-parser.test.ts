/**
 * The guard against another parser of the shell (`mvdan/sh`, by `sh-syntax`): whatever program that one finds in a line with which plain words, and
 * whatever file is written, the guard must see. What the guard leaves out it must have decided.
 */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import { guardSight, lostIn } from "./compare-readings.ts";
import { generatedLines, type ShellLine } from "./generated-lines.ts";
import { peelScript } from "./peel-script.ts";
import { secondReading } from "./second-parser.ts";
import { writtenLines } from "./written-lines.ts";

/** `BELAY_DIFFERENTIAL_LINES=20000` hunts for longer; `BELAY_DIFFERENTIAL_SEED` elsewhere. */
const count = Number(process.env["BELAY_DIFFERENTIAL_LINES"] ?? 1000);
const seed = Number(process.env["BELAY_DIFFERENTIAL_SEED"] ?? 7);

const generated = generatedLines(count, seed);

/** Scripts and commands between lines of a percent sign. */
const real: readonly ShellLine[] = readFileSync(new URL("real-lines.txt", import.meta.url), "utf8")
  .split(/^%\n/m)
  .map((text) => ({ text: text.trimEnd(), programs: [] }));

const isRead = ({ text }: ShellLine): boolean => !("failure" in secondReading(Buffer.from(text).toString("latin1")));

const lostLines = (lines: readonly ShellLine[]): readonly { readonly text: string; readonly lost: readonly string[] }[] =>
  lines
    .filter(isRead)
    .map(({ text }) => ({ text, lost: lostIn(text) }))
    .filter(({ lost }) => lost.length > 0);

describe("the guard sees no less than a second parser", () => {
  it("the other one reads the lines of the comparison, and takes them apart", () => {
    const lines = [...generated, ...writtenLines, ...real];
    expect(lines.filter((line) => !isRead(line)).length).toBeLessThan(lines.length / 100);
    expect(real.filter((line) => !isRead(line)).map(({ text }) => text)).toEqual([]);
    expect(lines.filter(isRead).flatMap(({ text }) => peelScript(text).unread)).toEqual([]);
    expect(real.reduce((sum, { text }) => sum + text.split("\n").length, 0)).toBeGreaterThan(500);
  }, 600_000);

  it("in generated lines it sees every program, its words, and every file that is written", () => {
    expect(lostLines(generated).slice(0, 5)).toEqual([]);
  }, 600_000);

  it("in lines that agents write it sees them too", () => {
    expect(lostLines(writtenLines).slice(0, 5)).toEqual([]);
  }, 600_000);

  it("in scripts as they stand in repositories it sees them too", () => {
    expect(lostLines(real).slice(0, 5)).toEqual([]);
  }, 600_000);

  it("every line that it accepts is complete for us", () => {
    const lines = [...generated, ...writtenLines, ...real].filter(isRead);
    expect(lines.map(({ text }) => text).filter((text) => !parseScript(text).isComplete)).toEqual([]);
  }, 600_000);

  it("every program that a line was made of is seen", () => {
    const missing = [...generated, ...writtenLines].flatMap(({ text, programs }) => {
      const seen = new Set(guardSight(text).programs.map(([name]) => name));
      return programs.filter((program) => !seen.has(program)).map((program) => `${program} in ${text}`);
    });
    expect(missing).toEqual([]);
  }, 600_000);
});

/** The comparison itself, on lines of which it is known what the other parser must find. */
describe("what the other parser finds is found wherever it stands", () => {
  it.each([
    ['a "$(b "`c`")" ${d:-"$(e)"} $((1 + $(f)))', ["a", "b", "c", "e", "f"]],
    ["case $(a) in $(b)|'c)') d ;; # ;; e\n*) f ;;& esac", ["a", "b", "d", "f"]],
    ["if a then; then b; elif c | ! d; then { e; } else (f) fi", []],
    ["if a then; then b; elif c; then { d; }; else ( e ); fi", ["a", "b", "c", "d", "e"]],
    ["while a | read -r x; do for i in $(b) do; do c; done; done < <(d)", ["a", "b", "c", "d"]],
    ["a <<E && b <<-'F'\n$(c) '$(d)'\nE\n\t$(e)\n\tF", ["a", "b", "c", "d"]],
    ["f() { a; }; function g-h { b & }; coproc N { c; }; time -p d", ["a", "b", "c", "d"]],
    ["[[ -n $(a) && $b =~ ^(c|$(d))$ ]]; (( $(e) )); x=(f $(g)); declare -A y=([k]=$(h))", ["a", "d", "e", "g", "h"]],
    ["a <(b | c) > >(d) @(x|$(e)) '$(f)' \\$(g) # $(h)", []],
    ["a <(b | c) > >(d) @(x|$(e)) '$(f)' \\$\\(g # $(h)", ["a", "b", "c", "d", "e"]],
  ])("%s", (text, programs) => {
    const own = new Set(["read", "declare", ":", ""]);
    const found = new Set(peelScript(text).calls.map(({ words: [name = ""] }) => name));
    expect([...found].filter((name) => !own.has(name)).toSorted()).toEqual(programs);
  });
});
