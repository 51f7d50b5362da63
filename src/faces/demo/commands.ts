/** Commands of the demo, as a person would see them run in a working copy. */

import { join } from "node:path";
import { agentMark, asTerminalShows, personAtTerminal } from "./players.ts";
import type { Player } from "./players.ts";
import type { Narrator } from "./narrator.ts";
import { ClaimFailed } from "./narrator.ts";
import type { Finished } from "./run-command.ts";
import { runCommand } from "./run-command.ts";
import type { WorkingCopy } from "./world.ts";

/** Every one is really run, in a process of its own. */
export interface Commands {
  /** Runs the CLI in a working copy and shows the command with its whole output. Nobody is at a terminal unless told. */
  show(where: WorkingCopy, words: readonly string[], player?: Player): Promise<Finished>;
  /** Runs the CLI, shows the command alone, and insists on exit 0; a failure shows its output. */
  brief(where: WorkingCopy, words: readonly string[], player?: Player): Promise<Finished>;
  /** Runs another program in a working copy, shows the command alone, and insists on exit 0. `node` is the one that runs the demo. */
  shell(where: WorkingCopy, argv: readonly string[]): Promise<Finished>;
  /** Runs a hook's shell text as an agent does, with its input, and shows nothing. */
  hook(where: WorkingCopy, text: string, input: string): Promise<Finished>;
}

export interface CommandsOptions {
  readonly narrator: Narrator;
  /** What starts the CLI; its words follow. */
  readonly belay: readonly string[];
  readonly colour: boolean;
  readonly signal: AbortSignal;
  /** The demo's folder, which holds the working copies by their names. */
  readonly root: string;
  readonly home: string;
  /** What every command knows besides. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Commands that run in the working copies below one folder. */
export function openCommands({ narrator, belay, colour, signal, root, home, env = {} }: CommandsOptions): Commands {
  const run = (where: WorkingCopy, argv: readonly string[], isColoured: boolean, player?: Player): Promise<Finished> => {
    const given = { ...environment({ root, home }, where, isColoured), ...env };
    const options = { cwd: join(root, where), env: given, signal };
    if (player === "agent") return runCommand(argv, { ...options, env: { ...given, ...agentMark } });
    if (player !== "person") return runCommand(argv, options);
    const { answer, env: own } = personAtTerminal(root);
    return runCommand(argv, { ...options, env: { ...given, ...own }, input: answer }).then(asTerminalShows);
  };
  const insistent = async (where: WorkingCopy, shown: readonly string[], running: () => Promise<Finished>): Promise<Finished> => {
    narrator.command(where, shown, true);
    const finished = await running();
    if (finished.code === 0) return finished;
    narrator.output(finished.text);
    throw new ClaimFailed(`\`${shown.join(" ")}\` ends with exit 0, and not ${finished.code}`);
  };
  return {
    async show(where, words, player) {
      narrator.command(where, ["belay", ...words], false);
      const finished = await run(where, [...belay, ...words], colour, player);
      narrator.output(finished.text);
      return finished;
    },
    brief: (where, words, player) => insistent(where, ["belay", ...words], () => run(where, [...belay, ...words], colour, player)),
    shell: (where, argv) => {
      const [program = "", ...words] = argv;
      return insistent(where, argv, () => run(where, [program === "node" ? process.execPath : program, ...words], false));
    },
    hook: (where, text, input) => {
      const known = { ...environment({ root, home }, where, false), ...env, ...agentMark, CLAUDE_PROJECT_DIR: join(root, where) };
      return runCommand(["/bin/sh", "-c", text], { cwd: join(root, where), env: known, signal, input });
    },
  };
}

/**
 * What a command of the demo may know: no credentials, no proxy, no agent's marks, no home but the demo's,
 * and no repository above the demo's folder. Git, where there is one, names the working copy as who is at work.
 */
function environment(
  { root, home }: { readonly root: string; readonly home: string },
  where: WorkingCopy,
  colour: boolean,
): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    HOME: home,
    TMPDIR: process.env["TMPDIR"] ?? "/tmp",
    LANG: "C.UTF-8",
    COLUMNS: "78",
    USER: where,
    LOGNAME: where,
    // Neither of these files exists: whatever a person has for AWS is neither read nor touched.
    AWS_CONFIG_FILE: join(home, "no-aws-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, "no-aws-credentials"),
    GIT_CEILING_DIRECTORIES: root,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "user.name",
    GIT_CONFIG_VALUE_0: where,
    ...(process.env["TZ"] === undefined ? {} : { TZ: process.env["TZ"] }),
    ...(colour ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
  };
}
