/** Reads programs that run programs: interpreters with text, a script, or what is piped to them; editors, pagers and consoles with a way out. */

import type { Effect } from "../effect.ts";
import type { Invocation, Nested } from "../invocation.ts";
import { nothing } from "../reading.ts";
import type { Reader, ReaderFacts, Reading } from "../reading.ts";
import { hole, isKnown } from "../word.ts";
import type { Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";
import { awkReading } from "./awk.ts";
import { startOf } from "./code-start.ts";
import type { CodeStart } from "./code-start.ts";
import { cmdReading, debuggerReading, sqliteReading, sqlReading } from "./consoles.ts";
import { edReading, emacsReading, pagerReading, viReading } from "./editors.ts";
import { interpreterLine } from "./interpreter-line.ts";
import type { InterpreterLine } from "./interpreter-line.ts";
import { fromIpython } from "./ipython.ts";
import { interpreterOf } from "./interpreters.ts";
import type { Interpreter } from "./interpreters.ts";
import { own } from "./own.ts";
import { powershellReading } from "./powershell-line.ts";
import { readCode } from "./read-code.ts";
import { joined } from "./readings.ts";
import { sedReading } from "./sed.ts";
import { programName, whichLanguage, withoutVersion } from "./which-language.ts";

/** `python -m MODULE`: those that are programs of their own. */
const programsOfModules: Readonly<Record<string, string>> = {
  awscli: "aws",
  "awscli.clidriver": "aws",
  awslocal: "awslocal",
  s3cmd: "s3cmd",
  s4cmd: "s4cmd",
  httpie: "http",
  gsutil: "gsutil",
  ansible: "ansible",
  IPython: "ipython",
  ipython: "ipython",
  bpython: "python",
  invoke: "invoke",
};

/** Modules that run the file named after them. */
const runners = new Set([
  "pdb",
  "cProfile",
  "profile",
  "trace",
  "runpy",
  "coverage",
  "doctest",
  "ipdb",
  "viztracer",
  "kernprof",
  "line_profiler",
  "debugpy",
]);

const delegated = (program: string, invocation: Invocation): Effect => ({
  tool: program,
  verb: "delegate",
  destination: { kind: "opaque", about: `an interactive ${program}` },
  through: invocation.through,
});

const opaque = (program: string, about: string, through: readonly string[]): Effect => ({
  tool: program,
  verb: "write",
  destination: { kind: "opaque", about },
  through,
});

function readModule(line: InterpreterLine, program: string, invocation: Invocation): readonly Nested[] {
  const module = (line.module ?? "").replace(/\.__main__$/, "");
  const asProgram = own(programsOfModules, module);
  const through = `${program} -m ${module}`;
  if (asProgram !== undefined) return [{ kind: "argv", argv: [asProgram, ...line.args], at: {}, through }];
  if (runners.has(module)) {
    const script = line.args.findIndex((word) => word.endsWith(".py"));
    const path = line.args[script];
    return path === undefined ? [] : [fileOf(path, { as: "python", args: line.args.slice(script + 1), through, cwd: invocation.cwd })];
  }
  if (module === "timeit" || module === "code") {
    const text = line.args.filter((word) => !word.startsWith("-")).join("\n");
    return [{ kind: "code", language: "python", text, through }];
  }
  return [];
}

interface FileToRun {
  readonly as: Interpreter["language"];
  readonly args: readonly Word[];
  readonly through: string;
  readonly cwd: Word;
}

const fileOf = (path: Word, run: FileToRun): Nested => ({
  kind: "file",
  path: absolutePath(run.cwd, path),
  as: run.as,
  args: run.args,
  through: run.through,
});

/** A module that lies in the working folder: `python -m deploy` runs `deploy.py` or `deploy/__main__.py`. */
function moduleFiles(line: InterpreterLine, invocation: Invocation, facts: ReaderFacts): readonly Word[] {
  if (line.module === undefined || !/^[\w.]+$/.test(line.module) || !isKnown(invocation.cwd)) return [];
  const base = absolutePath(invocation.cwd, line.module.replaceAll(".", "/"));
  return [`${base}.py`, `${base}/__main__.py`].filter((path) => facts.readFile(path) !== undefined);
}

/** `go run .` runs every file of the folder that is no test. */
function goFiles(files: readonly Word[], invocation: Invocation, facts: ReaderFacts): readonly Word[] {
  return files.flatMap((file) => {
    if (file.endsWith(".go")) return [file];
    const folder = absolutePath(invocation.cwd, file);
    if (!isKnown(folder)) return [];
    return facts
      .listFolder(folder)
      .filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))
      .slice(0, 40)
      .map((name) => `${folder}/${name}`);
  });
}

/** `node .` runs what package.json calls `main`, `python3 .` runs `__main__.py`; a file is itself. */
function entryFiles(file: Word, { language }: Interpreter, invocation: Invocation, facts: ReaderFacts): readonly Word[] {
  const folder = absolutePath(invocation.cwd, file);
  if ((language !== "javascript" && language !== "python") || !isKnown(folder) || facts.listFolder(folder).length === 0) return [file];
  const names =
    language === "python" ? ["__main__.py"] : [...mainOf(facts.readFile(`${folder}/package.json`)), "index.js", "index.cjs", "index.mjs"];
  return names.map((name) => absolutePath(folder, name)).filter((path) => facts.readFile(path) !== undefined);
}

function mainOf(file: ReturnType<ReaderFacts["readFile"]>): readonly string[] {
  const [, main] = file?.kind === "text" ? (/"main"\s*:\s*"([^"\\]+)"/u.exec(file.text) ?? []) : [];
  return main === undefined ? [] : [main, `${main}.js`];
}

/** `deno task NAME`: a line of deno.json, for a shell. */
function denoTask(words: readonly Word[], invocation: Invocation, facts: ReaderFacts): readonly Nested[] {
  const name = words.find((word) => !word.startsWith("-"));
  for (const file of ["deno.json", "deno.jsonc", "package.json"]) {
    const found = facts.readFile(absolutePath(invocation.cwd, file));
    if (found?.kind !== "text" || name === undefined) continue;
    // Comments make it no JSON, so the one line is looked for in the text.
    const quoted = name.replaceAll(/[^\w-]/g, "\\$&");
    const match = new RegExp(`"${quoted}"\\s*:\\s*("(?:[^"\\\\\\n]|\\\\.)*")`).exec(found.text);
    if (match?.[1] === undefined) continue;
    return [{ kind: "shell", text: String(JSON.parse(match[1])), at: {}, through: `deno task ${name}` }];
  }
  return [];
}

/** Files that Perl or Ruby rewrite in place. */
const inPlace = (line: InterpreterLine, program: string, invocation: Invocation): readonly Effect[] =>
  line.isInPlace
    ? [...line.files, ...line.args].map((path) => ({
        tool: `${program} -i`,
        verb: "write",
        destination: { kind: "file", path: absolutePath(invocation.cwd, path) },
        through: invocation.through,
      }))
    : [];

function readStdin(interpreter: Interpreter, program: string, invocation: Invocation, facts: ReaderFacts): Reading {
  const { stdin } = invocation;
  if (stdin === undefined) return interpreter.isInteractive === true ? { effects: [delegated(program, invocation)], nested: [] } : nothing;
  const { stdin: _, ...start } = startOf(invocation, program, []);
  if (stdin.replaceAll(hole, "").trim() === "" && stdin.includes(hole)) {
    return { effects: [opaque(program, `text that only running would tell, piped to ${program}`, invocation.through)], nested: [] };
  }
  return readCode(interpreter.language, interpreter.hasMagics === true ? fromIpython(stdin) : stdin, facts, start);
}

function readInterpreter(interpreter: Interpreter, program: string, invocation: Invocation, facts: ReaderFacts): Reading {
  const words = invocation.argv.slice(1);
  const script = scriptByName(program, words, invocation, facts);
  if (script !== undefined) return { effects: [], nested: script };
  const line = interpreterLine(interpreter, words);
  if (line.isHarmless) return nothing;
  const readings = [...textReadings(interpreter, line, startOf(invocation, program, line.args), facts)];
  const scripts =
    program === "go"
      ? goFiles(line.files, invocation, facts)
      : line.files.flatMap((file) => entryFiles(file, interpreter, invocation, facts));
  const run = { as: interpreter.language, args: line.args, through: program, cwd: invocation.cwd };
  const files = line.isInPlace ? [] : [...scripts, ...moduleFiles(line, invocation, facts)].map((path) => fileOf(path, run));
  readings.push({ effects: inPlace(line, program, invocation), nested: [...files, ...readModule(line, program, invocation)] });
  if (line.readsStdin) readings.push(readStdin(interpreter, program, invocation, facts));
  return joined(readings);
}

/** `deno task NAME` and `node --run NAME` run lines of a configuration. */
function scriptByName(program: string, words: readonly Word[], invocation: Invocation, facts: ReaderFacts): readonly Nested[] | undefined {
  if (program === "deno" && words[0] === "task") return denoTask(words.slice(1), invocation, facts);
  const at = program === "node" ? words.findIndex((word) => /^--run(?:=|$)/.test(word)) : -1;
  // Behind a script, the option is the script's own.
  if (at < 0 || words.slice(0, at).some((word) => !word.startsWith("-"))) return undefined;
  const [run = "", ...behind] = words.slice(at);
  const named = run === "--run" ? behind : [run.slice("--run=".length), ...behind];
  return [{ kind: "argv", argv: ["npm", "run", ...named], at: {}, through: "node --run" }];
}

/** Texts of one line are one program where the language says so: `ruby -e … -e …`. */
function textReadings(interpreter: Interpreter, line: InterpreterLine, start: CodeStart, facts: ReaderFacts): readonly Reading[] {
  const isOne = interpreter.language === "ruby" || interpreter.language === "perl" || interpreter.language === "other";
  const texts = isOne ? [line.code.join("\n")] : interpreter.hasMagics === true ? line.code.map(fromIpython) : line.code;
  return texts.filter((text) => text !== "").map((text) => readCode(interpreter.language, text, facts, start));
}

/** `uv run up.py` leaves `up.py`, which no shell would find, but the runner does. */
function scriptOfRunner(invocation: Invocation, facts: ReaderFacts): Reading | undefined {
  const [script = "", ...args] = invocation.argv;
  if (script.includes("/") || !isKnown(script) || invocation.through.length === 0) return undefined;
  const language = whichLanguage(script, "");
  if (language === undefined || language === "shell" || !isKnown(invocation.cwd)) return undefined;
  if (facts.readFile(absolutePath(invocation.cwd, script)) === undefined) return undefined;
  return { effects: [], nested: [fileOf(script, { as: language, args, through: script, cwd: invocation.cwd })] };
}

/** Jupyter and papermill: notebooks that are run from the command line. */
function notebookReading(invocation: Invocation, program: string): Reading | undefined {
  const words = invocation.argv.slice(1);
  const runs = program === "papermill" || /^(?:execute|run)$/.test(words[0] ?? "") || words.includes("--execute");
  if (!runs) return undefined;
  const run = { as: "python", args: [], through: program, cwd: invocation.cwd } as const;
  return {
    effects: [],
    nested: words
      .filter((word) => word.endsWith(".ipynb"))
      .slice(0, 1)
      .map((path) => fileOf(path, run)),
  };
}

type Special = (invocation: Invocation, program: string) => Reading | undefined;

const vi: Special = (invocation, program) => viReading(invocation, program);
const sql: Special = (invocation, program) => sqlReading(invocation, program);
const debug: Special = (invocation, program) => debuggerReading(invocation, program);

/** Programs that are no interpreters of scripts, but have a way out. */
const specials: Readonly<Record<string, Special>> = {
  awk: awkReading,
  gawk: awkReading,
  mawk: awkReading,
  nawk: awkReading,
  goawk: awkReading,
  sed: sedReading,
  gsed: sedReading,
  vi,
  vim: vi,
  nvim: vi,
  gvim: vi,
  mvim: vi,
  rvim: vi,
  view: vi,
  vimdiff: vi,
  ex: vi,
  ed: edReading,
  red: edReading,
  emacs: emacsReading,
  emacsclient: emacsReading,
  less: pagerReading,
  more: pagerReading,
  most: pagerReading,
  psql: sql,
  mysql: sql,
  mariadb: sql,
  sqlite3: sqliteReading,
  sqlite: sqliteReading,
  gdb: debug,
  lldb: debug,
  cmd: cmdReading,
  jupyter: notebookReading,
  "jupyter-nbconvert": notebookReading,
  "jupyter-execute": notebookReading,
  papermill: notebookReading,
  pwsh: powershellReading,
  powershell: powershellReading,
};

/** Reads interpreters, awk, editors, pagers, consoles and PowerShell. */
export const codeReader: Reader = (invocation, facts) => {
  const program = programName(invocation.argv[0] ?? "");
  const special = own(specials, program);
  if (special !== undefined) return special(invocation, program);
  const interpreter = interpreterOf(program);
  if (interpreter !== undefined) return readInterpreter(interpreter, withoutVersion(program), invocation, facts);
  return scriptOfRunner(invocation, facts);
};
