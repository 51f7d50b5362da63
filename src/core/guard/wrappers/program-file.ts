/** `./deploy.sh`: a script that is run by its path. */

import type { Reader, ReaderFacts } from "../reading.ts";
import { isKnown, type Word } from "../word.ts";
import { resolvePath } from "../shell/paths.ts";
import { whichLanguage } from "../code/which-language.ts";

/** Of the system and of packages: read as nothing, as their tools are known by name. */
const installed = /^\/(?:usr|bin|sbin|opt|nix|lib|snap)\/|\/node_modules\//;

/** Where the command itself sets PATH, as far as its folders are known. */
function onPath(program: string, path: Word | undefined, facts: ReaderFacts): string | undefined {
  const folders = (path ?? "").split(":").filter((folder) => folder.startsWith("/") && isKnown(folder));
  return folders.map((folder) => resolvePath(folder, program)).find((file) => facts.readFile(file) !== undefined);
}

/** A text that some shell or interpreter runs; anything else is a program of its own, and what it does shows nowhere. */
export const programFile: Reader = ({ argv, cwd, env }, facts) => {
  const [program = "", ...args] = argv;
  if (!isKnown(program)) return undefined;
  const path = program.includes("/") ? resolvePath(cwd, program) : onPath(program, env.get("PATH"), facts);
  if (path === undefined || !isKnown(path) || (installed.test(path) && !path.startsWith(cwd))) return undefined;
  const found = facts.readFile(path);
  if (found === undefined) return undefined;
  if (found.kind === "unreadable") {
    // What this command itself wrote and what nobody can read runs now.
    return found.why === "written by the same command"
      ? { effects: [], nested: [{ kind: "file", path, args, through: program }] }
      : undefined;
  }
  const language = whichLanguage(path, found.text) ?? (found.text.startsWith("#!") ? undefined : "shell");
  return language === undefined ? undefined : { effects: [], nested: [{ kind: "file", path, as: language, args, through: program }] };
};
