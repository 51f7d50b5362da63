/** Which agent's hooks are asked about which rows. */

import type { AttackRow } from "../../core/attack/attack.ts";
import { payloadsOf } from "../../core/attack/payload.ts";
import { type Sample, sampleOf } from "../../core/attack/sample.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import type { AgentHooks } from "./look-at-hooks.ts";

export interface Share extends Sample {
  readonly hooks: AgentHooks;
  /** Whose hook is asked about all of them, and starts the same guard. */
  readonly like: AgentName | undefined;
}

/** `isWhole`: every agent is asked about every row. Else a sample will do for those whose hooks start what an earlier one's start. */
export function shareRows(looks: readonly AgentHooks[], rows: readonly AttackRow[], isWhole: boolean): readonly Share[] {
  return looks.map((hooks, at): Share => {
    const own = rowsFor(hooks, rows);
    const like = isWhole ? undefined : looks.slice(0, at).find((other) => startSameGuard(hooks, other));
    return like === undefined ? { hooks, asked: own, left: [], like: undefined } : { hooks, ...sampleOf(own), like: like.agent };
  });
}

/** Rows for which the agent has a tool. */
const rowsFor = ({ agent }: AgentHooks, rows: readonly AttackRow[]): readonly AttackRow[] =>
  rows.filter(({ call }) => payloadsOf(agent, call, { sessionId: "", project: "/" }).length > 0);

/** Whether their commands differ in the agent's name alone, and nothing that settings put into the environment could make them differ. */
function startSameGuard(one: AgentHooks, other: AgentHooks): boolean {
  return [one, other].every(isPlain) && startedBy(one) === startedBy(other);
}

function isPlain({ agent, hooks, variables }: AgentHooks): boolean {
  // What a plugin starts does not stand in settings.
  if (agent === "opencode" || hooks.length === 0 || Object.keys(variables).length > 0) return false;
  // Cursor holds the matcher of this event against the command: one command says nothing about another.
  return hooks.every(({ event, matcher }) => event !== "beforeShellExecution" || matcher === undefined);
}

/** The agent's own name left out. */
function startedBy({ agent, hooks }: AgentHooks): string {
  const name = new RegExp(String.raw`\b${agent}\b`, "gu");
  const commands = hooks.map(({ command, args = [] }) => JSON.stringify([command, ...args].map((word) => word.replaceAll(name, "AGENT"))));
  return [...new Set(commands)].toSorted().join("\n");
}
