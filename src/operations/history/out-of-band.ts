/** Writes at a target that belay did not make: found by what it left there, recorded once, told as long as their warning stands. */

import { BelayError } from "../../core/belay-error.ts";
import { sameContent, sameHeaders } from "../../core/deploy/plan-deploy.ts";
import type { OutOfBandWrite } from "../../core/ledger/entry.ts";
import { targetState, type Found, type LedgerState, type TargetState } from "../../core/ledger/fold.ts";
import { releaseSeq } from "../../core/ledger/release-seq.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { escalate, type Escalation } from "../notice/escalate.ts";
import type { Observation, Sighting } from "../compare/observe.ts";
import { keepFound, type FoundNow } from "./out-of-band-bytes.ts";
import { occasionOf } from "./out-of-band-notice.ts";
import { openPlan } from "../plan-shelf.ts";
import { contentsOf, type Left, type TargetContents } from "./target-contents.ts";
import type { Context, Workbench } from "../workbench.ts";

/** A write whose warning is open, or that could not be recorded. */
export interface StandingWrite extends OutOfBandWrite {
  /** Absent where the record could not be written. */
  readonly warning?: string;
  /** Found by this very look. */
  readonly isNew: boolean;
}

export interface OutOfBandReport {
  /** Newest first. */
  readonly writes: readonly StandingWrite[];
  /** Why what was found now is not in the record. */
  readonly unrecorded?: string;
  /** What became of telling people, where something was found and nobody watched. */
  readonly escalation?: Escalation;
}

export type Looked = Pick<Observation, "target" | "store" | "sightings"> & {
  readonly ledger: LedgerState;
  /** Also what this copy has seen already, which it may have come to know without the record of it. Meant for a few paths. */
  readonly isThorough?: boolean;
};

/** One entry names at most so many writes; what is beyond them is found by the next look. */
const writesMax = 500;
/** As many as the folded state keeps: more could not be told from new ones. */
const standingMax = 2000;
const appendsMax = 16;

/**
 * Looks for objects, or their absence, that neither belay nor an accepted write has left at the target; records what is new,
 * opens one warning for it and keeps its bytes. Costs requests only for what is found: everything else is known from the
 * observation. A path that nothing is known of tells nothing, and neither does a record that cannot be read or written fail it.
 */
export async function noticeOutOfBand(bench: Workbench, looked: Looked, context: Context): Promise<OutOfBandReport> {
  const standing = standingWrites(bench, looked.ledger, looked.target);
  try {
    const found = await findNew(bench, looked, context);
    if (found.length === 0 || standing.length >= standingMax) return { writes: standing };
    const recorded = await record(bench, { ...looked, found }, context);
    return { ...recorded, writes: [...recorded.writes, ...standing] };
  } catch (error) {
    if (!(error instanceof BelayError)) throw error;
    return { writes: standing, unrecorded: error.message };
  }
}

/** What is on record and not settled. */
export function standingWrites(bench: Workbench, ledger: LedgerState, target: Target): StandingWrite[] {
  const { found } = targetState(ledger, bench.site.name, target.name);
  const open = new Map(ledger.warnings.map((warning) => [warning.id, warning.paths]));
  const isOpen = ({ warning, path }: Found): boolean => open.get(warning)?.includes(path) === true;
  return found.filter(isOpen).map((write) => ({ ...write, isNew: false }));
}

async function findNew(bench: Workbench, looked: Looked, context: Context): Promise<FoundNow[]> {
  const suspects = looked.isThorough === true ? looked.sightings : looked.sightings.filter(isSuspect);
  if (suspects.length === 0) return [];
  const contents = await contentsOf(
    bench,
    { ledger: looked.ledger, target: looked.target, paths: new Set(suspects.map(({ path }) => path)) },
    context,
  );
  const own = await pathsUnderWay(bench, looked, context);
  const found = suspects.flatMap((sighting): FoundNow[] => {
    // First contact: where nothing is known to have been left, nothing can have been changed.
    const left = leftAt(contents, sighting.path);
    if (!left || own.has(sighting.path) || isOurs(sighting, left, contents) || isOfAnotherRecord(bench, looked, sighting)) return [];
    return isKnown(looked, bench.site.name, sighting, left) ? [] : [{ path: sighting.path, live: sighting.live, prior: left.content }];
  });
  return found.slice(0, writesMax);
}

/** Live is not what this copy has seen last; or it has never looked. */
const isSuspect = ({ local, live, base }: Sighting): boolean => (live ? !sameContent(base, live) : (local ?? base) !== undefined);

/** What was left at a path; where the record is whole, nothing was left at a path that it does not name. */
function leftAt({ at, isWhole }: TargetContents, path: string): (Pick<Left, "content"> & Partial<Left>) | undefined {
  return at.get(path) ?? (isWhole ? { content: undefined } : undefined);
}

/** Also what a stopped plan of belay's own could not put back. */
const isOurs = ({ path, live }: Sighting, { content }: Pick<Left, "content">, { remains }: TargetContents): boolean =>
  sameContent(live, content) || (live !== undefined && (remains.get(path) ?? []).some((left) => sameContent(live, left)));

/**
 * Where every machine keeps a record of its own, a colleague's deploy is in none but theirs. Their name stands beside the
 * object. With a shared record that would be a forgery.
 */
function isOfAnotherRecord({ isStateShared, site }: Workbench, { ledger, target }: Looked, { live }: Sighting): boolean {
  const { provenance, digest } = live ?? {};
  if (isStateShared || provenance === undefined || provenance.digest !== digest) return false;
  return targetState(ledger, site.name, target.name).releases.every(({ plan }) => plan !== provenance.plan);
}

/** The newest find of the path is this very content, and nothing of belay's was written over it since. */
function isKnown({ ledger, target }: Looked, site: string, { path, live }: Sighting, left: Partial<Left>): boolean {
  const newest = targetState(ledger, site, target.name).found.find((found) => found.path === path);
  if (!newest || newest.found !== live?.digest) return false;
  if (live && !sameHeaders(newest.headers ?? {}, live.headers)) return false;
  const released = left.by?.kind === "release" ? releaseSeq(left.by.release.id) : 0;
  return newest.seq > released;
}

/** An open plan's own paths are `resume`'s to judge. */
async function pathsUnderWay(bench: Workbench, { ledger, target }: Looked, context: Context): Promise<ReadonlySet<string>> {
  const { open } = targetState(ledger, bench.site.name, target.name);
  if (!open) return new Set();
  const { plan } = await openPlan(bench, open.plan, context);
  return new Set(stepsOf(plan).map(({ change }) => change.at.key));
}

interface Recording extends Looked {
  readonly found: readonly FoundNow[];
}

/**
 * Live is read again before the record is: a deploy that ended in between has moved the target's basis, and then the next
 * look decides. So what belay wrote meanwhile is never taken for a stranger's.
 */
async function record(bench: Workbench, recording: Recording, context: Context): Promise<OutOfBandReport> {
  const { target, ledger } = recording;
  const before = targetState(ledger, bench.site.name, target.name);
  const writes = await keepFound(bench, recording, context);
  if (writes.length === 0) return { writes: [] };
  const finding: Finding = { target, writes, warning: `w${bench.runtime.nonce().slice(0, 6)}` };
  const asNew = writes.map((write) => ({ ...write, isNew: true }));
  for (let attempt = 1; attempt <= appendsMax; attempt += 1) {
    const state = await bench.ledger.state(context);
    const now = targetState(state, bench.site.name, target.name);
    if (hasMoved(before, now)) return { writes: standingSince(bench, { ledger, state, target }) };
    const appended = await append(bench, { ...finding, head: state.head }, context);
    if (appended === "moved") continue;
    return appended === "appended" ? await told(bench, finding, context) : { writes: asNew, unrecorded: appended };
  }
  return { writes: asNew, unrecorded: "The ledger moved on every attempt to append to it." };
}

/** Belay wrote there meanwhile, or somebody else has recorded finds: the next look tells which of these are whose. */
const hasMoved = (before: TargetState, now: TargetState): boolean =>
  now.basis?.seq !== before.basis?.seq || now.open?.plan !== before.open?.plan || now.found[0]?.seq !== before.found[0]?.seq;

interface Finding {
  readonly target: Target;
  readonly warning: string;
  readonly writes: readonly OutOfBandWrite[];
}

/** Whoever watches sees it; where nobody does, people are told. */
async function told(bench: Workbench, finding: Finding, context: Context): Promise<OutOfBandReport> {
  const { warning } = finding;
  const writes = finding.writes.map((write) => ({ ...write, warning, isNew: true }));
  return context.isAttended ? { writes } : { writes, escalation: await escalate(bench, occasionOf(finding), context) };
}

/** What others recorded between the two states. */
function standingSince(
  bench: Workbench,
  { ledger, state, target }: { readonly ledger: LedgerState; readonly state: LedgerState; readonly target: Target },
): StandingWrite[] {
  const known = new Set(standingWrites(bench, ledger, target).map(({ warning, path }) => `${warning ?? ""} ${path}`));
  return standingWrites(bench, state, target).filter(({ warning, path }) => !known.has(`${warning ?? ""} ${path}`));
}

interface Appending extends Finding {
  readonly head: LedgerState["head"];
}

/** Whoever may only read still learns what was found, and why it is not on record. */
async function append(bench: Workbench, { target, warning, writes, head }: Appending, context: Context): Promise<string> {
  const body = { kind: "out-of-band", actor: bench.actor, site: bench.site.name, target: target.name, warning, writes } as const;
  try {
    return (await bench.ledger.append(body, head, context)).kind;
  } catch (error) {
    if (error instanceof BelayError) return error.message;
    throw error;
  }
}
