import { describe, expect, test } from "vitest";

import { readCode } from "../../../src/core/guard/code/read-code.ts";
import type { CodeLanguage } from "../../../src/core/guard/invocation.ts";
import { factsOf } from "../guarded-site.ts";

const languages: readonly CodeLanguage[] = ["python", "javascript", "ruby", "perl", "php", "awk", "powershell", "other"];
const length = process.env["BELAY_HUNT"] === undefined ? 20_000 : 260_000;
const fill = (text: string): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);
/** Processor time, collector included: the bound leaves a slow machine room. */
const boundMs = process.env["BELAY_HUNT"] === undefined ? 600 : 2000;
const spentMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const garbage: readonly (readonly [string, string])[] = [
  ["opened round brackets", fill("(")],
  ["opened square brackets behind a name", fill("x[")],
  ["opened braces", fill("{")],
  ["closed brackets", fill(")]}")],
  ["quotes", fill("\"'`")],
  ["one opened quote", `"${fill("a b ")}`],
  ["templates in templates", fill("`${")],
  ["f-strings in f-strings", fill("f'{")],
  ["interpolations", fill('"#{$x->{')],
  ["here-documents without an end", fill("<<A\n")],
  ["dots", fill("a.")],
  ["calls of calls", `f${fill("()")}`],
  ["comparisons and ternaries", fill("a?b:")],
  ["arrows", fill("a=>")],
  ["sums", fill("a+")],
  ["backslashes", fill("\\")],
  ["comments", fill("/*#<!--")],
  ["indentation", Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}if x:`).join("\n")],
  ["words", fill("lorem ipsum ")],
  ["newlines", fill("\n")],
  ["bytes", Array.from({ length }, (_, at) => String.fromCodePoint((at * 7919) % 255 || 1)).join("")],
  ["dollar signs", fill("$")],
  ["at signs and braces", fill("@{$")],
  ["assignments to each other", Array.from({ length: 500 }, (_, at) => `v${String(at + 1)} = v${String(at)} + v${String(at)}`).join("\n")],
  [
    "functions that call each other",
    Array.from(
      { length: 200 },
      (_, at) => `def f${String(at)}(x):\n  return f${String((at * 7) % 200)}(x) + f${String((at * 11) % 200)}(x)`,
    ).join("\n"),
  ],
];

describe("garbage is read in bounded time", () => {
  test.each(garbage)("%s", (_, text) => {
    for (const language of languages) {
      const before = spentMs();
      readCode(language, text, factsOf());
      expect(spentMs() - before).toBeLessThan(boundMs);
    }
  });
});

describe("what is too large to be read", () => {
  test("is opaque where it could write", () => {
    const { effects } = readCode("python", `import boto3\n${"x = 1\n".repeat(60_000)}`, factsOf());
    expect(effects.map((effect) => effect.destination.kind)).toEqual(["opaque"]);
  });

  test("is nothing where it could not", () => {
    expect(readCode("python", "x = 1\n".repeat(60_000), factsOf()).effects).toEqual([]);
  });

  test("is opaque beyond 20,000 words, too, and what came before is still found", () => {
    const { effects } = readCode(
      "python",
      `import boto3\nboto3.client('s3').put_object(Bucket='b', Key='k')\n${"x=1\n".repeat(9000)}`,
      factsOf(),
    );
    expect(effects.map((effect) => effect.destination.kind)).toEqual(["bucket", "opaque"]);
  });
});
