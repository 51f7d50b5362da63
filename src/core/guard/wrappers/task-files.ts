/** `mise run`, `composer`, and runners whose tasks are code. */

import type { CodeLanguage, Nested } from "../invocation.ts";
import type { Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { nearestFile } from "./nearest-file.ts";
import { commandOf, joinReadings, shellOf, type WrapperReader, type Wrapped } from "./options.ts";

/** `mise run NAME`: tasks of mise.toml, and scripts in its folders. */
export function readMiseTask(name: Word | undefined, { invocation, facts }: Wrapped): Reading {
  const found = nearestFile(
    ["mise.toml", ".mise.toml", "mise.local.toml", ".config/mise.toml", ".config/mise/config.toml"],
    invocation.cwd,
    facts,
  );
  if (name === undefined) return nothing;
  const scripts = ["mise-tasks", ".mise-tasks", "mise/tasks", ".mise/tasks", ".config/mise/tasks"].map((folder) =>
    resolvePath(invocation.cwd, `${folder}/${name}`),
  );
  const files = scripts
    .filter((path) => isKnown(path) && facts.readFile(path) !== undefined)
    .map((path): Nested => ({ kind: "file", path, args: [], through: `mise run ${name}` }));
  const section = found === undefined ? "" : tomlSection(found.text, `tasks.${name}`);
  const inline =
    found === undefined
      ? undefined
      : new RegExp(`^(?:tasks\\.)?"?${name.replaceAll(/[^\w-]/g, ".")}"?\\s*=\\s*(.+)$`, "m").exec(found.text)?.[1];
  const run = /^run\s*=\s*([\s\S]+)/m.exec(section)?.[1] ?? inline ?? "";
  const texts = [...run.matchAll(/"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'/g)].map(
    (match) => match.slice(1).find((part) => part !== undefined) ?? "",
  );
  const needs = /^depends\s*=\s*\[(.*)\]/m.exec(section)?.[1] ?? "";
  const needed = [...needs.matchAll(/["']([\w:-]+)["']/g)].flatMap(([, other]) => (other === undefined || other === name ? [] : [other]));
  const own = texts.map((text) =>
    shellOf(text.replaceAll(/\{\{[^{}]*\}\}/g, () => hole).replaceAll(String.raw`\"`, '"'), `mise run ${name}`),
  );
  const others = needed.map((other) => commandOf(["mise", "run", other], `mise run ${name}`));
  return joinReadings([{ effects: [], nested: files }, ...own, ...others]);
}

function tomlSection(text: string, name: string): string {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.trim().replaceAll('"', "") === `[${name}]`);
  if (start < 0) return "";
  const end = lines.findIndex((line, index) => index > start && line.startsWith("["));
  return lines.slice(start + 1, end < 0 ? undefined : end).join("\n");
}

/** Runners whose tasks are code: the file that holds them is read as a whole. */
const codeRunners: Readonly<Record<string, readonly (readonly [string, CodeLanguage])[]>> = {
  rake: [
    ["Rakefile", "ruby"],
    ["rakefile", "ruby"],
    ["Rakefile.rb", "ruby"],
  ],
  cap: [["config/deploy.rb", "ruby"]],
  fastlane: [["fastlane/Fastfile", "ruby"]],
  invoke: [["tasks.py", "python"]],
  inv: [["tasks.py", "python"]],
  fab: [["fabfile.py", "python"]],
  nox: [["noxfile.py", "python"]],
  doit: [["dodo.py", "python"]],
  scons: [["SConstruct", "python"]],
  gulp: [
    ["gulpfile.js", "javascript"],
    ["gulpfile.mjs", "javascript"],
    ["Gulpfile.js", "javascript"],
  ],
  grunt: [["Gruntfile.js", "javascript"]],
  jake: [["Jakefile", "javascript"]],
};

export const codeRunnerNames: readonly string[] = Object.keys(codeRunners);

export const readCodeRunner: WrapperReader = ({ program, args, invocation, facts }) => {
  const files = Object.hasOwn(codeRunners, program) ? (codeRunners[program] ?? []) : [];
  if (args.some((word) => /^(?:-T|-l|--list|--tasks|--help|-n|--dry-run)$/.test(word))) return nothing;
  const nested = files
    .map(([name, as]) => ({ path: resolvePath(invocation.cwd, name), as }))
    .filter(({ path }) => isKnown(path) && facts.readFile(path) !== undefined)
    .map(({ path, as }): Nested => ({ kind: "file", path, as, args, through: program }));
  return { effects: [], nested };
};

/** `composer run-script NAME`, or the script's bare name. */
export const readComposer: WrapperReader = ({ program, args, invocation, facts }) => {
  const found = facts.readFile(resolvePath(invocation.cwd, "composer.json"));
  const words = args.filter((word) => !word.startsWith("-"));
  const name = words[0] === "run" || words[0] === "run-script" || words[0] === "exec" ? words[1] : words[0];
  if (words[0] === "exec") return commandOf(words.slice(1), `${program} exec`);
  if (found?.kind !== "text" || name === undefined) return nothing;
  const quotedName = name.replaceAll(/[^\w-]/g, ".");
  const value = new RegExp(`"${quotedName}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\])`).exec(found.text)?.[1] ?? "";
  const texts = [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text.replaceAll(/\\(["\\/])/g, "$1"));
  return joinReadings(
    texts.map((text) =>
      text.startsWith("@")
        ? commandOf(text === `@${name}` ? [] : [program, ...text.slice(1).split(" ")], program)
        : shellOf(text, `composer ${name}`),
    ),
  );
};
