/** Files that variables have an interpreter run before its script: `NODE_OPTIONS=--require=./a.js`. */

import { absolutePath } from "../absolute-path.ts";
import type { CodeLanguage, Nested } from "../invocation.ts";
import type { Reader } from "../reading.ts";
import { isKnown, type Word } from "../word.ts";

interface Preload {
  readonly variable: string;
  readonly as: CodeLanguage | "shell";
  /** The files that its text names, from the working folder. */
  readonly files: (text: Word) => readonly Word[];
}

const matched = (text: Word, option: RegExp): readonly Word[] =>
  [...text.matchAll(option)].flatMap(({ groups }) => groups?.["file"] ?? []).map((file) => file.replace(/^file:\/\//u, ""));

const preloads: readonly Preload[] = [
  {
    variable: "NODE_OPTIONS",
    as: "javascript",
    files: (text) => matched(text, /(?:^|\s)(?:--(?:require|import|loader|experimental-loader)[= ]|-r\s?)"?(?<file>[^\s"]+)/gu),
  },
  // Shells by name say more exactly what they find there.
  { variable: "BASH_ENV", as: "shell", files: (text) => [text] },
  { variable: "RUBYOPT", as: "ruby", files: (text) => matched(text, /(?:^|\s)-r\s?(?<file>\S+)/gu).flatMap(withEnding(".rb")) },
  {
    variable: "PERL5OPT",
    as: "perl",
    files: (text) => {
      const folders = ["", ...matched(text, /(?:^|\s)(?:-Mlib=|-I)(?<file>\S+)/gu).map((folder) => `${folder}/`)];
      const modules = matched(text, /(?:^|\s)-[Mm](?!lib=)(?<file>[\w:]+)/gu).map((name) => `${name.replaceAll("::", "/")}.pm`);
      return modules.flatMap((name) => folders.map((folder) => `${folder}${name}`));
    },
  },
];

const withEnding =
  (ending: string) =>
  (file: Word): readonly Word[] =>
    file.endsWith(ending) ? [file] : [file, `${file}${ending}`];

const filesMax = 8;

/** Whatever is started may start that interpreter in its turn. Only what lies there is read: packages are known by name alone. */
export const preloaded: Reader = ({ argv, cwd, env }, facts) => {
  const [program = "", ...words] = argv;
  const nested = preloads.flatMap(({ variable, as, files }): Nested[] => {
    // What is no path finds itself in the search path, and its own script seldom is bash's.
    const text = as !== "shell" || /^\.{0,2}\//u.test(program) ? (env.get(variable) ?? "") : "";
    const paths = text === "" ? [] : files(text).slice(0, filesMax);
    return paths
      .map((path) => absolutePath(cwd, path))
      .filter((path) => isKnown(path) && facts.readFile(path)?.kind === "text")
      .map((path) => ({ kind: "file", path, as, args: as === "shell" ? words : [], through: variable }));
  });
  return nested.length === 0 ? undefined : { effects: [], nested };
};
