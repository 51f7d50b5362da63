/** Package managers: programs of packages, and the scripts of package.json. */

import type { Reading, ReaderFacts } from "../reading.ts";
import { nothing } from "../reading.ts";
import { resolvePath } from "../shell/paths.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { commandOf, joinReadings, parseOptions, quoted, shellOf, unread, type WrapperReader, type Wrapped } from "./options.ts";

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

const managerValues =
  "C w F prefix workspace filter dir cwd registry loglevel userconfig cache script-shell if-present-none reporter tag otp access config-file use-node-version recursive-none";

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

const everywhere: ReadonlySet<string> = new Set(["w", "workspace", "workspaces", "ws", "filter", "F", "r", "recursive"]);

const forAll = /^(?:-w|-ws|--workspaces?(?:=.*)?)$/;

/** `yarn workspace NAME run x`, `yarn workspaces foreach run x`: the words of the verb itself, and whether it is for all packages. */
function verbWords(rest: readonly Word[]): { readonly words: readonly Word[]; readonly isForAll: boolean } {
  const isForAll = rest[0] === "workspaces" || rest[0] === "workspace";
  const words = isForAll ? rest.slice(rest[0] === "workspace" ? 2 : 1) : rest;
  return { words: words[0] === "foreach" ? parseOptions(words.slice(1), "j").rest : words, isForAll };
}

/** npm, pnpm, yarn and bun. */
export const readNpm: WrapperReader = (wrapped) => {
  const { args, invocation } = wrapped;
  const { rest, values } = parseOptions(args, managerValues);
  const folder = values.find(([name]) => ["prefix", "C", "dir", "cwd"].includes(name))?.[1];
  const cwd = folder === undefined ? invocation.cwd : resolvePath(invocation.cwd, folder);
  const here = { ...wrapped, invocation: { ...invocation, cwd } };
  const { words, isForAll } = verbWords(rest);
  // Options may stand behind the script's name, too.
  const isEverywhere = isForAll || values.some(([name]) => everywhere.has(name)) || words.some((word) => forAll.test(word));
  return runVerb(words, here, isEverywhere);
};

function runVerb(words: readonly Word[], here: Wrapped, isEverywhere: boolean): Reading | undefined {
  const { program } = here;
  const [verb = "", ...others] = words;
  if (verb === "pkg" || verb === "set-script") return writtenScripts(others);
  if (execVerbs.has(verb)) return runAny(`${program} ${verb}`, others);
  if (runVerbs.has(verb)) return runScript(parseOptions(others, managerValues).rest, here, isEverywhere);
  const names = Object.hasOwn(lifecycles, verb) ? lifecycles[verb] : undefined;
  if (names !== undefined) return joinReadings(names.map((name) => runScript([name, ...others], here, isEverywhere)));
  return program === "npm" || verb === "" || ownVerbs.has(verb) ? nothing : runByName(words, here, isEverywhere);
}

/** `npm pkg set scripts.NAME=TEXT`: what is put there to be run later counts as run. */
function writtenScripts(words: readonly Word[]): Reading {
  const texts = words.flatMap(
    (word) => /^scripts\.[^=]+=([\s\S]*)$/.exec(word)?.[1] ?? (words[0] !== "set" && word === words[1] ? word : []),
  );
  return joinReadings(texts.map((text) => shellOf(text, "npm pkg set")));
}

/** yarn, pnpm and bun run scripts and programs by their bare name. */
function runByName(words: readonly Word[], here: Wrapped, isEverywhere: boolean): Reading | undefined {
  const script = runScript(words, here, isEverywhere);
  if (script.nested.length > 0 || script.effects.length > 0) return script;
  return here.program === "bun" ? undefined : runPackage(words, here.program);
}

const ownVerbs: ReadonlySet<string> = new Set(
  (
    "add remove rm install up update upgrade link unlink import init create config set get cache store list ls why outdated audit licenses publish pack version login logout " +
    "whoami dedupe rebuild prune patch fetch deploy-none help node env setup root bin workspaces workspace info plugin up pm build"
  ).split(" "),
);

/** `package.json` of the folder, or of one above it. */
function packageFiles(cwd: Word, facts: ReaderFacts, isEverywhere: boolean): readonly { folder: string; text: string }[] {
  if (!isKnown(cwd)) return [];
  const parts = cwd.split("/");
  const found: { folder: string; text: string }[] = [];
  for (let count = parts.length; count > 0 && found.length === 0; count -= 1) {
    const folder = parts.slice(0, count).join("/");
    const file = facts.readFile(`${folder}/package.json`);
    if (file?.kind === "text") found.push({ folder: folder === "" ? "/" : folder, text: file.text });
  }
  const root = found[0]?.folder;
  if (!isEverywhere || root === undefined) return found;
  for (const group of ["packages", "apps", "libs", "services", "sites"]) {
    for (const name of facts.listFolder(`${root}/${group}`).slice(0, 40)) {
      const file = facts.readFile(`${root}/${group}/${name}/package.json`);
      if (file?.kind === "text") found.push({ folder: `${root}/${group}/${name}`, text: file.text });
    }
  }
  return found;
}

/** A script with its `pre` and `post`, and the words behind it. */
function runScript(words: readonly Word[], { program, invocation, facts }: Wrapped, isEverywhere: boolean): Reading {
  const [name, ...behind] = words;
  if (name === undefined) return nothing;
  const args = behind[0] === "--" ? behind.slice(1) : behind;
  const readings = packageFiles(invocation.cwd, facts, isEverywhere).map(({ folder, text }) => {
    const scripts = scriptsOf(text);
    if (scripts === undefined) return unread(program, `${folder}/package.json, which is no JSON`, invocation);
    // Where nobody knows which script, all of them may be it.
    const names = isKnown(name) ? [name] : Object.keys(scripts);
    return joinReadings(
      names.flatMap((each) =>
        [`pre${each}`, each, `post${each}`].flatMap((key) => {
          const script = Object.hasOwn(scripts, key) ? scripts[key] : undefined;
          const tail = key === each && args.length > 0 ? ` ${args.map((word) => (word === hole ? hole : quoted([word]))).join(" ")}` : "";
          return typeof script === "string" ? [shellOf(`${script}${tail}`, `package script ${key}`, { cwd: folder })] : [];
        }),
      ),
    );
  });
  return joinReadings(readings);
}

function scriptsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (typeof parsed !== "object" || parsed === null || !("scripts" in parsed)) return {};
    const { scripts } = parsed;
    return typeof scripts === "object" && scripts !== null ? Object.fromEntries(Object.entries(scripts)) : {};
  } catch {
    return undefined;
  }
}

/** `npm-run-all a b`, `run-s`, `run-p`, `turbo run`, `nx run`: scripts by name, patterns included. */
export const readRunAll: WrapperReader = (wrapped) => {
  const { args, program } = wrapped;
  const { rest } = parseOptions(args, "F filter scope concurrency max-parallel n l c names");
  const names = (rest[0] === "run" ? rest.slice(1) : rest).filter((word) => !word.startsWith("-"));
  const isEverywhere = program === "turbo" || program === "nx" || program === "lerna";
  return joinReadings(
    names.map((name) => runScript([isKnown(name) && !name.includes("*") ? name : hole], { ...wrapped, program: "npm" }, isEverywhere)),
  );
};
