/** Programs that start others, by name. */

import type { Reader, Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { programName } from "../shell/paths.ts";
import { hole } from "../word.ts";
import { readEnv, readSu, readSudo } from "./env-wrappers.ts";
import { readGit } from "./git.ts";
import { readJust } from "./just.ts";
import { readMake } from "./make.ts";
import {
  commandOf,
  joinReadings,
  parseOptions,
  shellOf,
  takeAssignments,
  withEnv,
  type OptionSpec,
  type Wrapped,
  type WrapperReader,
} from "./options.ts";
import { readOptionCommands } from "./option-commands.ts";
import { readNpm, readNpx, readPipx, readRunAll, readUv, readUvx } from "./package-runners.ts";
import { prefixWrappers, subcommandWrappers } from "./prefix-wrappers.ts";
import {
  readAt,
  readContainers,
  readCrontab,
  readGh,
  readKubectl,
  readMosh,
  readRemoteText,
  readScreen,
  readSsh,
  readTmux,
} from "./remote.ts";
import { readFd, readFind, readParallel, readXargs } from "./repeating.ts";
import { projectTaskNames, readProjectTask } from "./project-tasks.ts";
import { readShell, shellNames } from "./shells.ts";
import { codeRunnerNames, readCodeRunner, readComposer, readMiseTask } from "./task-files.ts";
import { readTask } from "./taskfile.ts";
import { readAssume, readNix, readSops, readTextRunner, textRunnerNames } from "./text-runners.ts";

const readers: ReadonlyMap<string, WrapperReader> = new Map<string, WrapperReader>([
  ["env", readEnv],
  ["genv", readEnv],
  ["sudo", readSudo],
  ["su", readSu],
  ["runuser", readSu],
  ["xargs", readXargs],
  ["gxargs", readXargs],
  ["parallel", readParallel],
  ["find", readFind],
  ["gfind", readFind],
  ["fd", readFd],
  ["fdfind", readFd],
  ["git", readGit],
  ["yadm", readGit],
  ["hub", readGit],
  ["make", readMake],
  ["gmake", readMake],
  ["remake", readMake],
  ["bmake", readMake],
  ["just", readJust],
  ["task", readTask],
  ["go-task", readTask],
  ["composer", readComposer],
  ["npm", readNpm],
  ["pnpm", readNpm],
  ["yarn", readNpm],
  ["yarnpkg", readNpm],
  ["bun", readNpm],
  ["npx", readNpx],
  ["pnpx", readNpx],
  ["bunx", readNpx],
  ["npm-run-all", readRunAll],
  ["run-s", readRunAll],
  ["run-p", readRunAll],
  ["turbo", readRunAll],
  ["nx", readRunAll],
  ["lerna", readRunAll],
  ["uvx", readUvx],
  ["uv", readUv],
  ["pipx", readPipx],
  ["ssh", readSsh],
  ["autossh", readSsh],
  ["mosh", readMosh],
  ["vagrant", readRemoteText],
  ["gh", readGh],
  ["gcloud", readRemoteText],
  ["fly", readRemoteText],
  ["flyctl", readRemoteText],
  ["docker", readContainers],
  ["podman", readContainers],
  ["nerdctl", readContainers],
  ["docker-compose", readContainers],
  ["podman-compose", readContainers],
  ["finch", readContainers],
  ["kubectl", readKubectl],
  ["oc", readKubectl],
  ["k3s-kubectl", readKubectl],
  ["tmux", readTmux],
  ["screen", readScreen],
  ["at", readAt],
  ["batch", readAt],
  ["crontab", readCrontab],
  ["nix", readNix],
  ["guix", readNix],
  ["sops", readSops],
  ["assume", readAssume],
  ...textRunnerNames.map((name) => [name, readTextRunner] as const),
  ...codeRunnerNames.map((name) => [name, readCodeRunner] as const),
  ...projectTaskNames.map((name) => [name, readProjectTask] as const),
]);

/** Reads programs that start others. `undefined`: not one of them. */
export const wrapperReader: Reader = (invocation, facts) => {
  const [first = "", ...args] = invocation.argv;
  const program = programName(first);
  const wrapped: Wrapped = { program, args, invocation, facts };
  if (shellNames.has(program)) return readShell(wrapped);
  if (program === "mise" || program === "rtx") return readMise(wrapped);
  const readings = [readers.get(program)?.(wrapped), readSubcommand(wrapped), readOptionCommands(wrapped)].flatMap(
    (reading) => reading ?? [],
  );
  if (readings.length > 0) return joinReadings(readings);
  const spec = prefixWrappers.get(program);
  return spec === undefined ? undefined : readPrefix(wrapped, spec, program);
};

/** `mise exec [TOOL@VERSION …] -- COMMAND`, `mise exec -c TEXT`, `mise run TASK`. */
function readMise(wrapped: Wrapped): Reading | undefined {
  const { args, program } = wrapped;
  const { rest } = parseOptions(args, "C E cd env");
  const [verb = "", ...words] = rest;
  if (verb === "run" || verb === "r") return readMiseTask(parseOptions(words, "C j t o cd jobs tool output shell").rest[0], wrapped);
  if (verb !== "exec" && verb !== "x") return nothing;
  const { options, rest: tools } = parseOptions(words, "c j command jobs");
  const text = options.get("c") ?? options.get("command");
  if (text !== undefined) return shellOf(text, `${program} exec`);
  const dashes = words.indexOf("--");
  return commandOf(dashes >= 0 ? words.slice(dashes + 1) : tools.filter((word) => !/^[\w:/-]+@[\w.-]+$/.test(word)), `${program} exec`);
}

/** Options, words of its own, variables, and then the command. */
function readPrefix({ args, invocation }: Wrapped, spec: OptionSpec, through: string): Reading {
  const { rest } = parseOptions(args, spec.values);
  const own = rest.slice(spec.positionals ?? 0);
  const { assignments, rest: words } = takeAssignments(own[0] === "--" ? own.slice(1) : own);
  return commandOf(words, through, assignments.length === 0 ? {} : { env: withEnv(invocation, assignments) });
}

function readSubcommand(wrapped: Wrapped): Reading | undefined {
  const subcommands = subcommandWrappers.get(wrapped.program);
  if (subcommands === undefined) return undefined;
  const at = wrapped.args.findIndex((word) => !word.startsWith("-") && (Object.hasOwn(subcommands, word) || word === hole));
  const name = wrapped.args[at] ?? "";
  const spec = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (spec === undefined) return undefined;
  const rest = wrapped.args.slice(at + 1);
  // What stands after `--` is the command, whatever stands before.
  const dashes = rest.indexOf("--");
  const through = `${wrapped.program} ${name}`;
  return dashes >= 0 ? commandOf(rest.slice(dashes + 1), through) : readPrefix({ ...wrapped, args: rest }, spec, through);
}
