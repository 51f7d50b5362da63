/** From the calls of one hook to its answer: each under every belay.yaml that binds there, and the severest verdict counts. */

import type { AgentCall, AgentSession } from "../../core/guard/agent-call.ts";
import { allowed, type Verdict } from "../../core/guard/verdict.ts";
import type { Answer } from "./answer.ts";
import type { GuardBench } from "./guard-bench.ts";
import { judgeCall, severest } from "./judge-call.ts";
import { settleVerdict } from "./settle-verdict.ts";

interface Asked {
  readonly session: AgentSession;
  readonly calls: readonly AgentCall[];
  readonly canAsk: boolean;
}

/** No bench: nothing is guarded there, so everything passes. */
export async function answerCalls({ session, calls, canAsk }: Asked, benches: readonly GuardBench[]): Promise<Answer> {
  let answer: Answer = { kind: "pass" };
  for (const bench of benches) {
    // What may be belay's own look at live must come after the session's beginning to count for it.
    if (calls.some(mayLook)) bench.memory.session(session);
    let verdict: Verdict = allowed;
    for (const call of calls) verdict = severest([verdict, await judgeCall(call, session, bench)]);
    const settled = await settleVerdict(verdict, session, bench, { canAsk });
    if (settled.kind === "deny") return { kind: "deny", text: settled.text };
    if (settled.kind === "ask" && answer.kind === "pass") answer = { kind: "ask", text: settled.text };
  }
  return answer;
}

const mayLook = (call: AgentCall): boolean => call.kind === "mcp" || (call.kind === "shell" && call.command.includes("belay"));
