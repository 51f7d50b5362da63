/** Every verb: what it is called, what it takes, what it does. The parser, `--help` and completion are made from this. */

import type { Session } from "./session.ts";
import type { Words } from "./words.ts";

export type RunVerb = (session: Session, words: Words) => Promise<number>;

export interface Argument {
  readonly name: string;
  /** What completion offers in its place. */
  readonly kind: "target" | "path" | "file" | "word";
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly description: string;
}

export interface Option {
  /** As commander spells them: `-y, --yes`, `--take <side>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** May be given several times; its value is a list. */
  readonly isList?: boolean;
  /** Completion offers files for its value. */
  readonly isFile?: boolean;
}

export interface Verb {
  /** One word, or two: `warn add`. */
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  readonly load: () => Promise<RunVerb>;
}

export const groups = { start: "Start:", daily: "Every day:", back: "The way back:", rules: "What binds:", more: "More:" } as const;

/** Verbs that only gather others. */
export const families: Readonly<Record<string, { readonly summary: string; readonly group: string }>> = {
  warn: { summary: "hand-off warnings that hold until they are settled", group: groups.rules },
  tokens: { summary: "features that must stay, and lines that must not come back", group: groups.rules },
};

const target: Argument = {
  name: "TARGET",
  kind: "target",
  isRequired: true,
  isList: false,
  description: "where it is live, as belay.yaml names it",
};
const someTarget: Argument = { ...target, isRequired: false };
const paths: Argument = {
  name: "PATH",
  kind: "path",
  isRequired: false,
  isList: true,
  description: "files or folders of the site; all of it where none is named",
};
const word = (name: string, description: string): Argument => ({ name, kind: "word", isRequired: true, isList: false, description });

const change: Option = { flags: "--change <title>", description: "name the change; with paths, they are one change" };
const confirming: readonly Option[] = [
  { flags: "-y, --yes", description: "go ahead without asking; not for production" },
  { flags: "--confirm <plan-id>", description: "go ahead if the plan is still this one" },
];
const why: Option = { flags: "--why <text>", description: "the reason, for whoever reads the log" };

export const catalogue: readonly Verb[] = [
  {
    name: "init",
    summary: "write a belay.yaml, and record what is live",
    group: groups.start,
    arguments: [],
    options: [
      { flags: "--from <uri>", description: "where the site is live now: s3://BUCKET/PREFIX or dir:PATH" },
      { flags: "--root <folder>", description: "the folder that is published", isFile: true },
      { flags: "--target <name=store>", description: "a target and where it is: staging=s3://example-staging", isList: true },
      { flags: "--cdn <name=id>", description: "the CloudFront distribution in front of a target", isList: true },
      { flags: "--url <name=url>", description: "where visitors find a target", isList: true },
      { flags: "--after <name=stage>", description: "a target that takes only what was verified on a stage", isList: true },
      {
        flags: "--state <place>",
        description: "where the record is kept: s3://BUCKET/PREFIX or a folder; .belay unless told",
        isFile: true,
      },
      { flags: "-y, --yes", description: "ask nothing" },
    ],
    load: () => import("./verbs/init.ts").then((verb) => verb.runInit),
  },
  {
    name: "demo",
    summary: "see a stale copy refused, in a folder of its own",
    group: groups.start,
    arguments: [
      { name: "FOLDER", kind: "file", isRequired: false, isList: false, description: "your own pages; nothing is written there" },
    ],
    options: [
      { flags: "--keep", description: "leave the demo's folder in place" },
      { flags: "--pace <ms>", description: "how long to rest between paragraphs" },
    ],
    load: () => import("./verbs/demo.ts").then((verb) => verb.runDemoVerb),
  },
  {
    name: "sandbox",
    summary: "a pretend S3 and CloudFront on this machine, to rehearse with",
    group: groups.start,
    arguments: [],
    options: [
      { flags: "--port <n>", description: "where it listens, the edges on the ports behind it; 9070 unless told, 0 for any" },
      { flags: "--folder <folder>", description: "keep the buckets there; in memory unless told", isFile: true },
      { flags: "--bucket <name>", description: "a bucket, in place of belay.yaml's; NAME:unversioned keeps no versions", isList: true },
      {
        flags: "--distribution <id=bucket>",
        description: "a distribution with an edge of its own: ESTAGING=example-staging",
        isList: true,
      },
      { flags: "--settle <ms>", description: "how long an invalidation takes; 1500 unless told" },
      { flags: "--fault <spec>", description: "what goes wrong: 503:0.1, 409:PutObject:3x, delay:300ms, lose-reply:0.2", isList: true },
      { flags: "--quiet", description: "tell nothing of requests" },
    ],
    load: () => import("./verbs/sandbox.ts").then((verb) => verb.runSandbox),
  },
  {
    name: "status",
    summary: "what differs from live, and what stands in the way",
    group: groups.daily,
    arguments: [someTarget],
    options: [],
    load: () => import("./verbs/status.ts").then((verb) => verb.runStatus),
  },
  {
    name: "pull",
    summary: "bring what is live here, merging where both sides changed",
    group: groups.daily,
    arguments: [target, paths],
    options: [{ flags: "--take <side>", description: "where both changed, keep one side", choices: ["live", "mine"] }],
    load: () => import("./verbs/pull.ts").then((verb) => verb.runPull),
  },
  {
    name: "diff",
    summary: "what a deploy would change on live, line by line",
    group: groups.daily,
    arguments: [target, paths],
    options: [{ flags: "--base", description: "each side against what was last seen live" }],
    load: () => import("./verbs/diff.ts").then((verb) => verb.runDiff),
  },
  {
    name: "plan",
    summary: "print and save what a deploy would do",
    group: groups.daily,
    arguments: [target, paths],
    options: [change],
    load: () => import("./verbs/plan.ts").then((verb) => verb.runPlan),
  },
  {
    name: "deploy",
    summary: "plan, prove, confirm, write, check",
    group: groups.daily,
    arguments: [target, paths],
    options: [change, ...confirming],
    load: () => import("./verbs/deploy.ts").then((verb) => verb.runDeploy),
  },
  {
    name: "apply",
    summary: "carry out a plan that was made earlier",
    group: groups.daily,
    arguments: [word("PLAN-ID", "the id that `belay plan` printed, or its first digits")],
    options: confirming,
    load: () => import("./verbs/apply.ts").then((verb) => verb.runApply),
  },
  {
    name: "log",
    summary: "who changed what, when, through what",
    group: groups.daily,
    arguments: [{ ...paths, isList: false, description: "only entries that touch it" }],
    options: [{ flags: "-n, --limit <count>", description: "how many entries to show; 50 unless told" }],
    load: () => import("./verbs/log.ts").then((verb) => verb.runLog),
  },
  {
    name: "resume",
    summary: "finish what was interrupted",
    group: groups.back,
    arguments: [someTarget],
    options: [],
    load: () => import("./verbs/resume.ts").then((verb) => verb.runResume),
  },
  {
    name: "undo",
    summary: "put back what an interrupted deploy wrote",
    group: groups.back,
    arguments: [someTarget],
    options: [],
    load: () => import("./verbs/resume.ts").then((verb) => verb.runUndo),
  },
  {
    name: "snapshots",
    summary: "releases, and what each replaced",
    group: groups.back,
    arguments: [target],
    options: [],
    load: () => import("./verbs/snapshots.ts").then((verb) => verb.runSnapshots),
  },
  {
    name: "restore",
    summary: "put back what a release replaced",
    group: groups.back,
    arguments: [target, paths],
    options: [{ flags: "--from <release>", description: "as it was before this release; the last one unless told" }, ...confirming],
    load: () => import("./verbs/restore.ts").then((verb) => verb.runRestore),
  },
  {
    name: "warn add",
    summary: "warn whoever comes next: no write to these paths until it is settled",
    group: groups.rules,
    arguments: [{ ...paths, isRequired: true, description: "files or folders that the warning is about" }],
    options: [{ flags: "--note <text>", description: "what is to be known before anybody writes there" }],
    load: () => import("./verbs/warn-add.ts").then((verb) => verb.runWarnAdd),
  },
  {
    name: "warn list",
    summary: "open warnings, and merges that wait for a person's look",
    group: groups.rules,
    arguments: [],
    options: [],
    load: () => import("./verbs/warn-list.ts").then((verb) => verb.runWarnList),
  },
  {
    name: "warn resolve",
    summary: "a person says that it is settled",
    group: groups.rules,
    arguments: [word("ID", "as `belay warn list` shows it")],
    options: [why],
    load: () => import("./verbs/warn-resolve.ts").then((verb) => verb.runWarnResolve),
  },
  {
    name: "tokens list",
    summary: "the tokens of belay.yaml",
    group: groups.rules,
    arguments: [],
    options: [],
    load: () => import("./verbs/tokens-list.ts").then((verb) => verb.runTokensList),
  },
  {
    name: "tokens check",
    summary: "every token, here and live, side by side",
    group: groups.rules,
    arguments: [someTarget],
    options: [],
    load: () => import("./verbs/tokens-check.ts").then((verb) => verb.runTokensCheck),
  },
  {
    name: "tokens add",
    summary: "register a feature that must stay, or a text that must not come back",
    group: groups.rules,
    arguments: [word("NAME", "capitals, digits and underscores: HERO_FADE")],
    options: [
      { flags: "--file <path>", description: "the file of the site that it is about", isFile: true },
      { flags: "--contains <text>", description: "the file must hold this" },
      { flags: "--absent <text>", description: "the file must not hold this" },
    ],
    load: () => import("./verbs/tokens-add.ts").then((verb) => verb.runTokensAdd),
  },
  {
    name: "tokens suggest",
    summary: "what live has and this copy lost, as tokens to add",
    group: groups.rules,
    arguments: [someTarget, paths],
    options: [],
    load: () => import("./verbs/tokens-suggest.ts").then((verb) => verb.runTokensSuggest),
  },
  {
    name: "tokens retire",
    summary: "a person gives a feature up",
    group: groups.rules,
    arguments: [word("NAME", "as `belay tokens list` shows it")],
    options: [why],
    load: () => import("./verbs/tokens-retire.ts").then((verb) => verb.runTokensRetire),
  },
  {
    name: "tokens import",
    summary: "take over the tokens that a CLAUDE.md or AGENTS.md speaks of",
    group: groups.rules,
    arguments: [
      { name: "FILE", kind: "file", isRequired: false, isList: true, description: "CLAUDE.md and AGENTS.md beside belay.yaml unless told" },
    ],
    options: [],
    load: () => import("./verbs/tokens-import.ts").then((verb) => verb.runTokensImport),
  },
  {
    name: "completion",
    summary: "a script that completes verbs, targets and paths in a shell",
    group: groups.more,
    arguments: [{ ...word("SHELL", "bash, zsh or fish"), isRequired: true }],
    options: [],
    load: () => import("./verbs/completion.ts").then((verb) => verb.runCompletion),
  },
];

/** What every verb takes. */
export const globalOptions: readonly Option[] = [
  { flags: "--json", description: "one JSON document on stdout" },
  { flags: "--site <name>", description: "which site, where belay.yaml has several" },
  { flags: "--config <file>", description: "the belay.yaml to use", isFile: true },
  { flags: "--by <name>", description: "who acts; shown as claimed" },
  { flags: "--wait <seconds>", description: "wait so long while somebody else is at work on the target" },
  { flags: "--verbose", description: "full hashes, and what is fine too" },
  { flags: "--no-color", description: "no colour" },
];
