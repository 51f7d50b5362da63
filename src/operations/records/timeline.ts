/** The timeline of one record, from everything that tells of it: stores, belay's record, git, and the objects themselves (R5). */

import { BelayError } from "../../core/belay-error.ts";
import type { Entity } from "../../core/records/claim.ts";
import { speaking } from "../../core/records/cell-values.ts";
import { joinRecordTimeline, type TimelineMoment } from "../../core/records/timeline.ts";
import { concurrently } from "../concurrently.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";
import type { AccessLogs } from "./read-logs.ts";
import { openContents, type Past } from "./timeline-contents.ts";
import { committedMoments } from "./timeline-git.ts";
import { releasedMoments, recordMoments } from "./timeline-ledger.ts";
import { loggedMoments } from "./timeline-logs.ts";
import { keptMoments } from "./timeline-versions.ts";
import { toldMoments } from "./timeline-told.ts";

export interface RecordTimeline {
  /** Oldest first. */
  readonly moments: readonly TimelineMoment[];
  /** What could not be looked at, a sentence each: what they hold is unknown. */
  readonly gaps: readonly string[];
}

/** Reads versions, plans and commits of each of the record's objects, at most so many of each; writes nothing. */
export async function recordTimeline(records: RecordsBench, entity: Entity, context: Context, logs?: AccessLogs): Promise<RecordTimeline> {
  const gaps: string[] = [];
  const reader = openContents(records, entity);
  const sightings = speaking(entity);
  const own = await concurrently(sightings, records.home.concurrency, async (sighting, index) => {
    context.report({ phase: "looking", done: index, total: sightings.length, path: sighting.at.key });
    const past: Past = { records, sighting, reader, gaps };
    return [
      ...(await tried(past, "versions", async () => await keptMoments(past, context))),
      ...(await tried(past, "releases", async () => await releasedMoments(past, context))),
      ...(await tried(past, "commits", async () => await committedMoments(past, context))),
      ...loggedMoments(past, logs),
      ...(await tried(past, "own account", async () => await toldMoments(past, context))),
    ];
  });
  const whole = await recordMoments(records, entity, context);
  return { moments: joinRecordTimeline([...own.flat(), ...whole], records.home.runtime.now()), gaps: [...new Set(gaps)] };
}

/** What cannot be reached leaves a gap that is named, and takes nothing from the rest. */
async function tried(past: Past, what: string, find: () => Promise<readonly TimelineMoment[]>): Promise<readonly TimelineMoment[]> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof BelayError) || error.code === "interrupted") throw error;
    const { system, at } = past.sighting;
    past.gaps.push(`The ${what} of ${system} ${at.key} could not be read: ${error.message}`);
    return [];
  }
}

/** When a sighting's field last changed, by `sighting field`: see `provenChanges`. Only fields of authority *newest* are looked for. */
export async function fieldChanges(records: RecordsBench, entity: Entity, context: Context): Promise<ReadonlyMap<string, string>> {
  const fields = records.kind.fields.filter(({ authority }) => authority.kind === "newest").map(({ name }) => name);
  const changes = new Map<string, string>();
  if (fields.length === 0) return changes;
  const { moments } = await recordTimeline(records, entity, context);
  for (const field of fields) {
    const found = speaking(entity)
      .filter(({ claims }) => claims.some((claim) => claim.field === field))
      .map((sighting) => ({ sighting, ...lastChange(moments, sighting.id, field) }));
    for (const { sighting, at } of provenOf(found)) changes.set(`${sighting.id} ${field}`, at);
  }
  return changes;
}

interface LastChange {
  /** ISO 8601, UTC. */
  readonly at?: string;
  /** The change itself was seen, and not only that the value was there by then. */
  readonly isSeen: boolean;
}

/** What a store or belay's own record shows. What an object says of itself, and commits, prove nothing about live. */
function lastChange(moments: readonly TimelineMoment[], sighting: string, field: string): LastChange {
  const witnessed = moments.filter(
    ({ sighting: of, source }) => of === sighting && (source === "version" || source === "store" || source === "ledger"),
  );
  const seen = witnessed.findLast(
    ({ deed }) => "changes" in deed && deed.changes.some((change) => change.field === field && change.from !== undefined),
  );
  if (seen) return { at: seen.at, isSeen: true };
  const oldest = witnessed.find(({ deed }) => deed.kind === "written" || deed.kind === "touched");
  return oldest ? { at: oldest.at, isSeen: false } : { isSeen: false };
}

/**
 * That a value stood at some time means that it is at least as old: enough for a loser, too little for a winner. Where the
 * youngest is only known that way it may be older than the others, so it is left out, and then it asks.
 */
function provenOf<Found extends LastChange>(found: readonly Found[]): readonly (Found & { readonly at: string })[] {
  const dated = found.flatMap((one) => (one.at === undefined ? [] : [{ ...one, at: one.at }]));
  const seen = dated.filter(({ isSeen }) => isSeen).map(({ at }) => at);
  const youngest = seen.toSorted().at(-1);
  return dated.filter(({ isSeen, at }) => isSeen || (youngest !== undefined && at < youngest));
}
