/**
 * The parser against another one (`mvdan/sh`, by `sh-syntax`): the other one reads a line and prints it in its own layout, and what we see in the
 * one must be what we see in the other. A command that our parser loses or takes for text shows up in that layout.
 */

import { beforeAll, describe, expect, it } from "vitest";
import { hole } from "../../../src/core/guard/word.ts";
import { effectsOfCommand } from "../../../src/core/guard/effects-of-command.ts";
import { parseScript } from "../../../src/codecs/shell-script/parse-script.ts";
import { factsOf, folder } from "../shell/seen.ts";
import { generatedLines, writtenLines, type ShellLine } from "./shell-lines.ts";

/** `BELAY_DIFFERENTIAL_LINES=20000` hunts for longer; `BELAY_DIFFERENTIAL_SEED` elsewhere. */
const count = Number(process.env["BELAY_DIFFERENTIAL_LINES"] ?? 450);
const seed = Number(process.env["BELAY_DIFFERENTIAL_SEED"] ?? 7);

const lines: readonly ShellLine[] = [...generatedLines(count, seed), ...writtenLines];

/** Every program with its words, and every file that a redirection writes; sorted, since layouts may turn order round. */
function seenIn(text: string): readonly string[] {
  const seen: string[] = [];
  const effects = effectsOfCommand(
    text,
    { cwd: folder },
    {
      parse: parseScript,
      facts: factsOf(),
      read: ({ argv }) => {
        seen.push(argv.map((word) => word.replaceAll(hole, "□")).join(" "));
        return { effects: [], nested: [] };
      },
    },
  );
  const files = effects.map(({ destination }) =>
    destination.kind === "file" ? `> ${destination.path.replaceAll(hole, "□")}` : destination.kind,
  );
  return [...seen, ...files].toSorted();
}

/** Its types ask for a browser's, so it is taken as what it is used for. */
type Print = (text: string, options: { readonly filepath: string }) => Promise<string>;
const isPrinter = (value: unknown): value is { readonly print: Print } => typeof value === "object" && value !== null && "print" in value;

async function secondPrinter(): Promise<Print> {
  const name: string = "sh-syntax";
  const loaded: unknown = await import(name);
  if (!isPrinter(loaded)) throw new Error("sh-syntax has no print");
  return loaded.print;
}

const marker = (index: number): string => `: LINE_${String(index)}_BEGINS`;

/** One call for many lines, as each call starts the other parser anew; in halves where it refuses one. `undefined`: the refused. */
async function reprinted(texts: readonly string[]): Promise<readonly (string | undefined)[]> {
  const whole = texts.map((text, index) => `${marker(index)}\n${text}\n`).join("");
  try {
    const print = await secondPrinter();
    const printed = await print(whole, { filepath: "lines.sh" });
    return printed.split(/^: LINE_\d+_BEGINS$/m).slice(1);
  } catch {
    if (texts.length < 2) return [undefined];
    const half = Math.ceil(texts.length / 2);
    return [...(await reprinted(texts.slice(0, half))), ...(await reprinted(texts.slice(half)))];
  }
}

describe("a second parser sees no more than the guard", () => {
  let layouts: readonly (string | undefined)[] = [];
  beforeAll(async () => {
    const printed = await reprinted(lines.map(({ text }) => text));
    // Its printer makes mistakes around here-documents inside of substitutions; what its own parser refuses is none of its readings.
    const again = await reprinted(printed.map((text) => text ?? ""));
    layouts = printed.map((text, index) => (again[index] === undefined ? undefined : text));
  }, 600_000);

  it("the other one reads the lines of the comparison", () => {
    expect(layouts).toHaveLength(lines.length);
    expect(layouts.filter((layout) => layout === undefined).length).toBeLessThan(lines.length / 50);
  });

  it("in its layout, the same programs run with the same words and write the same files", () => {
    const read = lines.flatMap(({ text }, index) => ({ text, layout: layouts[index] }));
    const different = read.filter(({ text, layout }) => layout !== undefined && seenIn(text).join("\n") !== seenIn(layout).join("\n"));
    expect(different.slice(0, 5)).toEqual([]);
  });

  it("every line that it accepts is complete for us", () => {
    expect(lines.map(({ text }) => text).filter((text) => !parseScript(text).isComplete)).toEqual([]);
  });

  it("every program that a line was made of is seen", () => {
    const lost = lines.flatMap(({ text, programs }) => {
      const seen = new Set(seenIn(text).map((line) => line.split(" ")[0]));
      return programs.filter((program) => !seen.has(program)).map((program) => `${program} in ${text}`);
    });
    expect(lost).toEqual([]);
  });
});
