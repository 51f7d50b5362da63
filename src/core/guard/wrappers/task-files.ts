/** `mise run`, `composer`, and runners whose tasks are code. */

import type { CodeLanguage, Nested } from "../invocation.ts";
import type { ReaderFacts, Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { nearestFile } from "./nearest-file.ts";
import { commandOf, joinReadings, shellOf, type WrapperReader, type Wrapped } from "./options.ts";
import { tomlTasks } from "./toml-tasks.ts";

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
  const texts = found === undefined ? [] : (tomlTasks(found.text, /^tasks$/).get(name) ?? []);
  const own = texts.map((text) =>
    shellOf(
      text.replaceAll(/\{\{[^{}]*\}\}/g, () => hole),
      `mise run ${name}`,
    ),
  );
  // Texts may be names of tasks that it needs.
  const others = texts.flatMap((text) =>
    /^[\w:.-]+$/.test(text) && text !== name ? [commandOf(["mise", "run", text], `mise run ${name}`)] : [],
  );
  return joinReadings([{ effects: [], nested: files }, ...own, ...others]);
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
  mage: [
    ["magefile.go", "other"],
    ["magefiles/magefile.go", "other"],
  ],
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
    .map(({ path, as }) => ({ kind: "file" as const, path, as, args, through: program }));
  return { effects: [], nested: [...nested, ...nested.flatMap(({ path }) => actionsIn(textAt(path, facts)))] };
};

const textAt = (path: Word, facts: ReaderFacts): string => {
  const found = facts.readFile(path);
  return found?.kind === "text" ? found.text : "";
};

/** doit's `"actions": ["…"]`: texts for a shell, where nothing is called. */
const actionsIn = (text: string): readonly Nested[] =>
  [...text.matchAll(/["']actions["']\s*:\s*\[([^\]]{0,4000})\]/g)].flatMap(([, list = ""]) =>
    [...list.matchAll(/(f?)(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g)].map(([, format, double, single]): Nested => ({
      kind: "shell",
      text: (double ?? single ?? "").replaceAll(format === "f" ? /\{[^{}]*\}/g : /%\(\w+\)s/g, hole),
      at: {},
      through: "doit",
    })),
  );

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
