/** The timeline of one record on a terminal, oldest first: when, where, who, and what went from what to what. */

import { showValue } from "../../core/records/compare-values.ts";
import { showChange, type FieldChange, type TimelineActor, type TimelineDeed, type TimelineMoment } from "../../core/records/timeline.ts";
import type { AuditedRecord } from "../../operations/records/audit.ts";
import type { RecordTimeline } from "../../operations/records/timeline.ts";
import { placesOf, type Place } from "./matrix-words.ts";
import { plain, said } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { aligned, widthOf, wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

const momentsShownMax = 30;
const changesShownMax = 6;
/** How much of a line when, where and who may take at most. */
const headShare = 0.55;

export function timelineLines({ moments, gaps }: RecordTimeline, { matrix }: AuditedRecord, view: View): string[] {
  const { columns, paint, isVerbose, nowMs } = view;
  if (moments.length === 0 && gaps.length === 0) return [];
  const places = placesOf(matrix.entity);
  const shown = isVerbose ? moments : moments.slice(-momentsShownMax);
  const earlier = moments.length - shown.length;
  const rows = shown.map((moment) => ({ moment, head: [localTime(moment.at, nowMs), placeOf(moment, places), whoOf(moment.by)] }));
  const heads = aligned(rows.map(({ head }) => [...head, "|"]));
  const indent = Math.min(Math.max(0, ...heads.map((line) => widthOf(line) - 1)), Math.floor(columns * headShare));
  return [
    "",
    paint.bold("timeline"),
    ...(earlier > 0 ? [`  … ${earlier} earlier (--verbose shows all)`] : []),
    ...rows.flatMap(({ moment }, at) => [
      ...momentLines(heads[at]?.slice(0, -1) ?? "", deedOf(moment), { columns, indent }),
      ...moment.contradictions.flatMap((one) =>
        wrap(`! ${plain(one)}`, { width: columns, first: "      ", rest: "        " }).map((line) => paint.red(line)),
      ),
    ]),
    ...(shown.some(({ by }) => by.how === "claimed")
      ? wrap("A name with ? is claimed, by whatever names it, and not proven.", { width: columns, first: "  " }).map((line) =>
          paint.dim(line),
        )
      : []),
    ...gaps.flatMap((gap) => wrap(plain(gap), { width: columns, first: "  ? ", rest: "    " }).map((line) => paint.yellow(line))),
  ];
}

interface Room {
  readonly columns: number;
  readonly indent: number;
}

/** A head that takes more than half of the line leaves the deed to the next one. */
function momentLines(head: string, told: string, { columns, indent }: Room): string[] {
  if (widthOf(head) <= indent) return wrap(told, { width: columns, first: `  ${head}`, rest: " ".repeat(indent + 2) });
  return [
    ...wrap(head.trimEnd(), { width: columns, first: "  ", rest: "    " }),
    ...wrap(told, { width: columns, first: "      ", rest: "        " }),
  ];
}

const placeOf = ({ sighting, system }: TimelineMoment, places: readonly Place[]): string =>
  plain(places.find((place) => place.sighting.id === sighting)?.name ?? system ?? "record");

/** A name that nothing proves says so. */
export const whoOf = ({ name, how }: TimelineActor): string => (how === "claimed" ? `${plain(name)}?` : plain(name));

/** What happened, in a clause. Texts from outside are not cleaned beyond one line. */
export function deedOf(moment: TimelineMoment): string {
  const { deed, by, source } = moment;
  const from = by.from === undefined ? "" : ` (so ${plain(by.from)})`;
  if (isRecordDeed(deed)) return recordDeed(deed);
  switch (deed.kind) {
    case "written": {
      const [what, none] = deed.isFirst ? ["first version that is kept", "no field of it"] : ["written", "no field changed"];
      return `${what}: ${changesText(deed.changes, none)}${from}`;
    }
    case "touched":
      if (source === "log") return `written${from}`;
      return `last written, by the ${source === "store" ? "store's" : source} clock${from}`;
    case "deleted":
      return `deleted${from}`;
    case "told":
      return `says so of itself: ${plain(deed.says)}${from}`;
    case "committed":
      return `commit ${deed.commit.slice(0, 7)} ${said(deed.subject, titleWidth)}: ${changesText(deed.changes, "no field changed")}`;
    case "released":
      return `release ${plain(deed.release)} ${said(deed.title, titleWidth)}: ${changesText(deed.changes, "no field changed")}`;
    case "past-belay":
      return `written past belay (warning ${plain(deed.warning)}): ${changesText(deed.changes, "what changed is not known")}${from}`;
  }
}

const titleWidth = 48;
const quoteWidth = 60;

const quoted = (text: string | undefined): string => (text === undefined ? "" : `: ${said(text, quoteWidth)}`);

type RecordDeed = Extract<TimelineDeed, { readonly kind: "decided" | "reconciled" | "task-given" | "task-done" | "claimed" }>;

const recordDeeds: ReadonlySet<string> = new Set<RecordDeed["kind"]>(["decided", "reconciled", "task-given", "task-done", "claimed"]);
const isRecordDeed = (deed: TimelineDeed): deed is RecordDeed => recordDeeds.has(deed.kind);

/** What is about the record as a whole. */
function recordDeed(deed: RecordDeed): string {
  switch (deed.kind) {
    case "decided":
      return `decided: ${plain(decidedText(deed)) || "what all agree on"}`;
    case "reconciled":
      return `corrected everywhere and seen (${deed.steps} written)`;
    case "task-given":
      return `asked of a person: ${plain(deed.fields.join(", "))} (${plain(deed.why)})`;
    case "task-done":
      return deed.how === "observed" ? "the task was seen to be done" : `a person says that the task is done${quoted(deed.evidence)}`;
    case "claimed":
      return `claimed${quoted(deed.note)}`;
  }
}

function decidedText({ decisions, survivors }: Extract<TimelineDeed, { readonly kind: "decided" }>): string {
  const fields = decisions
    .filter(({ how }) => how !== "agreed")
    .map(({ field, value, because }) => `${field} ${showValue(value)} (${because})`);
  const kept = survivors.map(
    ({ keep, how, replace }) => `${keep} stays, ${replace.join(", ")} ${how === "delete" ? "is deleted" : "leads there"}`,
  );
  return [...fields, ...kept].join("; ");
}

function changesText(changes: readonly FieldChange[], none: string): string {
  if (changes.length === 0) return none;
  const more = changes.length > changesShownMax ? ` and ${changes.length - changesShownMax} more` : "";
  return plain(changes.slice(0, changesShownMax).map(showChange).join("; ")) + more;
}
