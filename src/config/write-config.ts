/** The first belay.yaml of a site, with a line of comment on each key. */

import { stringify } from "yaml";

import { BelayError } from "../core/belay-error.ts";
import type { FeatureToken } from "../core/site.ts";
import { localStateFolder } from "./config.ts";

/** Where `init` lays a copy of the JSON Schema, so that editors find it however belay was started. Relative to belay.yaml. */
export const schemaCopy: string = `./${localStateFolder}/belay.schema.json`;

export interface TargetAnswers {
  readonly name: string;
  /** `s3://bucket/prefix` or `dir:path`, as belay.yaml is to spell it. */
  readonly store: string;
  readonly cdn?: string;
  readonly url?: string;
  readonly after?: string;
  readonly approvals?: number;
  readonly guard?: boolean;
}

/** What `init` found by looking and asking. All spellings go into the file as they are given. */
export interface Answers {
  readonly root: string;
  /** At least one, in the order of the file. */
  readonly targets: readonly TargetAnswers[];
  readonly state?: string;
  readonly ignore?: readonly string[];
  readonly include?: readonly string[];
  readonly unit?: "page" | "commit" | "any";
  readonly tokens?: readonly FeatureToken[];
  readonly signers?: string;
}

const wide = { lineWidth: 0, collectionStyle: "flow", flowCollectionPadding: true, defaultStringType: "PLAIN" } as const;

/** A commented belay.yaml with one site. It is valid where the answers are: `parseConfig` has the last word. */
export function starterConfig(answers: Answers): string {
  if (answers.targets.length === 0)
    throw new BelayError("input-invalid", "A belay.yaml needs at least one target.", "Name a target, for example staging.");
  return [
    `# yaml-language-server: $schema=${schemaCopy}`,
    "# What belay publishes, and what must hold before anything live is overwritten.",
    "version: 1",
    "",
    `# Ledger, vault and leases. ${stateComment(answers.state)}`,
    `state: ${scalar(answers.state ?? localStateFolder)}`,
    ...(answers.signers === undefined
      ? []
      : ["", "# The people whose SSH signatures approve: see docs/approvals.md.", `signers: ${scalar(answers.signers)}`]),
    "",
    "site:",
    "  # The folder that is published.",
    `  root: ${scalar(answers.root)}`,
    ...listLines("ignore", answers.ignore, "Never published, and never looked at on live."),
    ...listLines("include", answers.include, "Published although belay would leave it out."),
    "  # One logical change is: page (one page with what only it references), commit, or any.",
    `  unit: ${answers.unit ?? "page"}`,
    "  # Where the site is live. Each deploy names one target.",
    "  targets:",
    ...answers.targets.flatMap(targetLines),
    ...tokenLines(answers.tokens ?? []),
    "",
  ].join("\n");
}

/** A bucket is shared by all who reach it; a folder by those machines that have it. */
const stateComment = (state: string | undefined): string =>
  state?.startsWith("s3://") === true
    ? "Every machine that publishes shares them; no visitor may reach them."
    : "s3://PRIVATE-BUCKET/PREFIX, or a folder that every machine reaches, shares them.";

function listLines(key: string, globs: readonly string[] | undefined, comment: string): string[] {
  return globs === undefined || globs.length === 0 ? [] : [`  # ${comment}`, `  ${key}: ${inline(globs)}`];
}

const targetComments: Readonly<Record<string, string>> = {
  cdn: "what changed is purged there, and waited for",
  url: "a deploy fetches each changed page there, as visitors do",
  after: "takes only what was verified there: belay promote",
  approvals: "people who must approve, each by a signature: belay approve",
  guard: "not used yet",
};

function targetLines({ name, ...keys }: TargetAnswers): string[] {
  const lines = Object.entries(keys).map(([key, value]) => {
    const comment = targetComments[key];
    return `      ${key}: ${scalar(value)}${comment === undefined ? "" : ` # ${comment}`}`;
  });
  return [`    ${name}:`, ...lines];
}

function tokenLines(tokens: readonly FeatureToken[]): string[] {
  const comment = "  # Features that must not get lost, and removed lines that must not come back.";
  if (tokens.length > 0) return [comment, "  tokens:", ...tokens.map((token) => `    ${tokenLine(token)}`)];
  return [
    comment,
    "  # tokens:",
    '  #   HERO_FADE: { file: index.html, contains: "hero-crossfade" }',
    '  #   OLD_BANNER: { file: index.html, absent: "Summer sale" }',
  ];
}

/** A token as one line of YAML without indentation: `HERO_FADE: { file: index.html, contains: "hero-crossfade" }`. */
export function tokenLine({ name, file, rule, text }: FeatureToken): string {
  // JSON strings are YAML strings: quotes keep any text on one line and show where it ends.
  return `${name}: { file: ${inline(file)}, ${rule}: ${JSON.stringify(text)} }`;
}

function scalar(value: string | number | boolean): string {
  // A text of several lines would become a block, which no key here may hold; quoted, the parser can refuse it.
  return typeof value === "string" && /[\r\n]/u.test(value) ? JSON.stringify(value) : stringify(value, wide).trimEnd();
}

/** A value fit to stand inside `[ ]` or `{ }`. */
function inline(value: string | readonly string[]): string {
  // A one-item list lets the library decide on quotes as it must inside brackets.
  const list = stringify(typeof value === "string" ? [value] : value, wide).trimEnd();
  return typeof value === "string" ? list.slice(1, -1).trim() : list;
}
