/** `belay apply PLAN-ID` of a reconcile. */

import { applyReconcile } from "../../operations/records/reconcile.ts";
import { answerReconcile } from "./answer-reconcile.ts";
import { openKind } from "./records-session.ts";
import type { Session } from "./session.ts";
import { openReconcileConfirmation } from "./verbs/reconcile.ts";
import type { Words } from "./words.ts";

/** Off a terminal the id itself is the confirmation. Goes on where an earlier run stopped. */
export async function applyRecordsPlan(
  session: Session,
  words: Words,
  { id, kind }: { readonly id: string; readonly kind: string },
): Promise<number> {
  const atHand = await openKind(session, kind);
  const confirmation = openReconcileConfirmation(session, atHand, words, id);
  const result = await applyReconcile(atHand.records, id, confirmation.confirm, atHand.context);
  return answerReconcile(session, { result, confirmation });
}
