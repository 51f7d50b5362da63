/** What `install` and `uninstall` open: settings, and what belay.yaml and the record say. */

import type { Config } from "../../config/config.ts";
import { guardScopeOf } from "../../config/guard-scope.ts";
import type { Level } from "../../core/agents/agent-setup.ts";
import type { InstructionFacts } from "../../core/agents/instructions.ts";
import { agentNames } from "../../core/agents/setups.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { AgentName } from "../../core/guard/agent-call.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import type { InstallBench } from "../../operations/agents/install-bench.ts";
import { listWarnings } from "../../operations/warn.ts";
import { nearest } from "./nearest.ts";
import { plain } from "./plain-text.ts";
import { commandLine, type Session } from "./session.ts";
import { has, type Words } from "./words.ts";

/** How long an unreachable record may hold up what needs no record. */
const recordMs = 5000;

export interface AgentsSession {
  readonly bench: InstallBench;
  readonly config: Config | undefined;
  readonly scope: GuardScope | undefined;
  readonly level: Level;
}

/** A belay.yaml is needed for a project alone; one that cannot be read is an error for both. */
export async function openAgents(session: Session, words: Words): Promise<AgentsSession> {
  const { setup } = session;
  if (has(words, "user") && has(words, "project"))
    throw new BelayError("usage", "--user and --project are two levels: one at a time.", commandLine(setup, { without: ["--project"] }));
  const level: Level = has(words, "user") ? "user" : "project";
  const config = await session.config().catch((error: unknown) => {
    const isNeeded = level === "project" || session.globals.config !== undefined;
    if (!isNeeded && error instanceof BelayError && error.code === "config-missing") return undefined;
    throw error;
  });
  const bench = await setup.openInstaller({
    folder: config?.folder,
    env: setup.env,
    packageFolder: setup.packageFolder,
    node: setup.program[0] ?? "node",
  });
  return { bench, config, scope: config && guardScopeOf(config), level };
}

/** Names of agents; `all` is every one. */
export function agentsFrom({ setup }: Pick<Session, "setup">, { operands }: Words): readonly AgentName[] {
  const named = operands.flatMap((word): readonly AgentName[] => {
    if (word === "all") return agentNames;
    const known = agentNames.find((name) => name === word);
    if (known !== undefined) return [known];
    const near = nearest(word, agentNames) ?? "claude";
    throw new BelayError(
      "usage",
      `belay knows no agent “${plain(word)}”. It knows ${agentNames.join(", ")}.`,
      commandLine(setup, { replaced: word, by: near }),
    );
  });
  return agentNames.filter((name) => named.includes(name));
}

/**
 * For the block in CLAUDE.md and AGENTS.md. A record that does not answer in time leaves its warnings open, and so does a check: a
 * warning that came up since is no fault of the committed file.
 */
export async function instructionFacts(session: Session, config: Config, about: { readonly isCheck: boolean }): Promise<InstructionFacts> {
  return {
    sites: config.sites,
    portableStores: config.portableStores,
    kinds: config.records.map(({ name }) => name),
    warnings: about.isCheck ? undefined : await warningsOf(session, config).catch(() => undefined),
  };
}

async function warningsOf({ setup, signal, globals, screen }: Session, config: Config): Promise<InstructionFacts["warnings"]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(recordMs)]);
  const all = await Promise.all(
    config.sites.map(async ({ name }) => {
      const bench = await setup.openWorkbench(config, name, { env: setup.env, ...(globals.by === undefined ? {} : { by: globals.by }) });
      return await listWarnings(bench, { signal: limit, report: screen.report, isAttended: false });
    }),
  );
  return all.flatMap(({ warnings }) => warnings);
}
