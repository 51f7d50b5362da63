/** From a verdict to what the agent is told: what it was refused before makes the answer firmer, and is remembered. */

import type { AgentSession } from "../../core/guard/agent-call.ts";
import { renderDenial } from "../../core/guard/denial.ts";
import { afterRefusals, timesDenied } from "../../core/guard/intents.ts";
import { pastedCommand } from "../../core/guard/pasted-command.ts";
import type { Objection, Verdict } from "../../core/guard/verdict.ts";
import { knownOfLive, type KnowingBench } from "./known-of-live.ts";

export type Settled =
  | { readonly kind: "allow" }
  /** `text`: at most six lines, for the agent and for whoever reads along. */
  | { readonly kind: "deny" | "ask"; readonly text: string; readonly objection: Objection };

export interface SettlingOptions {
  /** Whether this agent can put a question to a person; where it cannot, a question is a refusal. */
  readonly canAsk: boolean;
}

/** Never throws for want of memory: then the answer is that of a first time. */
export async function settleVerdict(
  verdict: Verdict,
  session: AgentSession,
  bench: KnowingBench,
  { canAsk }: SettlingOptions,
): Promise<Settled> {
  if (verdict.kind === "allow") return { kind: "allow" };
  const { denied } = bench.memory.session(session);
  const after = afterRefusals(verdict, denied);
  if (after.kind === "allow") return { kind: "allow" };
  const kind = canAsk ? after.kind : "deny";
  const timesBefore = timesDenied(after, denied);
  const known = await knownOfLive(after, bench);
  const standing = { folder: bench.scope.folder, cwd: session.cwd, program: bench.program?.() ?? "belay" };
  const placed = after.instead === undefined ? after : { ...after, instead: pastedCommand(after.instead, standing) };
  const text = renderDenial(placed, {
    timesBefore,
    isQuestion: kind === "ask",
    folder: session.cwd,
    ...(known !== undefined && { known }),
  });
  if (kind === "deny") bench.memory.noteDenied(session, after.intent);
  return { kind, text, objection: placed };
}
