/** An agent that does not end what it writes is refused by `guard.sh` within seconds, and does not hang. */

import { spawn } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agents, type HookWorld, isRefusal, openHookWorld, type Ran, shellInput } from "./hook-world.ts";

const script = fileURLToPath(new URL("../../../src/faces/guard/guard.sh", import.meta.url));

let world: HookWorld;
beforeAll(() => {
  world = openHookWorld();
  copyFileSync(script, join(world.folder, "guard.sh"));
  writeFileSync(join(world.folder, "guard.cjs"), "");
});
afterAll(() => {
  world.remove();
});

/** Writes a part and keeps standard input open; ends when both outputs have. */
async function stalled(agent: string, part: string): Promise<Ran & { readonly ms: number }> {
  const startMs = performance.now();
  return await new Promise((done) => {
    const child = spawn("sh", [join(world.folder, "guard.sh"), agent], { cwd: world.folder, stdio: ["pipe", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdin.on("error", () => undefined);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("close", (exit) => done({ stdout, stderr, exit, ms: performance.now() - startMs }));
    child.stdin.write(part);
  });
}

describe("an input that does not end", () => {
  it.each(agents)("%s: is refused in its format, wherever it stops", async (agent) => {
    const whole = shellInput(agent, "ls -la", world.folder);
    const all = await Promise.all(["", whole.slice(0, 20), whole].map(async (part) => await stalled(agent, part)));
    for (const ran of all) {
      expect(isRefusal(agent, ran)).toBe(true);
      expect(`${ran.stdout}${ran.stderr}`).toContain("did not end within 2 s");
      expect(ran.ms).toBeGreaterThan(1900);
      // Generous, for a machine that is busy; a hook that hangs would take for ever.
      expect(ran.ms).toBeLessThan(9000);
    }
  });
});
