/** git, where it writes into the working copy. A push deploys nothing by itself. Source: git's manual pages. */

import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { absolutePath } from "./absolute-path.ts";
import { parseArguments, valuesOf, words } from "./arguments.ts";
import { patchedPaths } from "./patched-paths.ts";
import { effectOf, reading, textOf, type Call } from "./reading-of.ts";

const ownValued: ReadonlySet<string> = words("-C -c --git-dir --work-tree --namespace --exec-path-- --super-prefix --config-env");
const writing: ReadonlySet<string> = words(
  "checkout restore reset clean pull apply am stash switch merge rebase cherry-pick revert rm mv checkout-index read-tree sparse-checkout submodule clone worktree archive bundle-- format-patch-- init--",
);
/** Whose operands are paths of the working copy, wholly or after `--`. */
const pathed: ReadonlySet<string> = words("checkout restore rm mv clean reset checkout-index");
const subValued: ReadonlySet<string> = words(
  "-b -B -s --source --directory -m --message -o --output --pathspec-from-file -X -S --orphan -t-- --prefix -p-- --depth --branch --reference -e --exclude",
);

export function readGit(call: Call): Reading | undefined {
  const own = parseArguments(call.args, { valued: ownValued, stopsAtOperand: true });
  const [verb = "", ...rest] = own.operands;
  if (!writing.has(verb) || leavesAll(verb, rest)) return undefined;
  const folders = [...(own.options.get("-C") ?? []), ...(own.options.get("--work-tree") ?? [])];
  const top = folders.reduce((at, folder) => absolutePath(at, folder), call.invocation.cwd);
  const taking = taken.has(verb);
  const named = pathsOf(call, verb, rest).map((path) => absolutePath(top, path));
  // What else it brings lies somewhere in the working copy, which has folders of settings in it as a matter of course.
  const anywhere = verb === "archive" || verb === "clone" ? [] : [`${top}/${hole}`];
  return reading(
    ...[...named, ...anywhere].map((path) =>
      effectOf(call, { tool: `git ${verb}`, verb: taking && isKnown(path) ? "delete" : "write", destination: { kind: "file", path } }),
    ),
  );
}

const taken: ReadonlySet<string> = words("rm clean mv");

function leavesAll(verb: string, rest: readonly Word[]): boolean {
  if (rest.some((word) => word === "--dry-run" || word === "--check" || word === "--stat")) return true;
  if (verb === "clean") return rest.some((word) => /^-[a-z]*n/u.test(word));
  return verb === "stash" && /^(?:list|show|drop|clear)$/u.test(rest[0] ?? "");
}

function pathsOf(call: Call, verb: string, rest: readonly Word[]): readonly Word[] {
  const given = parseArguments(rest, { valued: subValued });
  if (verb === "clone") return given.operands.slice(1, 2);
  if (verb === "archive") return valuesOf(given, "-o", "--output");
  if (verb === "apply" || verb === "am") return patchedPaths(patchTexts(call, given.operands));
  return pathed.has(verb) ? given.operands : [];
}

const patchTexts = (call: Call, files: readonly Word[]): Word =>
  files.length === 0 ? (call.invocation.stdin ?? "") : files.map((path) => textOf(call, path)).join("\n");
