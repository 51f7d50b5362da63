/** When an agent stops with work that is published nowhere, or that live does not know of: it is asked, once, for a note. */

import type { AgentSession } from "../../core/guard/agent-call.ts";
import { quoted } from "../../core/deploy/rules/d1-seen.ts";
import { plainLine } from "../../core/guard/plain-line.ts";
import type { GuardedSite } from "../../core/guard/scope.ts";
import { emergencyPrefix } from "../../core/deploy/rules/d4-warnings.ts";
import type { HandOffBench } from "./hand-off-bench.ts";
import { unpulledOf } from "./unpulled.ts";

/** `ask`: the agent goes on once more, and reads the text. */
export type StopAnswer = { readonly kind: "silent" } | { readonly kind: "ask"; readonly text: string };

const silent: StopAnswer = { kind: "silent" };
const pathsNamedMax = 5;

/**
 * Silent where the agent was held once, by this or by anything; where nothing was changed since the session began; where what was changed
 * is published and live holds nothing unseen; and where a note was left in this session.
 */
export async function sessionStop(
  { session, isRepeated }: { readonly session: AgentSession; readonly isRepeated: boolean },
  bench: HandOffBench,
): Promise<StopAnswer> {
  const { startedAtMs, askedForNoteAtMs } = bench.memory.session(session);
  if (isRepeated || askedForNoteAtMs !== undefined) return silent;
  const open: OpenWork[] = [];
  for (const site of bench.scope.sites.filter(({ guardedTargets }) => guardedTargets.length > 0)) {
    const { paths, isCut } = await bench.unpublishedSince(site, startedAtMs);
    // Who changed nothing has nothing to hand over; what is unseen live is told to the next session anyway.
    if (paths.length > 0) open.push({ site, unpublished: paths, isCut, unpulled: unpulledPaths(site, bench, startedAtMs) });
  }
  const [first] = open;
  if (!first || (await hasNote(bench, startedAtMs))) return silent;
  bench.memory.noteAskedForNote(session);
  return { kind: "ask", text: textFor(first, bench.scope.sites.length > 1) };
}

interface OpenWork {
  readonly site: GuardedSite;
  readonly unpublished: readonly string[];
  readonly isCut: boolean;
  readonly unpulled: readonly string[];
}

const unpulledPaths = ({ name, liveTargets }: GuardedSite, { looks }: HandOffBench, sinceMs: number): readonly string[] => {
  const own = looks.all().filter(({ atMs }) => atMs >= sinceMs);
  return [...new Set(liveTargets.flatMap((target) => unpulledOf(own, { site: name, target }).found.map(({ path }) => path)))];
};

/** A warning that somebody wrote since the session began, as this machine's reading of the ledger has it: whoever adds one has just read it. */
async function hasNote({ ledgerAtHand, scope }: HandOffBench, sinceMs: number): Promise<boolean> {
  const state = await ledgerAtHand();
  const sites = new Set(scope.sites.map(({ name }) => name));
  return (state?.warnings ?? []).some(
    ({ id, site, openedAt, text }) =>
      sites.has(site) && Date.parse(openedAt) >= sinceMs && !id.startsWith(emergencyPrefix) && !text.startsWith("written on "),
  );
}

function textFor({ site, unpublished, isCut, unpulled }: OpenWork, isNamed: boolean): string {
  const option = isNamed ? ` --site ${quoted(site.name)}` : "";
  const stage = site.targets.find((target) => !site.liveTargets.includes(target)) ?? site.liveTargets[0] ?? "TARGET";
  const named = unpublished.slice(0, pathsNamedMax).map(quoted).join(" ");
  return [
    `belay: this session leaves ${many(unpublished, isCut)} changed here and published nowhere: ${listed(unpublished)}.`,
    ...(unpulled.length === 0 ? [] : [`Live holds what this copy has not seen on ${many(unpulled, false)}: ${listed(unpulled)}.`]),
    "A note tells whoever comes next what is done, what is missing and what must not be overwritten; it holds back deploys of these paths until it is settled:",
    `  belay warn add ${named}${option} --note "…"`,
    `Or publish it now: belay deploy ${stage}${unpublished.length > pathsNamedMax || isCut ? "" : ` ${named}`}${option}`,
    "This is asked once.",
  ].join("\n");
}

const many = (paths: readonly string[], isCut: boolean): string =>
  isCut ? `at least ${paths.length} files` : `${paths.length} ${paths.length === 1 ? "file" : "files"}`;

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, pathsNamedMax).map(plainLine).join(", ");
  return paths.length > pathsNamedMax ? `${shown} and ${paths.length - pathsNamedMax} more` : shown;
}
