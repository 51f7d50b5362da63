/** The built command line as a process behind a pseudo-terminal, at which somebody types. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Ran } from "./run-belay.ts";

/** util-linux's `script` gives a program a terminal; other systems' takes other words. */
export const hasScript: boolean = /util-linux/u.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "");

const belayMain: string = process.env["BELAY_MAIN"] ?? fileURLToPath(new URL("../../../dist/main.js", import.meta.url));
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Answers each question with one line. Both streams come as one, as on a terminal. */
export async function belayOnTerminal(
  words: readonly string[],
  { cwd, env, answer }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly answer: string },
): Promise<Ran> {
  const command = [process.execPath, belayMain, ...words].map(quoted).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", TERM: "dumb", LANG: "C.UTF-8", GIT_CONFIG_GLOBAL: "/dev/null", NO_COLOR: "1", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let answered = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    const asked = stdout.split("[y/N] ").length - 1;
    for (; answered < asked; answered += 1) child.stdin.write(`${answer}\n`);
  });
  child.stderr.resume();
  const [status]: unknown[] = await once(child, "close");
  const exit = typeof status === "number" ? status : null;
  return { exit, stdout, stderr: "", told: `exit ${exit ?? "by signal"}\n${stdout}` };
}
