/** `belay doctor --attack`. */

import { guardScopeOf } from "../../../config/guard-scope.ts";
import { agentNames } from "../../../core/agents/setups.ts";
import { attackFamilies, type Family, harmlessFamilies } from "../../../core/attack/attack.ts";
import { type Wall, wallsOf } from "../../../core/attack/wall.ts";
import { BelayError } from "../../../core/belay-error.ts";
import type { Finding } from "../../../core/doctor/finding.ts";
import type { AgentName } from "../../../core/guard/agent-call.ts";
import { attack, type AgentReport, type AttackResult } from "../../../operations/attack/attack.ts";
import { doctor } from "../../../operations/doctor/doctor.ts";
import type { Context } from "../../../operations/workbench.ts";
import { printJson } from "../answer.ts";
import { exits } from "../exit-codes.ts";
import { nearest } from "../nearest.ts";
import { plain } from "../plain-text.ts";
import { attackFields, attackLines } from "../render-attack.ts";
import { commandLine, hasTerminal, type Session, shownPath, targetOf } from "../session.ts";
import { listOf, type Words } from "../words.ts";

/** Exits as refused where an attack gets through, or where the guard stands in the way of harmless calls. */
export async function runAttack(session: Session, words: Words): Promise<number> {
  const { setup, screen, globals, signal } = session;
  const agents = chosen(session, "agent", listOf(words, "agent"), agentNames);
  const families = chosen<Family>(session, "family", listOf(words, "family"), [...attackFamilies, ...harmlessFamilies]);
  const config = await session.config();
  const [target] = words.operands;
  if (target !== undefined) targetOf(session, await session.bench(), target);
  const scope = guardScopeOf(config);
  const bench = await setup.openAttacker({
    folder: config.folder,
    env: setup.env,
    packageFolder: setup.packageFolder,
    node: setup.program[0] ?? "node",
  });
  const [firstLive] = scope.sites.flatMap(({ liveTargets }) => liveTargets);
  const startedAtMs = setup.now();
  const context: Context = { signal, report: screen.report, isAttended: hasTerminal(setup) };
  const result = await attack(bench, { scope, agents, families, target }, context);
  requireSomeAgent(result);
  const isSafe = result.agents.every((agent) => agent.isSafe);
  const about = {
    isSafe,
    wallsOf: wallsBehind(await findingsFor(session, result, target), target ?? firstLive ?? "TARGET"),
    elapsedMs: setup.now() - startedAtMs,
    shown: (path: string) => shownPath(setup, path),
  };
  if (globals.isJson) printJson(screen, attackFields(result, about));
  else screen.print(attackLines(result, about, screen.data));
  return isSafe ? exits.done : exits.refused;
}

function chosen<Name extends Family | AgentName>(
  session: Session,
  option: string,
  given: readonly string[],
  known: readonly Name[],
): readonly Name[] {
  return given.map((word) => {
    const found = known.find((name) => name === word);
    if (found !== undefined) return found;
    throw new BelayError(
      "usage",
      `--${option} knows no “${plain(word)}”. It knows ${known.join(", ")}.`,
      commandLine(session.setup, { replaced: word, by: nearest(word, known) ?? known[0] ?? "" }),
    );
  });
}

function requireSomeAgent({ agents }: AttackResult): void {
  if (agents.length === 0)
    throw new BelayError("usage", "No coding agent is guarded or in use here, so there is nothing to attack.", "belay install");
}

/** AWS is asked only where something gets through: walls matter then. */
const findingsFor = async (
  session: Session,
  { agents }: AttackResult,
  target: string | undefined,
): Promise<readonly Finding[] | undefined> =>
  agents.some(({ through }) => through.size > 0) ? await findingsOf(session, target) : undefined;

/** An administrator's settings are each agent's own; the other walls stand behind all of them. */
const wallsBehind =
  (findings: readonly Finding[] | undefined, target: string) =>
  ({ hooks }: AgentReport): readonly Wall[] =>
    wallsOf({ findings, isManaged: hooks.hooks.some(({ level }) => level === "managed"), target });

/** `undefined` where this machine cannot look. */
async function findingsOf(session: Session, target: string | undefined): Promise<readonly Finding[] | undefined> {
  try {
    const bench = await session.bench();
    const guarded = bench.site.targets.filter(({ guard }) => guard);
    const targets = target === undefined ? guarded : [targetOf(session, bench, target)];
    return (await doctor(bench, { targets, probes: false }, await session.context())).findings;
  } catch (error) {
    session.signal.throwIfAborted();
    if (error instanceof BelayError) return undefined;
    throw error;
  }
}
