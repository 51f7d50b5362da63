/** What installing would write, file by file. Changes nothing. */

import type { AgentName } from "../../core/guard/agent-call.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import type { Level, SetupFacts, WantedFile } from "../../core/agents/agent-setup.ts";
import { instructionsText, type InstructionFacts } from "../../core/agents/instructions.ts";
import { linkBody, placesForBlock } from "../../core/agents/block-places.ts";
import { blockText } from "../../core/agents/instructions-block.ts";
import { pointerPath, pointerText } from "../../core/agents/launcher.ts";
import { blockIn, markdownMarks } from "../../core/agents/marked-block.ts";
import type { Receipt } from "../../core/agents/receipt.ts";
import { setups } from "../../core/agents/setups.ts";
import type { AgentPlan, InstallBench, PlannedFile } from "./install-bench.ts";
import { type Wish, wishFulfilled } from "./plan-file.ts";
import { pathIn, readReceipts } from "./receipt-book.ts";

export interface InstallRequest {
  readonly agents: readonly AgentName[];
  readonly level: Level;
  readonly scope: GuardScope | undefined;
  readonly hasMcp: boolean;
  /** For the block in CLAUDE.md and AGENTS.md; `undefined` leaves both alone. */
  readonly instructions: InstructionFacts | undefined;
  /** Whether this machine's own pointer is part of it; not in CI, which runs no agent. */
  readonly hasPointer: boolean;
}

/** Throws `input-invalid` where a file cannot be merged into. */
export async function planInstall(bench: InstallBench, request: InstallRequest): Promise<AgentPlan> {
  const { agents, level, instructions, hasPointer } = request;
  const receipts = await readReceipts(bench, level);
  const files: PlannedFile[] = [];
  const notes: string[] = [];
  for (const agent of agents) {
    const facts = await factsFor(bench, agent, request);
    for (const wanted of setups[agent].files(facts)) {
      const path = await nameInUse(bench, level, wanted);
      const file = await planned(bench, { agents: [agent], level, path, what: wanted.what }, { wish: wanted, receipts });
      files.push(file);
      if (file.state === "rival") notes.push(`${path} has something of its own called belay: it is left as it is.`);
    }
    notes.push(...setups[agent].notes(facts));
  }
  if (instructions !== undefined && level === "project") files.push(...(await planInstructions(bench, agents, { instructions, receipts })));
  if (hasPointer) {
    const wish: Wish = { form: "own", text: pointerText(bench.machine) };
    const users = level === "user" ? receipts : await readReceipts(bench, "user");
    files.push(
      await planned(bench, { agents, level: "user", path: pointerPath, what: "where belay is on this machine" }, { wish, receipts: users }),
    );
  }
  return { files, notes };
}

export async function factsFor(
  bench: InstallBench,
  agent: AgentName,
  { level, scope, hasMcp }: Pick<InstallRequest, "level" | "scope" | "hasMcp">,
): Promise<SetupFacts> {
  const version = await bench.programs.versionOf(setups[agent].program);
  // What holds for every project names no bucket of one.
  return { level, scope: level === "project" ? scope : undefined, hasMcp, version: version === "" ? undefined : version };
}

/** The name that is there, of those that the agent reads; the first where none is. */
export async function nameInUse(bench: InstallBench, level: Level, { path, aliases = [] }: WantedFile): Promise<string> {
  for (const name of [path, ...aliases]) if (await bench.files.exists(pathIn(bench, level, name))) return name;
  return path;
}

interface Wished {
  readonly wish: Wish;
  readonly receipts: readonly Receipt[];
}

async function planned(
  bench: InstallBench,
  about: Pick<PlannedFile, "agents" | "level" | "path" | "what">,
  { wish, receipts }: Wished,
): Promise<PlannedFile> {
  const path = pathIn(bench, about.level, about.path);
  const before = await bench.files.read(path);
  const receipt = receipts.find((one) => one.path === about.path);
  return { ...about, before, ...wishFulfilled(wish, { before, receipt, sha256: bench.sha256, path }) };
}

async function planInstructions(
  bench: InstallBench,
  agents: readonly AgentName[],
  { instructions, receipts }: { readonly instructions: InstructionFacts; readonly receipts: readonly Receipt[] },
): Promise<readonly PlannedFile[]> {
  const texts = {
    "CLAUDE.md": await bench.files.read(pathIn(bench, "project", "CLAUDE.md")),
    "AGENTS.md": await bench.files.read(pathIn(bench, "project", "AGENTS.md")),
  };
  const files: PlannedFile[] = [];
  for (const { path, readers, isLink } of placesForBlock(agents, texts)) {
    const wish = isLink ? linkWish(bench) : blockWish(bench, instructions, texts[path]);
    files.push(await planned(bench, { agents: readers, level: "project", path, what: "what an agent should know" }, { wish, receipts }));
  }
  return files;
}

const linkWish = (bench: InstallBench): Wish => ({ form: "markdown", written: blockText(linkBody, bench.sha256) });

function blockWish(bench: InstallBench, instructions: InstructionFacts, text: string | undefined): Wish {
  const before = text === undefined ? undefined : blockIn(text, markdownMarks)?.body;
  return { form: "markdown", written: blockText(instructionsText(instructions, before), bench.sha256) };
}

/** The blocks that stand in CLAUDE.md and AGENTS.md, as they would be written now. */
export async function planRefresh(bench: InstallBench, instructions: InstructionFacts): Promise<AgentPlan> {
  const receipts = await readReceipts(bench, "project");
  const files: PlannedFile[] = [];
  for (const path of ["CLAUDE.md", "AGENTS.md"]) {
    const text = await bench.files.read(pathIn(bench, "project", path));
    const block = text === undefined ? undefined : blockIn(text, markdownMarks);
    if (block === undefined || block.body === linkBody) continue;
    const wish = blockWish(bench, instructions, text);
    files.push(await planned(bench, { agents: [], level: "project", path, what: "what an agent should know" }, { wish, receipts }));
  }
  return { files, notes: [] };
}
