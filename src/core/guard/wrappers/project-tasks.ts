/** Runners of a project's own tasks, whose definitions lie there in a plain format: `poe`, `pdm run`, `tox`, `lefthook run`, `foreman`, `act`. */

import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { readAct } from "./act.ts";
import { nearestFile } from "./nearest-file.ts";
import { joinReadings, parseOptions, shellOf, type WrapperReader } from "./options.ts";
import { devboxTasks, hookTasks, lefthookTasks, procfileTasks, toxDefaults, toxTasks } from "./task-formats.ts";
import { tomlTasks, type Tasks } from "./toml-tasks.ts";

interface TaskFile {
  readonly name: string;
  readonly tasks: (text: string) => Tasks;
}

interface Runner {
  readonly files: readonly TaskFile[];
  /** Options that take a value. */
  readonly values: string;
  /** Before the task's name. */
  readonly verb?: string;
  /** Whether a task need not be named, so that all of them run. */
  readonly runsAll?: true;
  /** Options that name tasks, parted by commas. */
  readonly byOption?: readonly string[];
  /** The tasks that run where none is named. */
  readonly defaults?: (text: string) => readonly string[];
  /** Options under which nothing runs, beside those that are the same everywhere. */
  readonly asks?: readonly string[];
}

const toml = (name: string, tables: RegExp): TaskFile => ({ name, tasks: (text) => tomlTasks(text, tables) });

const procfile: Runner = {
  files: [{ name: "Procfile", tasks: procfileTasks }],
  values: "f e d c m p procfile env formation port root",
  verb: "start",
  runsAll: true,
};

/** From the references of each. `cargo make`, Gradle, Maven and the like describe their tasks in ways of their own: these are not read. */
const runners: Readonly<Record<string, Runner>> = {
  poe: {
    files: [toml("pyproject.toml", /^tool\.poe\.tasks$/), toml("poe_tasks.toml", /^(?:tool\.poe\.)?tasks$/)],
    values: "C directory e executor X executor-opt",
    asks: ["d"],
  },
  pdm: { files: [toml("pyproject.toml", /^tool\.pdm\.scripts$/)], values: "p project", verb: "run" },
  rye: { files: [toml("pyproject.toml", /^tool\.rye\.scripts$/)], values: "pyproject", verb: "run" },
  hatch: {
    files: [toml("pyproject.toml", /^tool\.hatch\.envs\.[^.]+\.scripts$/), toml("hatch.toml", /^envs\.[^.]+\.scripts$/)],
    values: "e env p project data-dir cache-dir config",
    verb: "run",
  },
  pixi: {
    files: [
      toml("pixi.toml", /^(?:tasks|target\.[^.]+\.tasks|feature\.[^.]+\.tasks)$/),
      toml("pyproject.toml", /^tool\.pixi\.(?:tasks|feature\.[^.]+\.tasks)$/),
    ],
    values: "e environment manifest-path",
    verb: "run",
  },
  pipenv: { files: [toml("Pipfile", /^scripts$/)], values: "python pypi-mirror", verb: "run" },
  devbox: { files: [{ name: "devbox.json", tasks: devboxTasks }], values: "c config e env env-file environment", verb: "run", asks: ["l"] },
  tox: {
    files: [{ name: "tox.ini", tasks: toxTasks }],
    values: "c e m f x workdir root env-list",
    byOption: ["e"],
    defaults: toxDefaults,
    asks: ["l", "a", "listenvs", "listenvs-all", "showconfig"],
  },
  lefthook: {
    files: ["lefthook.yml", "lefthook.yaml", ".lefthook.yml"].map((name) => ({ name, tasks: lefthookTasks })),
    values: "",
    verb: "run",
  },
  "pre-commit": {
    files: [{ name: ".pre-commit-config.yaml", tasks: hookTasks }],
    values: "c config from-ref to-ref hook-stage color files",
    verb: "run",
    runsAll: true,
  },
  foreman: procfile,
  honcho: procfile,
  overmind: procfile,
  goreman: procfile,
};

export const projectTaskNames: readonly string[] = [...Object.keys(runners), "act"];

const asks: readonly string[] = ["h", "help", "version", "list", "dry-run"];

/** `undefined` where the words run no task. */
export const readProjectTask: WrapperReader = (wrapped) => {
  const { program, args, invocation, facts } = wrapped;
  const runner = Object.hasOwn(runners, program) ? runners[program] : undefined;
  if (program === "act") return readAct(wrapped);
  if (runner === undefined) return undefined;
  const before = parseOptions(args, runner.values);
  if (runner.verb !== undefined && before.rest[0] !== runner.verb) return undefined;
  const { rest, values, options } = runner.verb === undefined ? before : parseOptions(before.rest.slice(1), runner.values);
  if ([...asks, ...(runner.asks ?? [])].some((name) => options.has(name))) return undefined;
  const named = values.filter(([name]) => runner.byOption?.includes(name) === true).flatMap(([, list]) => list.split(","));
  const names = named.length > 0 ? named : runner.byOption === undefined ? rest.slice(0, 1) : [];
  const readings = runner.files.flatMap((file) => {
    const found = nearestFile([file.name], invocation.cwd, facts);
    if (found === undefined) return [];
    const wanted = names.length > 0 ? names : (runner.defaults?.(found.text) ?? []);
    if (wanted.length === 0 && runner.runsAll !== true) return [];
    return [runTasks(file.tasks(found.text), wanted, { program, cwd: found.folder })];
  });
  return readings.length === 0 ? undefined : joinReadings(readings);
};

interface TaskStart {
  readonly program: string;
  readonly cwd: Word;
}

/** The named tasks and those that their texts begin with; all of them where none is named, or where a name is not known. */
function runTasks(tasks: Tasks, names: readonly Word[], { program, cwd }: TaskStart): Reading {
  const isOpen = names.length === 0 || names.some((name) => !isKnown(name));
  // `hatch run ENV:TASK`
  const queue = isOpen
    ? [...tasks.keys()]
    : names.flatMap((name) => (tasks.has(name) ? [name] : [name.slice(name.indexOf(":") + 1), ...(tasks.has("") ? [""] : [])]));
  const seen = new Set<string>();
  const readings: Reading[] = [];
  for (let name = queue.shift(); name !== undefined && seen.size < 200; name = queue.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const text of tasks.get(name) ?? []) {
      queue.push(...(/^[\w:.-]+/.exec(text) ?? []));
      readings.push(shellOf(text.replaceAll(placeholder, hole), `${program} ${name}`, { cwd }));
    }
  }
  return joinReadings(readings);
}

/** `{args}`, `{env:HOME}`, `{[base]commands}`, `{{name}}`, `${{ secrets.X }}`. */
const placeholder = /\$?\{\{[^{}]*\}\}|\{(?:\[[^{}]*|[a-z_]+(?::[^{}]*)?)\}/g;
