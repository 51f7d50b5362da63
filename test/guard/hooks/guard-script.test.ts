/** The prefilter's end: what it makes of whatever the guard behind it does. */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agents } from "./hook-world.ts";

const script = fileURLToPath(new URL("../../../src/faces/guard/guard.sh", import.meta.url));
const input = JSON.stringify({ hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "aws s3 rm s3://x/y" } });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "belay-hook-script-"));
  copyFileSync(script, join(folder, "guard.sh"));
  // Stands for Node: says how the guard ends.
  writeFileSync(join(folder, "guard.cjs"), "");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `program`: the shell text that runs in Node's place. */
function ended(agent: string, program: string): { readonly exit: number | null; readonly stdout: string; readonly stderr: string } {
  const node = join(folder, "node");
  writeFileSync(node, `#!/bin/sh\n${program}\n`, { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync("sh", [join(folder, "guard.sh"), agent, node], { input, encoding: "utf8" });
  return { exit: status, stdout, stderr };
}

describe("the hook", () => {
  it.each(agents)("%s: ends with the guard's own status and words, where it has answered", (agent) => {
    expect(ended(agent, "echo no >&2; exit 2")).toMatchObject({ exit: 2, stderr: "no\n" });
    expect(ended(agent, "cat")).toMatchObject({ exit: 0, stdout: input });
  });

  it.each(agents)("%s: refuses where the guard crashes, is killed or cannot be started", (agent) => {
    for (const program of ["exit 1", "exit 7", "kill -9 $$", "exec /nowhere/node"]) {
      const { exit, stdout, stderr } = ended(agent, program);
      const said = `${stdout}${stderr}`;
      expect({ program, said }).toMatchObject({ said: expect.stringContaining("Refused by belay") });
      expect({ program, exit, isDenied: /"(?:permission|decision)":"deny"/u.test(stdout) }).toMatchObject(
        ["cursor", "gemini", "opencode"].includes(agent) ? { exit: 0, isDenied: true } : { exit: 2 },
      );
    }
  });
});
