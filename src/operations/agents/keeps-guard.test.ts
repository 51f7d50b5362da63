import { describe, expect, test } from "vitest";
import { parseJsonc } from "../../codecs/jsonc/tree.ts";
import { isAgentSettings, keepsGuard } from "../../core/agents/keeps-guard.ts";
import { guardCommand, mcpWords } from "../../core/agents/launcher.ts";

const group = { matcher: "Bash", hooks: [{ type: "command", command: guardCommand("claude", "gate"), timeout: 60 }] };
const guarded = { hooks: { PreToolUse: [group] }, permissions: { deny: ["Bash(belay approve:*)"] } };
const settings = "/home/wren/site/.claude/settings.json";
const local = "/home/wren/site/.claude/settings.local.json";
const keeps = (path: string, before: unknown, after: unknown): boolean =>
  keepsGuard(path, before === undefined ? undefined : textOf(before), after === undefined ? undefined : textOf(after), parseJsonc);
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, undefined, 2));

describe("keepsGuard", () => {
  test("an edit beside the guard is fine, and so is another order", () => {
    expect(keeps(settings, guarded, { model: "m", ...guarded })).toBe(true);
    expect(
      keeps(settings, guarded, { ...guarded, permissions: { allow: ["Read"], deny: ["Bash(curl:*)", "Bash(belay approve:*)"] } }),
    ).toBe(true);
    expect(keeps(settings, guarded, `// mine\n${textOf(guarded)}`)).toBe(true);
  });

  test("a piece of the guard that is changed, moved or gone is not", () => {
    const weaker = { ...group, hooks: [{ ...group.hooks[0], command: `true || ${guardCommand("claude", "gate")}` }] };
    for (const after of [
      undefined,
      "",
      {},
      { ...guarded, hooks: {} },
      { ...guarded, hooks: { PostToolUse: [group] } },
      { ...guarded, hooks: { PreToolUse: [{ ...group, matcher: "Nothing" }] } },
      { ...guarded, hooks: { PreToolUse: [{ ...group, hooks: [{ ...group.hooks[0], timeout: 0.001 }] }] } },
      { ...guarded, hooks: { PreToolUse: [weaker] } },
      { ...guarded, permissions: { deny: [] } },
      "{ broken",
    ])
      expect(keeps(settings, guarded, after)).toBe(false);
  });

  test("off-switches are refused where they are new, in a file without the guard too", () => {
    for (const after of [
      { disableAllHooks: true },
      { allowManagedHooksOnly: true },
      { env: { NODE_OPTIONS: "--require ./x.cjs" } },
      { env: { PATH: "/tmp/bin" } },
      { env: { CLAUDE_CODE_SAFE_MODE: "1" } },
      { disabledMcpjsonServers: ["belay"] },
    ])
      expect(keeps(local, {}, after)).toBe(false);
    expect(keeps(local, { disableAllHooks: true }, { disableAllHooks: true, model: "m" })).toBe(true);
    expect(keeps(local, {}, { env: { EDITOR: "vi" }, disableAllHooks: false })).toBe(true);
    expect(keeps("/x/.gemini/settings.json", {}, { hooksConfig: { enabled: false } })).toBe(false);
    expect(keeps("/x/.gemini/settings.json", {}, { hooksConfig: { disabled: ["belay"] } })).toBe(false);
  });

  test("Codex: hooks stay on and the marked block stays", () => {
    const path = "/home/wren/.codex/config.toml";
    const block = `# belay:begin\n[mcp_servers.belay]\ncommand = "sh"\n# belay:end\n`;
    expect(keeps(path, `model = "m"\n${block}`, `model = "n"\n${block}`)).toBe(true);
    expect(keeps(path, block, 'model = "n"\n')).toBe(false);
    for (const line of [
      "[features]\nhooks = false",
      "features.hooks = false",
      "[features]\ncodex_hooks=false",
      "features = { hooks = false }",
    ])
      expect(keeps(path, "", line)).toBe(false);
    expect(keeps(path, "", '[hooks.state."x"]\nenabled = false\n')).toBe(false);
    expect(keeps(path, "", "[mcp_servers.docs]\nenabled = false\n")).toBe(true);
  });

  test("belay's own files change by belay alone, and its server stays what it is", () => {
    expect(keeps("/x/.opencode/plugins/belay.js", "a", "b")).toBe(false);
    expect(keeps("/x/.codex/rules/belay.rules", "a", undefined)).toBe(false);
    for (const path of ["/x/.opencode/plugins/belay.js", "/home/wren/.config/belay/belay.sh", "/x/.gemini/policies/belay.toml"])
      expect(keeps(path, undefined, "exit 0")).toBe(false);
    const server = { mcpServers: { belay: { command: "sh", args: mcpWords.slice(1) } } };
    expect(keeps("/x/.mcp.json", server, { mcpServers: { ...server.mcpServers, docs: { command: "d" } } })).toBe(true);
    expect(keeps("/x/.mcp.json", server, { mcpServers: { belay: { command: "true" } } })).toBe(false);
    expect(keeps("/x/.mcp.json", {}, { mcpServers: { belay: { command: "true" } } })).toBe(false);
  });

  test("files of nobody's settings are no business of it", () => {
    expect(isAgentSettings("/x/public/hooks.json")).toBe(false);
    expect(isAgentSettings("/x/.claude/../.claude/settings.json")).toBe(true);
    expect(isAgentSettings("/etc/claude-code/managed-settings.d/50-x.json")).toBe(true);
    expect(keeps("/x/public/index.html", guarded, {})).toBe(true);
  });
});
