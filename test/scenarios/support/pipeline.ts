/** Plays the workflow files of docs/ci: each job in a fresh clone, its steps in the shell that a runner gives them. */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** A value of a workflow file. */
export interface Node {
  readonly [name: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);
export const nodeOf = (value: unknown): Node => (isNode(value) ? value : {});
export const nodesOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
export const textsOf = (value: unknown): readonly string[] =>
  typeof value === "string" ? [value] : Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

const recipes = fileURLToPath(new URL("../../../docs/ci/", import.meta.url));

export const recipeText = (path: string): string => readFileSync(join(recipes, path), "utf8");
export const workflow = (path: string): Node => nodeOf(parse(recipeText(path)));

export interface JobSetting {
  /** Where the job's clone and files are made; a folder of its own that does not exist yet. */
  readonly folder: string;
  /** Path of the bare repository. */
  readonly remote: string;
  readonly ref: string;
  /** What the runner gives every step. */
  readonly env: Readonly<Record<string, string>>;
  /** Values of `${{ … }}`, by the expression's text; an expression that is missing here fails the test. */
  readonly expressions: Readonly<Record<string, string>>;
}

export interface JobPlayed {
  /** 0, or the exit status of the first step that failed. */
  readonly exit: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Paths that were uploaded, and their bytes as text. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** The words of every `gh` command, and the file that it was given. */
  readonly comments: readonly string[];
  /** Everything that was printed. */
  readonly told: string;
}

const belayMain = process.env["BELAY_MAIN"] ?? fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

/** One job of a GitHub workflow. Its `if` is the caller's to judge. */
export async function playGitHubJob(flow: Node, name: string, setting: JobSetting): Promise<JobPlayed> {
  const job = nodeOf(nodeOf(flow["jobs"])[name]);
  const runner = openRunner(setting);
  const resolved = resolver(setting.expressions);
  const jobEnv = envOf(job["env"], resolved);
  let exit = 0;
  for (const step of nodesOf(job["steps"])) {
    if (!isDue(step["if"], exit, runner.clonePath)) continue;
    if (typeof step["uses"] === "string") use(runner, step["uses"].split("@")[0] ?? "", nodeOf(step["with"]));
    if (typeof step["run"] !== "string") continue;
    const status = await runner.shell(resolved(step["run"]), { ...jobEnv, ...envOf(step["env"], resolved) });
    if (exit === 0) exit = status;
  }
  const set = Object.fromEntries([...runner.read("output").matchAll(/^(\w+)=(.*)$/gmu)].map(([, key = "", value = ""]) => [key, value]));
  const outputs = Object.entries(nodeOf(job["outputs"])).map(([output, written]): [string, string] => {
    const wanted = /^\$\{\{ steps\.\w+\.outputs\.(\w+) \}\}$/u.exec(String(written))?.[1] ?? "";
    return [output, set[wanted] ?? ""];
  });
  return { ...runner.result(), exit, outputs: Object.fromEntries(outputs) };
}

/** One job of a GitLab pipeline, `before_script` included. */
export async function playGitLabJob(flow: Node, name: string, setting: JobSetting): Promise<JobPlayed> {
  const runner = openRunner(setting);
  const variables = envOf(flow["variables"], (text) => text);
  runner.clone(Number(variables["GIT_DEPTH"] ?? "20"));
  const job = nodeOf(flow[name]);
  const lines = [...textsOf(nodeOf(flow["default"])["before_script"]), ...textsOf(job["script"])];
  const exit = await runner.shell(lines.join("\n"), { ...variables, CI_BUILDS_DIR: setting.folder });
  for (const path of textsOf(nodeOf(job["artifacts"])["paths"])) runner.upload(path);
  return { ...runner.result(), exit, outputs: {} };
}

type Resolve = (text: string) => string;

const resolver =
  (expressions: Readonly<Record<string, string>>): Resolve =>
  (text) =>
    text.replaceAll(/\$\{\{ (.+?) \}\}/gu, (_, expression: string) => {
      const value = expressions[expression];
      if (value === undefined) throw new Error(`The test gives no value for \${{ ${expression} }}.`);
      return value;
    });

const envOf = (value: unknown, resolved: Resolve): Record<string, string> =>
  Object.fromEntries(Object.entries(nodeOf(value)).map(([key, written]) => [key, resolved(String(written))]));

/** A step runs while all went well; one with a condition of its own as that says. */
function isDue(condition: unknown, exit: number, clonePath: string): boolean {
  if (condition === undefined) return exit === 0;
  if (condition === "failure()") return exit !== 0;
  const found = typeof condition === "string" ? /^always\(\) && hashFiles\('([^']+)'\) != ''$/u.exec(condition) : undefined;
  if (!found) throw new Error(`The test knows no condition ${JSON.stringify(condition)}.`);
  return existsSync(join(clonePath, found[1] ?? ""));
}

/** The actions that the recipes use; any other fails the test. */
function use(runner: Runner, action: string, settings: Node): void {
  switch (action) {
    case "actions/checkout":
      // The action's own default is a clone of one commit.
      runner.clone(Number(settings["fetch-depth"] ?? 1));
      break;
    case "actions/upload-artifact":
      runner.upload(String(settings["path"]));
      break;
    case "actions/setup-node":
    case "aws-actions/configure-aws-credentials":
      break;
    default:
      throw new Error(`The test knows no action ${action}.`);
  }
}

interface Runner {
  readonly clonePath: string;
  /** All of it where the depth is 0. */
  clone(depth: number): void;
  upload(path: string): void;
  shell(script: string, env: Readonly<Record<string, string>>): Promise<number>;
  read(file: string): string;
  result(): Omit<JobPlayed, "exit" | "outputs">;
}

function openRunner({ folder, remote, ref, env }: JobSetting): Runner {
  const clonePath = join(folder, "site");
  const file = (name: string): string => join(folder, name);
  const read = (name: string): string => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  mkdirSync(join(folder, "bin"), { recursive: true });
  standIn(folder, "belay", `exec '${process.execPath}' '${belayMain}' "$@"`);
  // What would go over the network: the package is the one that was built here, and comments are kept.
  standIn(folder, "npm", 'test "$*" = "install --global @belay-site/belay"');
  standIn(
    folder,
    "gh",
    `echo "$*" >> '${file("gh")}'; while [ "$1" ]; do [ "$1" = --body-file ] && cat "$2" >> '${file("gh")}'; shift; done; true`,
  );
  const artifacts: Record<string, string> = {};
  let told = "";
  return {
    clonePath,
    read,
    clone: (depth) => {
      const shallow = depth === 0 ? [] : ["--depth", String(depth)];
      execFileSync("git", ["clone", "--quiet", "--branch", ref, ...shallow, `file://${remote}`, clonePath], { env: plainEnv(folder) });
    },
    upload: (path) => {
      if (existsSync(join(clonePath, path))) artifacts[path] = readFileSync(join(clonePath, path), "utf8");
    },
    shell: async (script, stepEnv) => {
      const files = { GITHUB_OUTPUT: file("output"), GITHUB_STEP_SUMMARY: file("summary") };
      // As a runner does: bash that stops at the first failure, no terminal.
      const child = spawn("bash", ["-e", "-c", script], {
        cwd: clonePath,
        env: { ...plainEnv(folder), ...env, ...files, ...stepEnv },
        stdio: ["ignore", "pipe", "pipe"],
      });
      told += `$ ${script}\n`;
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (told += text));
      const [status]: unknown[] = await once(child, "close");
      told += `[exit ${typeof status === "number" ? status : "by signal"}]\n`;
      return typeof status === "number" ? status : 1;
    },
    result: () => ({ summary: read("summary"), artifacts, comments: read("gh") === "" ? [] : [read("gh")], told }),
  };
}

function standIn(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Nothing of the machine's own set-up decides what a job sees. */
const plainEnv = (folder: string): Record<string, string> => ({
  PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
  HOME: folder,
  LANG: "C.UTF-8",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
});
