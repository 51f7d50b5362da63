/** The way back. */

import { confirming, groups, paths, someTarget, target, type Verb } from "./verb.ts";

export const backVerbs: readonly Verb[] = [
  {
    name: "resume",
    summary: "finish what was interrupted",
    group: groups.back,
    arguments: [someTarget],
    options: [],
    load: () => import("../verbs/resume.ts").then((verb) => verb.runResume),
  },
  {
    name: "undo",
    summary: "put back what an interrupted deploy wrote",
    group: groups.back,
    arguments: [someTarget],
    options: [],
    load: () => import("../verbs/resume.ts").then((verb) => verb.runUndo),
  },
  {
    name: "rollback",
    summary: "a target as a release had left it, in one command",
    group: groups.back,
    arguments: [target],
    options: [{ flags: "--to <release>", description: "as this release left it; the one before the last unless told" }, ...confirming],
    load: () => import("../verbs/rollback.ts").then((verb) => verb.runRollback),
  },
  {
    name: "sweep",
    summary: "remove assets that no page has needed for a while",
    group: groups.back,
    arguments: [target],
    options: [{ flags: "--grace <time>", description: "how long a page may be cached: 30d unless told, or 12h, 2w" }, ...confirming],
    load: () => import("../verbs/sweep.ts").then((verb) => verb.runSweep),
  },
  {
    name: "snapshots",
    summary: "releases, and what each replaced",
    group: groups.back,
    arguments: [target],
    options: [],
    load: () => import("../verbs/snapshots.ts").then((verb) => verb.runSnapshots),
  },
  {
    name: "restore",
    summary: "put back what a release replaced",
    group: groups.back,
    arguments: [target, paths],
    options: [{ flags: "--from <release>", description: "as it was before this release; the last one unless told" }, ...confirming],
    load: () => import("../verbs/restore.ts").then((verb) => verb.runRestore),
  },
];
