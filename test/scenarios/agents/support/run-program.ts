/** A program from its start to its end. */

import { spawn } from "node:child_process";
import type { Ran } from "../../support/run-belay.ts";

export type Env = Readonly<Record<string, string>>;

export interface ProgramOptions {
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Env;
  /** All of its standard input. */
  readonly input?: string;
}

export async function runProgram(program: string, words: readonly string[], { cwd, env, input = "" }: ProgramOptions): Promise<Ran> {
  const child = spawn(program, words, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const heard = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (heard.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (heard.stderr += text));
  // Who answers without reading all of it closes the pipe early.
  child.stdin.on("error", () => undefined).end(input);
  const exit = await new Promise<number | null>((done, fail) => {
    child.on("error", fail);
    child.on("close", done);
  });
  return { exit, ...heard, told: `exit ${exit ?? "by signal"}\n${heard.stdout}${heard.stderr}` };
}
