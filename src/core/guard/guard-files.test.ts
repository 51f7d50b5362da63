import { describe, expect, test } from "vitest";

import { guardFileAt } from "./guard-files.ts";
import { hole } from "./word.ts";

describe("what holds the guard up is known by its path, wherever it lies", () => {
  test.each([
    ["/home/ana/.claude/settings.json", "guard-touched"],
    ["/work/.claude/settings.local.json", "guard-touched"],
    ["/etc/claude-code/managed-settings.json", "guard-touched"],
    ["/work/.codex/hooks.json", "guard-touched"],
    ["/work/.codex/config.toml", "guard-touched"],
    ["/work/.cursor/hooks.json", "guard-touched"],
    ["/work/.gemini/settings.json", "guard-touched"],
    ["/work/opencode.jsonc", "guard-touched"],
    ["/work/.opencode/plugin/belay.js", "guard-touched"],
    ["/work/belay.yaml", "guard-touched"],
    [`${hole}/belay.yaml`, "guard-touched"],
    [`/work/.claude/${hole}`, "guard-touched"],
    ["/work/node_modules/.bin/belay", "guard-touched"],
    ["/home/ana/.local/bin/belay", "guard-touched"],
    ["/work/node_modules/@belay-site/belay/dist/main.js", "guard-touched"],
    ["/home/ana/.config/belay/belay.sh", "guard-touched"],
    ["/work/.belay/base/index.html", "state-touched"],
    ["/home/ana/.aws/credentials", "credentials-touched"],
  ])("%s", (path, code) => {
    expect(guardFileAt(path)?.code).toBe(code);
  });

  test.each([
    "/work/.claude/commands/deploy.md",
    "/work/.claude",
    "/work/.codex/sessions/1.jsonl",
    "/work/docs/belay.yaml.md",
    "/work/src/belay.ts",
    "/work/settings.json",
    `/work/${hole}`,
    "/home/ana/.aws/sso/cache/a.json",
    "/work/node_modules/left-pad/index.js",
  ])("%s holds nothing up", (path) => {
    expect(guardFileAt(path)).toBeUndefined();
  });

  test("a folder of settings may be made, but not taken away", () => {
    expect(guardFileAt("/work/.claude/")).toBeUndefined();
    expect(guardFileAt("/work/.claude", { isTree: true })?.code).toBe("guard-touched");
  });
});
