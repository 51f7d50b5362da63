/** git, where it writes into the working copy. A push deploys nothing by itself. Source: git's manual pages. */

import type { Effect, EffectVerb } from "../effect.ts";
import type { Reading } from "../reading.ts";
import { hole, isKnown, type Word } from "../word.ts";
import { absolutePath } from "../absolute-path.ts";
import { has, parseArguments, valuesOf, words, type Arguments } from "./arguments.ts";
import { readPathspecs } from "./git-pathspecs.ts";
import { patchedPaths } from "./patched-paths.ts";
import { effectOf, reading, textOf, type Call } from "./reading-of.ts";

const ownValued: ReadonlySet<string> = words("-C -c --git-dir --work-tree --namespace --super-prefix --config-env");
const writing: ReadonlySet<string> = words(
  "checkout restore reset clean pull apply am stash switch merge rebase cherry-pick revert rm mv checkout-index read-tree sparse-checkout submodule clone worktree archive bundle format-patch init config",
);
/** Whose operands are paths of the working copy, wholly or after `--`. */
const pathed: ReadonlySet<string> = words("checkout restore rm mv clean reset checkout-index");
const subValued: ReadonlySet<string> = words(
  "-b -B -s --source --directory -m --message -o --output --output-directory --pathspec-from-file -X -S --orphan --prefix --depth --branch --reference -e --exclude -f --file --blob",
);
/** Options of `git config` behind which `-f` names a file that is only read. */
const configReads: readonly string[] = [
  "--get",
  "--get-all",
  "--get-regexp",
  "--get-urlmatch",
  "--list",
  "-l",
  "--get-color",
  "--get-colorbool",
];
/** Verbs whose `-f` and `-s` are switches. */
const switches: ReadonlySet<string> = words(
  "checkout clean rm mv switch merge pull reset branch submodule worktree rebase stash revert am apply",
);

export function readGit(call: Call): Reading | undefined {
  const own = parseArguments(call.args, { valued: ownValued, stopsAtOperand: true });
  const [verb = "", ...rest] = own.operands;
  if (!writing.has(verb)) return written(call, verb, rest);
  if (leavesAll(verb, rest)) return undefined;
  const tree = own.options.get("--work-tree")?.at(-1) ?? call.invocation.env.get("GIT_WORK_TREE");
  const folders = [...(own.options.get("-C") ?? []), ...(tree === undefined ? [] : [tree])];
  const top = folders.reduce((at, folder) => absolutePath(at, folder), call.invocation.cwd);
  const verbOf: EffectVerb = taken.has(verb) ? "delete" : "write";
  return reading(
    ...named(call, { verb, rest, top }).map((path) => effect(call, verb, { path, does: isKnown(path) ? verbOf : "write" })),
    ...anywhere(verb, top, folders.length > 0).map((path) => effect(call, verb, { path, does: "write" })),
  );
}

const effect = (call: Call, verb: string, { path, does }: { readonly path: Word; readonly does: EffectVerb }): Effect =>
  effectOf(call, { tool: `git ${verb}`, verb: does, destination: { kind: "file", path } });

/** Any other verb writes where `--output` says. */
function written(call: Call, verb: string, rest: readonly Word[]): Reading | undefined {
  const outputs = rest.filter((word) => word.startsWith("--output=")).map((word) => word.slice("--output=".length));
  return outputs.length === 0
    ? undefined
    : reading(...outputs.map((path) => effect(call, verb, { path: absolutePath(call.invocation.cwd, path), does: "write" })));
}

/**
 * What else it brings lies somewhere in the working copy, which has folders of settings in it as a matter of course, and perhaps a live
 * folder that it does not track: there only the working copy itself counts. One that is named from outside may be a live folder's.
 */
const anywhere = (verb: string, top: Word, isNamed: boolean): Word[] =>
  elsewhere.has(verb) ? [] : [isNamed ? `${top === "/" ? "" : top}/${hole}` : top];
const elsewhere: ReadonlySet<string> = words("archive clone worktree bundle format-patch init config");

const taken: ReadonlySet<string> = words("rm clean mv");

function leavesAll(verb: string, rest: readonly Word[]): boolean {
  // Whoever is in the middle of a conflict must always come out of it, to where they began.
  if (rest[0] === "--abort" && rest.length === 1) return true;
  if (rest.some((word) => word === "--dry-run" || word === "--check" || word === "--stat")) return true;
  if (verb === "clean") return rest.some((word) => /^-[a-z]*n/u.test(word));
  return verb === "stash" && /^(?:list|show|drop|clear)$/u.test(rest[0] ?? "");
}

interface GitCall {
  readonly verb: string;
  readonly rest: readonly Word[];
  readonly top: Word;
}

/** Absolute. A folder that is named takes its content along, so that settings in it count. */
function named(call: Call, { verb, rest, top }: GitCall): Word[] {
  const given = parseArguments(rest, {
    valued: switches.has(verb) ? new Set([...subValued].filter((one) => !/^-[fs]$/u.test(one))) : subValued,
  });
  const { paths, excluded } = readPathspecs(pathsOf(call, verb, given), top);
  const found = paths.map((path) => absolutePath(top, path));
  const inside = found.filter((path) => path !== top && settings.test(path) && restoring.has(verb)).map((path) => `${path}/${hole}`);
  const state = verb === "clean" && takesState(rest, given, { found, excluded, top }) ? [`${top}/.belay`] : [];
  return [...found, ...inside, ...state];
}

const settings = /\/\.[^/]+$/u;
const restoring: ReadonlySet<string> = words("checkout restore stash rm mv checkout-index reset");

type PathsOf = (given: Arguments, call: Call) => readonly Word[];

const outputs: PathsOf = (given) => valuesOf(given, "-o", "--output", "--output-directory");
const patched: PathsOf = ({ operands }, call) => patchedPaths(patchTexts(call, operands));
const [second, ofNew]: readonly [PathsOf, PathsOf] = [({ operands }) => operands.slice(1, 2), ({ operands }) => operands.slice(0, 1)];

/** Verbs whose paths are not their operands. */
const pathsByVerb: ReadonlyMap<string, PathsOf> = new Map<string, PathsOf>([
  ["clone", second],
  ["init", ofNew],
  ["archive", outputs],
  ["format-patch", outputs],
  ["bundle", ({ operands }) => (operands[0] === "create" ? operands.slice(1, 2) : [])],
  [
    "worktree",
    ({ operands: [first = "", ...others] }) => (/^(?:add|move|remove)$/u.test(first) ? others.slice(0, first === "move" ? 2 : 1) : []),
  ],
  [
    "config",
    (given) => (has(given, ...configReads) || /^(?:get|list)$/u.test(given.operands[0] ?? "") ? [] : valuesOf(given, "-f", "--file")),
  ],
  // `git stash -- PATH` is `git stash push -- PATH`; elsewhere operands are names of stashes.
  ["stash", ({ operands }, call) => (operands[0] === "push" ? operands.slice(1) : call.args.includes("--") ? operands : [])],
  ["apply", patched],
  ["am", patched],
]);

const pathsOf = (call: Call, verb: string, given: Arguments): readonly Word[] =>
  pathsByVerb.get(verb)?.(given, call) ?? (pathed.has(verb) ? given.operands : []);

interface Cleaned {
  readonly found: readonly Word[];
  readonly excluded: readonly Word[];
  readonly top: Word;
}

/** `-x` and `-X` with `-d` take away what is ignored, folders as well: belay's state is one, unless it is left out or other paths are named. */
function takesState(rest: readonly Word[], given: Arguments, { found, excluded, top }: Cleaned): boolean {
  const letters = rest.filter((word) => /^-[a-zA-Z]+$/u.test(word)).join("");
  if (!/x/iu.test(letters) || !letters.includes("d") || found.some((path) => path !== top)) return false;
  // With `-X`, what `-e` names is ignored as well, and so taken.
  const kept = letters.includes("X") ? excluded : [...excluded, ...valuesOf(given, "-e", "--exclude")];
  return !kept.some((word) => /^\/?\.belay(?:\/|\*|$)/u.test(word));
}

const patchTexts = (call: Call, files: readonly Word[]): Word =>
  files.length === 0 ? (call.invocation.stdin ?? "") : files.map((path) => textOf(call, path)).join("\n");
