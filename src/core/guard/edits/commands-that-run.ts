/** How a file that is being written would be run, if it is a script: commands that are then read like any other. */

import type { CodeLanguage } from "../invocation.ts";
import { ciFolders, ciScripts, isCiFile } from "./ci-scripts.ts";
import { folderOf, nameOf } from "./key-under.ts";

/** Larger files are judged when they are run. */
const scriptCharsMax: number = 256 * 1024;
const namesMax = 200;

/** What documents are written in is never run, whatever it shows. */
const document = /\.(?:md|mdx|markdown|rst|adoc|txt|html?|xhtml|svg|xml|csv|tsv|css|scss|less|map|ipynb|log|patch|diff|po|tex)$/iu;

const programs: Readonly<Partial<Record<CodeLanguage | "shell", string>>> = {
  shell: "bash",
  python: "python3",
  javascript: "node",
  ruby: "ruby",
  perl: "perl",
  php: "php",
  awk: "awk -f",
  powershell: "pwsh -File",
};

/** Where the commands of a file run: in its own folder, or in the repository that CI checks out. */
export const foldersThatRun = (path: string, text: string): readonly string[] =>
  isCiFile(path) ? ciFolders(path, text) : [folderOf(path)];

/** Whole command texts, for each folder of `foldersThatRun`; empty where it is no script. `language` as `whichLanguage` tells it. */
export function commandsThatRun(path: string, text: string, language: CodeLanguage | "shell" | undefined): readonly string[] {
  if (text.length > scriptCharsMax || document.test(path)) return [];
  const name = nameOf(path);
  const file = quoted(path);
  if (name === "package.json") return scriptsIn(text).map((script) => `npm run ${quoted(script)}`);
  if (/^(?:GNU)?makefile$|\.mk$/iu.test(name))
    return targetsIn(text, /^(?<name>[\w./-]+)\s*:(?!=)/gmu).map((target) => `make -f ${file} ${quoted(target)}`);
  if (/^\.?justfile$|\.just$/iu.test(name))
    return targetsIn(text, /^@?(?<name>[\w-]+)[^:=\n]*:(?!=)/gmu).map((target) => `just -f ${file} ${quoted(target)}`);
  if (isCiFile(path)) return ciScripts(text);
  const program = language === undefined ? undefined : programs[language];
  return program === undefined ? [] : [`${program} ${file}`];
}

function scriptsIn(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("scripts" in value)) return [];
    const { scripts } = value;
    return typeof scripts === "object" && scripts !== null ? Object.keys(scripts).slice(0, namesMax) : [];
  } catch {
    return [];
  }
}

function targetsIn(text: string, pattern: RegExp): readonly string[] {
  const names = [...text.matchAll(pattern)].flatMap(({ groups }) => groups?.["name"] ?? []);
  return [...new Set(names)].filter((name) => !name.startsWith(".") && !name.startsWith("-")).slice(0, namesMax);
}

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
