/** Files in which projects describe what their runners run: tox.ini, lefthook.yml, a Procfile and the like. */

import { ciScripts } from "../edits/ci-scripts.ts";
import type { Tasks } from "./toml-tasks.ts";

/** `NAME: COMMAND`, a line each. */
export const procfileTasks = (text: string): Tasks =>
  new Map([...text.matchAll(/^([\w-]+):[ \t]*(\S.*)$/gm)].map(([, name = "", command = ""]) => [name, [command]]));

const unquoted = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;

/** `shell.scripts` of devbox.json; its comments make it no JSON. */
export function devboxTasks(text: string): Tasks {
  const block = /"scripts"\s*:\s*\{([^{}]*)\}/.exec(text)?.[1] ?? "";
  const found = block.matchAll(/"((?:[^"\\]|\\.)*)"\s*:\s*("(?:[^"\\]|\\.)*"|\[[^\]]{0,4000}\])/g);
  return new Map(
    [...found].map(([, name = "", value = ""]) => [
      name,
      [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, line = ""]) => line.replaceAll(/\\(.)/g, "$1")),
    ]),
  );
}

/** `[testenv]` (its name is "") and `[testenv:NAME]` with their `commands`. */
export function toxTasks(text: string): Tasks {
  const tasks = new Map<string, string[]>();
  for (const section of text.split(/^(?=\[)/m)) {
    const [, names] = /^\[testenv(?::([^\]]*))?\]/.exec(section) ?? [];
    const texts = commandLines(section.split(/\r?\n/).slice(1));
    if (section.startsWith("[testenv")) for (const name of (names ?? "").split(",")) tasks.set(name.trim(), texts);
  }
  return tasks;
}

/** Without `-e` the environments of `envlist` run, or the plain one. */
export const toxDefaults = (text: string): readonly string[] => [
  "",
  ...(/^env_?list[ \t]*=(.*(?:\n[ \t]+.*)*)/m.exec(text)?.[1] ?? "").split(/[\s,]+/).filter((name) => name !== ""),
];

function commandLines(lines: readonly string[]): string[] {
  const texts: string[] = [];
  let isCommand = false;
  for (const line of lines) {
    const [, name, value = ""] = /^([\w-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) isCommand = /^commands(?:_pre|_post)?$/.test(name);
    const command = name === undefined && /^\s/.test(line) ? line.trim() : value;
    // A leading dash says that a failure does not count.
    if (isCommand && command !== "") texts.push(command.replace(/^[-!]\s+/, ""));
  }
  return texts;
}

/** Commands by the hook that runs them. */
export function lefthookTasks(yaml: string): Tasks {
  const blocks = yaml.split(/^(?=[\w-]+:)/m);
  return new Map(blocks.map((block) => [/^[\w-]+/.exec(block)?.[0] ?? "", ciScripts(block)]));
}

/** Hooks of pre-commit by their id: what they start, with their words. */
export function hookTasks(yaml: string): Tasks {
  const tasks = new Map<string, string[]>();
  for (const hook of yaml.split(/^[ \t]*-[ \t]+(?=id:)/m).slice(1)) {
    const field = (name: string): string => (new RegExp(`^[ \\t]*${name}:[ \\t]+(\\S.*)$`, "m").exec(hook)?.[1] ?? "").trim();
    const words = /^\[(.*)\]$/.exec(field("args"))?.[1] ?? "";
    const entry = unquoted(field("entry"));
    if (entry !== "")
      tasks.set(unquoted(/^id:\s*(\S+)/.exec(hook)?.[1] ?? ""), [`${entry} ${words.split(/,\s*/).map(unquoted).join(" ")}`]);
  }
  return tasks;
}
