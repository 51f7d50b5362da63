/** The built command: from a fresh project to an agent's upload that is answered, and back. */

import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerOf, belay, expectExit, type Ran } from "../support/run-belay.ts";

let root: string;
let home: string;
let project: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "belay-install-"));
  home = join(root, "home");
  project = join(root, "site");
  await mkdir(join(project, "public"), { recursive: true });
  await mkdir(home);
  await writeFile(join(project, "public", "index.html"), "<p>Harbour lights</p>\n");
  const targets = [
    "    staging: { store: s3://harbour-staging, guard: false }",
    "    production: { store: s3://harbour-prod, after: staging }",
  ];
  await writeFile(join(project, "belay.yaml"), ["version: 1", "site:", "  root: public", "  targets:", ...targets, ""].join("\n"));
});
afterAll(async () => await rm(root, { recursive: true, force: true }));

const run = async (...words: string[]): Promise<Ran> =>
  await belay(words, { cwd: project, env: { HOME: home, AWS_EC2_METADATA_DISABLED: "true" } });

/** What the agent's hook answers to a shell command, started as the agent starts it: without belay or Node on PATH. */
function hook(command: string, shellCommand: string): { readonly exit: number | null; readonly stdout: string } {
  const call = { session_id: "s1", hook_event_name: "PreToolUse", cwd: project, tool_name: "Bash", tool_input: { command: shellCommand } };
  const env = { PATH: "/usr/bin:/bin", HOME: home, CLAUDE_PROJECT_DIR: project };
  const ran = spawnSync("sh", ["-c", command], { cwd: project, env, input: JSON.stringify(call), encoding: "utf8" });
  return { exit: ran.status, stdout: ran.stdout };
}

describe("belay install, as it is built", () => {
  test("settings with comments stay as they are, and the hook in them answers an upload to production", async () => {
    const path = join(project, ".claude", "settings.json");
    const before = '{\n\t// for all of us\n\t"model": "m",\n}\n';
    await mkdir(join(project, ".claude"));
    await writeFile(path, before);
    expectExit(await run("install", "claude", "codex", "--yes"), 0);
    const text = await readFile(path, "utf8");
    expect(text).toContain('\t// for all of us\n\t"model": "m",\n');
    const settings: { hooks: { PreToolUse: { hooks: { command: string }[] }[] } } = JSON.parse(
      text.replace("// for all of us", "").replaceAll(/,(\s*[}\]])/gu, "$1"),
    );
    const command = settings.hooks.PreToolUse[0]?.hooks[0]?.command ?? "";
    const denied = hook(command, "aws s3 cp public/index.html s3://harbour-prod/index.html");
    expect(JSON.parse(denied.stdout)).toMatchObject({ hookSpecificOutput: { permissionDecision: "deny" } });
    expect(hook(command, "git status")).toEqual({ exit: 0, stdout: "" });
    expect(hook(command, "aws s3 cp s3://harbour-prod/index.html live.html")).toEqual({ exit: 0, stdout: "" });
    const again = await run("install", "claude", "codex", "--yes", "--json");
    expect(answerOf(again, "outcome")).toBe("nothing-to-do");
    expect(await readFile(path, "utf8")).toBe(text);
    expectExit(await run("install", "--check"), 0);
    await writeFile(path, text.replace("belay guard claude", "true"));
    expectExit(await run("install", "--check"), 3);
    await writeFile(path, text);
    expectExit(await run("uninstall", "claude", "codex", "--yes"), 0);
    expect(await readFile(path, "utf8")).toBe(before);
    expect((await readdir(project)).toSorted()).toEqual([".belay", ".claude", "belay.yaml", "public"]);
  });

  test("the machine's pointer is gone: the hook refuses what it cannot judge", async () => {
    expectExit(await run("install", "gemini", "--yes"), 0);
    const settings: { hooks: { BeforeTool: { hooks: { command: string }[] }[] } } = JSON.parse(
      await readFile(join(project, ".gemini", "settings.json"), "utf8"),
    );
    const command = settings.hooks.BeforeTool[0]?.hooks[0]?.command ?? "";
    await rm(join(home, ".config"), { recursive: true });
    expect(hook(command, "ls").exit).toBe(2);
    expectExit(await run("uninstall", "gemini", "--yes"), 0);
  });

  test("an agent's shell is told that uninstalling is a person's", async () => {
    expectExit(await run("install", "cursor", "--user", "--yes"), 0);
    const ran = await belay(["uninstall", "cursor", "--user", "--yes", "--json"], { cwd: project, env: { HOME: home, CURSOR_AGENT: "1" } });
    expectExit(ran, 8);
    expect(answerOf(ran, "error", "code")).toBe("person-needed");
  });
});
