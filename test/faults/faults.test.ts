import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../scripts/faults.mjs", import.meta.url));

test("the text of every planted fault stands exactly once in its file, so that `npm run faults` plants what it says", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--match"]).catch((error: unknown) => {
    throw new Error(String(typeof error === "object" && error !== null && "stderr" in error ? error.stderr : error), { cause: error });
  });
  expect(stdout).toMatch(/^(?<count>\d+) of \k<count> faults can be planted\n$/u);
  expect(Number.parseInt(stdout, 10)).toBeGreaterThan(90);
});
