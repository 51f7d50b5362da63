/** A project under guard in a folder of its own, and the built hook, run as an agent runs it. */

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const dist: string = fileURLToPath(new URL("../../../dist", import.meta.url));

export const guardedYaml = `version: 1
site:
  root: site
  targets:
    staging: { store: "s3://queenofsandiego-staging", guard: false }
    production: { store: "s3://queenofsandiego-prod", cdn: "cloudfront:E1GUARDED", after: staging }
`;

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number | null;
}

export interface HookWorld {
  /** Absolute; belay.yaml lies in it. */
  readonly folder: string;
  readonly remove: () => void;
}

export function openHookWorld(yaml: string | undefined = guardedYaml): HookWorld {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "belay-hook-")));
  mkdirSync(join(folder, "site"));
  if (yaml !== undefined) writeFileSync(join(folder, "belay.yaml"), yaml);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Running {
  readonly cwd: string;
  /** `undefined`: standard input stays open, and nothing is written to it. */
  readonly input: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

/** One run of a program; an answer that does not come within half a minute is a failure. */
export async function runProgram(program: string, words: readonly string[], { cwd, input, env }: Running): Promise<Ran> {
  return await new Promise((done, fail) => {
    const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    const late = setTimeout(() => child.kill("SIGKILL"), 30_000);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    // Who answers before all was read closes the pipe.
    child.stdin.on("error", () => undefined);
    child.on("error", fail);
    child.on("close", (exit) => {
      clearTimeout(late);
      done({ stdout, stderr, exit });
    });
    if (input !== undefined) child.stdin.end(input);
  });
}

/** `node dist/guard.cjs AGENT`. */
export const runHook = async (agent: string, running: Running): Promise<Ran> =>
  await runProgram(process.execPath, [join(dist, "guard.cjs"), agent], running);

/** `sh dist/guard.sh AGENT`. */
export const runPrefilter = async (agent: string, running: Running): Promise<Ran> =>
  await runProgram("sh", [join(dist, "guard.sh"), agent], running);

/** What an agent says before it runs a command. */
export function shellInput(agent: string, command: unknown, cwd: string): string {
  switch (agent) {
    case "cursor":
      return JSON.stringify({ conversation_id: "c", hook_event_name: "beforeShellExecution", command, cwd, workspace_roots: [cwd] });
    case "gemini":
      return JSON.stringify({
        session_id: "g",
        cwd,
        hook_event_name: "BeforeTool",
        tool_name: "run_shell_command",
        tool_input: { command },
      });
    case "opencode":
      return JSON.stringify({ event: "tool", tool: "bash", args: { command }, sessionID: "o", cwd, root: cwd });
    default:
      return JSON.stringify({ session_id: "s", cwd, hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command } });
  }
}

/** Whether an answer stops the call, by the rules of the agent that reads it. */
export function isRefusal(agent: string, { stdout, stderr, exit }: Ran): boolean {
  if (agent === "claude" || agent === "codex") {
    return (exit === 2 && stderr.trim() !== "") || (exit === 0 && stdout.includes('"permissionDecision":"deny"'));
  }
  const said: unknown = JSON.parse(stdout);
  const field = agent === "cursor" ? "permission" : "decision";
  return (
    exit === 0 &&
    typeof said === "object" &&
    said !== null &&
    Object.entries(said).some(([name, value]) => name === field && value === "deny")
  );
}

export const agents = ["claude", "codex", "cursor", "gemini", "opencode"] as const;
