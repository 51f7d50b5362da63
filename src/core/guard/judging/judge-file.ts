/** Files: guarded folders, belay's state, what holds the guard up, and times that are made up. */

import type { Effect } from "../effect.ts";
import { guardFileAt, type GuardFile } from "../guard-files.ts";
import type { GuardScope } from "../scope.ts";
import { liesAbove, matchBelow } from "../tools/match-path.ts";
import { hole, isKnown, type Word } from "../word.ts";
import type { Finding } from "./finding.ts";
import { roleOf, shown, verbWords } from "./plain-words.ts";
import { patternTarget } from "./pattern-targets.ts";
import { possibleWay, ruleAt, safeWay } from "./safe-way.ts";

/** Tools that give a file another time than now, by how readers name them. */
const forgesTime = /^touch -|\but?imes?\b|\bfutimes\b|LastWriteTime/u;

export function judgeFile(effect: Effect, path: Word, scope: GuardScope): Finding | undefined {
  // Linters and readers of settings are handed belay.yaml every day; whoever is handed a live folder is asked about.
  if (effect.verb === "delegate") return judgeHanded(effect, path, scope);
  return judgePath(effect, path, scope) ?? judgePatterns(effect, scope) ?? judgeTime(effect, path, scope);
}

const judgePath = (effect: Effect, path: Word, scope: GuardScope): Finding | undefined =>
  judgeGuardFile(effect, path) ?? judgeState(effect, path, scope) ?? judgeProgram(effect, path, scope) ?? judgeFolders(effect, path, scope);

/** What a pattern names; the folder that it stands in, and what it matches there. */
function judgePatterns(effect: Effect, scope: GuardScope): Finding | undefined {
  const { destination, verb } = effect;
  if (destination.kind !== "file" || (verb !== "delete" && verb !== "write")) return undefined;
  for (const pattern of destination.patterns ?? []) {
    const target = patternTarget(pattern, scope, takesTree(effect));
    const found = judgePath(effect, pattern, scope) ?? (target === undefined ? undefined : judgePath(effect, target, scope));
    if (found !== undefined) return found;
    if (target !== undefined) return touched(effect, pattern, { what: "the folder that holds belay.yaml", code: "guard-touched" });
  }
  return undefined;
}

function judgeHanded(effect: Effect, path: Word, scope: GuardScope): Finding | undefined {
  const guarded = scope.folders.find(({ name }) => matchBelow(path, name) === "is");
  if (guarded === undefined) return undefined;
  return {
    kind: "ask",
    rule: ruleAt(guarded, scope),
    code: "delegated",
    what: `${shown(effect.tool)} is handed ${shown(path)}, in ${guarded.name}, which is ${roleOf(guarded)}, and may write there`,
    intent: `write folder ${guarded.name}`,
    person: "allow it where it only reads",
    effect,
  };
}

/** Moving or removing a folder takes what is in it along; writing to it does not. */
const takesTree = ({ verb, tool }: Effect): boolean => verb === "delete" || /^(?:mv|ln|rename|mount|chmod|chown)\b/u.test(tool);

function judgeGuardFile(effect: Effect, path: Word): Finding | undefined {
  const file = guardFileAt(path, { isTree: takesTree(effect) });
  return file === undefined ? undefined : touched(effect, path, file);
}

const rules = { "guard-touched": "guard", "state-touched": "guard", "credentials-touched": "guard" } as const;

const people = {
  "guard-touched": "edit these files outside the agent",
  "state-touched": "read it with `belay status`; belay alone writes it",
  "credentials-touched": "choose profiles and roles outside the agent",
} as const;

function touched(effect: Effect, path: Word, { what, code }: GuardFile): Finding {
  return {
    kind: "deny",
    rule: rules[code],
    code,
    what: `${shown(effect.tool)} ${fileVerb(effect)} ${shown(path)}: ${what}`,
    intent: `change ${what}`,
    ...(effect.tool === "git clean" && code === "state-touched" ? { instead: "git clean -fdx -e .belay" } : {}),
    person: people[code],
    effect,
  };
}

const fileVerb = ({ verb }: Effect): string => (verb === "delete" ? "takes away" : verbWords[verb]);

/** What lies in a working tree that an agent made for itself is a copy, which goes with it. */
const agentsTree = /\/\.claude\/worktrees(?:\/[^/]+)?$/u;

const isAbove = (path: Word, place: string): boolean => liesAbove(path, place) && !(isKnown(path) && agentsTree.test(path));

function judgeState(effect: Effect, path: Word, { stateFolders }: GuardScope): Finding | undefined {
  const met = stateFolders.find((folder) => matchBelow(path, folder) === "is" || (takesTree(effect) && isAbove(path, folder)));
  return met === undefined ? undefined : touched(effect, path, { what: "belay's state", code: "state-touched" });
}

/** The hook that judges this very call, wherever it lies: nothing in it is written, and no folder above it taken away. */
function judgeProgram(effect: Effect, path: Word, { programFolder }: GuardScope): Finding | undefined {
  if (programFolder === undefined) return undefined;
  const isMet = matchBelow(path, programFolder) === "is" || (takesTree(effect) && liesAbove(path, programFolder));
  return isMet ? touched(effect, path, { what: "belay's own program, by which every agent is guarded", code: "guard-touched" }) : undefined;
}

function judgeFolders(effect: Effect, path: Word, scope: GuardScope): Finding | undefined {
  let unresolved: Finding | undefined;
  for (const guarded of scope.folders) {
    const match = takesTree(effect) && isAbove(path, guarded.name) ? "is" : matchBelow(path, guarded.name);
    if (match === "is") {
      return {
        kind: "deny",
        rule: ruleAt(guarded, scope),
        code: "guarded-write",
        what: `${shown(effect.tool)} ${fileVerb(effect)} ${shown(path)}, ${path === guarded.name ? "" : `in ${guarded.name}, `}which is ${roleOf(guarded)}`,
        intent: `${effect.verb} folder ${guarded.name}`,
        ...safeWay(effect, guarded, scope),
        effect,
      };
    }
    if (match === "may be") {
      unresolved ??= {
        kind: "deny",
        rule: "guard",
        code: "unresolved-destination",
        what: `where ${shown(effect.tool)} ${fileVerb(effect)} cannot be told: ${shown(path)} could lie in ${guarded.name}, which is ${roleOf(guarded)}`,
        intent: `${effect.verb} folder ${guarded.name}`,
        ...possibleWay(effect, guarded, scope),
        effect,
      };
    }
  }
  return unresolved;
}

/** Folders whose times nobody publishes by. */
const built = /\/(?:\.[^/]+|node_modules|__pycache__)(?:\/|$)/u;

/** A page that looks newer than it is has misled tools that compare times. */
function judgeTime(effect: Effect, path: Word, scope: GuardScope): Finding | undefined {
  if (effect.verb !== "configure" || !forgesTime.test(effect.tool)) return undefined;
  const known = isKnown(path) ? path : path.slice(0, path.indexOf(hole));
  const roots = [scope.folder, ...scope.sites.map(({ root }) => root)];
  const root = roots.find((one) => known === one || known.startsWith(`${one}/`));
  if (root === undefined || built.test(known.slice(root.length))) return undefined;
  return {
    kind: "ask",
    rule: "D1",
    code: "forged-time",
    what: `${shown(effect.tool)} gives ${shown(path)} a time that is made up`,
    intent: `forge time ${root}`,
    instead: "belay status",
    person: "allow it where something else needs the time: belay goes by content",
    effect,
  };
}
