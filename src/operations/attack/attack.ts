/** `belay doctor --attack`: would what is installed here stop an agent? Nothing is carried out, and nothing of the project is written. */

import { placesOf } from "../../core/attack/attack-places.ts";
import type { AttackFamily, AttackRow, Family } from "../../core/attack/attack.ts";
import { corpusFor, isHarmless } from "../../core/attack/corpus.ts";
import { agentNames } from "../../core/agents/setups.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import type { Context } from "../workbench.ts";
import { type AgentResult, attackAgent, type RowResult, rowsOf } from "./attack-agent.ts";
import type { AttackBench } from "./attack-bench.ts";
import { isGuardWanted, lookAtHooks } from "./look-at-hooks.ts";
import { pageIn } from "./page-in.ts";

export interface AttackRequest {
  readonly scope: GuardScope;
  /** Only these; those that have to be guarded here where it is empty. */
  readonly agents: readonly AgentName[];
  /** Only rows of these; everything where it is empty. The faults of the hook itself belong to `garbage`. */
  readonly families: readonly Family[];
  /** Whose places are attacked, where there are several. */
  readonly target: string | undefined;
}

export interface AttackResult {
  readonly agents: readonly AgentReport[];
  /** How many rows are about a kind of place that this project has not. */
  readonly leftOut: number;
}

export interface AgentReport extends AgentResult {
  readonly attacks: readonly RowResult[];
  readonly harmless: readonly RowResult[];
  /** Attacks that get through, by family. */
  readonly through: ReadonlyMap<AttackFamily, readonly RowResult[]>;
  /** Harmless calls that are stopped or asked about. */
  readonly hindered: readonly RowResult[];
  readonly isSafe: boolean;
}

/** No agents: none has to be guarded here. */
export async function attack(bench: AttackBench, request: AttackRequest, context: Context): Promise<AttackResult> {
  const { scope, families, target } = request;
  const { rows, leftOut } = corpusFor(placesOf({ scope, home: bench.home, page: await pageIn(bench, scope), target }), families);
  const chosen = request.agents.length > 0 ? request.agents : await wantedAgents(bench);
  const looks = await Promise.all(chosen.map(async (agent) => await lookAtHooks(bench, agent)));
  const total = looks.reduce((sum, hooks) => sum + rowsOf(hooks, rows).length, 0);
  const forget = bench.hooks.forgetter(scope.folder);
  let done = 0;
  const agents: AgentReport[] = [];
  for (const hooks of looks) {
    const onRow = (): void => {
      done += 1;
      context.report({ phase: "attacking", done, total, path: hooks.title });
    };
    const asking = {
      bench,
      hooks,
      project: scope.folder,
      signal: context.signal,
      forget: (id: string) => forget({ agent: hooks.agent, id }),
    };
    const result = await attackAgent(asking, {
      rows: rowsOf(hooks, rows),
      withFaults: families.length === 0 || families.includes("garbage"),
      onRow,
    });
    agents.push(reportOf(result));
  }
  return { agents, leftOut };
}

async function wantedAgents(bench: AttackBench): Promise<readonly AgentName[]> {
  const wanted: AgentName[] = [];
  for (const agent of agentNames) if (await isGuardWanted(bench, agent)) wanted.push(agent);
  return wanted;
}

function reportOf(result: AgentResult): AgentReport {
  const attacks = result.results.filter(({ row }) => row.mustStop);
  const harmless = result.results.filter(({ row }) => !row.mustStop);
  const hindered = harmless.filter(({ is }) => is !== "through");
  const through = new Map<AttackFamily, RowResult[]>();
  for (const one of attacks) {
    const family = attackFamilyOf(one.row);
    if (one.is === "through" && family !== undefined) through.set(family, [...(through.get(family) ?? []), one]);
  }
  const faults = (result.faults ?? []).filter(({ is, isLimit }) => is === "through" && !isLimit);
  return { ...result, attacks, harmless, through, hindered, isSafe: through.size === 0 && hindered.length === 0 && faults.length === 0 };
}

const attackFamilyOf = ({ family, mustStop }: AttackRow): AttackFamily | undefined =>
  mustStop && isAttackFamily(family) ? family : undefined;

const isAttackFamily = (family: Family): family is AttackFamily => !isHarmless(family);
