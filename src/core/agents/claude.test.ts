import { describe, expect, it } from "vitest";
import { claudeSetup, isAtLeast } from "./claude.ts";

/** The hook before a tool, as it is written for the version. */
function gateFor(version: string | undefined): unknown {
  const [settings] = claudeSetup.files({ level: "project", scope: undefined, hasMcp: false, version });
  if (settings?.form !== "json") throw new Error("Claude Code's settings are JSON");
  return settings.pieces.find(({ path }) => path.join(".") === "hooks.PreToolUse");
}

describe("Claude Code's settings", () => {
  it.each(["2.1.295", "2.1.297", "2.2.0", "3.0.0 (Claude Code)"])("ask %s to block where the hook fails", (version) => {
    expect(gateFor(version)).toHaveProperty("value.hooks.0.onFailure", "block");
  });

  it.each(["2.1.294", "2.0.300", "1.9.999", undefined, "unknown"])("say nothing of failures to %s, which would not know it", (version) => {
    expect(gateFor(version)).not.toHaveProperty("value.hooks.0.onFailure");
  });

  it("know either spelling again, since machines of one project differ", () => {
    expect(gateFor("2.1.297")).toHaveProperty("others.0.hooks.0");
    expect(gateFor("2.1.297")).not.toHaveProperty("others.0.hooks.0.onFailure");
    expect(gateFor(undefined)).toHaveProperty("others.0.hooks.0.onFailure", "block");
  });
});

describe("a version", () => {
  it("is compared number by number, and what is none is never enough", () => {
    expect(isAtLeast("2.10.0", [2, 9, 9])).toBe(true);
    expect(isAtLeast("2.9.10", [2, 9, 9])).toBe(true);
    expect(isAtLeast("2.9.9", [2, 10, 0])).toBe(false);
    expect(isAtLeast("2.9", [2, 8, 0])).toBe(false);
  });
});
