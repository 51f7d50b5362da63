/** `belay pull`: brings live content into the working copy without losing what is here, and records the base. */

import { hasConflictMarkers } from "../codecs/text-merge/conflict-markers.ts";
import { BelayError } from "../core/belay-error.ts";
import { bodyOf, bytesOf, type Body } from "../core/body.ts";
import { asRevision } from "../core/brand.ts";
import type { BaseEntry } from "../core/lineage/base.ts";
import { isWarned } from "../core/deploy/rules/d4-warnings.ts";
import { targetState, type Warning } from "../core/ledger/fold.ts";
import type { Target } from "../core/site.ts";
import type { Reading } from "../ports/store.ts";
import { appendAlways } from "./append-always.ts";
import { compare, type Compared, type Comparison } from "./compare/compare.ts";
import { mergeSides, type MergeWay } from "./compare/merge-sides.ts";
import { observe, type Selection } from "./compare/observe.ts";
import { notePulled } from "./compare/note-look.ts";
import { noticeOutOfBand, type OutOfBandReport } from "./history/out-of-band.ts";
import { isRemembered } from "./compare/seen-bytes.ts";
import type { Context, Workbench } from "./workbench.ts";

export type PullOutcome =
  /** Local now holds live's bytes. */
  | "fast-forwarded"
  | "created"
  | "deleted"
  | "merged"
  /** Markers stand in the file; a deploy refuses it until they are gone. */
  | "conflicted"
  /** `--take live` over local changes; what was here is kept under `kept`. */
  | "took-live"
  /** `--take mine`: live was seen, local stays as it is. */
  | "kept-mine"
  /** Not text, or deleted on one side: a person picks with `--take`. */
  | "needs-choice"
  /** The file was changed while it was being pulled; nothing was written. */
  | "changed-meanwhile"
  /** Live has it both as a file and as a folder, or one of them is here: a folder of this machine cannot hold both. */
  | "file-and-folder";

export interface Pulled {
  readonly path: string;
  readonly outcome: PullOutcome;
  readonly conflicts?: number;
  /** Digest of the local bytes that were replaced; they stay in this machine's memory. */
  readonly kept?: string;
  /** Of *file-and-folder*: the other one. */
  readonly clash?: string;
}

export interface PullResult {
  readonly pulled: readonly Pulled[];
  /** Warnings whose paths this pull covered, by id. */
  readonly resolved: readonly string[];
  /** Warnings about paths that were looked at and still stand, by id: nothing was brought that would settle them. */
  readonly standing: readonly string[];
  /** What was written at the target by another hand than belay's, this pull's finds first. */
  readonly outOfBand: OutOfBandReport;
}

export interface PullRequest {
  readonly target: Target;
  readonly selection: Selection;
  readonly take: "live" | "mine" | undefined;
}

export async function pull(bench: Workbench, request: PullRequest, context: Context): Promise<PullResult> {
  const observation = await observe(bench, request.target, request.selection, context);
  // Recorded before it is brought here: afterwards nothing would tell it from what belay had left.
  const outOfBand = await noticeOutOfBand(bench, { ...observation, isThorough: request.selection !== undefined }, context);
  const comparison = await compare(bench, observation, context);
  await refuseMassDeletion(bench, request, comparison, context);
  const colliding = fileAndFolder(comparison);
  const pulled: Pulled[] = [];
  const bases = new Map<string, BaseEntry | undefined>();
  try {
    for (const [index, compared] of comparison.paths.entries()) {
      context.signal.throwIfAborted();
      context.report({ phase: "merging", done: index, total: comparison.paths.length, path: compared.path });
      const outcome = await pullOne({ bench, comparison, compared, request, colliding, bases, context });
      if (outcome) pulled.push(outcome);
    }
  } finally {
    // What was written here is remembered also when a later path fails or Ctrl-C comes.
    const unhurried = { ...context, signal: new AbortController().signal };
    if (bases.size > 0) await bench.base.save(request.target.name, bases, unhurried);
    notePulled(bench, request.target.name, [...bases.keys()]);
    await noteMerges(bench, request.target, pulled, unhurried);
  }
  return { pulled, outOfBand, ...(await resolveCovered(bench, evidenceFor(comparison, pulled, context), request, context)) };
}

/** An unmounted disk or a wrong address looks like a live site without files: that is no reason to delete the copy. */
async function refuseMassDeletion(
  bench: Workbench,
  request: PullRequest,
  { observation, paths }: Comparison,
  context: Context,
): Promise<void> {
  const { target, selection, take } = request;
  const gone = paths.filter(({ local, live, lineage }) => local && !live && lineage.kind === "behind").map(({ path }) => path);
  if (take !== undefined || gone.length === 0) return;
  const listing = observation.store.list("", { ...context, limit: 1 });
  if ((await listing[Symbol.asyncIterator]().next()).done === true) {
    throw new BelayError(
      "store-unreachable",
      `${target.name} holds nothing now, and it held files when this copy last looked: nothing was deleted here.`,
      `Check that ${target.store} is the right place, and mounted if it is a folder. If its files are really lost: belay pull ${target.name} --take mine, then belay deploy ${target.name}`,
    );
  }
  const { deletesMax } = bench.site.limits;
  if (selection !== undefined || gone.length <= deletesMax) return;
  throw new BelayError(
    "usage",
    `${gone.length} files are gone from ${target.name}; a pull deletes at most ${deletesMax} here. Nothing was deleted.`,
    `Name the files or folders that may go: belay pull ${target.name} PATH…   (or raise limits.deletes in belay.yaml)`,
  );
}

/** Live files that are not here and cannot come, and the file that is, or would be, where one of their folders goes, or in theirs. */
function fileAndFolder({ observation }: Comparison): ReadonlyMap<string, string> {
  const there = observation.sightings.filter(({ local, live }) => local !== undefined || live !== undefined).map(({ path }) => path);
  const files = new Set(there);
  const clashes = new Map<string, string>();
  for (const path of there) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const folder = path.slice(0, slash);
      if (files.has(folder)) clashes.set(folder, path).set(path, folder);
    }
  }
  const coming = new Set(observation.sightings.filter(({ local, live }) => live && !local).map(({ path }) => path));
  return new Map([...clashes].filter(([path]) => coming.has(path)));
}

interface Pulling {
  readonly bench: Workbench;
  readonly comparison: Comparison;
  readonly compared: Compared;
  readonly request: PullRequest;
  /** See `fileAndFolder`. */
  readonly colliding: ReadonlyMap<string, string>;
  readonly bases: Map<string, BaseEntry | undefined>;
  readonly context: Context;
}

async function pullOne(pulling: Pulling): Promise<Pulled | undefined> {
  const { compared, request } = pulling;
  const { kind } = compared.lineage;
  if (kind === "ahead" && request.take === "live") return await takeLiveOverMarkers(pulling);
  if (kind === "same" || kind === "ahead" || kind === "new" || kind === "removed") return undefined;
  const clash = pulling.colliding.get(compared.path);
  return clash === undefined ? await bring(pulling) : { path: compared.path, outcome: "file-and-folder", clash };
}

/** What live has that this copy has not seen. */
async function bring(pulling: Pulling): Promise<Pulled> {
  const { compared, comparison, context, request } = pulling;
  const { kind } = compared.lineage;
  const live = compared.live && (await comparison.observation.store.read(compared.path, context));
  if (!live) return pullDeletion(pulling);
  if (!compared.local) return kind === "behind" || request.take === "live" ? create(pulling, live) : pullIntoDeleted(pulling, live);
  if (request.take === "mine") return await keepMine(pulling, live);
  if (kind === "behind" || request.take === "live") return await overwrite(pulling, live);
  return merge(pulling, live);
}

/** A merge that left markers counts live as seen; who does not want to settle it by hand takes live's bytes after all. */
async function takeLiveOverMarkers(pulling: Pulling): Promise<Pulled | undefined> {
  const { bench, compared, comparison, context } = pulling;
  if (compared.base?.how !== "merged" || !compared.local || !isRemembered(compared.path, compared.local.sizeBytes)) return undefined;
  const here = await localReading(bench, compared, context);
  if (!here || !hasConflictMarkers(await bytesOf(here.body))) return undefined;
  const live = await comparison.observation.store.read(compared.path, context);
  return live && (await overwrite(pulling, live));
}

/** Live has lost the file. Untouched here it goes here too; changed here somebody has to choose. */
async function pullDeletion({ bench, compared, request, bases, context }: Pulling): Promise<Pulled> {
  const { path, lineage, local } = compared;
  if (lineage.kind !== "behind" && request.take === undefined) return { path, outcome: "needs-choice" };
  // Kept on purpose: from now on it is new to live, whatever live held before.
  if (request.take === "mine" && local) {
    const at = new Date(bench.runtime.now()).toISOString();
    bases.set(path, { ...local, revision: asRevision("absent"), headers: {}, at, how: "kept-mine" });
    return { path, outcome: "kept-mine" };
  }
  const here = await localReading(bench, compared, context);
  if (!here) return { path, outcome: "changed-meanwhile" };
  await bench.vault.keep(here.body, context);
  const removed = await bench.folder.remove({ key: path, expect: { kind: "unchanged", revision: here.observed.revision } }, context);
  if (removed.kind !== "removed") return { path, outcome: "changed-meanwhile" };
  bases.set(path, undefined);
  return { path, outcome: "deleted", kept: here.body.digest };
}

/** Deleted here, changed on live. */
async function pullIntoDeleted(pulling: Pulling, live: Reading): Promise<Pulled> {
  const { compared, request } = pulling;
  return request.take === "mine" ? await keepMine(pulling, live) : { path: compared.path, outcome: "needs-choice" };
}

async function create({ bench, compared, bases, context }: Pulling, live: Reading): Promise<Pulled> {
  const { path } = compared;
  const written = await bench.folder.write({ key: path, expect: { kind: "absent" }, body: live.body, headers: {} }, context);
  if (written.kind !== "written") return { path, outcome: "changed-meanwhile" };
  await seen(bench, { path, live, bases, how: "pulled" }, context);
  return { path, outcome: "created" };
}

async function overwrite({ bench, compared, bases, context }: Pulling, live: Reading): Promise<Pulled> {
  const { path, lineage } = compared;
  const kept = await replaceLocal(bench, compared, live.body, context);
  if (kept === undefined) return { path, outcome: "changed-meanwhile" };
  await seen(bench, { path, live, bases, how: "pulled" }, context);
  return { path, outcome: lineage.kind === "behind" ? "fast-forwarded" : "took-live", kept };
}

async function keepMine({ bench, compared, bases, context }: Pulling, live: Reading): Promise<Pulled> {
  await seen(bench, { path: compared.path, live, bases, how: "kept-mine" }, context);
  return { path: compared.path, outcome: "kept-mine" };
}

async function merge({ bench, comparison, compared, bases, context }: Pulling, live: Reading): Promise<Pulled> {
  const { path } = compared;
  const marked = await localReading(bench, compared, context);
  // Markers within markers help nobody: the earlier merge is settled first.
  if (marked && isRemembered(path, marked.body.sizeBytes) && hasConflictMarkers(await bytesOf(marked.body)))
    return { path, outcome: "conflicted" };
  const way: MergeWay = await mergeSides(bench, comparison, { compared, live }, context);
  if (way.kind === "not-text") return { path, outcome: "needs-choice" };
  const kept = await replaceLocal(bench, compared, bodyOf(way.bytes, bench.runtime.sha256(way.bytes)), context);
  if (kept === undefined) return { path, outcome: "changed-meanwhile" };
  await seen(bench, { path, live, bases, how: "merged" }, context);
  return way.kind === "merged" ? { path, outcome: "merged", kept } : { path, outcome: "conflicted", conflicts: way.conflicts, kept };
}

/** The digest of what was here, or `undefined` when the file was changed meanwhile. */
async function replaceLocal(bench: Workbench, compared: Compared, body: Body, context: Context): Promise<string | undefined> {
  const here = await localReading(bench, compared, context);
  if (!here) return undefined;
  // The only copy of work that was never published: it goes where nothing is forgotten.
  await bench.vault.keep(here.body, context);
  const expect = { kind: "unchanged", revision: here.observed.revision } as const;
  const written = await bench.folder.write({ key: compared.path, expect, body, headers: {} }, context);
  return written.kind === "written" ? here.body.digest : undefined;
}

async function localReading(bench: Workbench, { path, local }: Compared, context: Context): Promise<Reading | undefined> {
  const here = await bench.folder.read(path, context);
  return here?.body.digest === local?.digest ? here : undefined;
}

interface Seen {
  readonly path: string;
  readonly live: Reading;
  readonly bases: Map<string, BaseEntry | undefined>;
  readonly how: BaseEntry["how"];
}

async function seen(bench: Workbench, { path, live, bases, how }: Seen, context: Context): Promise<void> {
  if (isRemembered(path, live.body.sizeBytes)) await bench.seenBytes.keep(live.body, context);
  bases.set(path, baseOf(bench, live, how));
}

const baseOf = (bench: Workbench, { observed, body }: Reading, how: BaseEntry["how"]): BaseEntry => ({
  digest: body.digest,
  revision: observed.revision,
  sizeBytes: body.sizeBytes,
  headers: observed.headers ?? {},
  at: new Date(bench.runtime.now()).toISOString(),
  how,
});

/** Bytes of both sides stand in a merge; who watched it is recorded (decision 5). */
async function noteMerges(bench: Workbench, target: Target, pulled: readonly Pulled[], context: Context): Promise<void> {
  const paths = pulled.filter(({ outcome }) => ["merged", "conflicted", "kept-mine"].includes(outcome)).map(({ path }) => path);
  if (paths.length === 0) return;
  await appendAlways(
    bench,
    { kind: "merged", actor: bench.actor, site: bench.site.name, target: target.name, paths, attended: context.isAttended },
    context,
  );
}

interface Evidence {
  readonly covered: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

const brought: ReadonlySet<PullOutcome> = new Set<PullOutcome>(["fast-forwarded", "created", "deleted", "took-live", "merged"]);

/**
 * What speaks against a warning that the copy is stale: live was just brought here. A pull that brings nothing shows nothing
 * new to anybody, and what was kept against live, or waits for a choice, is no evidence either.
 */
function evidenceOf(pulled: readonly Pulled[]): Evidence {
  const pathsOf = (some: readonly Pulled[]): ReadonlySet<string> => new Set(some.map(({ path }) => path));
  return {
    covered: pathsOf(pulled.filter(({ outcome }) => brought.has(outcome))),
    failed: pathsOf(pulled.filter(({ outcome }) => !brought.has(outcome))),
  };
}

interface EvidenceOfAll extends Evidence {
  /**
   * Against a warning about a stranger's write, whose content is what has to be seen: what was brought here, what is here
   * already, what a person kept their own against. An agent's choice is no person's look.
   */
  readonly ofStrangers: Evidence;
  /** What is here or live. Of what a stranger deleted and nobody has any more there is nothing left to see. */
  readonly present: ReadonlySet<string>;
}

function evidenceFor({ paths, observation }: Comparison, pulled: readonly Pulled[], { isAttended }: Context): EvidenceOfAll {
  const evidence = evidenceOf(pulled);
  const touched = new Set(pulled.map(({ path }) => path));
  const here = paths.flatMap(({ path, lineage }) =>
    !touched.has(path) && (lineage.kind === "same" || lineage.kind === "ahead") ? [path] : [],
  );
  const present = new Set(observation.sightings.flatMap(({ path, local, live }) => ((local ?? live) ? [path] : [])));
  const kept = isAttended ? pulled.flatMap(({ path, outcome }) => (outcome === "kept-mine" ? [path] : [])) : [];
  const failed = new Set([...evidence.failed].filter((path) => !kept.includes(path)));
  return { ...evidence, ofStrangers: { covered: new Set([...evidence.covered, ...here, ...kept]), failed }, present };
}

/** Closes warnings (D4) as far as the evidence covers their paths; a folder only if all of it was pulled. */
async function resolveCovered(
  bench: Workbench,
  evidence: EvidenceOfAll,
  { target, selection }: PullRequest,
  context: Context,
): Promise<Pick<PullResult, "resolved" | "standing">> {
  const resolved: string[] = [];
  const standing: string[] = [];
  const state = await bench.ledger.state(context);
  const strangers = new Set(targetState(state, bench.site.name, target.name).found.map(({ warning }) => warning));
  for (const warning of state.warnings.filter((one) => isAbout(one, bench.site.name, target))) {
    const isStrangers = strangers.has(warning.id);
    const isGone = (path: string): boolean => isStrangers && isSelected(path, selection) && !evidence.present.has(path);
    const held = isStrangers ? evidence.ofStrangers : evidence;
    const paths = warning.paths.filter((named) => isCovered(named, held, selection) || isGone(named));
    const isLookedAt = selection === undefined || warning.paths.some((path) => isWarned({ paths: selection }, path));
    if (paths.length < warning.paths.length && isLookedAt) standing.push(warning.id);
    if (paths.length === 0) continue;
    await appendAlways(
      bench,
      { kind: "resolved", actor: bench.actor, site: bench.site.name, warning: warning.id, paths, how: "pull", why: "pulled from live" },
      context,
    );
    if (paths.length === warning.paths.length) resolved.push(warning.id);
  }
  return { resolved, standing };
}

/** A warning about one target is settled by what is live there, and by nothing else. */
const isAbout = (warning: Warning, site: string, { name }: Target): boolean =>
  warning.site === site && (warning.target === undefined || warning.target === name);

const isSelected = (path: string, selection: Selection): boolean => selection === undefined || isWarned({ paths: selection }, path);

function isCovered(named: string, { covered, failed }: Evidence, selection: Selection): boolean {
  if (!named.endsWith("/")) return covered.has(named);
  const isWhole = selection === undefined || selection.some((selected) => selected.endsWith("/") && named.startsWith(selected));
  const isWithin = (path: string): boolean => isWarned({ paths: [named] }, path);
  return isWhole && [...covered].some(isWithin) && ![...failed].some(isWithin);
}
