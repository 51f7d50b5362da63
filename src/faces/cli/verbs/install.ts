import type { AgentName } from "../../../core/guard/agent-call.ts";
import { setups } from "../../../core/agents/setups.ts";
import { BelayError } from "../../../core/belay-error.ts";
import { lookAtAgents } from "../../../operations/agents/look-at-agents.ts";
import { notInForce } from "../../../operations/agents/not-in-force.ts";
import { planInstall, planRefresh } from "../../../operations/agents/plan-install.ts";
import { agentsFrom, type AgentsSession, instructionFacts, openAgents } from "../agents-session.ts";
import { answerCheck, carryOutAgents } from "../answer-agents.ts";
import { nextLines, printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { agentsLines, hindranceLines, managedLines } from "../render-agents.ts";
import type { Session } from "../session.ts";
import { has, type Words } from "../words.ts";

/** Alone it looks around; with an agent it writes, checks, or prints what an administrator writes. */
export async function runInstall(session: Session, words: Words): Promise<number> {
  const named = agentsFrom(session, words);
  const opened = await openAgents(session, words);
  if (has(words, "refresh")) return await refresh(session, words, opened);
  if (has(words, "check")) return await install(session, words, { opened, agents: named.length > 0 ? named : await agentsToCheck(opened) });
  if (named.length === 0) return await lookAround(session, opened);
  if (has(words, "managed")) return printManaged(session, opened, named);
  return await install(session, words, { opened, agents: named });
}

async function install(
  session: Session,
  words: Words,
  { opened, agents }: { readonly opened: AgentsSession; readonly agents: readonly AgentName[] },
): Promise<number> {
  const { bench, config, scope, level } = opened;
  const isCheck = has(words, "check");
  const instructions = level === "project" && config ? await instructionFacts(session, config, { isCheck }) : undefined;
  const plan = await planInstall(bench, {
    agents,
    level,
    scope,
    hasMcp: words.options["mcp"] !== false,
    instructions,
    // A machine that only checks what a project's files say runs no agent.
    hasPointer: !isCheck || level === "user",
  });
  const answer = {
    bench,
    plan,
    about: { level, agents },
    head: headOf(agents, level),
    hindrances: async () => await notInForce(bench, agents),
    done: `guarded ${agents.map((agent) => setups[agent].title).join(", ")}`,
  };
  return isCheck ? await answerCheck(session, answer) : await carryOutAgents(session, words, answer);
}

export const headOf = (agents: readonly AgentName[], level: AgentsSession["level"]): string =>
  `${agents.map((agent) => setups[agent].title).join(", ")}, ${level === "user" ? "for you on this machine" : "in this project"}:`;

/** Those whose settings hold the guard, and those that leave traces in the project: one whose settings were deleted is missed. */
async function agentsToCheck({ bench, level }: AgentsSession): Promise<readonly AgentName[]> {
  const found = (await lookAtAgents(bench)).filter(({ agent, guarded, traces }) => {
    const isHere = level === "project" && traces.some((trace) => setups[agent].traces.includes(trace));
    return guarded.includes(level) || isHere;
  });
  if (found.length === 0)
    throw new BelayError("usage", "No agent is guarded or in use here, so there is nothing to check.", "belay install");
  return found.map(({ agent }) => agent);
}

async function refresh(session: Session, words: Words, { bench, config }: AgentsSession): Promise<number> {
  if (!config)
    throw new BelayError("config-missing", "There is no belay.yaml here or above, so there is nothing to tell agents.", "belay init");
  const plan = await planRefresh(bench, await instructionFacts(session, config, { isCheck: has(words, "check") }));
  const answer = {
    bench,
    plan,
    about: { level: "project", agents: [] },
    head: "What agents are told, in this project:",
    done: "refreshed",
  };
  return has(words, "check") ? await answerCheck(session, answer) : await carryOutAgents(session, words, answer);
}

async function lookAround({ screen, globals }: Session, { bench }: AgentsSession): Promise<number> {
  const agents = await lookAtAgents(bench);
  if (globals.isJson) {
    printJson(screen, {
      agents: agents.map(({ agent, traces, guarded, hindrances }) => ({
        agent,
        title: setups[agent].title,
        traces,
        guarded,
        ...(hindrances.length > 0 && { notInForce: hindrances }),
      })),
    });
    return exits.done;
  }
  screen.print([
    ...agentsLines(agents, screen.data),
    ...hindranceLines(
      agents.flatMap((one) => one.hindrances),
      screen.data,
    ),
  ]);
  const open = agents
    .filter(
      ({ traces, guarded, hindrances }) =>
        (traces.length > 0 && guarded.length === 0) || hindrances.some(({ kind }) => kind === "launcher"),
    )
    .map(({ agent }) => agent);
  const level = bench.folder === undefined ? " --user" : "";
  if (open.length > 0) screen.print(nextLines(`belay install ${open.join(" ")}${level}`, screen.data));
  return exits.done;
}

function printManaged({ screen, globals }: Session, { bench, scope }: AgentsSession, agents: readonly AgentName[]): number {
  const texts = agents.map((agent) => ({ agent, texts: setups[agent].managed({ scope, dist: bench.machine.dist }) }));
  if (globals.isJson)
    printJson(screen, {
      level: "managed",
      agents,
      files: texts.flatMap(({ agent, texts: all }) => all.map((text) => ({ agent, ...text }))),
    });
  else screen.print(texts.flatMap(({ agent, texts: all }) => managedLines(agent, all)));
  return exits.done;
}
