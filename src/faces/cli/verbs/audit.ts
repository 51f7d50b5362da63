import { BelayError } from "../../../core/belay-error.ts";
import { isDoubtful } from "../../../core/records/lay-matrix.ts";
import { audit, unseenSystems, type Audit, type AuditedRecord } from "../../../operations/records/audit.ts";
import type { RecordsBench } from "../../../operations/records/records-bench.ts";
import { readLogs, type AccessLogs } from "../../../operations/records/read-logs.ts";
import { recordTimeline, type RecordTimeline } from "../../../operations/records/timeline.ts";
import type { Context } from "../../../operations/workbench.ts";
import { failureLines, nextLines } from "../answer.ts";
import { exitOfError, exits } from "../exit-codes.ts";
import { openEvents } from "../open-events.ts";
import { counted, plain, shellWord } from "../plain-text.ts";
import { printAuditJson } from "../print-audit-json.ts";
import { openKind } from "../records-session.ts";
import { auditSummaryLines, emptyTally, recordLine, tally, unreadableLines, unusedPlaceLines, type AuditTally } from "../render-audit.ts";
import { matrixLines } from "../render-matrix.ts";
import { timelineLines } from "../render-timeline.ts";
import type { Session } from "../session.ts";
import { wrap } from "../text-width.ts";
import { has, listOf, textOf, type Words } from "../words.ts";

/** So many records at most stand in one HTML page. */
const reportRecordsMax = 200;

interface Auditing {
  readonly session: Session;
  readonly records: RecordsBench;
  readonly context: Context;
  readonly words: Words;
  readonly found: Audit;
  readonly named: string | undefined;
  readonly logs?: AccessLogs;
  /** For the HTML page. */
  readonly kept: { readonly record: AuditedRecord; readonly timeline?: RecordTimeline }[];
}

/** What every system says, side by side. Differences are data: exit 0, unless `--check` asks otherwise or a system could not be observed. */
export async function runAudit(session: Session, words: Words): Promise<number> {
  const [kindName = "", named] = words.operands;
  const reports = textOf(words, "html") === undefined ? undefined : await import("../../report/answer-records-report.ts");
  reports?.checkRecordsReportWords(session, words);
  const { records: opened, context } = await openKind(session, kindName);
  const records = accepting(opened, listOf(words, "acceptEmpty"));
  const logs = await logsAt(session, records, listOf(words, "logs"), context);
  const looksAtEdge = named !== undefined || has(words, "edge");
  const found = await audit(records, { named, looksAtEdge, ...(logs && { logs }) }, context);
  if (named !== undefined && found.total === 0) throw notFound(found, named);
  const auditing: Auditing = { session, records, context, words, found, named, kept: [], ...(logs && { logs }) };
  const isReportOnStdout = textOf(words, "html") === "-";
  const { counts, error } = session.globals.isJson ? await answerJson(auditing) : await answerLines(auditing, isReportOnStdout);
  await reports?.answerAuditReport(session, { records, words, found, counts, kept: auditing.kept });
  return exitOf(found, { counts, isChecking: has(words, "check"), ...(error && { error }) });
}

const accepting = (records: RecordsBench, names: readonly string[]): RecordsBench => {
  for (const name of names) {
    if (records.kind.systems.some((system) => system.name === name)) continue;
    const known = records.kind.systems.map((system) => system.name).join(", ");
    throw new BelayError(
      "usage",
      `${records.kind.name} has no system “${plain(name)}”. Its systems: ${known}.`,
      `belay audit ${records.kind.name} --accept-empty SYSTEM`,
    );
  }
  return names.length === 0 ? records : { ...records, acceptsEmpty: new Set(names) };
};

function notFound({ kind, systems }: Audit, named: string): BelayError {
  const failed = systems.filter(({ failure }) => failure);
  const [first] = failed;
  if (first?.failure) {
    const message = `No ${kind} is called ${plain(named)} where belay could look, and ${failed.map(({ system }) => system).join(", ")} could not be observed: ${first.failure.message}`;
    return new BelayError("observation-partial", message, first.failure.remedy);
  }
  return new BelayError(
    "usage",
    `No ${kind} is called ${plain(named)}.`,
    `belay audit ${kind}   (lists all that do not agree; --all lists the others too)`,
  );
}

const isShownIn =
  ({ words, named }: Auditing) =>
  ({ isConsistent, matrix }: AuditedRecord): boolean =>
    named !== undefined || !isConsistent || isDoubtful(matrix) || has(words, "all");

async function timelineOf({ records, context, named, logs }: Auditing, { matrix }: AuditedRecord): Promise<RecordTimeline | undefined> {
  return named === undefined ? undefined : await recordTimeline(records, matrix.entity, context, logs);
}

/** Read before anything is looked at, and told in one line. */
async function logsAt(
  { screen, setup }: Session,
  records: RecordsBench,
  places: readonly string[],
  context: Context,
): Promise<AccessLogs | undefined> {
  if (places.length === 0) return undefined;
  const sources = openEvents(records.home, { places, cwd: setup.cwd, sinceMs: -Infinity }, context);
  const logs = await readLogs(records, sources, context);
  const { files, fetches, writes, broken, isCut } = logs.tally;
  const lost = `${broken === 0 ? "" : `; ${counted(broken, "line")} could not be read`}${isCut ? "; there was more than is held at once" : ""}`;
  const told = `${counted(files, "file")} of logs: ${fetches === 1 ? "1 fetch" : `${fetches} fetches`} and ${counted(writes, "write")} of this kind${lost}.`;
  screen.tell([told, ...logs.gaps].flatMap((line) => wrap(plain(line), { width: screen.prose.columns })));
  return logs;
}

function keep({ kept }: Auditing, record: AuditedRecord, timeline: RecordTimeline | undefined): void {
  if (kept.length < reportRecordsMax) kept.push(timeline ? { record, timeline } : { record });
}

interface Answered {
  readonly counts: AuditTally;
  readonly error?: BelayError;
}

async function answerJson(auditing: Auditing): Promise<Answered> {
  const { session, found } = auditing;
  const wantsReport = textOf(auditing.words, "html") !== undefined;
  return await printAuditJson(session, found, {
    timelineOf: async (record) => await timelineOf(auditing, record),
    isShown: isShownIn(auditing),
    onRecord: (record, timeline) => wantsReport && keep(auditing, record, timeline),
  });
}

async function answerLines(auditing: Auditing, isQuiet: boolean): Promise<Answered> {
  const { session, found, named, words } = auditing;
  const { screen } = session;
  const counts = emptyTally();
  const isShown = isShownIn(auditing);
  const wantsReport = textOf(words, "html") !== undefined;
  let isFirst = true;
  for await (const record of found.records) {
    tally(counts, record);
    if (!isShown(record)) continue;
    const timeline = await timelineOf(auditing, record);
    if (wantsReport) keep(auditing, record, timeline);
    if (isQuiet) continue;
    if (named === undefined) screen.print(recordLine(record, unseenSystems(found), screen.data));
    else
      screen.print([
        ...(isFirst ? [] : [""]),
        ...matrixLines(record, unseenSystems(found), screen.data),
        ...(timeline ? timelineLines(timeline, record, screen.data) : []),
      ]);
    isFirst = false;
  }
  if (named === undefined && !isQuiet) {
    screen.print([...(isFirst ? [] : [""]), ...auditSummaryLines(found, counts, screen.data)]);
    if (counts.agree < counts.records)
      screen.tell(nextLines(`belay audit ${shellWord(found.kind)} ID   (shows what differs, and where)`, screen.prose));
  }
  screen.tell([...unreadableLines(found, screen.prose), ...unusedPlaceLines(found, screen.prose)]);
  for (const { failure, system } of found.systems) {
    if (failure)
      screen.tell(failureLines({ message: `${system} could not be observed: ${failure.message}`, remedy: failure.remedy }, screen.prose));
  }
  return { counts };
}

interface Verdict extends Answered {
  readonly isChecking: boolean;
}

function exitOf({ systems }: Audit, { counts, error, isChecking }: Verdict): number {
  if (error) return exitOfError[error.code];
  if (systems.some(({ failure }) => failure)) return exits.unsettled;
  const isWhole = counts.agree === counts.records && systems.every(({ unreadable }) => unreadable.length === 0);
  return isChecking && !isWhole ? exits.refused : exits.done;
}
