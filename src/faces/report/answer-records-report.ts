/** `--html` of an audit and of a reconcile. */

import { BelayError } from "../../core/belay-error.ts";
import type { Audit, AuditedRecord } from "../../operations/records/audit.ts";
import type { ReconcileResult } from "../../operations/records/reconcile.ts";
import type { RecordsBench } from "../../operations/records/records-bench.ts";
import type { RecordTimeline } from "../../operations/records/timeline.ts";
import type { AuditTally } from "../cli/render-audit.ts";
import { shownPath, type Session } from "../cli/session.ts";
import { textOf, type Words } from "../cli/words.ts";
import { renderAuditReport } from "./records-audit-report.ts";
import { renderReconcileReport } from "./records-reconcile-report.ts";
import { writeReportFile } from "./write-report-file.ts";

/** Before any work is done: two documents cannot share stdout. Throws `usage`. */
export function checkRecordsReportWords({ globals }: Pick<Session, "globals">, words: Words): void {
  if (textOf(words, "html") !== "-" || !globals.isJson) return;
  throw new BelayError("usage", "Only one document fits on stdout.", "Name a file for the page: --html FILE");
}

export interface AuditReporting {
  readonly records: RecordsBench;
  readonly words: Words;
  readonly found: Audit;
  readonly counts: AuditTally;
  readonly kept: readonly { readonly record: AuditedRecord; readonly timeline?: RecordTimeline }[];
}

/** Writes the page, and says where. */
export async function answerAuditReport(session: Session, { records, words, found, counts, kept }: AuditReporting): Promise<void> {
  const { home } = records;
  const made = { at: new Date(home.runtime.now()).toISOString(), by: home.actor };
  await deliver(session, { records, words, text: renderAuditReport({ found, counts, kept, made }) });
}

export interface ReconcileReporting {
  readonly records: RecordsBench;
  readonly words: Words;
  readonly result: ReconcileResult;
}

/** As `answerAuditReport`; answers where the page went. */
export async function answerReconcileReport(session: Session, { records, words, result }: ReconcileReporting): Promise<"stdout" | "file"> {
  const { home } = records;
  const made = { at: new Date(home.runtime.now()).toISOString(), by: home.actor };
  return await deliver(session, { records, words, text: renderReconcileReport({ result, made }) });
}

interface Delivery {
  readonly records: RecordsBench;
  readonly words: Words;
  readonly text: string;
}

async function deliver(session: Session, { records, words, text }: Delivery): Promise<"stdout" | "file"> {
  const file = textOf(words, "html") ?? "-";
  if (file === "-") {
    session.screen.print(text.replace(/\n$/u, ""));
    return "stdout";
  }
  const path = await writeReportFile(session.setup.cwd, records.home.site, { file, text });
  session.screen.tell(`report ${shownPath(session.setup, path)}`);
  return "file";
}
