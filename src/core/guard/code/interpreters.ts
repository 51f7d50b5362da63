/** How interpreters are started: which options carry program text, which a file that is run, which a value of their own. Data from their manuals. */

import type { CodeLanguage } from "../invocation.ts";
import { own } from "./own.ts";
import { withoutVersion } from "./which-language.ts";

export interface Interpreter {
  readonly language: CodeLanguage;
  /** Letters whose value is program text: `c` for `-c TEXT`, `-cTEXT` and `-Bc TEXT`. */
  readonly code?: string;
  /** Letters whose value is a file that is run besides or instead. */
  readonly files?: string;
  /** Letters with another value, in the same word or the next. */
  readonly valued?: string;
  /** Letters whose value can only stand in the same word: `-i.bak`. */
  readonly attached?: string;
  /** Long options without dashes. */
  readonly longCode?: readonly string[];
  readonly longFiles?: readonly string[];
  readonly longValued?: readonly string[];
  /** First words: `run` is followed by a file, `eval` by text, `nothing` is of no interest. */
  readonly subcommands?: Readonly<Record<string, "file" | "code" | "nothing">>;
  /** Whether a first word that is no subcommand is a file (`bun x.ts`) or nothing at all (`go vet`). */
  readonly needsSubcommand?: boolean;
  /** Whether long options have one dash (`java -cp X`). */
  readonly hasSingleDashWords?: boolean;
  /** Options, with their dashes, under which a file is read and not run. */
  readonly checks?: readonly string[];
  /** Whether `!command` and `%magic` are part of its language. */
  readonly hasMagics?: boolean;
  /** Whether it reads commands from a terminal when it is started alone. */
  readonly isInteractive?: boolean;
}

const node: Interpreter = {
  language: "javascript",
  checks: ["--check", "-c"],
  code: "ep",
  files: "r",
  valued: "C",
  longCode: ["eval", "print"],
  longFiles: ["require", "import", "loader", "experimental-loader"],
  longValued: [
    "conditions",
    "title",
    "env-file",
    "env-file-if-exists",
    "input-type",
    "icu-data-dir",
    "disable-warning",
    "watch-path",
    "tsconfig",
    "project",
    "cwd",
    "test-name-pattern",
    "test-reporter",
    "test-reporter-destination",
  ],
  subcommands: { inspect: "file", watch: "file" },
  isInteractive: true,
};

const python: Interpreter = {
  language: "python",
  code: "c",
  valued: "WX",
  longValued: ["check-hash-based-pycs"],
  isInteractive: true,
};

const withEval = (letters: string): Interpreter => ({ language: "other", code: letters, longCode: ["eval"], isInteractive: true });

const table: Readonly<Record<string, Interpreter>> = {
  python,
  pypy: python,
  ipython: { ...python, hasMagics: true, longCode: ["c"], subcommands: { kernel: "nothing", locate: "nothing" } },
  jython: python,
  micropython: python,
  graalpy: python,
  coverage: { language: "python", subcommands: { run: "file" }, needsSubcommand: true, valued: "m", longValued: ["rcfile", "source"] },
  streamlit: { language: "python", subcommands: { run: "file" }, needsSubcommand: true },
  node,
  nodejs: node,
  iojs: node,
  tsx: node,
  "ts-node": { ...node, valued: "PCOD", longValued: ["project", "compiler", "cwd", "compiler-options", "script-mode"] },
  "ts-node-esm": { ...node, valued: "PCOD" },
  "ts-node-dev": node,
  "babel-node": node,
  "vite-node": node,
  esno: node,
  jiti: node,
  nodemon: { ...node, valued: "weC", code: "" },
  electron: node,
  qjs: node,
  zx: { ...node, files: "", longValued: ["prefix", "postfix", "shell", "cwd", "install"] },
  deno: {
    language: "javascript",
    valued: "cL",
    longValued: ["config", "import-map", "lock", "seed", "cert", "ext", "location", "log-level", "env-file"],
    subcommands: {
      run: "file",
      eval: "code",
      serve: "file",
      test: "file",
      bench: "file",
      fmt: "nothing",
      lint: "nothing",
      check: "nothing",
      doc: "nothing",
      info: "nothing",
      cache: "nothing",
      install: "nothing",
      add: "nothing",
      remove: "nothing",
      task: "nothing",
      upgrade: "nothing",
      types: "nothing",
      init: "nothing",
      compile: "nothing",
      bundle: "nothing",
      coverage: "nothing",
      publish: "nothing",
      repl: "nothing",
      completions: "nothing",
    },
    isInteractive: true,
  },
  bun: {
    language: "javascript",
    code: "ep",
    files: "r",
    longCode: ["eval", "print"],
    longFiles: ["preload", "require", "import"],
    longValued: ["cwd", "config", "env-file", "port"],
    subcommands: {
      run: "file",
      test: "nothing",
      build: "nothing",
      install: "nothing",
      i: "nothing",
      add: "nothing",
      a: "nothing",
      remove: "nothing",
      rm: "nothing",
      update: "nothing",
      link: "nothing",
      unlink: "nothing",
      pm: "nothing",
      outdated: "nothing",
      publish: "nothing",
      create: "nothing",
      c: "nothing",
      init: "nothing",
      upgrade: "nothing",
      x: "nothing",
      repl: "nothing",
      exec: "nothing",
    },
  },
  ruby: { language: "ruby", checks: ["-c"], code: "e", files: "r", valued: "ICEX", attached: "iFKTWx0", isInteractive: false },
  jruby: { language: "ruby", code: "e", files: "r", valued: "ICEJ", attached: "iFKTWx0" },
  irb: { language: "ruby", files: "r", valued: "I", isInteractive: true },
  perl: { language: "perl", code: "eE", attached: "iFxlMmICDTV0" },
  raku: { language: "perl", code: "e", valued: "MI", isInteractive: true },
  php: {
    language: "php",
    checks: ["-l", "--syntax-check"],
    code: "rBRE",
    files: "fF",
    valued: "dczStg",
    longCode: ["run", "process-begin", "process-code", "process-end"],
    longFiles: ["file", "process-file"],
    longValued: ["define", "php-ini", "server", "docroot"],
  },
  lua: { language: "other", code: "e", valued: "l", attached: "j", isInteractive: true },
  luajit: { language: "other", code: "e", valued: "l", attached: "jOb", isInteractive: true },
  julia: {
    language: "other",
    code: "eE",
    files: "L",
    valued: "JCptm",
    longCode: ["eval", "print"],
    longFiles: ["load"],
    isInteractive: true,
  },
  rscript: { language: "other", code: "e" },
  r: { language: "other", code: "e", files: "f", longFiles: ["file"], isInteractive: true },
  littler: { language: "other", code: "e" },
  go: { language: "other", subcommands: { run: "file" }, needsSubcommand: true },
  java: {
    language: "other",
    longValued: ["cp", "classpath", "class-path", "jar", "m", "module", "p", "module-path"],
    hasSingleDashWords: true,
  },
  jshell: { language: "other", longValued: ["class-path", "startup", "add-exports"], attached: "RC", isInteractive: true },
  groovy: { language: "other", code: "e", valued: "c", longValued: ["classpath", "cp"] },
  scala: { language: "other", code: "e", subcommands: { run: "file" } },
  kotlin: { language: "other", code: "e" },
  swift: { language: "other", code: "e", subcommands: { build: "nothing", test: "nothing", package: "nothing", run: "nothing" } },
  crystal: { language: "ruby", subcommands: { eval: "code", run: "file" }, needsSubcommand: true },
  elixir: { language: "other", code: "e", valued: "r", longCode: ["eval", "rpc-eval"] },
  erl: { language: "other", longCode: ["eval"], hasSingleDashWords: true },
  clojure: withEval("e"),
  clj: withEval("e"),
  bb: withEval("e"),
  racket: withEval("e"),
  guile: withEval("c"),
  sbcl: { ...withEval(""), longFiles: ["load", "script"] },
  octave: withEval(""),
  dart: { language: "other", subcommands: { run: "file" } },
  tclsh: { language: "other", isInteractive: true },
  wish: { language: "other", isInteractive: true },
  expect: { language: "other", code: "c", files: "f", isInteractive: true },
  osascript: { language: "other", code: "e", valued: "ls", isInteractive: true },
};

/** The interpreter of that name (`python3.12`, `node`), if it is one. */
export const interpreterOf = (program: string): Interpreter | undefined => own(table, program) ?? own(table, withoutVersion(program));
