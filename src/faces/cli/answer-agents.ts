/** From a plan for agents' settings to how it ended: show, ask, write, say. */

import { BelayError } from "../../core/belay-error.ts";
import { applyAgentPlan } from "../../operations/agents/apply-agent-plan.ts";
import { type AgentPlan, type InstallBench, isChanged } from "../../operations/agents/install-bench.ts";
import { nextLines, printJson } from "./answer.ts";
import { isYes, readAnswer } from "./confirmation.ts";
import { exits } from "./exit-codes.ts";
import { counted } from "./plain-text.ts";
import { fileLines, noteLines, planFields, planLines } from "./render-agents.ts";
import { commandLine, hasTerminal, type Session } from "./session.ts";
import { has, type Words } from "./words.ts";

export interface AgentsAnswer {
  readonly bench: InstallBench;
  readonly plan: AgentPlan;
  /** Fields of the JSON document that say what it is about. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Over the files: `Claude Code, in this project:` */
  readonly head: string;
  readonly done: string;
}

/** Rejects with `confirmation-needed` where nobody can be asked, or where the answer is no. */
export async function carryOutAgents(session: Session, words: Words, { bench, plan, about, head, done }: AgentsAnswer): Promise<number> {
  const { screen, globals } = session;
  const changed = plan.files.filter(isChanged);
  if (changed.length === 0) {
    if (globals.isJson) printJson(screen, { ...about, outcome: "nothing-to-do", ...planFields(plan) });
    else screen.print([head, ...fileLines(plan.files), "", "Nothing to do."]);
    return exits.done;
  }
  if (!globals.isJson) screen.print([head, ...planLines(plan.files, screen.data)]);
  await confirm(session, words);
  session.startsWriting();
  await applyAgentPlan(bench, plan);
  if (globals.isJson) printJson(screen, { ...about, outcome: "applied", ...planFields(plan) });
  else
    screen.print([
      "",
      `${screen.data.paint.green("✔")} ${done}: ${counted(changed.length, "file")} written`,
      ...noteLines(plan.notes, screen.data),
    ]);
  return exits.done;
}

async function confirm(session: Session, words: Words): Promise<void> {
  if (has(words, "yes")) return;
  const again = commandLine(session.setup, { without: ["--json"], added: ["--yes"] });
  if (session.globals.isJson || !hasTerminal(session.setup))
    throw new BelayError("confirmation-needed", "Nobody is here to ask. Nothing was written.", again);
  const answer = await readAnswer(session, "Write this? [y/N] ");
  if (!isYes(answer)) throw new BelayError("confirmation-needed", "Not confirmed: nothing was written.", again);
}

/** For CI: what is missing or differs. Exits as refused where anything does. */
export function answerCheck({ screen, globals, setup }: Session, { plan, about, head }: AgentsAnswer): number {
  const wrong = plan.files.filter(({ state }) => state === "missing" || state === "drifted");
  const outcome = wrong.length === 0 ? "intact" : "drifted";
  if (globals.isJson) printJson(screen, { ...about, outcome, ...planFields(plan) });
  else {
    screen.print([head, ...fileLines(plan.files)]);
    if (wrong.length > 0) screen.print(nextLines(commandLine(setup, { without: ["--check", "--json"] }), screen.data));
  }
  return wrong.length === 0 ? exits.done : exits.refused;
}
