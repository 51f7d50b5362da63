/** Asks agents' own programs for their version: settings that an older one does not know are left out. */

import { execFile } from "node:child_process";
import type { AgentPrograms } from "../../ports/settings-files.ts";
import { errnoOf } from "../shared/errno.ts";

const answerMs = 5000;

/** Each is asked once, in a folder without settings of its own. */
export function openAgentPrograms(env: NodeJS.ProcessEnv): AgentPrograms {
  const asked = new Map<string, Promise<string | undefined>>();
  return {
    versionOf: (program) => {
      const known = asked.get(program) ?? ask(program, env);
      asked.set(program, known);
      return known;
    },
  };
}

const ask = (program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> =>
  new Promise((resolve) => {
    const child = execFile(
      program,
      ["--version"],
      { env, cwd: "/", timeout: answerMs, killSignal: "SIGKILL", encoding: "utf8", maxBuffer: 65_536 },
      (error, said) => {
        if (error !== null && errnoOf(error) === "ENOENT") resolve(undefined);
        else resolve(/\d+\.\d+\.\d+/u.exec(said)?.[0] ?? "");
      },
    );
    child.stdin?.end();
  });
