/** `belay log`: what was said and done, newest first, with what others did beside it, and whether the chain is whole. */

import { BelayError } from "../../core/belay-error.ts";
import type { Entry } from "../../core/ledger/entry.ts";
import { emptyState } from "../../core/ledger/fold.ts";
import { recordsSitePrefix } from "../../core/records/kind.ts";
import { stepsOf, type Change, type Plan, type Proof } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { observe } from "../compare/observe.ts";
import { noticeOutOfBand } from "./out-of-band.ts";
import { openPlan } from "../plan-shelf.ts";
import { timelineOf, type EventSource, type Timeline } from "./timeline.ts";
import type { Context, Workbench } from "../workbench.ts";

export type LoggedEntry = Entry & {
  readonly changes?: readonly LoggedChange[];
  /** Of an apply that went through: the proof of its plan, with the invalidation ids that it lacked (decision 9). */
  readonly proof?: Proof;
};

export interface LogResult {
  readonly entries: readonly LoggedEntry[];
  readonly chain: "intact" | { readonly brokenAt: number };
  /** What is wrong with the chain, where it is broken. */
  readonly problem?: string;
  /** The entries, and what others did, in order: newest first, at most as many as were asked for. */
  readonly timeline: Timeline["moments"];
  readonly events: Timeline["tally"];
  /** What could not be read, a sentence each. */
  readonly gaps: readonly string[];
}

export interface LoggedChange {
  readonly path: string;
  readonly kind: Change["kind"];
}

export interface LogRequest {
  /** Only what touches this key, or this folder by its trailing slash. */
  readonly path: string | undefined;
  readonly limit: number;
  /** Only what is about this target. */
  readonly target?: Target;
  /** Nothing before it, in milliseconds since the epoch. */
  readonly sinceMs?: number;
  readonly events?: AsyncIterable<EventSource>;
}

async function* noEvents(): AsyncGenerator<EventSource, void, undefined> {}

export async function log(bench: Workbench, request: LogRequest, context: Context): Promise<LogResult> {
  const { path, limit, target, sinceMs = -Infinity, events = noEvents() } = request;
  const targets = target === undefined ? bench.site.targets : [target];
  const unlooked = path === undefined || path.endsWith("/") ? [] : await lookAt(bench, { path, targets }, context);
  const told = await entriesOf(bench, { ...request, sinceMs }, context);
  // Of a chain that is broken there is no sum: then the entries that still hold are all there is to tell.
  const ledger = told.chain === "intact" ? await bench.ledger.state({ signal: context.signal, mayBeOld: true }) : emptyState;
  const about = { path, targets, ledger, entries: told.all, events, sinceMs };
  const timeline = await timelineOf(bench, told.chain === "intact" ? about : { ...about, path: undefined, events: noEvents() }, context);
  const shown = new Set(told.entries.map(({ seq }) => seq));
  const { entries, chain, problem } = told;
  return {
    entries,
    chain,
    ...(problem === undefined ? {} : { problem }),
    timeline: timeline.moments.filter((moment) => moment.kind !== "entry" || shown.has(moment.seq)).slice(0, limit),
    events: timeline.tally,
    gaps: [...unlooked, ...timeline.gaps],
  };
}

interface LookingAt {
  readonly path: string;
  readonly targets: readonly Target[];
}

/** A path that is asked about is looked at: what another hand wrote there goes on record now. What could not be is told. */
async function lookAt(bench: Workbench, { path, targets }: LookingAt, context: Context): Promise<string[]> {
  const gaps: string[] = [];
  for (const target of targets) {
    try {
      const { unrecorded } = await noticeOutOfBand(bench, await observe(bench, target, [path], context), context);
      if (unrecorded !== undefined) gaps.push(`What another hand wrote to ${path} at ${target.name} is not on record: ${unrecorded}`);
    } catch (error) {
      if (!(error instanceof BelayError)) throw error;
      gaps.push(`${target.name} could not be looked at: ${error.message}`);
    }
  }
  return gaps;
}

interface Told extends Pick<LogResult, "entries" | "chain" | "problem"> {
  /** Every entry of the site, whether it was asked for or not. */
  readonly all: readonly Entry[];
}

async function entriesOf(bench: Workbench, request: LogRequest & { readonly sinceMs: number }, context: Context): Promise<Told> {
  const entries: LoggedEntry[] = [];
  const all: Entry[] = [];
  let chain: LogResult["chain"] = "intact";
  let problem: string | undefined;
  try {
    // The whole chain is read even past the limit: a break further down is told too.
    for await (const entry of bench.ledger.entries(context)) {
      if (!isOfSite(entry, bench.site.name)) continue;
      all.push(entry);
      if (entries.length >= request.limit || !isAsked(entry, request)) continue;
      const plan = "plan" in entry ? await planOf(bench, entry, context) : undefined;
      const changes = plan && stepsOf(plan).map(({ change }) => ({ path: change.at.key, kind: change.kind }));
      if (request.path !== undefined && !touches(entry, changes, request.path)) continue;
      entries.push({ ...entry, ...(changes && { changes }), ...proofOf(entry, plan) });
    }
  } catch (error) {
    if (!(error instanceof BelayError) || error.code !== "ledger-broken") throw error;
    chain = { brokenAt: brokenSeq(error, all) };
    problem = error.message;
  }
  return { entries, all, chain, ...(problem === undefined ? {} : { problem }) };
}

/** What is said of records belongs to every site: they lie across them. */
const isOfSite = (entry: Entry, site: string): boolean =>
  !("site" in entry) || entry.site === site || entry.site.startsWith(recordsSitePrefix);

/** What is about no target in particular is about each. */
function isAsked(entry: Entry, { target, sinceMs }: LogRequest & { readonly sinceMs: number }): boolean {
  const about = "target" in entry ? entry.target : undefined;
  return Date.parse(entry.at) >= sinceMs && (target === undefined || about === undefined || about === target.name);
}

async function planOf(bench: Workbench, entry: Extract<Entry, { readonly plan: unknown }>, context: Context): Promise<Plan | undefined> {
  try {
    return (await openPlan(bench, entry.plan, context)).plan;
  } catch (error) {
    // A forgotten plan takes nothing from the entry itself.
    if (error instanceof BelayError && (error.code === "plan-unknown" || error.code === "vault-damaged")) return undefined;
    throw error;
  }
}

function proofOf(entry: Entry, plan: Plan | undefined): { readonly proof?: Proof } {
  if (entry.kind !== "ended" || entry.as !== "applied" || !plan) return {};
  const { stagingInvalidation, productionInvalidation } = entry;
  return { proof: { ...plan.proof, stagingInvalidation, productionInvalidation } };
}

function touches(entry: Entry, changes: readonly LoggedChange[] | undefined, path: string): boolean {
  const isMeant = (one: string): boolean =>
    one === path || (path.endsWith("/") && one.startsWith(path)) || (one.endsWith("/") && path.startsWith(one));
  if (changes?.some((change) => isMeant(change.path)) === true) return true;
  if (entry.kind === "out-of-band") return entry.writes.some((write) => isMeant(write.path));
  return "paths" in entry && entry.paths.some(isMeant);
}

/** The error names the entry; without it, the one before the last good one is it. */
function brokenSeq(error: BelayError, entries: readonly Entry[]): number {
  const named = /entry (\d+)/u.exec(error.message)?.[1];
  return named === undefined ? Math.max((entries.at(-1)?.seq ?? 1) - 1, 0) : Number(named);
}
