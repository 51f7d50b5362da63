/** What an agent is told when its session begins: facts about the site, as data. No sentence tells it what to do. */

import { dayOf, since } from "../../core/guard/edits/since.ts";
import type { AgentSession } from "../../core/guard/agent-call.ts";
import { quotedWord } from "../../core/guard/judging/plain-words.ts";
import { cutLine, plainLine, quotedLine } from "../../core/guard/plain-line.ts";
import type { GuardedSite } from "../../core/guard/scope.ts";
import type { LedgerState, Warning } from "../../core/ledger/fold.ts";
import { targetState } from "../../core/ledger/fold.ts";
import { recordsOf } from "../../core/ledger/fold-records.ts";
import type { HandOffBench } from "./hand-off-bench.ts";
import { unpulledOf } from "./unpulled.ts";

export const contextCharsMax = 2000;
const warningsMax = 5;
const pathsMax = 5;
const lineMax = 240;

/** Less than `contextCharsMax` characters; empty where the folder guards no site. Begins the session in the guard's memory. */
export async function sessionStart(session: AgentSession, bench: HandOffBench): Promise<string> {
  bench.memory.begin(session);
  const sites = bench.scope.sites.filter(({ guardedTargets }) => guardedTargets.length > 0);
  if (sites.length === 0) return "";
  const read = await bench.ledger();
  const lines = [
    "belay keeps this site's live content from being overwritten unseen. As the record stands:",
    ...(read?.isOld === true ? ["- The record could not be reached just now: what follows is as this machine read it last."] : []),
    ...(read === undefined ? ["- The record could not be read, so open warnings are not known."] : []),
    ...sites.flatMap((site) => [
      ...(read ? recordLines(read.state, site, sites.length > 1) : []),
      ...lookLines(site, bench, sites.length > 1),
    ]),
    ...(read ? taskLines(read.state) : []),
  ];
  return fitted(lines, commandLines(sites));
}

/** What stands in the record: warnings, work that was broken off, merges that wait for a person. */
function recordLines(state: LedgerState, site: GuardedSite, isNamed: boolean): readonly string[] {
  const of = isNamed ? `${site.name}: ` : "";
  const warnings = state.warnings.filter((warning) => warning.site === site.name);
  const merges = state.unseenMerges.filter((merge) => merge.site === site.name);
  const open = site.targets.flatMap((target) => {
    const { open: plan } = targetState(state, site.name, target);
    return plan
      ? [
          `- ${of}unfinished at ${target}: ${quotedLine(plan.title, 60)} of ${dayOf(Date.parse(plan.at))} by ${nameOf(plan.by)}; \`belay resume\` finishes it, \`belay undo\` puts it back.`,
        ]
      : [];
  });
  return [
    ...(warnings.length === 0 ? [`- ${of}no warning is open.`] : warningLines(warnings, of)),
    ...open,
    ...(merges.length === 0
      ? []
      : [
          `- ${of}${merges.length} unwatched ${merges.length === 1 ? "merge waits" : "merges wait"} for a person's look (\`belay warn list\`).`,
        ]),
  ];
}

function warningLines(warnings: readonly Warning[], of: string): readonly string[] {
  const shown = warnings
    .slice(-warningsMax)
    .toReversed()
    .map((warning) => {
      const at = warning.target === undefined ? "" : ` at ${warning.target}`;
      const head = `- ${of}warning ${plainLine(warning.id)} on ${listed(warning.paths)}${at}, ${dayOf(Date.parse(warning.openedAt))}, by ${nameOf(warning.by)}: `;
      return cutLine(`${head}${quotedLine(warning.text, 120)}`, lineMax);
    });
  const rest = warnings.length - shown.length;
  return [
    ...shown,
    ...(rest === 0 ? [] : [`- ${of}${rest} older ${rest === 1 ? "warning is" : "warnings are"} open (\`belay warn list\`).`]),
  ];
}

/** What the last looks found that this copy had not seen. */
function lookLines(site: GuardedSite, { looks, now }: HandOffBench, isNamed: boolean): readonly string[] {
  const of = isNamed ? `${site.name}: ` : "";
  return site.liveTargets.map((target) => {
    const { newest, found, isCut } = unpulledOf(looks.all(), { site: site.name, target });
    if (!newest) return `- ${of}nobody has looked at ${target} from this copy yet.`;
    const when = `at the last look at ${target}, ${since(newest.atMs, now())},`;
    if (found.length === 0) return `- ${of}${when} this copy had seen all that was live.`;
    const many = isCut ? `more than ${found.length}` : String(found.length);
    return `- ${of}${when} live held what this copy has not seen on ${many} ${found.length === 1 ? "path" : "paths"}: ${listed(found.map(({ path }) => path))}.`;
  });
}

/** Records are guests': their number is told, and nothing of them. */
function taskLines(state: LedgerState): readonly string[] {
  const open = recordsOf(state).tasks.filter((known) => known.state.state === "open").length;
  return open === 0
    ? []
    : [`- ${open} ${open === 1 ? "task" : "tasks"} about records ${open === 1 ? "is" : "are"} open (\`belay tasks\`).`];
}

function commandLines(sites: readonly GuardedSite[]): readonly string[] {
  const [site] = sites;
  const live = site?.liveTargets[0] ?? "TARGET";
  const stage = site?.targets.find((target) => !site.liveTargets.includes(target)) ?? live;
  const option = sites.length > 1 && site ? ` --site ${quotedWord(site.name)}` : "";
  return [
    `- Edits of a page count as safe once \`belay status ${live}${option}\`, \`belay diff ${live} PATH${option}\` or \`belay pull ${live} PATH${option}\` looked at it in this session; before that they are refused.`,
    `- Ways to publish: \`belay deploy ${stage} PATH${option}\`${stage === live ? "" : `, then \`belay promote ${live}${option}\``}. Writes to the guarded places by other tools are refused.`,
    `- A note for whoever comes next: \`belay warn add PATH --note "…"${option}\`; it holds back deploys of PATH until it is settled.`,
  ];
}

const nameOf = ({ name }: { readonly name: string }): string => cutLine(plainLine(name), 40);

function listed(paths: readonly string[]): string {
  const shown = paths
    .slice(0, pathsMax)
    .map((path) => cutLine(plainLine(path), 60))
    .join(", ");
  return paths.length > pathsMax ? `${shown} and ${paths.length - pathsMax} more` : shown;
}

/** The commands stand last and are always there; of the facts before them the last ones go first. */
function fitted(facts: readonly string[], commands: readonly string[]): string {
  const cut = "- More than fits here: `belay status` tells the rest.";
  const kept = [...facts];
  const whole = (): string => [...kept, ...(kept.length < facts.length ? [cut] : []), ...commands].join("\n");
  while (whole().length >= contextCharsMax && kept.length > 1) kept.pop();
  return whole();
}
