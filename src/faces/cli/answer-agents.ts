/** From a plan for agents' settings to how it ended: show, ask, write, say. */

import { BelayError } from "../../core/belay-error.ts";
import { applyAgentPlan } from "../../operations/agents/apply-agent-plan.ts";
import { type AgentPlan, type InstallBench, isChanged } from "../../operations/agents/install-bench.ts";
import type { Hindrance } from "../../operations/agents/not-in-force.ts";
import { nextLines, printJson } from "./answer.ts";
import { isYes, readAnswer } from "./confirmation.ts";
import { exits } from "./exit-codes.ts";
import { counted } from "./plain-text.ts";
import { actionLines, fileLines, hindranceLines, noteLines, planFields, planLines } from "./render-agents.ts";
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
  /** What a written file is called: `written`, or `cleared` where the guard is taken off. */
  readonly verb?: string;
  /** What keeps the guard from being in force, looked up once the files stand; absent where it is taken off. */
  readonly hindrances?: () => Promise<readonly Hindrance[]>;
}

/** Rejects with `confirmation-needed` where nobody can be asked, or where the answer is no. */
export async function carryOutAgents(session: Session, words: Words, answer: AgentsAnswer): Promise<number> {
  const { bench, plan, about, head, done, verb = "written" } = answer;
  const { screen, globals } = session;
  const changed = plan.files.filter(isChanged);
  if (changed.length === 0) return await nothingToDo(session, answer);
  if (!globals.isJson) screen.print([head, ...planLines(plan.files, screen.data)]);
  // Above the question, the files once more: their differences may have filled the screen.
  if (!globals.isJson && !has(words, "yes")) screen.print(["", ...actionLines(plan.files)]);
  await confirm(session, words);
  session.startsWriting();
  await applyAgentPlan(bench, plan);
  const open = (await answer.hindrances?.()) ?? [];
  if (globals.isJson) printJson(screen, { ...about, outcome: "applied", ...planFields(plan), ...hindranceFields(open) });
  else {
    const files = `${counted(changed.length, "file")} ${verb}`;
    const { paint } = screen.data;
    screen.print([
      "",
      open.length === 0 ? `${paint.green("✔")} ${done}: ${files}` : `${paint.red("✖")} ${files}, and the guard is not in force`,
      ...hindranceLines(open, screen.data),
      ...noteLines(plan.notes, screen.data),
    ]);
  }
  return open.length === 0 ? exits.done : exits.refused;
}

async function nothingToDo({ screen, globals }: Session, { plan, about, head, hindrances }: AgentsAnswer): Promise<number> {
  const open = (await hindrances?.()) ?? [];
  if (globals.isJson) printJson(screen, { ...about, outcome: "nothing-to-do", ...planFields(plan), ...hindranceFields(open) });
  else screen.print([head, ...fileLines(plan.files), "", "Nothing to do.", ...hindranceLines(open, screen.data)]);
  return open.length === 0 ? exits.done : exits.refused;
}

const hindranceFields = (open: readonly Hindrance[]): Record<string, unknown> => (open.length === 0 ? {} : { notInForce: open });

async function confirm(session: Session, words: Words): Promise<void> {
  if (has(words, "yes")) return;
  const again = commandLine(session.setup, { without: ["--json"], added: ["--yes"] });
  if (session.globals.isJson || !hasTerminal(session.setup))
    throw new BelayError("confirmation-needed", "Nobody is here to ask. Nothing was written.", again);
  const answer = await readAnswer(session, "Write this? [y/N] ");
  if (!isYes(answer)) throw new BelayError("confirmation-needed", "Not confirmed: nothing was written.", again);
}

/** For CI: what is missing or differs. Exits as refused where anything does. */
export async function answerCheck({ screen, globals, setup }: Session, { plan, about, head, hindrances }: AgentsAnswer): Promise<number> {
  const wrong = plan.files.filter(({ state }) => state === "missing" || state === "drifted");
  // A machine of CI runs no agent, and needs no launcher.
  const open = ((await hindrances?.()) ?? []).filter(({ kind }) => kind === "hooks" || (setup.env["CI"] ?? "") === "");
  const isIntact = wrong.length === 0 && open.length === 0;
  const outcome = isIntact ? "intact" : "drifted";
  if (globals.isJson) printJson(screen, { ...about, outcome, ...planFields(plan), ...hindranceFields(open) });
  else {
    screen.print([head, ...fileLines(plan.files), ...hindranceLines(open, screen.data)]);
    if (wrong.length > 0 || open.some(({ kind }) => kind === "launcher"))
      screen.print(nextLines(commandLine(setup, { without: ["--check", "--json"] }), screen.data));
  }
  return isIntact ? exits.done : exits.refused;
}
