/** Which events a calendar holds, and what the document says of each. */

import type { Edit } from "../../core/records/document.ts";
import { byteAt, parameterOf, withoutControls, type ContentLine } from "./content-line.ts";
import { propertyOf, type Calendar, type Component, type Flaw } from "./component-tree.ts";
import { valueText } from "./property-value.ts";

export interface EventPart {
  /** The event's UID, with ` RECURRENCE-ID` where it is one instance of a series. */
  readonly name: string;
  readonly uid: string;
  /** As written: `20260530T163000`. */
  readonly recurrenceId?: string;
  readonly event: Component;
  /** The VCALENDAR that it stands in: its zones hold for it. */
  readonly calendar: Component;
  /** It was called off: it stands there as long as others have to be told of it, and takes place no more. */
  readonly isCancelled: boolean;
}

export interface EventParts {
  readonly parts: readonly EventPart[];
  readonly flaws: readonly Flaw[];
}

/** Every VEVENT in order. One without a UID is named by its place (`event 3`), a repeated name by its number: ` (2)`. */
export function eventParts({ bytes, calendars }: Calendar): EventParts {
  const parts: EventPart[] = [];
  const flaws: Flaw[] = [];
  const seen = new Map<string, number>();
  for (const calendar of calendars)
    for (const event of calendar.components) {
      if (event.name !== "VEVENT") continue;
      const uidLine = propertyOf(event, "UID");
      const uid = uidLine ? valueText(bytes, uidLine).trim() : "";
      const recurrence = propertyOf(event, "RECURRENCE-ID");
      const recurrenceId = recurrence && valueText(bytes, recurrence).trim();
      const line = event.begin.number;
      if (uid === "") flaws.push({ line, why: "an event has no UID" });
      const base = uid === "" ? `event ${parts.length + 1}` : recurrenceId === undefined ? uid : `${uid} ${recurrenceId}`;
      const count = (seen.get(base) ?? 0) + 1;
      seen.set(base, count);
      if (count > 1) flaws.push({ line, why: "an event has the UID and RECURRENCE-ID of an earlier one" });
      const name = count === 1 ? base : `${base} (${count})`;
      const isCancelled = [propertyOf(event, "STATUS"), propertyOf(calendar, "METHOD")].some((held) => held && callsOff(bytes, held));
      parts.push({ name, uid, event, calendar, isCancelled, ...(recurrenceId !== undefined && { recurrenceId }) });
    }
  return { parts, flaws };
}

/** `STATUS:CANCELLED` of an event, `METHOD:CANCEL` of all that are sent along. */
const callsOff = (bytes: Uint8Array, line: ContentLine): boolean => /^CANCEL(?:LED)?$/iu.test(valueText(bytes, line).trim());

const stamp = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/u;
const mailto = /^mailto:/iu;

/** When and by whom an event was changed last, as it says itself: LAST-MODIFIED, else DTSTAMP; the organizer. */
export function toldOf(
  bytes: Uint8Array,
  event: Component,
): { readonly changedAt?: string; readonly by?: string; readonly sequence?: number } {
  const text = (name: string): string | undefined => {
    const line = propertyOf(event, name);
    return line && valueText(bytes, line).trim();
  };
  const changedAt = isoOf(text("LAST-MODIFIED")) ?? isoOf(text("DTSTAMP"));
  const sequence = /^\d{1,9}$/u.exec(text("SEQUENCE") ?? "")?.[0];
  const organizer = propertyOf(event, "ORGANIZER");
  const by = withoutControls((organizer && (parameterOf(organizer, "CN") ?? text("ORGANIZER")?.replace(mailto, ""))) ?? "").trim();
  return {
    ...(changedAt !== undefined && { changedAt }),
    ...(by !== "" && { by }),
    ...(sequence !== undefined && { sequence: Number(sequence) }),
  };
}

function isoOf(text: string | undefined): string | undefined {
  const [, year, month, day, hour, minute, second] = stamp.exec(text ?? "") ?? [];
  if (year === undefined) return undefined;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
}

const utf8 = new TextEncoder();

/**
 * What any change of an event entails (RFC 5545, section 3.8.7): SEQUENCE one higher, put in where there is none; DTSTAMP and
 * LAST-MODIFIED, where they stand, at the time of the change. `at`: ISO 8601, UTC.
 */
export function upkeepOf(bytes: Uint8Array, event: Component, at: string): readonly Edit[] {
  const atMs = Date.parse(at);
  if (Number.isNaN(atMs)) return [];
  const now = `${new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/gu, "")}Z`;
  const edits: Edit[] = [];
  for (const name of ["DTSTAMP", "LAST-MODIFIED"]) {
    const line = propertyOf(event, name);
    if (line) edits.push(valueEdit(line, now));
  }
  const sequence = propertyOf(event, "SEQUENCE");
  const held = sequence && /^\s*(\d{1,9})\s*$/u.exec(valueText(bytes, sequence))?.[1];
  const next = String(Number(held ?? 0) + 1);
  edits.push(sequence ? valueEdit(sequence, next) : insertedLine(bytes, event, `SEQUENCE:${next}`));
  return edits.toSorted((left, right) => left.span.start - right.span.start);
}

function valueEdit(line: ContentLine, value: string): Edit {
  const span = { start: byteAt(line, line.valueAt), end: byteAt(line, line.text.length, true) };
  return { span: line.valueAt === line.text.length ? { start: span.end, end: span.end } : span, bytes: utf8.encode(value) };
}

/** In its place where the properties are sorted, so that a canonical calendar stays one; else before the first of what follows BEGIN. */
function insertedLine(bytes: Uint8Array, event: Component, text: string): Edit {
  const isSorted = event.properties.every((line, index) => index === 0 || (event.properties[index - 1]?.name ?? "") <= line.name);
  const name = text.slice(0, text.indexOf(":"));
  const after = isSorted ? event.properties.findLast((line) => line.name <= name) : event.properties.at(-1);
  const at = (after ?? event.begin).span.end;
  const ending = bytes[event.begin.span.end - 2] === 13 ? "\r\n" : "\n";
  return { span: { start: at, end: at }, bytes: utf8.encode(`${text}${ending}`) };
}
