/** Runs the built command line as real processes, the way a shell would. */

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/** The built entry: `dist/main.js`, or another build that `BELAY_MAIN` names. */
export const belayMain: string = process.env["BELAY_MAIN"] ?? fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

export interface Ran {
  /** `null` where a signal ended it. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, for messages of failed expectations. */
  readonly told: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A program and its words that start belay: `["prlimit", "--fsize=4096", "--"]`. */
  readonly through?: readonly string[];
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
}

/** Nothing of the machine's own set-up (an agent, a CI runner, git's configuration) decides what a scenario sees. */
function plainEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  const git = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_CEILING_DIRECTORIES: tmpdir() };
  return { ...(PATH === undefined ? {} : { PATH }), HOME: tmpdir(), LANG: "C.UTF-8", ...git, ...extra };
}

export function startBelay(words: readonly string[], { cwd, env = {}, through = [] }: RunOptions): Started {
  if (!existsSync(belayMain)) throw new Error(`${belayMain} is missing: node scripts/build.mjs`);
  const [command = process.execPath, ...args] = [...through, process.execPath, belayMain, ...words];
  const child = spawn(command, args, { cwd, env: plainEnv(env), stdio: ["ignore", "pipe", "pipe"] });
  const heard = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (heard.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (heard.stderr += text));
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => resolve({ exit, ...heard, told: `exit ${exit ?? "by signal"}\n${heard.stdout}${heard.stderr}` }));
  });
  return { child, ended };
}

export const belay = (words: readonly string[], options: RunOptions): Promise<Ran> => startBelay(words, options).ended;

/** What was told belongs to a failure: the exit alone explains nothing. */
export function expectExit(ran: Ran, exit: number): void {
  expect(ran).toEqual({ ...ran, exit });
}

/** A part of a JSON answer; `undefined` where there is no such part. */
export function answerOf({ stdout }: Ran, ...path: readonly (string | number)[]): unknown {
  let value: unknown = JSON.parse(stdout);
  for (const part of path) {
    value = typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === String(part))?.[1] : undefined;
  }
  return value;
}
