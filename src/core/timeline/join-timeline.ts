/** The ledger, a store's versions and the logs of callers as one line of moments. */

import type { Entry, OutOfBandWrite } from "../ledger/entry.ts";
import { clockSlackMs, isTraceOf, isWithin, type JudgedVersion, type PlacedEvent, type RecordedWrite } from "./judge-versions.ts";
import type { WriteEvent } from "./write-event.ts";

export type Moment =
  /** `callers` of an *out-of-band* entry: who wrote what it found, by path. */
  | { readonly kind: "entry"; readonly atMs: number; readonly seq: number; readonly callers: readonly Caller[] }
  /** A version that belay did not write. Those that it wrote are told by their release's entry. */
  | { readonly kind: "version"; readonly atMs: number; readonly version: JudgedVersion; readonly callers: readonly WriteEvent[] }
  /** Known from a log alone: no version and no entry tells of it. */
  | { readonly kind: "write"; readonly atMs: number; readonly hand: "out-of-band" | "before-belay"; readonly placed: PlacedEvent };

export interface Caller {
  readonly path: string;
  readonly event: WriteEvent;
}

export interface Joining {
  readonly entries: readonly Entry[];
  readonly versions: readonly JudgedVersion[];
  readonly writes: readonly RecordedWrite[];
  readonly events: readonly PlacedEvent[];
  /** When each target's record begins; a target without one has none. */
  readonly sinceMs: ReadonlyMap<string, number>;
}

export interface Joined {
  /** Newest first. */
  readonly moments: readonly Moment[];
  /** How many events tell of a write that something else tells of too. */
  readonly matched: number;
}

export function joinTimeline({ entries, versions, writes, events, sinceMs }: Joining): Joined {
  const matched = new Set<PlacedEvent>();
  const byPlace = new Map<string, PlacedEvent[]>();
  for (const placed of events) byPlace.set(placeOf(placed), [...(byPlace.get(placeOf(placed)) ?? []), placed]);
  const tracesOf = (target: string, path: string, trace: Parameters<typeof isTraceOf>[1]): WriteEvent[] => {
    const found = (byPlace.get(placeOf({ target, path })) ?? []).filter((placed) => isTraceOf(placed, trace));
    for (const placed of found) matched.add(placed);
    return found.map(({ event }) => event).toSorted(bestFirst);
  };
  const ofVersions = versions.flatMap((version): Moment[] => {
    const { target, path, isObject, atMs, id, etag, hand } = version;
    const callers = tracesOf(target, path, { isObject, atMs, version: id, ...(etag !== undefined && { etag }) });
    return hand === "belay" ? [] : [{ kind: "version", atMs: version.orderMs, version, callers }];
  });
  const ofEntries = inOrder(entries).map(({ entry, atMs }): Moment => {
    const callers = entry.kind === "out-of-band" ? entry.writes.flatMap((write) => callersOf(entry.target, write)) : [];
    return { kind: "entry", atMs, seq: entry.seq, callers };
  });

  function callersOf(target: string, { path, found, at, version }: OutOfBandWrite): Caller[] {
    const trace = {
      isObject: found !== undefined,
      ...(at !== undefined && { atMs: Date.parse(at) }),
      ...(version !== undefined && { version }),
    };
    return tracesOf(target, path, trace).map((event) => ({ path, event }));
  }

  const isBelays = ({ target, path, event }: PlacedEvent): boolean =>
    writes.some((write) => write.target === target && write.path === path && isWithin(event.atMs, write));
  const ofEvents = events.flatMap((placed): Moment[] => {
    if (matched.has(placed)) return [];
    if (isBelays(placed)) {
      matched.add(placed);
      return [];
    }
    const { atMs } = placed.event;
    const isEarlier = atMs < (sinceMs.get(placed.target) ?? Infinity) - clockSlackMs;
    return [{ kind: "write", atMs, hand: isEarlier ? "before-belay" : "out-of-band", placed }];
  });
  return { moments: [...ofEntries, ...ofVersions, ...oneEach(ofEvents)].toSorted(newestFirst), matched: matched.size };
}

/** CloudTrail names the caller best, an access log tells the least. */
const sources: readonly WriteEvent["source"][] = ["cloudtrail", "s3-event", "access-log"];
const bestFirst = (one: WriteEvent, other: WriteEvent): number => sources.indexOf(one.source) - sources.indexOf(other.source);

/** Two logs that tell of one write are one moment, told by the better of them. */
function oneEach(moments: readonly Moment[]): Moment[] {
  const kept = new Map<string, Extract<Moment, { kind: "write" }>[]>();
  const sorted = moments.flatMap((moment) => (moment.kind === "write" ? [moment] : []));
  for (const moment of sorted.toSorted((one, other) => bestFirst(one.placed.event, other.placed.event))) {
    const { target, path, event } = moment.placed;
    const trace = {
      isObject: event.deed === "put",
      atMs: event.atMs,
      ...(event.versionId !== undefined && { version: event.versionId }),
      ...(event.etag !== undefined && { etag: event.etag }),
    };
    const here = kept.get(placeOf({ target, path })) ?? [];
    const isTold = here.some(({ placed }) => placed.event.source !== event.source && isTraceOf(placed, trace));
    if (!isTold) kept.set(placeOf({ target, path }), [...here, moment]);
  }
  return [...kept.values()].flat();
}

/** The ledger's own order stands, whatever the clocks of its writers said: no entry is told as earlier than the one before. */
function inOrder(entries: readonly Entry[]): { readonly entry: Entry; readonly atMs: number }[] {
  let lastMs = -Infinity;
  return entries
    .toSorted((one, other) => one.seq - other.seq)
    .map((entry) => ({ entry, atMs: (lastMs = Math.max(lastMs, Date.parse(entry.at))) }));
}

const placeOf = ({ target, path }: Pick<PlacedEvent, "target" | "path">): string => `${target}\n${path}`;

function newestFirst(one: Moment, other: Moment): number {
  if (one.kind === "entry" && other.kind === "entry") return other.seq - one.seq;
  return other.atMs - one.atMs;
}
