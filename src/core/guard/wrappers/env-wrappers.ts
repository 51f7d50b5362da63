/** `env`, `sudo`, `su` and their kin: who runs a command, and with which variables. */

import { agentMarks } from "../agent-marks.ts";
import type { Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import type { Word } from "../word.ts";
import {
  commandOf,
  interactive,
  joinReadings,
  parseOptions,
  shellOf,
  takeAssignments,
  withEnv,
  type WrapperReader,
  type Wrapped,
} from "./options.ts";

const markless = [...agentMarks].map((name) => [name, ""] as const);

const envValues = "u C S a unset chdir split-string argv0";

/** `env [-i] [-u NAME] [-C DIR] [-S TEXT] [NAME=value …] [COMMAND …]`. */
export const readEnv: WrapperReader = ({ program, args, invocation }) => {
  const { values, rest, options } = parseOptions(args, envValues);
  const text = options.get("S") ?? options.get("split-string");
  const { assignments, rest: command } = takeAssignments(rest);
  const isEmpty = options.has("i") || options.has("ignore-environment") || args[0] === "-";
  // What is taken away is given as an empty one: for whoever asks, it says as little.
  const own = isEmpty ? new Map([...markless, ...assignments]) : new Map(withEnv(invocation, assignments));
  for (const [name, value] of values) if (name === "u" || name === "unset") own.set(value, "");
  const folder = options.get("C") ?? options.get("chdir");
  const at = { env: own, ...(folder !== undefined && { cwd: resolvePath(invocation.cwd, folder) }) };
  if (text !== undefined) {
    const { assignments: more, rest: words } = takeAssignments(splitWords(text));
    return commandOf([...words, ...rest], program, { ...at, env: new Map([...own, ...more]) });
  }
  return commandOf(args[0] === "-" ? takeAssignments(args.slice(1)).rest : command, program, at);
};

/** `-S` knows quotes, and no substitutions. */
const splitWords = (text: Word): readonly Word[] =>
  (text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double: string, single: string) => double ?? single),
  );

const sudoValues =
  "u g h p C c R D T r t U user group host prompt close-from chroot chdir command-timeout role type other-user login-class preserve-env-list";

/** `sudo [options] [NAME=value …] COMMAND`; `-s` and `-i` run it by a shell, and without one wait for input. */
export const readSudo: WrapperReader = ({ program, args, invocation }) => {
  const { rest, options, values } = parseOptions(args, sudoValues);
  const { assignments, rest: command } = takeAssignments(rest);
  const isShell = ["s", "i", "shell", "login"].some((name) => options.has(name));
  const folder = values.find(([name]) => name === "D" || name === "chdir")?.[1];
  const at = { env: withEnv(invocation, assignments), ...(folder !== undefined && { cwd: resolvePath(invocation.cwd, folder) }) };
  if (command.length > 0) return commandOf(command, program, at);
  if (!isShell) return nothing;
  return invocation.stdin === undefined ? interactive(program, invocation) : commandOf(["sh"], program, at);
};

const ownText = /^--(?:command|session-command)=([\s\S]*)$/;
const nextText = /^-[a-zA-Z]*c$|^--(?:command|session-command)$/;
const nextValue = /^-(?:g|G|s|T|w|u)$|^--(?:group|supp-group|shell|user|whitelist-environment)$/;

/** `su [-] [USER] [-c TEXT] [-- ARGS]`, `runuser` with its `-u USER COMMAND`. */
export const readSu: WrapperReader = ({ program, args, invocation }: Wrapped): Reading => {
  const texts: Word[] = [];
  let first: number | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    const [, inline] = ownText.exec(word) ?? [];
    if (inline !== undefined) texts.push(inline);
    else if (nextText.test(word)) texts.push(args[(at += 1)] ?? "");
    else if (nextValue.test(word)) at += 1;
    else if (!word.startsWith("-")) first ??= at;
  }
  if (texts.length > 0) return joinReadings(texts.map((text) => shellOf(text, `${program} -c`)));
  const isForUser = args.some((word) => word === "-u" || word.startsWith("--user"));
  if (isForUser && first !== undefined) return commandOf(args.slice(first), program);
  return invocation.stdin === undefined ? interactive(program, invocation) : commandOf(["sh"], program);
};
