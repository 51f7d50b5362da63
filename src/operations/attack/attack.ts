/** `belay doctor --attack`: would what is installed here stop an agent? Nothing is carried out, and nothing of the project is written. */

import { placesOf } from "../../core/attack/attack-places.ts";
import type { AttackFamily, Family } from "../../core/attack/attack.ts";
import { corpusFor, isHarmless } from "../../core/attack/corpus.ts";
import { agentNames } from "../../core/agents/setups.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import type { Context } from "../workbench.ts";
import { type AgentAttack, type AgentResult, openAgentAttack, type RowResult, type Task } from "./attack-agent.ts";
import type { AttackBench } from "./attack-bench.ts";
import { isGuardWanted, lookAtHooks } from "./look-at-hooks.ts";
import { pageIn } from "./page-in.ts";
import { shareRows } from "./share-rows.ts";

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
  const shares = shareRows(looks, rows, families.length > 0);
  const total = shares.reduce((sum, { asked }) => sum + asked.length, 0);
  const forget = bench.hooks.forgetter(scope.folder);
  let done = 0;
  const attacks: AgentAttack[] = [];
  try {
    for (const share of shares) {
      const { hooks } = share;
      const onRow = (): void => {
        done += 1;
        context.report({ phase: "attacking", done, total: Math.max(done, total), path: hooks.title });
      };
      const asking = {
        bench,
        hooks,
        project: scope.folder,
        signal: context.signal,
        forget: (id: string) => forget({ agent: hooks.agent, id }),
      };
      attacks.push(await openAgentAttack(asking, { ...share, withFaults: families.length === 0 || families.includes("garbage"), onRow }));
    }
    await carryOut(bench, attacks);
    return { agents: attacks.map((one) => reportOf(one.result())), leftOut };
  } finally {
    for (const one of attacks) await one.close();
  }
}

/** Hooks that wait cost nothing, so they wait beside those that work, of which a few run at once. */
async function carryOut({ cores }: AttackBench, attacks: readonly AgentAttack[]): Promise<void> {
  const lanes = Math.min(Math.max(lanesMin, cores), lanesMax);
  const waiting = attacks.flatMap((one) => one.waiting).map(async (task) => await task());
  await settled([
    ...waiting,
    inLanes(
      attacks.flatMap((one) => one.working),
      lanes,
    ),
  ]);
  await inLanes(
    attacks.flatMap((one) => one.rest()),
    lanes,
  );
}

const lanesMin = 2;
const lanesMax = 8;

async function inLanes(tasks: readonly Task[], lanes: number): Promise<void> {
  const queue = tasks.values();
  const lane = async (): Promise<void> => {
    for (const task of queue) await task();
  };
  await settled(Array.from({ length: lanes }, lane));
}

/** Throws what one of them threw, once none is under way any more. */
async function settled(all: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(all)).find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
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
    const { family } = one.row;
    if (one.is === "through" && isAttackFamily(family)) through.set(family, [...(through.get(family) ?? []), one]);
  }
  const faults = (result.faults ?? []).filter(({ is, isLimit }) => is === "through" && !isLimit);
  return { ...result, attacks, harmless, through, hindered, isSafe: through.size === 0 && hindered.length === 0 && faults.length === 0 };
}

const isAttackFamily = (family: Family): family is AttackFamily => !isHarmless(family);
