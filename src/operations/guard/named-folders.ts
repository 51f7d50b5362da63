/** Folders that a call leads to besides its own: `cd ../other && …` is bound by the belay.yaml of the other one too. */

import type { AgentCall } from "../../core/guard/agent-call.ts";

const textMax = 64 * 1024;
const wordMax = 1024;
const foldersMax = 32;

/** Behind these words stands a folder, whatever it looks like. */
const moves: ReadonlySet<string> = new Set(["cd", "pushd", "-C", "--cwd", "--prefix", "--chdir", "--directory", "--dir"]);

/** As written, without quotation marks and escapes, or as absolute paths; at most `foldersMax`. Files stand for the folder they lie in. */
export function foldersNamedBy(call: AgentCall): string[] {
  switch (call.kind) {
    case "shell":
      return [...new Set([call.cwd, ...pathsIn(call.command.slice(0, textMax))])].slice(0, foldersMax);
    case "files":
      return [...new Set(call.changes.map(({ path }) => path))].slice(0, foldersMax);
    case "mcp":
    case "other":
      return [];
  }
}

/** Words with a slash that are no address, and words behind one that moves; of a word that is known in part, the part. */
function pathsIn(text: string): string[] {
  const found = new Set<string>();
  let before = "";
  for (const word of wordsOf(text)) {
    const value = word.slice(word.indexOf("=") + 1);
    const isPath = moves.has(before) ? !word.startsWith("-") : value.includes("/") && !value.includes("://");
    const path = isPath ? knownPart(value) : "";
    if (path !== "") found.add(path);
    if (found.size >= foldersMax) break;
    before = word;
  }
  return [...found];
}

/** Up to the last slash before what only running would tell. */
function knownPart(word: string): string {
  const open = word.search(/[$`*?[{]/u);
  return open === -1 ? word : word.slice(0, word.lastIndexOf("/", open) + 1);
}

const plain = /[^\s;&|()<>"'`\\{}]+/uy;

/** Roughly as a shell splits them, also inside of quoted commands and substitutions: what is taken for a path too many costs a look. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let [word, at] = ["", 0];
  const end = (): void => {
    if (word !== "" && word.length <= wordMax) words.push(word);
    word = "";
  };
  while (at < text.length) {
    const sign = text.charAt(at);
    const close = sign === "'" || sign === '"' ? text.indexOf(sign, at + 1) : -1;
    plain.lastIndex = at;
    const run = plain.exec(text)?.[0];
    if (run !== undefined) word += run;
    else if (close !== -1) {
      const inside = text.slice(at + 1, close);
      word += inside;
      // A whole command may stand in quotation marks: `bash -c 'cd web && …'`.
      if (/[\s;&|]/u.test(inside)) words.push(...inside.split(/[\s;&|()<>"'`]+/u).filter((part) => part !== ""));
    } else if (sign === "\\") word += text.charAt(at + 1);
    else end();
    at = run !== undefined ? at + run.length : close !== -1 ? close + 1 : at + (sign === "\\" ? 2 : 1);
  }
  end();
  return words;
}
