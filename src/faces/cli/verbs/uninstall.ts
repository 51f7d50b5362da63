import { setups } from "../../../core/agents/setups.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { planUninstall } from "../../../operations/agents/plan-uninstall.ts";
import { agentsFrom, openAgents } from "../agents-session.ts";
import { carryOutAgents } from "../answer-agents.ts";
import { commandLine, type Session } from "../session.ts";
import type { Words } from "../words.ts";
import { headOf } from "./install.ts";

/** A person's: an agent does not take off what holds it. */
export async function runUninstall(session: Session, words: Words): Promise<number> {
  const { setup } = session;
  const agents = agentsFrom(session, words);
  if (agents.length === 0) throw new BelayError("usage", "Say whose settings to clear.", "belay uninstall claude");
  const actor = await setup.detectActor(setup.env, { folder: setup.cwd });
  if (actor.kind === "agent")
    throw new BelayError(
      "person-needed",
      "Taking the guard off is a person's, and this is an agent's shell. Nothing was written.",
      `a person runs: ${commandLine(setup)}`,
    );
  const { bench, scope, level } = await openAgents(session, words);
  const plan = await planUninstall(bench, { agents, level, scope });
  return await carryOutAgents(session, words, {
    bench,
    plan,
    about: { level, agents },
    head: headOf(agents, level),
    verb: "cleared",
    done: `took the guard off ${agents.map((agent) => setups[agent].title).join(", ")}`,
  });
}
