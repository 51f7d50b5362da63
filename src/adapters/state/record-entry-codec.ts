/** Ledger entries about records, and their sum, as structurally checked values. */

import * as v from "valibot";
import type { Actor, Entry } from "../../core/ledger/entry.ts";
import type { RecordEntryBody } from "../../core/ledger/record-entry.ts";
import type { RecordsState } from "../../core/ledger/fold-records.ts";
import type { Decision, Survivor } from "../../core/records/decision.ts";
import type { ManualTask, TaskState } from "../../core/records/task.ts";
import type { Value } from "../../core/records/value.ts";
import { actorSchema, digestSchema as digest } from "./base-schemas.ts";

const text = v.string();
const texts = v.array(v.string());

const value: v.GenericSchema<unknown, Value> = v.variant("kind", [
  v.object({
    kind: v.literal("moment"),
    date: v.exactOptional(text),
    time: v.exactOptional(text),
    offset: v.exactOptional(text),
    weekday: v.exactOptional(v.number()),
  }),
  v.object({ kind: v.literal("duration"), minutes: v.number() }),
  v.object({ kind: v.literal("text"), text }),
  v.object({ kind: v.literal("list"), items: texts }),
  v.object({ kind: v.literal("number"), decimal: text }),
]);

const decision: v.GenericSchema<unknown, Decision> = v.object({
  field: text,
  value,
  how: v.picklist(["agreed", "authority", "newest", "person", "derived"]),
  because: text,
});

const survivor: v.GenericSchema<unknown, Survivor> = v.object({
  system: text,
  keep: text,
  replace: texts,
  how: v.picklist(["redirect", "delete"]),
  loses: texts,
  because: text,
});

const task: v.GenericSchema<unknown, ManualTask> = v.object({
  id: text,
  kind: text,
  record: text,
  system: text,
  changes: v.array(v.object({ field: text, from: text, to: value })),
  link: v.exactOptional(text),
  note: v.exactOptional(text),
  due: v.exactOptional(text),
  attest: v.exactOptional(v.literal(true)),
});

const taskState: v.GenericSchema<unknown, TaskState> = v.variant("state", [
  v.object({ state: v.literal("open"), since: text, reopened: v.boolean() }),
  v.object({
    state: v.literal("done"),
    at: text,
    how: v.picklist(["observed", "attested"]),
    by: text,
    evidence: v.exactOptional(text),
    recheckAt: v.exactOptional(text),
  }),
]);

const link = {
  format: v.literal(1),
  seq: v.pipe(v.number(), v.integer(), v.minValue(1)),
  at: text,
  prev: digest,
  nonce: text,
  actor: actorSchema,
};

type Schemas = { readonly [Kind in RecordEntryBody["kind"]]: v.GenericSchema<unknown, Extract<Entry, { kind: Kind }>> };

/** By kind. */
export const recordKinds: Schemas = {
  decided: v.object({
    ...link,
    kind: v.literal("decided"),
    of: text,
    record: text,
    reconcile: digest,
    decisions: v.array(decision),
    survivors: v.array(survivor),
  }),
  reconciled: v.object({
    ...link,
    kind: v.literal("reconciled"),
    of: text,
    record: text,
    reconcile: digest,
    steps: v.number(),
    report: digest,
  }),
  tasked: v.object({ ...link, kind: v.literal("tasked"), of: text, record: text, task, why: text }),
  "task-done": v.object({
    ...link,
    kind: v.literal("task-done"),
    of: text,
    record: text,
    task: text,
    how: v.picklist(["observed", "attested"]),
    evidence: v.exactOptional(text),
    recheckAt: v.exactOptional(text),
  }),
  claimed: v.object({
    ...link,
    kind: v.literal("claimed"),
    of: text,
    record: text,
    keys: texts,
    until: text,
    note: v.exactOptional(text),
    others: v.exactOptional(texts),
  }),
  unclaimed: v.object({ ...link, kind: v.literal("unclaimed"), of: text, record: text, why: text }),
  "watch-switched": v.object({ ...link, kind: v.literal("watch-switched"), of: text, is: v.picklist(["on", "off"]), why: text }),
};

/** As a checkpoint or a cache holds it. */
export const recordsSchemaOf = (actor: v.GenericSchema<unknown, Actor>): v.GenericSchema<unknown, RecordsState> =>
  v.object({
    decisions: v.array(
      v.object({
        of: text,
        record: text,
        reconcile: digest,
        decisions: v.array(decision),
        survivors: v.array(survivor),
        by: actor,
        at: text,
        report: v.exactOptional(digest),
      }),
    ),
    tasks: v.array(v.object({ task, state: taskState })),
    claims: v.array(
      v.object({
        of: text,
        record: text,
        keys: texts,
        by: actor,
        at: text,
        until: text,
        note: v.exactOptional(text),
        others: v.exactOptional(texts),
      }),
    ),
    stopped: v.array(v.object({ of: text, why: text, at: text })),
  });
