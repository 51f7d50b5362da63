/** What belay's own record tells of a record: releases of its objects, writes past belay, decisions and tasks. */

import { bytesOf } from "../../core/body.ts";
import type { Actor } from "../../core/ledger/entry.ts";
import { targetState } from "../../core/ledger/fold.ts";
import type { Digest } from "../../core/brand.ts";
import { isRecordEntry, type RecordEntry } from "../../core/ledger/fold-records.ts";
import { stepsOf, type Change, type IdentifiedPlan } from "../../core/plan/plan.ts";
import type { Entity } from "../../core/records/claim.ts";
import { nobodyKnown, type FieldChange, type TimelineActor, type TimelineDeed, type TimelineMoment } from "../../core/records/timeline.ts";
import { openKeptPlan } from "../plan-shelf.ts";
import type { Context, Workbench } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";
import { keptBytes, systemOf, type Past } from "./timeline-contents.ts";

/** So many of a target's newest releases are looked through, and so many entries of the ledger. */
const releasesMax = 100;
const entriesMax = 5000;

/** As the ledger says it: a name that nothing proves is claimed. */
const actorOf = ({ name, proof, from }: Actor): TimelineActor => ({ name, how: proof, from });

/** Releases that wrote the sighting's object, and what others wrote there past belay. */
export async function releasedMoments(past: Past, context: Context): Promise<readonly TimelineMoment[]> {
  const { records, sighting } = past;
  const { bench, target } = await records.placeOf(systemOf(records, sighting));
  const state = targetState(await bench.ledger.state({ ...context, mayBeOld: true }), bench.site.name, target.name);
  const { key } = sighting.at;
  const common = { source: "ledger" as const, sighting: sighting.id, system: sighting.system, contradictions: [] };
  const moments: TimelineMoment[] = [];
  for (const { id, plan, title, at, by, as, exceptions } of state.releases.slice(0, releasesMax)) {
    if (as !== "applied" || exceptions.includes(key)) continue;
    const change = changesIn(await openKeptPlan(bench, plan, context)).find((one) => one.at.key === key);
    if (!change) continue;
    const changes = await changedBy(past, bench, change, context);
    moments.push({
      ...common,
      at,
      by: actorOf(by),
      deed: change.kind === "delete" ? { kind: "deleted" } : { kind: "released", release: id, title, changes },
      reference: id,
    });
  }
  for (const { path, at, by, warning, prior, found, headers } of state.found) {
    if (path !== key || at === undefined) continue;
    const changes = await contentChanges(past, bench, { prior, next: found, headers }, context);
    moments.push({
      ...common,
      at,
      by: by === undefined ? nobodyKnown : { name: by, how: "claimed" },
      deed: { kind: "past-belay", warning, changes },
    });
  }
  return moments;
}

const changesIn = (identified: IdentifiedPlan | undefined): readonly Change[] =>
  identified ? stepsOf(identified.plan).map(({ change }) => change) : [];

async function changedBy(past: Past, bench: Workbench, change: Change, context: Context): Promise<readonly FieldChange[]> {
  if (change.kind === "delete") return [];
  const { digest: next, headers } = change.content;
  return await contentChanges(past, bench, { prior: change.kind === "create" ? undefined : change.prior.digest, next, headers }, context);
}

interface Contents {
  readonly prior: Digest | undefined;
  readonly next: Digest | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** Only where the bytes of both are still to be had: what was first there is told as such by whatever tells of it. */
async function contentChanges(
  { sighting, reader }: Past,
  bench: Workbench,
  { prior, next, headers = {} }: Contents,
  context: Context,
): Promise<readonly FieldChange[]> {
  if (prior === undefined || next === undefined) return [];
  const [before, after] = [
    await keptBytes(bench, prior, context),
    (await keptBytes(bench, next, context)) ?? (await liveBytes(sighting, bench, next, context)),
  ];
  if (!before || !after) return [];
  return reader.between(reader.values(sighting, before, headers), reader.values(sighting, after, headers));
}

/** What was written last lies nowhere but in its place. */
async function liveBytes({ at }: Past["sighting"], bench: Workbench, digest: Digest, context: Context): Promise<Uint8Array | undefined> {
  const reading = await (await bench.storeOf(at.store)).read(at.key, context);
  if (reading?.body.digest !== digest) return undefined;
  return await bytesOf(reading.body);
}

/** What is about the record as a whole: decisions, corrections, tasks and claims, whatever name it had then among its keys. */
export async function recordMoments({ kind, home }: RecordsBench, { id }: Entity, context: Context): Promise<readonly TimelineMoment[]> {
  const moments: TimelineMoment[] = [];
  let seen = 0;
  for await (const entry of home.ledger.entries(context)) {
    seen += 1;
    if (seen > entriesMax) break;
    if (!isRecordEntry(entry) || !("record" in entry) || entry.of !== kind.name || entry.record !== id) continue;
    const deed = deedOf(entry);
    if (!deed) continue;
    const system = entry.kind === "tasked" ? { system: entry.task.system } : {};
    moments.push({
      at: entry.at,
      source: "ledger",
      ...system,
      by: actorOf(entry.actor),
      deed,
      reference: `#${entry.seq}`,
      contradictions: [],
    });
  }
  return moments;
}

function deedOf(entry: RecordEntry): TimelineDeed | undefined {
  switch (entry.kind) {
    case "decided":
      return { kind: "decided", decisions: entry.decisions, survivors: entry.survivors };
    case "reconciled":
      return { kind: "reconciled", steps: entry.steps };
    case "tasked":
      return { kind: "task-given", task: entry.task.id, fields: entry.task.changes.map(({ field }) => field), why: entry.why };
    case "task-done":
      return { kind: "task-done", task: entry.task, how: entry.how, ...(entry.evidence === undefined ? {} : { evidence: entry.evidence }) };
    case "claimed":
      return { kind: "claimed", ...(entry.note === undefined ? {} : { note: entry.note }) };
    case "unclaimed":
    case "watch-switched":
      return undefined;
  }
}
