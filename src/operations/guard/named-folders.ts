/** Folders that a call leads to besides its own: `cd ../other && …` is bound by the belay.yaml of the other one too. */

import type { AgentCall } from "../../core/guard/agent-call.ts";

const textMax = 64 * 1024;
const foldersMax = 16;

/** Words after `cd`, `pushd`, `-C`, `--cwd`, `--prefix`, `--chdir`. */
const moves =
  /(?:^|[\s;&|({`])(?:cd|pushd|-C|--cwd|--prefix|--chdir|--directory)[\s=]+(?:--\s+)?(?:"([^"\n]{1,1024})"|'([^'\n]{1,1024})'|([^\s;&|()<>"'`]{1,1024}))/gu;
/** Words that are paths of their own: absolute, or up and over. */
const paths = /(?:^|[\s=;&|("'])((?:\.\.|~)?\/[^\s;&|()<>"'`$*?]{1,1024})/gu;

/** As written, or as absolute paths; at most sixteen. Files stand for the folder they lie in. */
export function foldersNamedBy(call: AgentCall): string[] {
  switch (call.kind) {
    case "shell": {
      const text = call.command.slice(0, textMax);
      return [...new Set([call.cwd, ...matchesOf(moves, text), ...matchesOf(paths, text)])].slice(0, foldersMax);
    }
    case "files":
      return [...new Set(call.changes.map(({ path }) => path))].slice(0, foldersMax);
    case "mcp":
    case "other":
      return [];
  }
}

function matchesOf(pattern: RegExp, text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(pattern)) {
    const [, ...groups] = match;
    const word = groups.find((group) => group !== undefined);
    if (word !== undefined) found.push(word);
    if (found.length >= foldersMax) break;
  }
  return found;
}
