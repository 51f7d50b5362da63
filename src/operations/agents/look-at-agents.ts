/** Which agents are in use here, and which of them are guarded. */

import type { AgentName } from "../../core/guard/agent-call.ts";
import type { Level } from "../../core/agents/agent-setup.ts";
import { ownPiecesIn } from "../../core/agents/own-pieces.ts";
import { settingsFileAt } from "../../core/agents/settings-file.ts";
import { agentNames, setups } from "../../core/agents/setups.ts";
import { parseJsonc } from "../../codecs/jsonc/tree.ts";
import type { InstallBench } from "./install-bench.ts";
import { notInForce, type Hindrance } from "./not-in-force.ts";
import { nameInUse } from "./plan-install.ts";
import { pathIn } from "./receipt-book.ts";

export interface AgentInUse {
  readonly agent: AgentName;
  /** What shows that it is in use: paths in the project or at home, `claude 2.1.297 on PATH`. */
  readonly traces: readonly string[];
  readonly guarded: readonly Level[];
  /** Why its guard is not in force although it stands there; empty where it is, or where there is none. */
  readonly hindrances: readonly Hindrance[];
}

/** Every agent, in use or not. */
export async function lookAtAgents(bench: InstallBench): Promise<readonly AgentInUse[]> {
  const levels: readonly Level[] = bench.folder === undefined ? ["user"] : ["project", "user"];
  const found: AgentInUse[] = [];
  for (const agent of agentNames) {
    const { traces, program } = setups[agent];
    const seen = await tracesOf(bench, traces, levels);
    const version = await bench.programs.versionOf(program);
    if (version !== undefined) seen.push(`${[program, version].filter((word) => word !== "").join(" ")} on PATH`);
    const guarded: Level[] = [];
    for (const level of levels) if (await isInstalled(bench, agent, level)) guarded.push(level);
    found.push({ agent, traces: seen, guarded, hindrances: guarded.length === 0 ? [] : await notInForce(bench, [agent]) });
  }
  return found;
}

async function tracesOf(bench: InstallBench, traces: readonly string[], levels: readonly Level[]): Promise<string[]> {
  // In a home folder only the agent's own folder says that it is used.
  const places = levels.flatMap((level) =>
    traces.filter((trace) => level === "project" || trace.startsWith(".")).map((trace) => ({ level, trace })),
  );
  const seen: string[] = [];
  for (const { level, trace } of places)
    if (await bench.files.exists(pathIn(bench, level, trace))) seen.push(level === "user" ? `~/${trace}` : trace);
  return seen;
}

/** Whether anything of the guard stands in its settings, whole or not. */
export async function isInstalled(bench: InstallBench, agent: AgentName, level: Level): Promise<boolean> {
  const facts = { level, scope: undefined, hasMcp: true, version: undefined };
  for (const wanted of setups[agent].files(facts)) {
    const path = await nameInUse(bench, level, wanted);
    const text = await bench.files.read(pathIn(bench, level, path));
    if (text === undefined) continue;
    if (wanted.form === "own") return true;
    const file = settingsFileAt(path) ?? { agent, form: wanted.form };
    const document = wanted.form === "json" ? parseJsonc(text)?.value : text;
    if (ownPiecesIn(file, document).some((piece) => piece.startsWith("hook ") || piece.startsWith("block ") || piece.includes("belay_run")))
      return true;
  }
  return false;
}
