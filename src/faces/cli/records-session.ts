/** What the verbs about records open: one kind, and a context whose person is the one at this terminal. */

import type { RecordsBench } from "../../operations/records/records-bench.ts";
import type { Context } from "../../operations/workbench.ts";
import { hasTerminal, type Session } from "./session.ts";

export interface KindAtHand {
  readonly records: RecordsBench;
  readonly context: Context;
}

/** Throws `usage` where belay.yaml has no such kind. */
export async function openKind(session: Session, kindName: string): Promise<KindAtHand> {
  const records = await session.records(kindName);
  const { setup, screen, signal } = session;
  return {
    records,
    context: { signal, report: screen.report, isAttended: hasTerminal(setup) && records.home.actor.kind !== "agent" },
  };
}

/** Of this clock, in UTC: `2026-05-30`. */
export const todayOf = ({ setup }: Pick<Session, "setup">): string => new Date(setup.now()).toISOString().slice(0, 10);
