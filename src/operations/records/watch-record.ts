/** What the record says of watching: the switch, and the corrections that watchers have made, on every machine. */

import { BelayError } from "../../core/belay-error.ts";
import type { Actor } from "../../core/ledger/entry.ts";
import { recordsOf } from "../../core/ledger/fold-records.ts";
import type { PastCorrections } from "../../core/records/flap.ts";
import type { RecordEdit } from "../../core/records/records-part.ts";
import type { PlanId } from "../../core/brand.ts";
import { appendAlways } from "../append-always.ts";
import { openPlan } from "../plan-shelf.ts";
import type { Context } from "../workbench.ts";
import { nowOf } from "./find-record.ts";
import type { RecordsBench } from "./records-bench.ts";

const mark = " (belay watch)";
const hourMs = 3_600_000;

/** The same actor, recorded as working through a watcher: how corrections of the last hour are counted. */
export const asWatcher = (records: RecordsBench): RecordsBench => ({
  ...records,
  home: { ...records.home, actor: { ...records.home.actor, from: `${records.home.actor.from}${mark}` } },
});

const isWatcher = ({ from }: Actor): boolean => from.endsWith(mark);

export interface HourOfWatching {
  /** Corrections that watchers began within the last hour. */
  readonly begun: number;
  /** Those that were carried out, newest first. */
  readonly done: readonly { readonly record: string; readonly reconcile: PlanId }[];
}

export async function lastHour({ home, kind }: RecordsBench, context: Context): Promise<HourOfWatching> {
  const since = nowOf(home) - hourMs;
  const done: { record: string; reconcile: PlanId }[] = [];
  const finished = new Set<PlanId>();
  let begun = 0;
  for await (const entry of home.ledger.entries(context)) {
    if (Date.parse(entry.at) < since) break;
    if (entry.kind === "reconciled" && entry.of === kind.name) finished.add(entry.reconcile);
    if (entry.kind !== "decided" || entry.of !== kind.name || !isWatcher(entry.actor)) continue;
    begun += 1;
    if (finished.has(entry.reconcile)) done.push({ record: entry.record, reconcile: entry.reconcile });
  }
  return { begun, done };
}

/** What watchers have corrected of a record: whether a correction now would be one too many. */
export async function pastCorrections(
  records: RecordsBench,
  record: string,
  { done }: HourOfWatching,
  context: Context,
): Promise<PastCorrections> {
  const { home, kind } = records;
  const state = await home.ledger.state(context);
  const made = recordsOf(state).decisions.find((one) => one.of === kind.name && one.record === record);
  const last = made && made.report !== undefined && isWatcher(made.by) ? await editsOf(records, made.reconcile, context) : [];
  const hour: (readonly RecordEdit[])[] = [];
  for (const one of done) if (one.record === record) hour.push(await editsOf(records, one.reconcile, context));
  return { last, hour, flapsMax: kind.watch.flapsMax };
}

const editsOf = async ({ home }: RecordsBench, id: PlanId, context: Context): Promise<readonly RecordEdit[]> =>
  (await openPlan(home, id, context)).plan.records?.edits ?? [];

/** Why every watcher of the kind stands still; `undefined` where none has to. */
export async function whyStopped({ home, kind }: RecordsBench, context: Context): Promise<string | undefined> {
  return recordsOf(await home.ledger.state(context)).stopped.find(({ of }) => of === kind.name)?.why;
}

/** Anybody stops watchers; a person lets them go on. */
export async function switchWatch({ home, kind }: RecordsBench, is: "on" | "off", why: string, context: Context): Promise<void> {
  if (is === "on" && (!context.isAttended || home.actor.kind === "agent"))
    throw new BelayError(
      "person-needed",
      `Only a person lets watchers of ${kind.name} go on.`,
      `A person runs: belay watch ${kind.name} --start`,
    );
  await appendAlways(home, { kind: "watch-switched", actor: home.actor, of: kind.name, is, why }, context);
}
