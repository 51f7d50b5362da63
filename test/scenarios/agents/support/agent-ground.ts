/** A machine with a coding agent on it: a home, a PATH with belay and aws, a project in which belay is installed, and a person beside it. */

import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCliWorld, type CliWorld, type Finished } from "../../../cli/cli-world.ts";
import { belayMain, startAgent, type Agent } from "../../../mcp/mcp-world.ts";
import { expectExit } from "../../support/run-belay.ts";
import type { HookedAgent } from "./agent-hooks.ts";
import { openSession, perform, type AgentSession, type ToolCall } from "./agent-session.ts";
import { runProgram, type Env } from "./run-program.ts";

export interface AgentGround {
  readonly world: CliWorld;
  /** The project's folder, which must be written before anything is installed. */
  readonly folder: string;
  /** Variables that everybody on this machine has; more of them may be added before anything runs. */
  readonly env: Record<string, string>;
  /** `belay install`, as a person runs it. */
  install(...agents: readonly HookedAgent[]): Promise<void>;
  session(agent: HookedAgent, id: string): AgentSession;
  /** A client of the MCP server, started as the project's settings say. */
  mcp(): Promise<Agent>;
  /** The same call with no guard anywhere. */
  unguarded(call: ToolCall): Promise<void>;
  /** A person at a terminal, who answers so. */
  person(words: readonly string[], answer?: string): Promise<Finished>;
  text(path: string): Promise<string>;
  close(): Promise<void>;
}

const awsScript = fileURLToPath(new URL("./aws.mjs", import.meta.url));

/** `copy`: where the project lies below the world's root. */
export async function openAgentGround(copy: string): Promise<AgentGround> {
  const world = await openCliWorld();
  const [home, bin] = [join(world.root, "home"), join(world.root, "bin")];
  await mkdir(bin, { recursive: true });
  await mkdir(home, { recursive: true });
  for (const [name, script] of Object.entries({ belay: belayMain, aws: awsScript })) {
    await writeFile(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
    await chmod(join(bin, name), 0o755);
  }
  const env: Record<string, string> = {
    PATH: [bin, dirname(process.execPath), process.env["PATH"] ?? ""].join(":"),
    HOME: home,
    LANG: "C.UTF-8",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CEILING_DIRECTORIES: tmpdir(),
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
  const folder = join(world.root, copy);
  const asAgent = (): Env => ({ ...env, CLAUDECODE: "1" });
  return {
    world,
    folder,
    env,
    install: async (...agents) => {
      expectExit(await runProgram(join(bin, "belay"), ["install", ...agents, "--yes"], { cwd: folder, env }), 0);
    },
    session: (agent, id) => openSession({ agent, id, folder, env: asAgent() }),
    mcp: async () => await startAgent("2025-11-25", { folder, env: asAgent(), words: await serverOf(folder) }),
    unguarded: async (call) => {
      const ran = await perform(call, folder, asAgent());
      if (ran) expectExit(ran, 0);
    },
    person: async (words, answer) => await world.run(copy, words, { env, ...(answer !== undefined && { answer }) }),
    text: async (path) => await readFile(join(folder, path), "utf8"),
    close: async () => await world.close(),
  };
}

/** What `.mcp.json` says starts belay's server. */
async function serverOf(folder: string): Promise<readonly string[]> {
  const settings: unknown = JSON.parse(await readFile(join(folder, ".mcp.json"), "utf8"));
  const named = typeof settings === "object" && settings !== null && "mcpServers" in settings ? settings.mcpServers : undefined;
  const own = typeof named === "object" && named !== null && "belay" in named ? named.belay : undefined;
  const words = typeof own === "object" && own !== null && "command" in own && "args" in own ? [own.command, own.args].flat() : [];
  return words.filter((word) => typeof word === "string");
}
