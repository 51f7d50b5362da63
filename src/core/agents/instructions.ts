/** The block in CLAUDE.md and AGENTS.md: what belay.yaml and the record say, as facts for an agent. */

import type { StoreName } from "../brand.ts";
import type { Warning } from "../ledger/fold.ts";
import { isProduction, type Site, type Target } from "../site.ts";

export interface InstructionFacts {
  readonly sites: readonly Site[];
  /** Every target's store in a spelling that is the same on every machine: these files are committed. */
  readonly portableStores: ReadonlyMap<StoreName, string>;
  /** Kinds of `records:`. */
  readonly kinds: readonly string[];
  /** Open warnings of all sites; `undefined` where the record could not be read. */
  readonly warnings: readonly Pick<Warning, "id" | "site" | "paths" | "target">[] | undefined;
}

const namesMax = 6;
const warningsMax = 5;

const warningsHead = "Open warnings when this was written;";

/** Less than sixty lines. `before` is the body of the block that stands: where the record cannot be read, its warnings stay. No text of a warning and no value of a record: both may name guests, and these files are committed. */
export function instructionsText(facts: InstructionFacts, before = ""): string {
  const blocks = [
    [
      "## Publishing goes through belay",
      "",
      "What visitors see may be newer than this copy. `belay` compares before it writes, and a hook holds other ways to write back.",
    ],
    targetLines(facts),
    ruleLines(facts),
    tokenLines(facts),
    commandLines(facts),
    facts.warnings === undefined ? keptWarnings(before) : warningLines(facts),
  ].filter((block) => block.length > 0);
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

const shown = (site: Site, name: string, { sites }: InstructionFacts): string => (sites.length > 1 ? `${site.name}/${name}` : name);

function targetLines(facts: InstructionFacts): string[] {
  const rows = facts.sites.flatMap((site) => site.targets.map((target) => ({ site, target })));
  return [
    "Targets:",
    ...rows.slice(0, namesMax).map(({ site, target }) => `- ${shown(site, target.name, facts)}: ${describe(target, facts)}`),
    ...more(rows.length, namesMax, "targets"),
  ];
}

function describe(target: Target, { portableStores }: InstructionFacts): string {
  const { store, url, after, approvals, guard } = target;
  return [
    safe(url ?? portableStores.get(store) ?? store),
    ...(after === undefined ? [] : [`takes what ${after} holds`]),
    ...(approvals > 0 ? [`${approvals} ${approvals === 1 ? "person approves" : "people approve"}`] : []),
    ...(guard ? [] : ["not guarded"]),
  ].join("; ");
}

function ruleLines({ sites, kinds }: InstructionFacts): string[] {
  const targets = sites.flatMap((site) => site.targets);
  const has = (test: (target: Target) => boolean): boolean => targets.some(test);
  return [
    "Rules in force:",
    "- D1: a page is edited and published only from a copy that has seen what is live; `belay pull` brings it.",
    ...(has(({ after }) => after !== undefined) ? ["- D2: production takes only what its stage holds and what was looked at there."] : []),
    ...(sites.some(({ unit }) => unit !== "any") ? ["- D3: one change at a time."] : []),
    "- D4: an open warning holds every write to its paths, until it is settled.",
    ...(has(isProduction) ? ["- D5: what is overwritten in production is kept first."] : []),
    "- D6: every write shows its proof: local, live, difference, tokens, invalidations.",
    ...(sites.some(({ tokens }) => tokens.length > 0) ? ["- D7: a change that loses a feature token is refused."] : []),
    "- D8: where live is ahead by another hand, a person decides.",
    ...(kinds.length > 0 ? ["- R9: a page for something that is on record already is not made twice; `belay find` knows."] : []),
  ];
}

function tokenLines({ sites }: InstructionFacts): string[] {
  const tokens = sites.flatMap((site) => site.tokens);
  if (tokens.length === 0) return [];
  const lines = tokens.map(({ name, file, rule }) => `- ${name}: ${safe(file)} ${rule === "contains" ? "keeps it" : "stays without it"}`);
  return ["Feature tokens (texts in belay.yaml):", ...lines.slice(0, namesMax), ...more(lines.length, namesMax, "tokens")];
}

function commandLines(facts: InstructionFacts): string[] {
  const [site] = facts.sites;
  const stage = site?.targets.find((target) => !isProduction(target));
  const live = site?.targets.find(isProduction) ?? site?.targets[0];
  const first = stage ?? live;
  const option = facts.sites.length > 1 && site ? ` --site ${safe(site.name)}` : "";
  if (!first || !live) return [];
  return [
    "Commands:",
    `- \`belay status${option}\`, \`belay diff ${live.name} PATH${option}\`, \`belay log PATH${option}\`: how things stand; change nothing`,
    `- \`belay pull ${live.name} PATH${option}\`: before an edit`,
    stage
      ? `- \`belay deploy ${stage.name} PATH…${option}\`: publish files to ${stage.name}`
      : `- \`belay plan ${live.name}${option}\`: what a deploy would write`,
    ...(live.after === undefined ? [] : [`- \`belay promote ${live.name}${option}\`: prints the plan that a person approves`]),
    ...facts.kinds.slice(0, 2).map((kind) => `- \`belay find ${kind} …\`: what is on record, and where`),
    `- \`belay warn add PATH --note "…"${option}\`: for whoever comes next`,
    "- A person's: approve, warn resolve, tokens retire, policy approve, uninstall.",
  ];
}

function warningLines({ warnings, kinds, sites }: InstructionFacts): string[] {
  if (warnings === undefined || warnings.length === 0) return [];
  const about = ({ site, target, paths }: (typeof warnings)[number]): string => {
    const where = [sites.length > 1 ? site : undefined, target].filter((name) => name !== undefined).join("/");
    // The address of a record's page may be a guest's name.
    const what = kinds.length > 0 ? `${paths.length} ${paths.length === 1 ? "path" : "paths"}` : paths.slice(0, 3).map(safe).join(", ");
    return [
      what,
      ...(kinds.length === 0 && paths.length > 3 ? [`and ${paths.length - 3} more`] : []),
      ...(where === "" ? [] : [`(${where})`]),
    ].join(" ");
  };
  return [
    `${warningsHead} \`belay warn list\` has their words, and today's:`,
    ...warnings.slice(0, warningsMax).map((warning) => `- ${safe(warning.id)}: ${about(warning)}`),
    ...more(warnings.length, warningsMax, "warnings"),
  ];
}

function keptWarnings(before: string): string[] {
  const lines = before.trimEnd().split("\n");
  const at = lines.findIndex((line) => line.startsWith(warningsHead));
  return at === -1 ? [] : lines.slice(at);
}

const more = (count: number, max: number, what: string): string[] => (count > max ? [`- and ${count - max} more ${what}`] : []);

/** What a terminal or a model would take for something else than text. */
const invisible = /\p{Cc}|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** One line of text that cannot end a comment or begin a line of Markdown. */
const safe = (text: string): string => text.replaceAll(invisible, "").replaceAll("<!--", "").replaceAll("-->", "").slice(0, 120);
