/** Package managers: programs of packages, and the scripts of package.json. */

import type { Nested } from "../invocation.ts";
import type { Reading } from "../reading.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { commandOf, joinReadings, optionsAnywhere, parseOptions, shellOf, type WrapperReader, type Wrapped } from "./options.ts";
import { runScript } from "./package-scripts.ts";
import { here, packagesOf, type PackageChoice } from "./workspaces.ts";

/** Packages whose program has another name. */
const programs: Readonly<Record<string, string>> = {
  "aws-cli": "aws",
  awscli: "aws",
  "awscli-local": "awslocal",
  "aws-cdk": "cdk",
  "@aws-amplify/cli": "amplify",
  "http-server-put": "http",
  httpie: "http",
  "@belay-site/belay": "belay",
};

const withoutVersion = (name: Word): Word =>
  name
    .replace(/(.)@[^/]*$/, "$1")
    .replace(/==.*$/, "")
    .replace(/\[[^\]]*\]$/, "");

function runPackage(words: readonly Word[], through: string): Reading {
  const [first, ...rest] = words;
  if (first === undefined) return nothing;
  const name = withoutVersion(first);
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
  return commandOf([program ?? (name.startsWith("@") ? (name.split("/")[1] ?? name) : name), ...rest], through);
}

const npxValues = "p c w package call workspace shell node-arg n node-options userconfig prefix cache registry loglevel";

/** `npx [-p PACKAGE] [-c TEXT] PROGRAM …`, `npm exec`, `pnpm dlx`, `yarn dlx`, `bunx`. */
export const readNpx: WrapperReader = ({ program, args }) => runAny(program, args);

function runAny(through: string, args: readonly Word[]): Reading {
  const { rest, options } = parseOptions(args, npxValues);
  const text = options.get("c") ?? options.get("call");
  return joinReadings([
    ...(text === undefined ? [] : [shellOf(text, `${through} -c`)]),
    runPackage(rest[0] === "--" ? rest.slice(1) : rest, through),
  ]);
}

/** `uvx [--from PACKAGE] PROGRAM …`, `pipx run`, `uv tool run`. */
export const readUvx: WrapperReader = ({ program, args }) => {
  const words = program === "uvx" ? args : args.slice(args.indexOf("run") + 1);
  const { rest } = parseOptions(
    words,
    "p w from with with-editable with-requirements python index-url spec pip-args env-file directory refresh-package constraint",
  );
  return runPackage(rest[0] === "--" ? rest.slice(1) : rest, program);
};

export const readUv: WrapperReader = (wrapped) =>
  wrapped.args[0] === "tool" && wrapped.args.includes("run") ? readUvx({ ...wrapped, program: "uv tool run" }) : undefined;

export const readPipx: WrapperReader = (wrapped) =>
  wrapped.args.includes("run") ? readUvx({ ...wrapped, program: "pipx run" }) : undefined;

const shared = "C dir cwd prefix registry loglevel userconfig cache script-shell reporter tag otp access config-file use-node-version";

/** Options with a value. `-w` names a workspace to npm; to pnpm and yarn it is the root's switch. */
const managerValues = (program: string): string =>
  program === "npm" ? `${shared} w workspace` : `${shared} F filter filter-prod test-pattern changed-files-ignore-pattern`;

/** Verbs that run scripts of their own names. */
const lifecycles: Readonly<Record<string, readonly string[]>> = {
  test: ["test"],
  t: ["test"],
  tst: ["test"],
  start: ["start"],
  stop: ["stop"],
  restart: ["restart"],
  publish: ["prepublishOnly", "prepack", "prepare", "publish"],
  pack: ["prepack", "prepare"],
  version: ["version"],
  install: ["install", "prepare"],
  i: ["install", "prepare"],
  ci: ["install", "prepare"],
};

const runVerbs: ReadonlySet<string> = new Set(["run", "run-script", "rum", "urn"]);
const execVerbs: ReadonlySet<string> = new Set(["exec", "x", "dlx"]);

/** Options that name packages, and those that mean all of them, or the root's own. */
const naming: ReadonlySet<string> = new Set(["w", "workspace", "filter", "filter-prod", "F"]);
const meaningAll: ReadonlySet<string> = new Set(["workspaces", "ws", "r", "recursive", "parallel"]);
const meaningRoot: ReadonlySet<string> = new Set(["w", "workspace-root", "T", "top-level"]);
const withRoot: ReadonlySet<string> = new Set(["include-workspace-root", "iwr"]);

type Option = readonly [string, Word];

function choiceOf(program: string, values: readonly Option[]): PackageChoice {
  const names = values.filter(([name, value]) => naming.has(name) && value !== "").map(([, value]) => value);
  const has = (some: ReadonlySet<string>): boolean => values.some(([name]) => some.has(name));
  if (has(withRoot)) return { kind: "all and root" };
  if (names.length > 0) return { kind: "named", names };
  if (program !== "npm" && has(meaningRoot)) return { kind: "root" };
  return has(meaningAll) ? { kind: "all" } : here;
}

interface ManagerCall {
  readonly words: readonly Word[];
  readonly choice: PackageChoice;
}

/** `yarn workspace NAME run x`, `yarn workspaces foreach run x`: the words of the verb itself, and the packages that it is for. */
function yarnCall(program: string, rest: readonly Word[], values: readonly Option[]): ManagerCall {
  const [first = "", second = "", ...others] = rest;
  if (first === "workspace") return { words: others, choice: { kind: "named", names: [second] } };
  if (first !== "workspaces") return { words: rest, choice: choiceOf(program, values) };
  const each = parseOptions(rest.slice(second === "foreach" ? 2 : 1), "j jobs include exclude from since");
  const names = each.values.filter(([name]) => name === "include").map(([, value]) => value);
  return { words: each.rest, choice: names.length === 0 ? { kind: "all" } : { kind: "named", names } };
}

/** npm takes its options wherever they stand before `--`, unless the words are another program's. */
function npmCall(args: readonly Word[]): ManagerCall & { readonly values: readonly Option[] } {
  const leading = parseOptions(args, managerValues("npm"));
  const [verb = ""] = leading.rest;
  const found = execVerbs.has(verb) || verb === "pkg" ? leading : optionsAnywhere(args, managerValues("npm"));
  return { words: found.rest, values: found.values, choice: choiceOf("npm", found.values) };
}

/** npm, pnpm, yarn and bun. */
export const readNpm: WrapperReader = (wrapped) => {
  const { args, invocation, program } = wrapped;
  const parsed = parseOptions(args, managerValues(program));
  const npm = program === "npm" ? npmCall(args) : undefined;
  const { words, choice } = npm ?? yarnCall(program, parsed.rest, parsed.values);
  const folder = (npm?.values ?? parsed.values).find(([name]) => ["prefix", "C", "dir", "cwd"].includes(name))?.[1];
  const cwd = folder === undefined ? invocation.cwd : resolvePath(invocation.cwd, folder);
  return runVerb(words, { ...wrapped, invocation: { ...invocation, cwd } }, choice);
};

function runVerb(words: readonly Word[], call: Wrapped, choice: PackageChoice): Reading | undefined {
  const { program } = call;
  const [verb = "", ...others] = words;
  if (verb === "pkg" || verb === "set-script") return writtenScripts(others);
  if (execVerbs.has(verb)) return runIn(others, call, choice, `${program} ${verb}`);
  if (runVerbs.has(verb)) {
    const own = parseOptions(others, managerValues(program));
    const later = choiceOf(program, own.values);
    return runScript(own.rest, call, later.kind === "here" ? choice : later);
  }
  const names = Object.hasOwn(lifecycles, verb) ? lifecycles[verb] : undefined;
  if (names !== undefined) return joinReadings(names.map((name) => runScript([name, ...others], call, choice)));
  return program === "npm" || verb === "" || ownVerbs.has(verb) ? nothing : runByName(words, call, choice);
}

/** `pnpm --filter site exec PROGRAM …`: the program runs in the folder of each package that is meant. */
function runIn(words: readonly Word[], call: Wrapped, choice: PackageChoice, through: string): Reading {
  const own = parseOptions(words, `${npxValues} ${managerValues(call.program)}`).values;
  const later = choiceOf(call.program, own);
  const { cwd } = call.invocation;
  const wanted = later.kind === "here" ? choice : later;
  const folders = wanted.kind === "here" ? [cwd] : packagesOf(cwd, wanted, call.facts).map((file) => file.folder);
  const reading = runAny(through, words);
  const places = folders.length === 0 ? [cwd] : [...new Set(folders)];
  return joinReadings(places.map((place) => ({ ...reading, nested: reading.nested.map((nested) => inFolder(nested, place)) })));
}

const inFolder = (nested: Nested, cwd: Word): Nested =>
  nested.kind === "argv" || nested.kind === "shell" ? { ...nested, at: { ...nested.at, cwd } } : nested;

/** `npm pkg set scripts.NAME=TEXT`: what is put there to be run later counts as run. */
function writtenScripts(words: readonly Word[]): Reading {
  const texts = words.flatMap(
    (word) => /^scripts\.[^=]+=([\s\S]*)$/.exec(word)?.[1] ?? (words[0] !== "set" && word === words[1] ? word : []),
  );
  return joinReadings(texts.map((text) => shellOf(text, "npm pkg set")));
}

/** yarn, pnpm and bun run scripts and programs by their bare name. */
function runByName(words: readonly Word[], call: Wrapped, choice: PackageChoice): Reading | undefined {
  const script = runScript(words, call, choice);
  if (script.nested.length > 0 || script.effects.length > 0) return script;
  return call.program === "bun" ? undefined : runIn(words, call, choice, call.program);
}

const ownVerbs: ReadonlySet<string> = new Set(
  (
    "add remove rm install up update upgrade link unlink import init create config set get cache store list ls why outdated audit licenses publish pack version login logout " +
    "whoami dedupe rebuild prune patch fetch deploy-none help node env setup root bin workspaces workspace info plugin up pm build"
  ).split(" "),
);

/** Whose targets are every package's, unless options name some. */
const everywhereRunners: ReadonlySet<string> = new Set(["turbo", "lerna", "nx"]);

interface RunAll {
  readonly scripts: readonly Word[];
  readonly choice: PackageChoice;
}

/** `nx run PROJECT:TARGET`, `nx TARGET PROJECT`, `nx run-many -t TARGET… -p PROJECT…`. */
function nxTargets(rest: readonly Word[], values: readonly Option[]): RunAll {
  const [verb = "", first = ""] = rest;
  const of = (...names: readonly string[]): readonly Word[] =>
    values.filter(([name]) => names.includes(name)).flatMap(([, value]) => value.split(","));
  const many = verb === "run-many" || verb === "affected";
  const [project = "", target] = first.split(":");
  const projects = many ? of("p", "projects") : [...(verb === "run" && target === undefined ? [] : [project]), ...of("project")];
  // `-t a b`: what follows the option are targets as well.
  const scripts = many ? [...of("t", "target", "targets"), ...rest.slice(1)] : [verb === "run" ? (target ?? first) : verb];
  const names = projects.filter((name) => name !== "");
  return { scripts, choice: names.length === 0 ? { kind: "all" } : { kind: "named", names } };
}

/** `turbo run a b --filter=x`, `turbo run x#a`, `lerna run a --scope x`, `npm-run-all a b`. */
function namedScripts(program: string, rest: readonly Word[], values: readonly Option[]): RunAll {
  const scripts = (rest[0] === "run" ? rest.slice(1) : rest).filter((word) => !word.startsWith("-"));
  if (!everywhereRunners.has(program)) return { scripts, choice: here };
  const named = values.filter(([name]) => name === "F" || name === "filter" || name === "scope").map(([, value]) => value);
  const tasks = scripts.flatMap((script) => /^([^#]*)#/.exec(script)?.[1] ?? []);
  // A task that names its package is no other package's; beside plain ones they are looked for in all.
  const names = tasks.length === 0 ? named : tasks.length === scripts.length ? tasks : [];
  return {
    scripts: scripts.map((script) => script.slice(script.indexOf("#") + 1)),
    choice: names.length === 0 ? { kind: "all" } : { kind: "named", names },
  };
}

/** `npm-run-all a b`, `run-s`, `run-p`, `turbo run`, `nx run`: scripts by name, patterns included. */
export const readRunAll: WrapperReader = (wrapped) => {
  const { args, program } = wrapped;
  const own = program === "nx" ? "t target targets p projects project c configuration parallel" : "n l c names";
  const { rest, values } = optionsAnywhere(args, `F filter scope concurrency max-parallel ${own}`, false);
  if (program === "lerna" && rest[0] === "exec")
    return runIn(args.slice(args.indexOf("exec") + 1), wrapped, lernaChoice(values), "lerna exec");
  const { scripts, choice } = program === "nx" ? nxTargets(rest, values) : namedScripts(program, rest, values);
  const names = scripts.filter((word) => word !== "" && !word.startsWith("-"));
  return joinReadings(
    names.map((name) => runScript([isKnown(name) && !name.includes("*") ? name : hole], { ...wrapped, program: "npm" }, choice)),
  );
};

function lernaChoice(values: readonly Option[]): PackageChoice {
  const names = values.filter(([name]) => name === "scope").map(([, value]) => value);
  return names.length === 0 ? { kind: "all" } : { kind: "named", names };
}
