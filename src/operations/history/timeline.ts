/** What belongs beside the ledger's entries in `belay log`: a path's versions, and logs that name callers. */

import { readEvents } from "../../codecs/access-log/read-events.ts";
import { BelayError } from "../../core/belay-error.ts";
import type { Entry } from "../../core/ledger/entry.ts";
import { targetState, type LedgerState } from "../../core/ledger/fold.ts";
import { stepsOf } from "../../core/plan/plan.ts";
import type { Target } from "../../core/site.ts";
import { joinTimeline, type Moment } from "../../core/timeline/join-timeline.ts";
import {
  judgeVersions,
  type JudgedVersion,
  type PlacedEvent,
  type RecordedWrite,
  type SeenVersion,
} from "../../core/timeline/judge-versions.ts";
import type { WriteEvent } from "../../core/timeline/write-event.ts";
import type { StoredVersion, Versions } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import { openPlan } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";

/** A file of records: CloudTrail, an S3 server access log or S3 event messages. Unpacked. */
export interface EventSource {
  readonly name: string;
  /** May throw `BelayError` on the way: what was read until then counts. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

export interface EventTally {
  readonly files: number;
  /** Writes to the site's targets that the files tell of. */
  readonly events: number;
  /** Of these, how many tell of a write that the ledger or a store tells of too. */
  readonly matched: number;
  readonly broken: number;
  /** There were more than are held at once; the oldest were let go. */
  readonly isCut: boolean;
}

export interface TimelineRequest {
  readonly path: string | undefined;
  readonly targets: readonly Target[];
  readonly ledger: LedgerState;
  /** All of the site's, newest first. */
  readonly entries: readonly Entry[];
  readonly events: AsyncIterable<EventSource>;
  /** Nothing before it is told. */
  readonly sinceMs: number;
}

export interface Timeline {
  readonly moments: readonly Moment[];
  readonly tally: EventTally;
  /** What could not be read, a sentence each. */
  readonly gaps: readonly string[];
}

const versionsMax = 200;
const eventsMax = 20_000;

export async function timelineOf(bench: Workbench, request: TimelineRequest, context: Context): Promise<Timeline> {
  const { path, targets, ledger, entries, sinceMs } = request;
  const gaps: string[] = [];
  const held = await eventsOf(request, gaps);
  const paths = new Set([...(path === undefined ? [] : [path]), ...held.placed.map((placed) => placed.path)]);
  const writes = paths.size === 0 ? [] : await writesTo(bench, { paths, targets, ledger, entries }, context);
  const begins = new Map(targets.flatMap(({ name }) => firstOf(entries, name)));
  const versions: JudgedVersion[] = [];
  if (path !== undefined && !path.endsWith("/")) {
    for (const target of targets) {
      const seen = await versionsAt(bench, { target, path, gaps }, context);
      versions.push(...judgeVersions(seen, { writes, sinceMs: begins.get(target.name) ?? Infinity }));
    }
  }
  const joined = joinTimeline({ entries, versions, writes, events: held.placed, sinceMs: begins });
  return {
    moments: joined.moments.filter(({ atMs }) => atMs >= sinceMs),
    tally: { ...held.tally, matched: joined.matched },
    gaps,
  };
}

/** When the record of a target begins. */
function firstOf(entries: readonly Entry[], target: string): [string, number][] {
  const first = entries.findLast(
    (entry) => "target" in entry && entry.target === target && (entry.kind === "baseline" || entry.kind === "started"),
  );
  return first ? [[target, Date.parse(first.at)]] : [];
}

interface Wanted extends Pick<TimelineRequest, "targets" | "ledger" | "entries"> {
  readonly paths: ReadonlySet<string>;
}

/** What releases, and plans that did not end well, did to some paths. */
async function writesTo(bench: Workbench, { paths, targets, ledger, entries }: Wanted, context: Context): Promise<RecordedWrite[]> {
  const startedAt = new Map(entries.flatMap((entry) => (entry.kind === "started" ? [[entry.release, Date.parse(entry.at)] as const] : [])));
  const all = targets.flatMap(({ name }) => {
    const { releases, open } = targetState(ledger, bench.site.name, name);
    const ended = releases.map(({ id, plan, as, at }) => ({ target: name, id, plan, as, toMs: Date.parse(at) }));
    return open ? [{ target: name, id: open.release, plan: open.plan, as: "applied" as const, toMs: Infinity }, ...ended] : ended;
  });
  const told = await concurrently(all, bench.concurrency, async ({ target, id, plan, as, toMs }): Promise<RecordedWrite[]> => {
    const fromMs = startedAt.get(id) ?? toMs;
    return (await changesOf(bench, plan, context)).flatMap((change): RecordedWrite[] => {
      const { key } = change.at;
      if (!paths.has(key)) return [];
      const written = { target, path: key, plan, release: id, kind: change.kind, as, fromMs, toMs };
      return [change.kind === "delete" ? written : { ...written, digest: change.content.digest }];
    });
  });
  return told.flat();
}

async function changesOf(
  bench: Workbench,
  plan: RecordedWrite["plan"],
  context: Context,
): Promise<ReturnType<typeof stepsOf>[number]["change"][]> {
  try {
    return stepsOf((await openPlan(bench, plan, context)).plan).map(({ change }) => change);
  } catch (error) {
    // A forgotten plan takes nothing from the rest of the history.
    if (error instanceof BelayError && (error.code === "plan-unknown" || error.code === "vault-damaged")) return [];
    throw error;
  }
}

interface At {
  readonly target: Target;
  readonly path: string;
  readonly gaps: string[];
}

/** One listing, and one HEAD for each version. Empty where the store keeps none. */
async function versionsAt(bench: Workbench, { target, path, gaps }: At, context: Context): Promise<SeenVersion[]> {
  try {
    const { versions } = await bench.storeOf(target.store);
    if (!versions) return [];
    const listed = await versions.list(path, { signal: context.signal, limit: versionsMax });
    return await concurrently(listed, bench.concurrency, async (version) => await seenVersion(versions, target, version, context));
  } catch (error) {
    if (!(error instanceof BelayError)) throw error;
    gaps.push(`The versions of ${path} at ${target.name} could not be read: ${error.message}`);
    return [];
  }
}

async function seenVersion(versions: Versions, { name }: Target, version: StoredVersion, context: Context): Promise<SeenVersion> {
  const { key, id, sizeBytes, modifiedAtMs, isObject, etag } = version;
  const said = isObject ? await versions.look(version, context) : undefined;
  return {
    target: name,
    path: key,
    id,
    atMs: modifiedAtMs,
    isObject,
    sizeBytes,
    ...(etag !== undefined && { etag }),
    ...(said?.provenance && { provenance: said.provenance }),
    ...(said?.owner !== undefined && { owner: said.owner }),
  };
}

interface HeldEvents {
  readonly placed: readonly PlacedEvent[];
  readonly tally: Omit<EventTally, "matched">;
}

/** Streams every file; holds only what is about the site's targets. A file that ends badly counts as broken from there. */
async function eventsOf(request: TimelineRequest, gaps: string[]): Promise<HeldEvents> {
  const taking: Taking = { placed: [], broken: 0, seen: 0 };
  let files = 0;
  for await (const source of request.events) {
    files += 1;
    try {
      for await (const event of readEvents(source.open())) take(taking, event, request);
    } catch (error) {
      if (!(error instanceof BelayError)) throw error;
      taking.broken += 1;
      gaps.push(error.message);
    }
  }
  keepNewest(taking.placed);
  const { placed, broken, seen } = taking;
  return { placed, tally: { files, events: seen, broken, isCut: seen > placed.length } };
}

interface Taking {
  readonly placed: PlacedEvent[];
  broken: number;
  seen: number;
}

function take(taking: Taking, event: WriteEvent | "broken", request: TimelineRequest): void {
  if (event === "broken") taking.broken += 1;
  else if (event.atMs >= request.sinceMs) {
    const found = placesOf(event, request);
    taking.seen += found.length;
    taking.placed.push(...found);
    if (taking.placed.length > 2 * eventsMax) keepNewest(taking.placed);
  }
}

function keepNewest(placed: PlacedEvent[]): void {
  if (placed.length <= eventsMax) return;
  placed.sort((one, other) => other.event.atMs - one.event.atMs);
  placed.length = eventsMax;
}

/** The target and path that a name in a bucket stands for. Of two readings of a name, the one that was asked for. */
function placesOf(event: WriteEvent, { targets, path: wanted }: Pick<TimelineRequest, "targets" | "path">): PlacedEvent[] {
  return targets.flatMap(({ name, store }): PlacedEvent[] => {
    const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/u.exec(store) ?? [];
    if (bucket !== event.bucket) return [];
    const start = prefix === "" ? "" : `${prefix}/`;
    const paths = event.names.flatMap((one) => (one.startsWith(start) && one.length > start.length ? [one.slice(start.length)] : []));
    const path = wanted === undefined ? paths[0] : paths.find((one) => isAsked(one, wanted));
    return path === undefined ? [] : [{ target: name, path, event }];
  });
}

const isAsked = (path: string, wanted: string): boolean => path === wanted || (wanted.endsWith("/") && path.startsWith(wanted));
