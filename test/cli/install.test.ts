/** `belay install` and `uninstall`, in this process. */

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setups, agentNames } from "../../src/core/agents/setups.ts";
import { openCliWorld, type CliWorld, type Finished } from "./cli-world.ts";

let world: CliWorld;
let home: string;
let studio: string;

beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(async () => await world.close());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "belay-home-"));
  studio = join(world.root, "studio");
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
  for (const name of [
    ".claude",
    ".codex",
    ".cursor",
    ".gemini",
    ".opencode",
    ".mcp.json",
    "opencode.json",
    "opencode.jsonc",
    "CLAUDE.md",
    "AGENTS.md",
  ])
    await rm(join(studio, name), { recursive: true, force: true });
  await rm(join(studio, ".belay", "agents.json"), { force: true });
});

const run = (...words: string[]): Promise<Finished> => world.run("studio", words, { env: { HOME: home, PATH: "/nonexistent" } });

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Every file of a folder but the site and belay's own, by path. */
async function filesIn(folder: string): Promise<Record<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isFile: entry.isFile() }))
    .filter(({ path }) => !/\/(?:\.belay|\.git|public)(?:\/|$)/u.test(path.slice(folder.length)));
  const entries = await Promise.all(
    paths.map(async ({ path, isFile }) => [path.slice(folder.length), isFile ? await readFile(path, "utf8") : "/"]),
  );
  return Object.fromEntries(entries);
}

const settings = `// Ours since the spring.
{
    "model": "m", // the quick one
    "hooks": {
        "PreToolUse": [
            { "matcher": "Bash", "hooks": [{ "type": "command", "command": "./lint.sh" }] }, /* keep */
        ],
        "Stop": [],
    },
    "permissions": { "deny": ["Read(.env)"] }
}
`;

describe("belay install", () => {
  test("every agent: twice changes nothing, check agrees, uninstall leaves every byte as it was", async () => {
    await put(join(studio, ".claude/settings.json"), settings);
    await put(join(studio, ".codex/config.toml"), 'model = "m"\r\n[mcp_servers.docs]\r\ncommand = "docs"');
    await put(join(studio, ".cursor/hooks.json"), '\uFEFF{"version":1,"hooks":{"stop":[{"command":"./done.sh"}]}}');
    await put(join(studio, "opencode.jsonc"), "{\n\t// none yet\n}\n");
    await put(join(studio, "CLAUDE.md"), "# House rules\r\n\r\nTabs.");
    const before = await filesIn(studio);
    expect(await run("install", "all", "--yes")).toMatchObject({ exit: 0 });
    const after = await filesIn(studio);
    expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length);
    expect(after["/.claude/settings.json"]).toContain('"model": "m", // the quick one');
    expect(after["/.codex/config.toml"]).toContain('command = "docs"\r\n\r\n# belay:begin\r\n[mcp_servers.belay]\r\n');
    expect(after["/opencode.json"]).toBeUndefined();
    const again = await run("install", "all", "--yes");
    expect(again.stdout).toContain("Nothing to do.");
    expect(await filesIn(studio)).toEqual(after);
    expect(await run("install", "all", "--check")).toMatchObject({ exit: 0 });
    expect(await run("uninstall", "all", "--yes")).toMatchObject({ exit: 0 });
    expect(await filesIn(studio)).toEqual(before);
  });

  test("fresh projects get everything, and lose everything again", async () => {
    const before = await filesIn(studio);
    for (const agent of agentNames) {
      expect(await run("install", agent, "--yes")).toMatchObject({ exit: 0 });
      expect(await run("install", agent, "--check")).toMatchObject({ exit: 0 });
      for (const wanted of setups[agent].files({ level: "project", scope: undefined, hasMcp: true, version: undefined }))
        expect(await readFile(join(studio, wanted.path), "utf8")).toContain("belay");
    }
    for (const agent of agentNames) expect(await run("uninstall", agent, "--yes")).toMatchObject({ exit: 0 });
    expect(await filesIn(studio)).toEqual(before);
  });

  test("check tells what is missing, what differs, and what was deleted", async () => {
    await run("install", "claude", "codex", "--yes");
    const path = join(studio, ".claude/settings.json");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("Bash|PowerShell", "PowerShell"));
    const changed = await run("install", "--check", "--json");
    expect(changed.exit).toBe(3);
    expect(JSON.parse(changed.stdout)).toMatchObject({ format: 1, outcome: "drifted", level: "project" });
    await rm(path);
    expect((await run("install", "--check")).stdout).toMatch(/\.claude\/settings\.json\s+missing/u);
    expect(await run("install", "claude", "--yes")).toMatchObject({ exit: 0 });
    expect(await run("install", "--check")).toMatchObject({ exit: 0 });
  });

  test("a clone without receipts: uninstall takes belay's pieces and nobody else's", async () => {
    await put(join(studio, ".claude/settings.json"), settings);
    await put(join(studio, "AGENTS.md"), "# Ours\n");
    await run("install", "claude", "codex", "--yes");
    await rm(join(studio, ".belay", "agents.json"));
    const path = join(studio, ".claude/settings.json");
    await writeFile(path, (await readFile(path, "utf8")).replace('"model": "m"', '"model": "n"'));
    expect(await run("uninstall", "all", "--yes")).toMatchObject({ exit: 0 });
    const left = await filesIn(studio);
    expect(left["/.claude/settings.json"]).not.toContain("belay");
    for (const kept of ['"model": "n", // the quick one', "./lint.sh", "/* keep */", "Read(.env)"])
      expect(left["/.claude/settings.json"]).toContain(kept);
    expect(left["/AGENTS.md"]).toBe("# Ours\n");
    expect(Object.keys(left).filter((name) => /codex|mcp/u.test(name) && left[name] !== "/")).toEqual([]);
  });

  test("a deny rule that was there before stays when belay goes", async () => {
    await put(join(studio, ".claude/settings.json"), '{"permissions":{"deny":["Bash(belay approve:*)"]}}');
    await run("install", "claude", "--yes");
    await writeFile(join(studio, ".claude/settings.json"), `${await readFile(join(studio, ".claude/settings.json"), "utf8")}\n`);
    await run("uninstall", "claude", "--yes");
    expect(await readFile(join(studio, ".claude/settings.json"), "utf8")).toContain("Bash(belay approve:*)");
  });

  test("settings that cannot be read stop it before anything is written", async () => {
    await put(join(studio, ".mcp.json"), '{"mcpServers": ');
    const before = await filesIn(studio);
    const ran = await run("install", "claude", "--yes");
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain(".mcp.json cannot be merged into: it is no JSON");
    expect(await filesIn(studio)).toEqual(before);
    await put(join(studio, ".opencode/plugins/belay.js"), "export default {}\n");
    expect((await run("install", "opencode", "--yes")).stderr).toMatch(/belay\s+did not write it/u);
  });

  test("a server of the same name that is somebody else's stays, and is told", async () => {
    await put(join(studio, ".mcp.json"), '{"mcpServers":{"belay":{"command":"climbing-log"}}}');
    await put(join(studio, ".codex/config.toml"), '[mcp_servers."belay"]\ncommand = "climbing-log"\n');
    const ran = await run("install", "claude", "codex", "--yes");
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toContain("has something of its own called belay");
    expect(await readFile(join(studio, ".mcp.json"), "utf8")).toBe('{"mcpServers":{"belay":{"command":"climbing-log"}}}');
    expect(await readFile(join(studio, ".codex/config.toml"), "utf8")).toBe('[mcp_servers."belay"]\ncommand = "climbing-log"\n');
  });

  test("the user's level works without a belay.yaml and touches the home folder alone", async () => {
    await mkdir(join(world.root, "elsewhere"), { recursive: true });
    const there = (...words: string[]): Promise<Finished> => world.run("elsewhere", words, { env: { HOME: home, PATH: "/nonexistent" } });
    expect(await there("install", "all", "--user", "--yes")).toMatchObject({ exit: 0 });
    const files = await filesIn(home);
    for (const path of [
      "/.claude/settings.json",
      "/.codex/hooks.json",
      "/.cursor/hooks.json",
      "/.gemini/policies/belay.toml",
      "/.config/opencode/plugins/belay.js",
      "/.config/belay/belay.sh",
    ])
      expect(files[path]).toContain("belay");
    expect(await there("install", "all", "--user", "--check")).toMatchObject({ exit: 0 });
    expect(await there("install", "claude", "--yes")).toMatchObject({ exit: 2 });
    expect(await there("uninstall", "all", "--user", "--yes")).toMatchObject({ exit: 0 });
    // Projects that were installed for themselves are guarded through the launcher.
    const left = Object.entries(await filesIn(home)).flatMap(([path, text]) => (text === "/" ? [] : [path]));
    expect(left.toSorted()).toEqual(["/.config/belay/belay.sh", "/.config/belay/installed.json"]);
  });

  test("hooks that are switched off are no guard: install, the list and check say where", async () => {
    await put(join(studio, ".claude/settings.local.json"), '{ "disableAllHooks": true }');
    const installed = await run("install", "claude", "--yes");
    expect(installed.exit).toBe(3);
    expect(installed.stdout).not.toContain("✔ guarded");
    for (const said of [installed, await run("install"), await run("install", "--check")])
      expect(said.stdout).toContain(".claude/settings.local.json switches hooks off (disableAllHooks)");
    expect((await run("install", "claude", "--check", "--json")).exit).toBe(3);
    await put(join(studio, ".claude/settings.local.json"), '{ "disableAllHooks": false }');
    expect(await run("install", "claude", "--check")).toMatchObject({ exit: 0 });
  });

  test("uninstalling for the user leaves what projects start belay by, and a launcher that is gone is missed", async () => {
    await run("install", "claude", "--yes");
    await run("install", "claude", "--user", "--yes");
    const ran = await run("uninstall", "claude", "--user", "--yes");
    expect(ran.stdout).toContain("~/.config/belay/belay.sh stays");
    expect(ran.stdout).toMatch(/file[s]? cleared/u);
    expect(await run("install", "claude", "--check")).toMatchObject({ exit: 0 });
    await rm(join(home, ".config/belay/belay.sh"));
    for (const said of [await run("install"), await run("install", "--check")])
      expect(said.stdout).toContain("~/.config/belay/belay.sh is missing");
    expect((await run("install", "--check")).exit).toBe(3);
    const inCi = await world.run("studio", ["install", "--check"], { env: { HOME: home, PATH: "/nonexistent", CI: "true" } });
    expect(inCi.exit).toBe(0);
  });

  test("nobody is asked off a terminal, and an agent does not take the guard off", async () => {
    expect((await run("install", "claude")).exit).toBe(2);
    await run("install", "claude", "--yes");
    const ran = await world.run("studio", ["uninstall", "claude", "--yes"], { env: { HOME: home, PATH: "", CLAUDECODE: "1" } });
    expect(ran.exit).toBe(8);
    expect(ran.stderr).toMatch(/a person runs:\s+belay uninstall claude/u);
    expect(await run("install", "claude", "--check")).toMatchObject({ exit: 0 });
    expect((await world.run("studio", ["uninstall", "claude"], { env: { HOME: home, PATH: "" }, answer: "n" })).exit).toBe(2);
    expect((await world.run("studio", ["uninstall", "claude"], { env: { HOME: home, PATH: "" }, answer: "y" })).exit).toBe(0);
  });

  test("agents are told once each: by AGENTS.md, or by CLAUDE.md where that does not take it in", async () => {
    await put(join(studio, "AGENTS.md"), "# Ours\n");
    await run("install", "claude", "codex", "--yes");
    expect(await readFile(join(studio, "CLAUDE.md"), "utf8")).toMatch(
      /^<!-- belay:begin v1 sha256=[0-9a-f]{64} -->\n@AGENTS\.md\n<!-- belay:end -->\n$/u,
    );
    const told = await readFile(join(studio, "AGENTS.md"), "utf8");
    expect(told).toContain("# Ours\n\n<!-- belay:begin v1 sha256=");
    expect(told.split("\n").length).toBeLessThan(60);
    await run("uninstall", "all", "--yes");
    await put(join(studio, "CLAUDE.md"), "@AGENTS.md\n");
    await run("install", "claude", "--yes");
    expect(await readFile(join(studio, "CLAUDE.md"), "utf8")).toBe("@AGENTS.md\n");
    expect(await readFile(join(studio, "AGENTS.md"), "utf8")).toContain("Publishing goes through belay");
  });

  test("a new warning fails no check, and stands in the block once that is refreshed; its words stay in the record", async () => {
    await run("install", "claude", "--yes");
    await put(join(studio, "public/index.html"), "<p>hello</p>");
    await world.run("studio", ["warn", "add", "index.html", "--note", "Ada Lovelace's party is on this page"], { env: { HOME: home } });
    for (const words of [[], ["--refresh"]]) expect(await run("install", "--check", ...words)).toMatchObject({ exit: 0 });
    expect(await run("install", "--refresh", "--yes")).toMatchObject({ exit: 0 });
    expect(await run("install", "--check")).toMatchObject({ exit: 0 });
    const config = await readFile(join(studio, "belay.yaml"), "utf8");
    await put(join(studio, "belay.yaml"), config.replace("srv/live }", "srv/live, approvals: 1, keys: any }"));
    for (const words of [[], ["--refresh"]]) expect((await run("install", "--check", ...words)).exit).toBe(3);
    await put(join(studio, "belay.yaml"), config);
    const told = await readFile(join(studio, "CLAUDE.md"), "utf8");
    expect(told).toMatch(/- w[0-9a-f]+: index\.html/u);
    expect(told).not.toContain("Lovelace");
  });

  test("what an administrator puts in place is printed, and nothing is written", async () => {
    const before = await filesIn(studio);
    const ran = await run("install", "claude", "codex", "gemini", "cursor", "--managed");
    for (const path of [
      "/etc/claude-code/managed-settings.json",
      "/etc/codex/requirements.toml",
      "/etc/gemini-cli/policies/belay.toml",
      "/etc/cursor/hooks.json",
    ])
      expect(ran.stdout).toContain(path);
    const json = JSON.parse((await run("install", "claude", "--managed", "--json")).stdout);
    expect(JSON.parse(json.files[0].text)).toMatchObject({ allowManagedHooksOnly: true });
    expect(await filesIn(studio)).toEqual(before);
  });

  test("alone it says which agents are in use here, and what to run", async () => {
    await put(join(studio, ".cursor/rules/a.md"), "x");
    const ran = await run("install");
    expect(ran.stdout).toMatch(/cursor\s+Cursor\s+in use, not guarded/u);
    expect(ran.stdout).toContain("belay install cursor");
    expect((await run("install", "clade")).stderr).toContain("belay install claude");
  });
});
