/** An audit as one JSON document, written record by record: twenty thousand of them take no more memory than one. */

import { once } from "node:events";
import { BelayError } from "../../core/belay-error.ts";
import type { Audit, AuditedRecord } from "../../operations/records/audit.ts";
import type { RecordTimeline } from "../../operations/records/timeline.ts";
import { errorFields } from "./answer.ts";
import { recordFields, systemFields } from "./records-json.ts";
import { differing, emptyTally, tally, type AuditTally } from "./render-audit.ts";
import type { Session } from "./session.ts";

export interface AuditPrinting {
  /** Fetched for single records alone. */
  readonly timelineOf: (record: AuditedRecord) => Promise<RecordTimeline | undefined>;
  /** Whether a record stands in the document; all of them count. */
  readonly isShown: (record: AuditedRecord) => boolean;
  readonly onRecord: (record: AuditedRecord, timeline: RecordTimeline | undefined) => void;
}

/** What went wrong on the way ends the document with an `error`; whoever calls throws nothing more. */
export async function printAuditJson(
  { screen, setup }: Session,
  found: Audit,
  { timelineOf, isShown, onRecord }: AuditPrinting,
): Promise<{ readonly counts: AuditTally; readonly error?: BelayError }> {
  const counts = emptyTally();
  const head = JSON.stringify(
    {
      format: 1,
      kind: found.kind,
      systems: found.systems.map(systemFields),
      templates: found.templates,
      unusedPlaces: found.unusedPlaces,
    },
    undefined,
    2,
  );
  screen.print(`${head.slice(0, -2)},\n  "records": [`);
  let before = "";
  let error: BelayError | undefined;
  try {
    for await (const record of found.records) {
      tally(counts, record);
      if (!isShown(record)) continue;
      const timeline = await timelineOf(record);
      onRecord(record, timeline);
      const text = JSON.stringify(recordFields(record, timeline), undefined, 2).replaceAll("\n", "\n    ");
      if (before !== "") screen.print(`${before},`);
      before = `    ${text}`;
      if (setup.stdout.writableNeedDrain) await once(setup.stdout, "drain");
    }
  } catch (cause) {
    if (!(cause instanceof BelayError)) throw cause;
    error = cause;
  }
  if (before !== "") screen.print(before);
  const { records, agree, undecided, doubtful } = counts;
  const summary = { records, agree, differ: differing(counts), undecided, doubtful };
  const tail = JSON.stringify({ summary, ...(error && errorFields(error)) }, undefined, 2);
  screen.print(`  ],\n${tail.slice(2)}`);
  return error ? { counts, error } : { counts };
}
