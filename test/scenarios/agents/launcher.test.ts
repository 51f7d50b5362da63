/** The command that agents run for their hooks, run by the shells that they run it with. */

import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { guardCommand, isGuardCommand, managedCommand, mcpWords, pointerPath, pointerText } from "../../../src/core/agents/launcher.ts";
import { opencodePlugin } from "../../../src/core/agents/opencode-plugin.ts";

let root: string;
let home: string;
let project: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "belay-launcher-"));
  home = join(root, "it's home");
  project = join(root, "my site", "web");
  await mkdir(home);
  await mkdir(project, { recursive: true });
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** A guard that repeats what it was asked. */
const stub = (name: string): string => `read -r question; echo "${name} $1 $question"; exit 7\n`;

interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
function run(
  command: string,
  { shell = "sh", cwd = project, env = {} }: { readonly shell?: string; readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Ran {
  const ran = spawnSync(shell, ["-c", command], {
    cwd,
    env: { PATH: "/usr/bin:/bin", HOME: home, ...env },
    input: "{}\n",
    encoding: "utf8",
  });
  return { exit: ran.status, stdout: ran.stdout.trim(), stderr: ran.stderr.trim() };
}

describe("a hook's command", () => {
  test("where belay is missing nothing passes, and the agent is told what a person does", () => {
    for (const shell of ["sh", "bash"]) {
      const ran = run(guardCommand("claude", "gate"), { shell });
      expect(ran).toMatchObject({ exit: 2, stdout: "" });
      expect(ran.stderr).toContain("belay install claude");
    }
  });

  test("what only informs lets the agent go on without belay, and whatever belay says", async () => {
    expect(run(guardCommand("claude", "bystander"))).toEqual({ exit: 0, stdout: "", stderr: "" });
    await put(join(home, pointerPath), stub("here"));
    expect(run(guardCommand("claude", "bystander"))).toMatchObject({ exit: 0, stdout: "here claude {}" });
  });

  test("this machine's belay comes first, then that of the project or of a folder above it", async () => {
    const command = guardCommand("codex", "gate");
    await put(join(root, "my site", "node_modules/@belay-site/belay/dist/guard.sh"), stub("above"));
    expect(run(command)).toMatchObject({ exit: 7, stdout: "above codex {}" });
    expect(run(command, { cwd: "/", env: { CLAUDE_PROJECT_DIR: project } })).toMatchObject({ exit: 7, stdout: "above codex {}" });
    await put(join(home, pointerPath), stub("here"));
    expect(run(command)).toMatchObject({ exit: 7, stdout: "here codex {}" });
  });

  test("another program called belay on PATH is never run", async () => {
    await put(join(root, "bin/belay"), "#!/bin/sh\nexit 0\n");
    spawnSync("chmod", ["+x", join(root, "bin/belay")]);
    expect(run(guardCommand("claude", "gate"), { env: { PATH: `${join(root, "bin")}:/usr/bin:/bin` } }).exit).toBe(2);
  });

  test("the pointer starts the belay that wrote it, with its Node, and holds where that is gone", async () => {
    const dist = join(root, "it's a place", "dist");
    const pointer = join(home, pointerPath);
    await put(pointer, pointerText({ node: "/opt/it's node/bin/node", dist }));
    expect(run(guardCommand("claude", "gate"))).toMatchObject({ exit: 2 });
    await put(join(dist, "guard.sh"), 'echo "$1 $2"\n');
    expect(run(guardCommand("claude", "gate"))).toMatchObject({ exit: 0, stdout: "claude node" });
    const [command, ...args] = mcpWords;
    await put(pointer, pointerText({ node: process.execPath, dist }));
    expect(run(guardCommand("claude", "gate"))).toMatchObject({ exit: 0, stdout: `claude ${process.execPath}` });
    await put(join(dist, "main.js"), "console.log('serves', process.argv[2])");
    expect(spawnSync(command, args, { cwd: project, env: { PATH: "/usr/bin:/bin", HOME: home }, encoding: "utf8" }).stdout).toBe(
      "serves mcp\n",
    );
  });

  test("an administrator's command looks at one place alone", async () => {
    await put(join(home, pointerPath), stub("the user's"));
    const command = managedCommand("claude", "gate", join(root, "opt"));
    expect(run(command).exit).toBe(2);
    await put(join(root, "opt", "guard.sh"), stub("managed"));
    expect(run(command)).toMatchObject({ exit: 7, stdout: "managed claude {}" });
  });

  test("it is known again by its last words, and fits in single quotes everywhere", () => {
    for (const command of [
      guardCommand("claude", "gate"),
      managedCommand("gemini", "bystander", "/opt/belay/dist"),
      "belay guard codex",
      "sh -c 'x' belay guard cursor",
    ])
      expect(isGuardCommand(command)).toBe(true);
    expect(isGuardCommand("echo belay guards")).toBe(false);
    expect(guardCommand("claude", "gate").split("'").length).toBe(3);
    for (const text of [guardCommand("claude", "gate"), ...mcpWords]) expect(text).not.toMatch(/[\\\n]/u);
  });
});

interface OpencodePlugin {
  readonly server: (about: unknown) => Promise<Record<string, (input: unknown, output: unknown) => Promise<void>>>;
  readonly setup: (context: unknown) => Promise<void>;
}
async function loadPlugin(): Promise<OpencodePlugin> {
  const path = join(root, "belay.mjs");
  await writeFile(path, opencodePlugin);
  const module: { default: OpencodePlugin } = await import(pathToFileURL(path).href);
  return module.default;
}

describe("the plugin for OpenCode", () => {
  const before = process.env["HOME"];
  beforeEach(() => {
    process.env["HOME"] = home;
  });
  afterEach(() => {
    process.env["HOME"] = before;
  });

  test("a tool runs where belay allows it, in both versions, and is told why where not", async () => {
    const answer =
      'read -r question; echo "$question" > "$HOME/asked"; case "$question" in *harmless*) echo \'{"decision":"allow"}\' ;; *) echo \'{"decision":"deny","reason":"belay D2: no"}\' ;; esac\n';
    await put(join(home, pointerPath), answer);
    const plugin = await loadPlugin();
    const hooks = await plugin.server({ client: {}, directory: project, worktree: project });
    const call = async (command: string): Promise<void> =>
      await hooks["tool.execute.before"]?.({ tool: "bash", sessionID: "s1" }, { args: { command } });
    await expect(call("harmless")).resolves.toBeUndefined();
    expect(JSON.parse(await readFile(join(home, "asked"), "utf8"))).toEqual({
      event: "tool",
      tool: "bash",
      args: { command: "harmless" },
      sessionID: "s1",
      cwd: project,
      root: project,
    });
    await expect(call("aws s3 cp")).rejects.toThrow("belay D2: no");
    let gate: ((event: unknown) => Promise<void>) | undefined;
    await plugin.setup({
      location: { directory: project },
      tool: { hook: (_: string, asked: (event: unknown) => Promise<void>) => (gate = asked) },
    });
    await expect(gate?.({ tool: "shell", input: { command: "rm" }, sessionID: "s2" })).rejects.toThrow("belay D2: no");
    await expect(plugin.setup({})).resolves.toBeUndefined();
  });

  test("no answer, a broken one and a failing guard are refusals", async () => {
    const plugin = await loadPlugin();
    const hooks = await plugin.server({ client: {}, directory: project, worktree: "/" });
    const call = async (): Promise<void> => await hooks["tool.execute.before"]?.({ tool: "bash", sessionID: "s" }, { args: {} });
    await expect(call()).rejects.toThrow("not set up on this machine");
    for (const text of ["exit 0", "echo '{}'", 'echo \'{"decision":"allow"}\'; exit 1', "echo allow"]) {
      await put(join(home, pointerPath), `${text}\n`);
      await expect(call()).rejects.toThrow("belay's guard gave no answer");
    }
  });
});
