/** A bench for a session's beginning and end, with everything in memory. */

import type { AgentSession } from "../../../src/core/guard/agent-call.ts";
import type { Look } from "../../../src/core/guard/edits/look.ts";
import type { GuardScope } from "../../../src/core/guard/scope.ts";
import { emptyState, type LedgerState } from "../../../src/core/ledger/fold.ts";
import type { HandOffBench } from "../../../src/operations/guard/hand-off-bench.ts";
import type { GuardMemory } from "../../../src/ports/guard-memory.ts";
import { memoryLookBook } from "../../fakes/memory-look-book.ts";

export const nowMs: number = Date.UTC(2031, 4, 20, 14);
export const session: AgentSession = { agent: "claude", id: "s1", cwd: "/w" };

export const scope: GuardScope = {
  folder: "/w",
  buckets: [],
  distributions: [],
  tables: [],
  urls: [],
  folders: [],
  sites: [
    { name: "default", root: "/w/public", liveTargets: ["production"], targets: ["staging", "production"], guardedTargets: ["production"] },
  ],
  stateFolders: ["/w/.belay"],
  hasRecords: false,
};

export interface HandOffFacts {
  readonly state?: Partial<LedgerState>;
  /** The ledger cannot be reached. */
  readonly isUnreachable?: boolean;
  readonly looks?: readonly Look[];
  readonly unpublished?: readonly string[];
  readonly scope?: GuardScope;
}

export function handOffBench(facts: HandOffFacts = {}): HandOffBench & { readonly began: () => number } {
  const state: LedgerState | undefined = facts.state && { ...emptyState, ...facts.state };
  let askedAtMs: number | undefined;
  let began = 0;
  const memory: GuardMemory = {
    session: () => ({
      startedAtMs: nowMs - 3_600_000,
      denied: [],
      created: [],
      ...(askedAtMs !== undefined && { askedForNoteAtMs: askedAtMs }),
    }),
    begin: () => {
      began += 1;
    },
    noteDenied: () => undefined,
    noteCreated: () => undefined,
    noteAskedForNote: () => {
      askedAtMs = nowMs;
    },
  };
  return {
    began: () => began,
    scope: facts.scope ?? scope,
    memory,
    looks: memoryLookBook(facts.looks),
    now: () => nowMs,
    ledgerAtHand: async () => await Promise.resolve(state),
    ledger: async () => await Promise.resolve(state && { state, isOld: facts.isUnreachable === true }),
    unpublishedSince: async () => await Promise.resolve({ paths: facts.unpublished ?? [], isCut: false }),
  };
}
