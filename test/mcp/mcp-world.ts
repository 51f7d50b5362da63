/** A site with a stage, production, one person who may sign and one kind of record, on the sandbox; and agents at the built server. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { openCliWorld, type CliWorld, type Finished } from "../cli/cli-world.ts";
import { newKey } from "../scenarios/support/chain-ground.ts";

/** The built entry: `dist/main.js`, or another build that `BELAY_MAIN` names. */
export const belayMain: string = process.env["BELAY_MAIN"] ?? fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export type Era = "2025-11-25" | "2026-07-28";

export interface Answer {
  readonly isError: boolean;
  /** What was told in words. */
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Agent {
  readonly client: Client;
  /** All that the server has written on stderr. */
  readonly stderr: () => string;
  call(name: string, input?: Readonly<Record<string, unknown>>): Promise<Answer>;
  close(): Promise<void>;
}

export interface McpWorld {
  readonly world: CliWorld;
  readonly sandbox: Sandbox;
  readonly env: Readonly<Record<string, string>>;
  /** The working copy that servers start in. */
  readonly folder: string;
  /** A person at a terminal. */
  person(words: readonly string[], answer?: string): Promise<Finished>;
  agent(era?: Era): Promise<Agent>;
  /** What a bucket holds. */
  text(bucket: "staging" | "production", path: string): string;
  close(): Promise<void>;
}

const buckets = ["quay-staging", "quay-production", "quay-state"] as const;

const configText = `version: 1
state: s3://quay-state/belay
signers: allowed_signers
limits: { requests: 4 }
site:
  root: public
  unit: any
  targets:
    staging: { store: "s3://quay-staging", guard: false }
    production: { store: "s3://quay-production", after: staging, approvals: 1, keys: any }
    preview: { store: dir:../srv/preview, after: staging, approvals: 0 }
records:
  course:
    zone: America/Los_Angeles
    fields:
      start: datetime
      code: key
    systems:
      site:
        target: production
        match: "courses/*.html"
        fields: { code: { at: key, as: "courses/{code}.html" } }
      board:
        store: dir:../board
        match: "week/*.html"
        fields: { code: { at: key, as: "week/{code}.html" } }
`;

export const coursePage = (clock: string): string =>
  `<!doctype html>\n<html lang="en">\n<head><title>Knots for beginners</title></head>\n<body>\n<p>Saturday, June 5, 2027 at ${clock}</p>\n</body>\n</html>\n`;

export async function openMcpWorld(): Promise<McpWorld> {
  const sandbox = await startSandbox({ buckets: buckets.map((name) => ({ name, versioning: true })) });
  const world = await openCliWorld();
  const home = join(world.root, "home");
  const signers = `wren@example.com ${await newKey(home)}`;
  const env: Record<string, string> = {
    ...sandbox.env,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CEILING_DIRECTORIES: tmpdir(),
    LANG: "C.UTF-8",
    HOME: home,
    PATH: process.env["PATH"] ?? "",
  };
  await world.write("studio/belay.yaml", configText);
  await world.write("studio/allowed_signers", signers);
  mkdirSync(join(world.root, "srv", "preview"), { recursive: true });
  await world.write("board/week/knots.html", coursePage("3:00 PM"));
  const folder = join(world.root, "studio");
  return {
    world,
    sandbox,
    env,
    folder,
    person: async (words, answer) => await world.run("studio", words, { env, ...(answer !== undefined && { answer }) }),
    agent: async (era = "2025-11-25") => await startAgent(era, { folder, env }),
    text: (bucket, path) => Buffer.from(sandbox.s3.get(`quay-${bucket}`, path)?.bytes ?? []).toString("utf8"),
    close: async () => {
      await sandbox.close();
      await world.close();
    },
  };
}

/** A client of the server that `words` start: the built one unless told. */
export async function startAgent(
  era: Era,
  {
    folder,
    env,
    words: [command = process.execPath, ...args] = [process.execPath, belayMain, "mcp"],
  }: { readonly folder: string; readonly env: Readonly<Record<string, string>>; readonly words?: readonly string[] },
): Promise<Agent> {
  const transport = new StdioClientTransport({
    command,
    args,
    cwd: folder,
    env: { ...env },
    stderr: "pipe",
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  const mode = era === "2026-07-28" ? { pin: era } : ("legacy" as const);
  const client = new Client({ name: "quay-agent", version: "1.0.0" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    client,
    stderr: () => stderr,
    call: async (name, input = {}) => answerOf(await client.callTool({ name, arguments: { ...input } })),
    close: async () => await client.close(),
  };
}

/** The words and the document, which must say the same as the text that old clients read. */
function answerOf({ isError, content, structuredContent }: Awaited<ReturnType<Client["callTool"]>>): Answer {
  const texts = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const fields = typeof structuredContent === "object" && structuredContent !== null ? { ...structuredContent } : {};
  return { isError: isError === true, text: texts[0] ?? "", fields };
}

/** A part of an answer; `undefined` where there is no such part. */
export function partOf(fields: unknown, ...path: readonly (string | number)[]): unknown {
  let value = fields;
  for (const part of path) {
    value = typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === String(part))?.[1] : undefined;
  }
  return value;
}
