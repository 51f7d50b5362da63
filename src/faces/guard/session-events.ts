/** What an agent tells of its session: each agent has a table of what its events are. */

import type { AgentSession, GuardEvent } from "../../core/guard/agent-call.ts";
import type { HookInput } from "./agent-face.ts";
import { textIn } from "./hook-fields.ts";

export type SessionMoment = "session-start" | "stop" | "session-end";

/** `unknown` where the table has no such event. */
export function sessionEvent(
  moments: Readonly<Record<string, SessionMoment>>,
  name: string,
  input: HookInput,
  session: AgentSession,
): GuardEvent {
  switch (Object.hasOwn(moments, name) ? moments[name] : undefined) {
    case "session-start":
      return { kind: "session-start", session, source: textIn(input, "source") ?? "startup" };
    case "stop":
      return { kind: "stop", session, isRepeated: isRepeated(input) };
    case "session-end":
      return { kind: "session-end", session };
    case undefined:
      return { kind: "unknown", name };
  }
}

/** Whether a hook has sent the agent on before: Claude Code, Codex and Gemini CLI say so, so does our plugin for OpenCode, and Cursor counts. */
function isRepeated({ stop_hook_active: isActive, isRepeated: isSaid, loop_count: count }: HookInput): boolean {
  return isActive === true || isSaid === true || (typeof count === "number" && count > 0);
}
