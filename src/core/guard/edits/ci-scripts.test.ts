import { describe, expect, it } from "vitest";
import { ciScripts, isCiFile } from "./ci-scripts.ts";

describe("what a description of a CI run hands to a shell", () => {
  it.each([
    ["one line", "- run: aws s3 ls\n", ["aws s3 ls"]],
    ["quoted", "- run: \"echo \\\"a\\\"\"\n- run: 'it''s'\n", ['echo "a"', "it's"]],
    [
      "a block, with its indentation taken off",
      "  - run: |\n      if true; then\n        aws s3 ls\n      fi\n  - uses: x\n",
      ["if true; then\n  aws s3 ls\nfi\n".trimEnd()],
    ],
    ["a folded block", "run: >-\n  aws s3\n  ls\n", ["aws s3\nls\n"]],
    ["a list", "deploy:\n  script:\n    - hugo\n    - 'aws s3 ls'\n  only: [main]\n", ["hugo\naws s3 ls"]],
    ["a list at the key's own depth", "script:\n- hugo\n- aws s3 ls\nafter: x\n", ["hugo\naws s3 ls"]],
    ["a list in one line", "script: [hugo, 'aws s3 ls']\n", ["hugo\naws s3 ls"]],
    ["a list with blocks", "script:\n  - |\n    aws s3 ls\n  - hugo\n", ["\naws s3 ls\nhugo"]],
    ["nothing of comments and of other keys", "# run: aws s3 ls\nname: run\nenv: { run: x }\n", []],
  ])("is found: %s", (_, yaml, texts) => {
    expect(ciScripts(yaml).map((text) => text.trimEnd())).toEqual(texts.map((text) => text.trimEnd()));
  });

  it("stands in files that CI systems run by themselves", () => {
    expect(["/w/.github/workflows/a.yml", "/w/.gitlab-ci.yml", "/w/.circleci/config.yml", "/w/buildspec.yml"].every(isCiFile)).toBe(true);
    expect(["/w/docs/workflows/a.yml", "/w/config.yml", "/w/.github/a.md"].some(isCiFile)).toBe(false);
  });

  it("is found in time, however the text is made", () => {
    const started = performance.now();
    ciScripts("run:\n".repeat(20_000));
    ciScripts(`run: ${" - ".repeat(50_000)}`);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
