/** Files: guarded folders, belay's state, what holds the guard up, and times that are made up. */

import type { Effect } from "../effect.ts";
import { guardFileAt, type GuardFile } from "../guard-files.ts";
import type { GuardScope } from "../scope.ts";
import { liesAbove, matchBelow } from "../tools/match-path.ts";
import { hole, isKnown, type Word } from "../word.ts";
import type { Finding } from "./finding.ts";
import { shown, verbWords } from "./plain-words.ts";
import { safeWay } from "./safe-way.ts";

/** Tools that give a file another time than now, by how readers name them. */
const forgesTime = /^touch -|\but?imes?\b|\bfutimes\b|LastWriteTime/u;

export function judgeFile(effect: Effect, path: Word, scope: GuardScope): Finding | undefined {
  return (
    judgeGuardFile(effect, path) ?? judgeState(effect, path, scope) ?? judgeFolders(effect, path, scope) ?? judgeTime(effect, path, scope)
  );
}

/** Moving or removing a folder takes what is in it along; writing to it does not. */
const takesTree = ({ verb, tool }: Effect): boolean => verb === "delete" || /^(?:mv|ln|rename|mount|chmod|chown)\b/u.test(tool);

function judgeGuardFile(effect: Effect, path: Word): Finding | undefined {
  const file = guardFileAt(path, { isTree: takesTree(effect) });
  return file === undefined ? undefined : touched(effect, path, file);
}

const rules = { "guard-touched": "guard", "state-touched": "guard", "credentials-touched": "guard" } as const;

const people = {
  "guard-touched": "a person edits these files outside the agent",
  "state-touched": "belay alone keeps it; `belay status` reads it",
  "credentials-touched": "a person chooses profiles and roles outside the agent",
} as const;

function touched(effect: Effect, path: Word, { what, code }: GuardFile): Finding {
  return {
    kind: "deny",
    rule: rules[code],
    code,
    what: `${shown(effect.tool)} ${fileVerb(effect)} ${shown(path)}: ${what}`,
    intent: `change ${what}`,
    person: people[code],
    effect,
  };
}

const fileVerb = ({ verb }: Effect): string => (verb === "delete" ? "takes away" : verbWords[verb]);

function judgeState(effect: Effect, path: Word, { stateFolders }: GuardScope): Finding | undefined {
  const met = stateFolders.find((folder) => matchBelow(path, folder) === "is" || (takesTree(effect) && liesAbove(path, folder)));
  return met === undefined ? undefined : touched(effect, path, { what: "belay's state", code: "state-touched" });
}

function judgeFolders(effect: Effect, path: Word, scope: GuardScope): Finding | undefined {
  let unresolved: Finding | undefined;
  for (const guarded of scope.folders) {
    const match = takesTree(effect) && liesAbove(path, guarded.name) ? "is" : matchBelow(path, guarded.name);
    const way = safeWay(effect, guarded, scope);
    if (match === "is") {
      return {
        kind: "deny",
        rule: guarded.target === undefined ? "guard" : "D2",
        code: "guarded-write",
        what: `${shown(effect.tool)} ${fileVerb(effect)} ${shown(path)}, in ${guarded.name}, which is ${shown(guarded.label)}`,
        intent: `${effect.verb} folder ${guarded.name}`,
        ...way,
        effect,
      };
    }
    if (match === "may be") {
      unresolved ??= {
        kind: "deny",
        rule: "guard",
        code: "unresolved-destination",
        what: `where ${shown(effect.tool)} ${fileVerb(effect)} cannot be told: ${shown(path)} could lie in ${guarded.name}, which is ${shown(guarded.label)}`,
        intent: `${effect.verb} folder ${guarded.name}`,
        ...(way.instead === undefined ? {} : { instead: way.instead }),
        person: "repeat it with a literal path, written out in the command itself",
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
    person: "belay goes by content, never by time; a person may allow it where something else needs the time",
    effect,
  };
}
