/** What a file that is run is written in: its first line decides, then its name, then what its text cannot be anything else than. */

import type { CodeLanguage } from "../invocation.ts";
import { own } from "./own.ts";

const byExtension: Readonly<Record<string, CodeLanguage | "shell">> = {
  awk: "awk",
  bash: "shell",
  bats: "shell",
  cjs: "javascript",
  command: "shell",
  cts: "javascript",
  dash: "shell",
  exp: "other",
  fish: "shell",
  gawk: "awk",
  go: "other",
  groovy: "other",
  java: "other",
  jl: "other",
  js: "javascript",
  jsh: "other",
  jsx: "javascript",
  ksh: "shell",
  kts: "other",
  lua: "other",
  mjs: "javascript",
  mts: "javascript",
  php: "php",
  phtml: "php",
  pl: "perl",
  pm: "perl",
  ps1: "powershell",
  psd1: "powershell",
  psm1: "powershell",
  py: "python",
  pyi: "python",
  pyw: "python",
  r: "other",
  rake: "ruby",
  rb: "ruby",
  sh: "shell",
  tcl: "other",
  ts: "javascript",
  tsx: "javascript",
  zsh: "shell",
};

const byName: Readonly<Record<string, CodeLanguage | "shell">> = {
  gemfile: "ruby",
  rakefile: "ruby",
  capfile: "ruby",
  fastfile: "ruby",
  ".bashrc": "shell",
  ".bash_profile": "shell",
  ".profile": "shell",
  ".zshrc": "shell",
  ".envrc": "shell",
};

/** Interpreters by the name of their program, without version numbers. */
const byProgram: Readonly<Record<string, CodeLanguage | "shell">> = {
  ash: "shell",
  awk: "awk",
  bash: "shell",
  bun: "javascript",
  dash: "shell",
  deno: "javascript",
  expect: "other",
  fish: "shell",
  gawk: "awk",
  go: "other",
  gorun: "other",
  groovy: "other",
  ipython: "python",
  jshell: "other",
  julia: "other",
  jruby: "ruby",
  ksh: "shell",
  lua: "other",
  luajit: "other",
  mawk: "awk",
  nawk: "awk",
  node: "javascript",
  nodejs: "javascript",
  osascript: "other",
  perl: "perl",
  php: "php",
  powershell: "powershell",
  pwsh: "powershell",
  pypy: "python",
  python: "python",
  rscript: "other",
  ruby: "ruby",
  sh: "shell",
  tclsh: "other",
  "ts-node": "javascript",
  tsx: "javascript",
  wish: "other",
  zsh: "shell",
  zx: "javascript",
};

/** The last part of a path, without `.exe`, lower case. Pure text: the path may be of another system. */
export function programName(path: string): string {
  const last = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1).toLowerCase();
  return /\.(?:exe|cmd|bat|com)$/.test(last) ? last.slice(0, -4) : last;
}

/** `python3.12` → python, `ruby2.7` → ruby, `node22` → node. */
export const withoutVersion = (program: string): string => program.replace(/-?\d[\d.]{0,12}$/, "");

function languageOfProgram(program: string): CodeLanguage | "shell" | undefined {
  const name = programName(program);
  return own(byProgram, name) ?? own(byProgram, withoutVersion(name));
}

/** `#!/usr/bin/env -S uv run --script` and the like: the first word of the line that names an interpreter. */
function languageOfShebang(text: string): CodeLanguage | "shell" | undefined {
  if (!text.startsWith("#!")) return undefined;
  const line = text.slice(2, 300).split("\n", 1)[0] ?? "";
  const words = line.trim().split(/\s+/);
  if (words.some((word) => programName(word) === "uv" || programName(word) === "pipx")) return "python";
  for (const word of words) {
    const language = languageOfProgram(word);
    if (language !== undefined) return language;
  }
  return undefined;
}

/** First lines that only one family of languages begins with. */
const byOpening: readonly (readonly [RegExp, CodeLanguage | "shell"])[] = [
  [/^\s*<\?(?:php|=)/, "php"],
  [/^(?:import [A-Za-z_][\w.]*(?: as \w+)?(?:, ?[\w.]+)*$|from [\w.]+ import )/m, "python"],
  [/^package main\b/m, "other"],
  [/^(?:import .* from ["']|(?:const|let|var) .*\brequire\()/m, "javascript"],
  [/^use (?:strict|warnings);/m, "perl"],
  [/^(?:set -[a-z]*e|export [A-Za-z_]\w*=)/m, "shell"],
];

/**
 * The language of a script, or `undefined` where it is none that is known. `path` may be empty, `text` too: what is there decides,
 * a first line (`#!`) before the name, the name before the text.
 */
export function whichLanguage(path: string, text: string): CodeLanguage | "shell" | undefined {
  const shebang = languageOfShebang(text);
  if (shebang !== undefined) return shebang;
  const name = programName(path);
  const named = own(byName, name);
  if (named !== undefined) return named;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? own(byExtension, name.slice(dot + 1)) : undefined;
  if (extension !== undefined) return extension;
  // A name that says something else (`notes.md`, `index.html`) is believed.
  if (dot > 0) return undefined;
  const opening = text.slice(0, 4096);
  return byOpening.find(([pattern]) => pattern.test(opening))?.[1];
}
