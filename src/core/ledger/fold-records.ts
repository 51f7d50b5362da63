/** What the entries about records add up to. */

import type { Digest, PlanId } from "../brand.ts";
import type { Decision, Survivor } from "../records/decision.ts";
import type { ManualTask, TaskState } from "../records/task.ts";
import type { Actor } from "./entry.ts";
import type { RecordEntryBody } from "./record-entry.ts";

export interface RecordDecisions {
  readonly of: string;
  readonly record: string;
  readonly reconcile: PlanId;
  readonly decisions: readonly Decision[];
  readonly survivors: readonly Survivor[];
  readonly by: Actor;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Set once all of it was seen everywhere it was written. */
  readonly report?: Digest;
}

export interface KnownTask {
  readonly task: ManualTask;
  readonly state: TaskState;
}

export interface RecordClaim {
  readonly of: string;
  readonly record: string;
  readonly keys: readonly string[];
  readonly by: Actor;
  readonly at: string;
  readonly until: string;
  readonly note?: string;
  readonly others?: readonly string[];
}

export interface RecordsState {
  /** The newest of each record, newest first, at most `decisionsMax`. */
  readonly decisions: readonly RecordDecisions[];
  /** Newest first: all that are open, and at most `tasksDoneMax` that are done. */
  readonly tasks: readonly KnownTask[];
  /** Oldest first; whoever asks looks at `until`. */
  readonly claims: readonly RecordClaim[];
  /** Kinds whose watchers are stopped, and why. */
  readonly stopped: readonly { readonly of: string; readonly why: string; readonly at: string }[];
}

const noRecords: RecordsState = { decisions: [], tasks: [], claims: [], stopped: [] };

/** What is known of records, where anything is. */
export const recordsOf = ({ records }: { readonly records?: RecordsState }): RecordsState => records ?? noRecords;

const decisionsMax = 1000;
const tasksDoneMax = 200;
const claimsMax = 1000;

export type RecordEntry = RecordEntryBody & { readonly actor: Actor; readonly at: string };

const kinds: ReadonlySet<string> = new Set<RecordEntryBody["kind"]>([
  "decided",
  "reconciled",
  "tasked",
  "task-done",
  "claimed",
  "unclaimed",
  "watch-switched",
]);

/** Tells an entry about a record from one about a target or a site. */
export const isRecordEntry = <One extends { readonly kind: string }>(entry: One): entry is Extract<One, RecordEntryBody> =>
  kinds.has(entry.kind);

export function foldRecords(state: RecordsState, entry: RecordEntry): RecordsState {
  const isSame = (one: { readonly of: string; readonly record: string }): boolean =>
    "record" in entry && one.of === entry.of && one.record === entry.record;
  switch (entry.kind) {
    case "decided": {
      const { of, record, reconcile, decisions, survivors, actor: by, at } = entry;
      const made: RecordDecisions = { of, record, reconcile, decisions, survivors, by, at };
      return { ...state, decisions: [made, ...state.decisions.filter((one) => !isSame(one))].slice(0, decisionsMax) };
    }
    case "reconciled":
      return {
        ...state,
        decisions: state.decisions.map((one) => (one.reconcile === entry.reconcile ? { ...one, report: entry.report } : one)),
      };
    case "tasked": {
      const before = state.tasks.find(({ task }) => task.id === entry.task.id);
      const open: KnownTask = { task: entry.task, state: { state: "open", since: entry.at, reopened: before?.state.state === "done" } };
      return { ...state, tasks: pruned([open, ...state.tasks.filter(({ task }) => task.id !== entry.task.id)]) };
    }
    case "task-done":
      return { ...state, tasks: pruned(state.tasks.map((known) => (known.task.id === entry.task ? doneBy(known, entry) : known))) };
    case "claimed": {
      const { of, record, keys, until, note, others, actor: by, at } = entry;
      const more = { ...(note === undefined ? {} : { note }), ...(others === undefined ? {} : { others }) };
      const claim: RecordClaim = { of, record, keys, by, at, until, ...more };
      return { ...state, claims: [...state.claims.filter((one) => !isSame(one)), claim].slice(-claimsMax) };
    }
    case "unclaimed":
      return { ...state, claims: state.claims.filter((one) => !isSame(one)) };
    case "watch-switched": {
      const others = state.stopped.filter(({ of }) => of !== entry.of);
      return { ...state, stopped: entry.is === "on" ? others : [...others, { of: entry.of, why: entry.why, at: entry.at }] };
    }
  }
}

function doneBy({ task }: KnownTask, entry: Extract<RecordEntry, { kind: "task-done" }>): KnownTask {
  const { at, how, actor, evidence, recheckAt } = entry;
  return {
    task,
    state: {
      state: "done",
      at,
      how,
      by: actor.name,
      ...(evidence === undefined ? {} : { evidence }),
      ...(recheckAt === undefined ? {} : { recheckAt }),
    },
  };
}

function pruned(tasks: readonly KnownTask[]): readonly KnownTask[] {
  const done = tasks.filter(({ state }) => state.state === "done").slice(tasksDoneMax);
  return done.length === 0 ? tasks : tasks.filter((task) => !done.includes(task));
}
