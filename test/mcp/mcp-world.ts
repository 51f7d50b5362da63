/** A site with a stage, production, one person who may sign and one kind of record, on the sandbox; and agents at the server. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client, type JSONRPCMessage, type Transport } from "@modelcontextprotocol/client";
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

/** A server and its two streams. */
export interface Lines {
  send(line: string): void;
  /** Every line that the server writes on stdout is told, from now on. */
  onLine(listener: (line: string) => void): void;
  readonly stderr: () => string;
  /** Ends the server's input, and waits for its exit status. */
  end(): Promise<number>;
}

export interface McpWorld {
  readonly world: CliWorld;
  readonly sandbox: Sandbox;
  readonly env: Readonly<Record<string, string>>;
  /** The working copy that servers start in. */
  readonly folder: string;
  /** A person at a terminal. */
  person(words: readonly string[], answer?: string): Promise<Finished>;
  /** A client of the server in this process, over its own two streams. */
  agent(era?: Era): Promise<Agent>;
  /** The server in this process, for whoever writes its lines himself. */
  lines(): Lines;
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
    agent: async (era) => await agentOver(startLines(world, env), era),
    lines: () => startLines(world, env),
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
  return await agentAt(transport, () => stderr, era);
}

async function agentAt(transport: Transport, stderr: () => string, era: Era): Promise<Agent> {
  const mode = era === "2026-07-28" ? { pin: era } : ("legacy" as const);
  const client = new Client({ name: "quay-agent", version: "1.0.0" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    client,
    stderr,
    call: async (name, input = {}) => answerOf(await client.callTool({ name, arguments: { ...input } })),
    close: async () => await client.close(),
  };
}

/** The server in this process, in the folder `studio` of a world. */
export function startLines(world: CliWorld, env: Readonly<Record<string, string>>): Lines {
  const input = new PassThrough();
  const heard = { held: "", stderr: "" };
  const listeners: ((line: string) => void)[] = [];
  const onText = (text: string): void => {
    // Both streams come here: the protocol's lines are objects, and no line for people is.
    heard.held += text;
    const lines = heard.held.split("\n");
    heard.held = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("{")) for (const listener of listeners) listener(line);
      else heard.stderr += `${line}\n`;
    }
  };
  const ended = world.run("studio", ["mcp"], { env, typing: input, onText });
  return {
    send: (line) => void input.write(`${line}\n`),
    onLine: (listener) => void listeners.push(listener),
    stderr: () => heard.stderr,
    end: async () => {
      input.end();
      const { exit, stdout } = await ended;
      const stray = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
      if (stray.length > 0) throw new Error(`on stdout, which is the protocol's: ${stray.join("\n")}`);
      return exit;
    },
  };
}

/** A client over its streams. */
export async function agentOver(lines: Lines, era: Era = "2025-11-25"): Promise<Agent> {
  const transport: Transport = {
    start: async () => {
      lines.onLine((line) => {
        const message: JSONRPCMessage = JSON.parse(line);
        transport.onmessage?.(message);
      });
      await Promise.resolve();
    },
    send: async (message) => await Promise.resolve(lines.send(JSON.stringify(message))),
    close: async () => {
      await lines.end();
      transport.onclose?.();
    },
  };
  return await agentAt(transport, lines.stderr, era);
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
