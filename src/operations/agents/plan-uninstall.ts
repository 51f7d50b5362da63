/** What uninstalling would take out again. Changes nothing. */

import type { AgentName } from "../../core/guard/agent-call.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import type { Level } from "../../core/agents/agent-setup.ts";
import { importsAgents } from "../../core/agents/instructions-block.ts";
import { pointerPath } from "../../core/agents/launcher.ts";
import type { Receipt } from "../../core/agents/receipt.ts";
import { agentNames, setups } from "../../core/agents/setups.ts";
import type { AgentPlan, InstallBench, PlannedFile } from "./install-bench.ts";
import { isInstalled } from "./look-at-agents.ts";
import { type Wish, wishUndone } from "./plan-file.ts";
import { factsFor, nameInUse } from "./plan-install.ts";
import { pathIn, readReceipts } from "./receipt-book.ts";

export interface UninstallRequest {
  readonly agents: readonly AgentName[];
  readonly level: Level;
  readonly scope: GuardScope | undefined;
}

export async function planUninstall(bench: InstallBench, request: UninstallRequest): Promise<AgentPlan> {
  const { agents, level } = request;
  const receipts = await readReceipts(bench, level);
  const files: PlannedFile[] = [];
  for (const agent of agents) {
    const facts = await factsFor(bench, agent, { ...request, hasMcp: true });
    for (const wanted of setups[agent].files(facts)) {
      const path = await nameInUse(bench, level, wanted);
      files.push(await undoing(bench, { agents: [agent], level, path, what: wanted.what }, { wish: wanted, receipts }));
    }
  }
  const staying: AgentName[] = [];
  for (const agent of agentNames) if (!agents.includes(agent) && (await isInstalled(bench, agent, level))) staying.push(agent);
  for (const path of level === "project" ? await instructionsToClear(bench, staying) : []) {
    const wish: Wish = { form: "markdown", written: "" };
    files.push(await undoing(bench, { agents, level, path, what: "what an agent should know" }, { wish, receipts }));
  }
  return { files: files.filter(({ before }) => before !== undefined), notes: await launcherNote(bench, level) };
}

/** Projects that belay knows nothing of are guarded through it, and without it their agents are refused everything. */
async function launcherNote(bench: InstallBench, level: Level): Promise<readonly string[]> {
  if (level === "project" || !(await bench.files.exists(pathIn(bench, "user", pointerPath)))) return [];
  return [`~/${pointerPath} stays: guarded projects on this machine start belay by it. Where there is none, a person removes it.`];
}

async function undoing(
  bench: InstallBench,
  about: Pick<PlannedFile, "agents" | "level" | "path" | "what">,
  { wish, receipts }: { readonly wish: Wish; readonly receipts: readonly Receipt[] },
): Promise<PlannedFile> {
  const path = pathIn(bench, about.level, about.path);
  const before = await bench.files.read(path);
  const receipt = receipts.find((one) => one.path === about.path);
  return { ...about, before, ...wishUndone(wish, { before, receipt, sha256: bench.sha256, path }), receipt: undefined };
}

/** Files of instructions that no agent which stays guarded reads. */
async function instructionsToClear(bench: InstallBench, staying: readonly AgentName[]): Promise<readonly string[]> {
  const claude = (await bench.files.read(pathIn(bench, "project", "CLAUDE.md"))) ?? "";
  const isRead = (file: string): boolean => staying.some((agent) => setups[agent].instructions === file);
  const clearsClaude = !isRead("CLAUDE.md");
  const clearsShared = !isRead("AGENTS.md") && (clearsClaude || !importsAgents(claude));
  return [...(clearsClaude ? ["CLAUDE.md"] : []), ...(clearsShared ? ["AGENTS.md"] : [])];
}
