/** What a store tells of an object's past: the versions that it keeps, or at least when it was written last. */

import { bytesOf } from "../../core/body.ts";
import type { Observed } from "../../core/plan/plan.ts";
import { nobodyKnown, type FieldValues, type TimelineActor, type TimelineMoment } from "../../core/records/timeline.ts";
import type { Reading, StoredVersion } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import type { Context } from "../workbench.ts";
import { systemOf, type Past } from "./timeline-contents.ts";

/** So many of the newest versions are read; of older ones nothing is told. */
const versionsMax = 40;

export async function keptMoments(past: Past, context: Context): Promise<readonly TimelineMoment[]> {
  const { records, sighting } = past;
  const { bench, target } = await records.placeOf(systemOf(records, sighting));
  const store = await bench.storeOf(target.store);
  const listed = store.versions ? await store.versions.list(sighting.at.key, { signal: context.signal, limit: versionsMax }) : [];
  const { versions } = store;
  if (!versions || listed.length === 0) return touched(past, await store.read(sighting.at.key, context));
  const readings = await concurrently(listed, bench.concurrency, async (version) =>
    version.isObject ? await versions.read(version, context) : undefined,
  );
  return versionMoments(past, listed.map((version, at) => ({ version, reading: readings[at] })).toReversed());
}

/** The last write by the store's clock: what it changed is unknown. */
function touched({ sighting }: Past, reading: Reading | undefined): TimelineMoment[] {
  if (reading?.observed.modifiedAtMs === undefined) return [];
  const { system, id } = sighting;
  return [
    {
      at: new Date(reading.observed.modifiedAtMs).toISOString(),
      source: "store",
      sighting: id,
      system,
      deed: { kind: "touched" },
      ...writerOf(reading.observed, reading.body.digest),
    },
  ];
}

interface Kept {
  readonly version: StoredVersion;
  /** Absent of a deletion, and where it is gone by now. */
  readonly reading: Reading | undefined;
}

/** Oldest first. */
async function versionMoments({ records, sighting, reader, gaps }: Past, kept: readonly Kept[]): Promise<TimelineMoment[]> {
  const moments: TimelineMoment[] = [];
  let before: FieldValues | undefined;
  let isFirst = true;
  for (const { version, reading } of kept) {
    const common = {
      at: new Date(version.modifiedAtMs).toISOString(),
      source: "version" as const,
      sighting: sighting.id,
      system: sighting.system,
      reference: version.id,
    };
    if (!version.isObject) {
      moments.push({ ...common, by: nobodyKnown, deed: { kind: "deleted" }, contradictions: [] });
      continue;
    }
    if (!reading) {
      gaps.push(`A version of ${sighting.system} ${sighting.at.key}, ${common.at}, is gone.`);
      before = undefined;
      continue;
    }
    const after = reader.values(sighting, await bytesOf(reading.body), reading.observed.headers ?? {});
    const changes = reader.between(before, after);
    moments.push({ ...common, ...writerOf(reading.observed, reading.body.digest), deed: { kind: "written", changes, isFirst } });
    before = after;
    isFirst = false;
  }
  if (kept.length >= versionsMax)
    gaps.push(`${records.kind.name}: only the newest ${versionsMax} versions of ${sighting.system} ${sighting.at.key} were read.`);
  return moments;
}

/** Whose name stands beside the bytes. Belay's name tag on other bytes than its own is a copy of it, and says nothing of who. */
function writerOf(
  { provenance, owner }: Pick<Observed, "provenance" | "owner">,
  digest: string,
): { readonly by: TimelineActor; readonly contradictions: readonly string[] } {
  if (provenance && provenance.digest === digest) {
    return { by: { name: provenance.actor, how: "claimed", from: `release ${provenance.release}` }, contradictions: [] };
  }
  const contradictions = provenance ? [`it bears the name tag of release ${provenance.release}, which wrote other bytes`] : [];
  return { by: owner === undefined ? nobodyKnown : { name: owner, how: "claimed", from: "its own metadata" }, contradictions };
}
