/**
 * What an agent makes of its hook's end. Sources: code.claude.com/docs/en/hooks (`onFailure` since 2.1.295); developers.openai.com/codex/hooks and
 * codex-rs/hooks/src/engine/output_parser.rs; cursor.com/docs/hooks; google-gemini/gemini-cli docs/hooks/reference.md; for OpenCode
 * belay's own plugin, which throws.
 */

import { isAtLeast } from "../agents/claude.ts";
import type { InstalledHook } from "../agents/installed-hook.ts";
import { fieldsOf, reach } from "../agents/reach.ts";
import type { AgentName } from "../guard/agent-call.ts";
import type { HookEnd } from "./hook-end.ts";

export interface Understood {
  readonly is: "stopped" | "asked" | "through";
  /** A clause: what the hook did, and what the agent makes of it. */
  readonly why: string;
  /** Its hook did not answer in time. */
  readonly isLate?: true;
}

export interface AgentFacts {
  readonly agent: AgentName;
  /** `undefined` where it is not here to be asked. */
  readonly version: string | undefined;
}

type Hook = Pick<InstalledHook, "asksToFailClosed" | "event">;

/** Whether this agent, of this version, refuses a call whose hook fails, where it is asked to. `unknown`: nobody could ask its version. */
export function canFailClosed({ agent, version }: AgentFacts): "yes" | "no" | "unknown" {
  switch (agent) {
    case "claude":
      return version === undefined ? "unknown" : isAtLeast(version, [2, 1, 295]) ? "yes" : "no";
    case "cursor":
    case "opencode":
      return "yes";
    case "codex":
    case "gemini":
      return "no";
  }
}

export function understood(facts: AgentFacts, hook: Hook, end: HookEnd): Understood {
  if (end.kind !== "ended") return { ...failed(facts, hook, failures[end.kind]), ...(end.kind === "late" && { isLate: true }) };
  switch (facts.agent) {
    case "claude":
      return ofClaude(facts, hook, end);
    case "codex":
      return ofCodex(facts, hook, end);
    case "cursor":
      return ofCursor(facts, hook, end);
    case "gemini":
      return ofGemini(facts, hook, end);
    case "opencode":
      return ofOpencode(end);
  }
}

const failures = {
  killed: "its hook was killed",
  late: "its hook did not answer in time",
  "not-started": "its hook did not start",
} as const;

function failed(facts: AgentFacts, { asksToFailClosed }: Hook, what: string): Understood {
  const can = canFailClosed(facts);
  if (asksToFailClosed && can === "yes") return { is: "stopped", why: `${what}, and the agent then refuses the call` };
  const unless = can === "unknown" ? "; its version is unknown, and from 2.1.295 on `belay install claude` has it refuse" : "";
  return { is: "through", why: `${what}, and the agent then lets the call run${unless}` };
}

type Ended = Extract<HookEnd, { readonly kind: "ended" }>;

const refused = (why: string): Understood => ({ is: "stopped", why });
const passed = (why: string): Understood => ({ is: "through", why });
const silent = passed("its hook said nothing, and the call runs");
const allows = passed("its hook allowed it");

function documentIn(stdout: string): unknown {
  try {
    const value: unknown = JSON.parse(stdout);
    return value;
  } catch {
    return undefined;
  }
}

function ofClaude(facts: AgentFacts, hook: Hook, { exit, stdout }: Ended): Understood {
  if (exit === 2) return refused("refused by exit 2");
  if (exit !== 0) return failed(facts, hook, `its hook ended with exit ${exit}`);
  if (stdout.trim() === "") return silent;
  const said = documentIn(stdout);
  if (said === undefined) return passed("its hook answered with text that is no JSON, and the call runs");
  const decision = reach(said, "hookSpecificOutput", "permissionDecision");
  if (decision === "deny" || reach(said, "decision") === "block" || reach(said, "continue") === false) return refused("refused");
  return decision === "ask" ? { is: "asked", why: "a person is asked" } : allows;
}

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

const codexFields = new Set(["hookEventName", "permissionDecision", "permissionDecisionReason"]);

/** An answer that Codex does not expect marks the hook as failed, and the call goes on. */
function ofCodex(facts: AgentFacts, hook: Hook, { exit, stdout, stderr }: Ended): Understood {
  if (exit === 2 && stderr.trim() !== "") return refused("refused by exit 2");
  if (exit !== 0) return failed(facts, hook, `its hook ended with exit ${exit}`);
  if (stdout.trim() === "") return silent;
  const said = documentIn(stdout);
  if (reach(said, "decision") === "block" && isText(reach(said, "reason"))) return refused("refused");
  const specific = fieldsOf(reach(said, "hookSpecificOutput"));
  const isPlain = Object.keys(fieldsOf(said)).length === 1 && Object.keys(specific).every((name) => codexFields.has(name));
  if (isPlain && specific["permissionDecision"] === "deny" && isText(specific["permissionDecisionReason"])) return refused("refused");
  return passed("its hook's answer is none that Codex takes, and the call runs");
}

function ofCursor(facts: AgentFacts, hook: Hook, { exit, stdout }: Ended): Understood {
  if (exit === 2) return refused("refused by exit 2");
  if (exit !== 0) return failed(facts, hook, `its hook ended with exit ${exit}`);
  const permission = reach(documentIn(stdout), "permission");
  if (permission === undefined) return failed(facts, hook, "its hook's answer is no permission");
  if (permission === "deny") return refused("refused");
  if (permission !== "ask") return allows;
  return hook.event === "preToolUse" ? passed("its hook asked, which Cursor does not do there") : { is: "asked", why: "a person is asked" };
}

function ofGemini(facts: AgentFacts, hook: Hook, { exit, stdout }: Ended): Understood {
  if (exit === 2) return refused("refused by exit 2");
  if (exit !== 0) return failed(facts, hook, `its hook ended with exit ${exit}`);
  if (stdout.trim() === "") return silent;
  const decision = reach(documentIn(stdout), "decision");
  return decision === "deny" || decision === "block" ? refused("refused") : allows;
}

/** What the driver of the plugin prints (see `opencodeDriver`). A plugin that cannot be loaded guards nothing. */
function ofOpencode({ exit, stdout }: Ended): Understood {
  const isStopped = reach(documentIn(stdout), "isStopped");
  if (exit !== 0 || typeof isStopped !== "boolean") return passed("belay's plugin cannot be loaded, and OpenCode goes on without it");
  return isStopped ? refused("refused") : allows;
}
