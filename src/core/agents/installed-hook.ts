/** The guard's hooks as they stand in agents' settings: what an agent would start before a call. */

import type { AgentName } from "../guard/agent-call.ts";
import { isGuardHook } from "./own-pieces.ts";
import { elementsOf, fieldsOf, reach } from "./reach.ts";
import type { HookLevel, SettingsPlace } from "./settings-places.ts";

export interface InstalledHook {
  /** Absolute path of the settings that it stands in. */
  readonly file: string;
  readonly level: HookLevel;
  readonly event: string;
  /** Absent: every tool. */
  readonly matcher?: string;
  readonly command: string;
  /** Where there are some, the agent starts the command without a shell. */
  readonly args?: readonly string[];
  readonly timeoutMs: number;
  /** The settings ask the agent to refuse the call where the hook fails: `onFailure: block`, `failClosed: true`. */
  readonly asksToFailClosed: boolean;
}

/** Before which the agent asks whether a call may run. */
const gateEvents: Readonly<Record<AgentName, readonly string[]>> = {
  claude: ["PreToolUse"],
  codex: ["PreToolUse"],
  cursor: ["beforeShellExecution", "beforeMCPExecution", "preToolUse"],
  gemini: ["BeforeTool"],
  opencode: ["tool.execute.before"],
};

/** How long an agent waits for a hook whose settings do not say. */
const usualTimeoutMs: Readonly<Record<AgentName, number>> = {
  claude: 600_000,
  codex: 600_000,
  cursor: 60_000,
  gemini: 60_000,
  opencode: 60_000,
};

interface Place extends SettingsPlace {
  readonly agent: AgentName;
}

/** The guard's own gates in one settings file. `document`: a parsed JSON value; of TOML and of plugins the text. */
export function hooksIn({ agent, file, level }: Place, document: unknown): readonly InstalledHook[] {
  if (agent === "opencode") {
    const plugin = { file, level, event: "tool.execute.before", command: file, timeoutMs: usualTimeoutMs.opencode, asksToFailClosed: true };
    return typeof document === "string" ? [plugin] : [];
  }
  const hooks = typeof document === "string" ? tomlHooks(document) : jsonHooks(document);
  return hooks
    .filter(({ event, hook }) => gateEvents[agent].includes(event) && isGuardHook(hook))
    .map(({ event, matcher, hook }): InstalledHook => {
      const args = elementsOf(reach(hook, "args")).filter((word) => typeof word === "string");
      const timeout = reach(hook, "timeout");
      return {
        file,
        level,
        event,
        ...(typeof matcher === "string" ? { matcher } : {}),
        command: String(reach(hook, "command")),
        ...(args.length === 0 ? {} : { args }),
        // Gemini CLI counts milliseconds, the others seconds.
        timeoutMs: typeof timeout === "number" && timeout > 0 ? timeout * (agent === "gemini" ? 1 : 1000) : usualTimeoutMs[agent],
        asksToFailClosed: reach(hook, "onFailure") === "block" || reach(hook, "failClosed") === true,
      };
    });
}

interface FoundHook {
  readonly event: string;
  readonly matcher: unknown;
  readonly hook: unknown;
}

/** In groups with a matcher (Claude Code, Codex, Gemini CLI), or bare (Cursor). */
const jsonHooks = (document: unknown): readonly FoundHook[] =>
  Object.entries(fieldsOf(reach(document, "hooks"))).flatMap(([event, groups]) =>
    elementsOf(groups).flatMap((group) => {
      const inner = reach(group, "hooks");
      return (inner === undefined ? [group] : elementsOf(inner)).map((hook) => ({ event, matcher: reach(group, "matcher"), hook }));
    }),
  );

/** `[[hooks.EVENT]]` and `[[hooks.EVENT.hooks]]`, as belay prints them for administrators. */
function tomlHooks(text: string): readonly FoundHook[] {
  let event: string | undefined;
  const found: FoundHook[] = [];
  for (const line of text.split(/\r?\n/u)) {
    const table = /^\s*\[/u.test(line);
    if (table) event = /^\s*\[\[\s*hooks\.(?<event>\w+)(?:\.hooks)?\s*\]\]/u.exec(line)?.groups?.["event"];
    const command = /^\s*command\s*=\s*(?:'''(?<raw>.*)'''|'(?<literal>[^']*)')\s*$/u.exec(line)?.groups;
    const value = command?.["raw"] ?? command?.["literal"];
    if (event !== undefined && value !== undefined) found.push({ event, matcher: undefined, hook: { command: value } });
  }
  return found;
}

/** Whether the agent starts the hook for this tool. A matcher that is no pattern matches nothing. */
export function matches({ matcher }: Pick<InstalledHook, "matcher">, subject: string): boolean {
  if (matcher === undefined || matcher === "" || matcher === "*") return true;
  try {
    return new RegExp(`^(?:${matcher})$`, "u").test(subject);
  } catch {
    return false;
  }
}
