import { describe, expect, test } from "vitest";
import type { AgentName } from "../guard/agent-call.ts";
import { understood } from "./agent-semantics.ts";
import type { HookEnd } from "./hook-end.ts";
import { switchesIn } from "../agents/switched-off.ts";
import { wallsOf } from "./wall.ts";

const ended = (exit: number, stdout = "", stderr = ""): HookEnd => ({ kind: "ended", exit, stdout, stderr });
const claudeSays = (permissionDecision: string, more: object = {}): HookEnd =>
  ended(
    0,
    JSON.stringify({ hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision, permissionDecisionReason: "no" }, ...more }),
  );

interface Case {
  readonly version?: string;
  readonly closed?: boolean;
  readonly event?: string;
}

const of = (agent: AgentName, end: HookEnd, { version, closed = false, event = "PreToolUse" }: Case = {}): string =>
  understood({ agent, version }, { asksToFailClosed: closed, event }, end).is;

describe("what an agent makes of its hook's end", () => {
  test("Claude Code blocks on exit 2 and on a decision; every other exit lets the call run, unless its version fails closed when asked to", () => {
    expect(of("claude", ended(2))).toBe("stopped");
    expect(of("claude", claudeSays("deny"))).toBe("stopped");
    expect(of("claude", claudeSays("ask"))).toBe("asked");
    for (const end of [claudeSays("allow"), ended(0), ended(0, "refused!")]) expect(of("claude", end)).toBe("through");
    for (const end of [ended(1), { kind: "killed" }, { kind: "late" }, { kind: "not-started", why: "ENOENT" }] satisfies HookEnd[]) {
      expect(of("claude", end, { version: "2.1.295", closed: true })).toBe("stopped");
      expect(of("claude", end, { version: "2.1.294", closed: true })).toBe("through");
      expect(of("claude", end, { closed: true })).toBe("through");
      expect(of("claude", end, { version: "2.1.295" })).toBe("through");
    }
  });

  test("Codex takes three fields and nothing else: ask, an empty reason or a field more lets the call run", () => {
    expect(of("codex", claudeSays("deny"))).toBe("stopped");
    for (const end of [claudeSays("ask"), claudeSays("deny", { continue: false }), ended(2), ended(1, "", "no")])
      expect(of("codex", end)).toBe("through");
    expect(of("codex", ended(2, "", "no"))).toBe("stopped");
    expect(of("codex", { kind: "killed" }, { closed: true })).toBe("through");
  });

  test("Cursor needs a permission in so many words, and asks before shell commands only", () => {
    const asks = ended(0, '{"permission":"ask"}');
    expect(of("cursor", ended(0, '{"permission":"deny"}'))).toBe("stopped");
    expect(of("cursor", asks, { event: "beforeShellExecution" })).toBe("asked");
    expect(of("cursor", asks, { event: "preToolUse" })).toBe("through");
    expect(of("cursor", ended(0, "{"), { closed: true })).toBe("stopped");
    expect(of("cursor", ended(0, "{"))).toBe("through");
  });

  test("Gemini CLI goes by the decision; OpenCode without a plugin that loads goes on", () => {
    expect(of("gemini", ended(0, '{"decision":"deny"}'))).toBe("stopped");
    expect(of("gemini", ended(0, "{}"))).toBe("through");
    expect(of("gemini", { kind: "late" }, { closed: true })).toBe("through");
    expect(of("opencode", ended(0, '{"isStopped":true}'))).toBe("stopped");
    expect(of("opencode", ended(1, "", "SyntaxError"))).toBe("through");
  });
});

const switched = (document: unknown): unknown =>
  switchesIn({ file: "/p/.claude/settings.json", level: "project", document }).map(({ name, does }) => [name, does]);

test("a switch that changes how hooks run is told from one that turns them off", () => {
  expect(switched({ disableAllHooks: true })).toEqual([["disableAllHooks", "off"]]);
  expect(switched({ env: { PATH: "/x", CLAUDE_CODE_SAFE_MODE: "1" } })).toEqual([
    ["PATH=/x", "changes"],
    ["CLAUDE_CODE_SAFE_MODE=1", "off"],
  ]);
  expect(switched({ disableAllHooks: false })).toEqual([]);
});

const finding = (target: string, severity: "ok" | "warning") => ({
  id: "bucket-conditional-writes",
  severity,
  about: "target" as const,
  target,
  message: "",
});

const stands = (findings: Parameters<typeof wallsOf>[0]["findings"]): unknown =>
  wallsOf({ findings, isManaged: false, target: "live" })[0]?.stands;

test("a wall stands only where every bucket has it, and is unknown where nobody looked", () => {
  expect(stands(undefined)).toBe("unknown");
  expect(stands([finding("a", "ok")])).toBe("yes");
  expect(stands([finding("a", "ok"), finding("b", "warning")])).toBe("no");
  expect(stands([{ ...finding("a", "warning"), severity: "note", untold: "no credentials" }])).toBe("unknown");
});
