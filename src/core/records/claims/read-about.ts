/** What a document is read with. */

import type { ClockContext } from "../clock-text/clock-mention.ts";
import type { RecordKind, RecordSystem } from "../kind.ts";
import type { ZoneRules } from "../value.ts";
import type { KnownValues } from "./known-values.ts";

export interface ReadAbout {
  readonly kind: RecordKind;
  readonly system: RecordSystem;
  readonly zones: ZoneRules;
  /** `2026-05-30`: settles weekdays and dates without a year. */
  readonly today?: string;
  /** IANA name of a zone as calendars write it (Windows names, `/vendor/…/Europe/Berlin`). */
  readonly zoneNamed: (name: string) => string | undefined;
  /** What structured systems say of all records: names and keys that are looked for in texts. */
  readonly known?: KnownValues;
}

/** Of a text in prose, or of a constant in code. A zone of the place itself stands before the kind's. */
export function clockContext(
  about: ReadAbout,
  more: { readonly isCode: boolean; readonly textZone?: string | undefined; readonly heads?: readonly string[] },
): ClockContext {
  const { kind, zones, today } = about;
  const context: { -readonly [key in keyof ClockContext]: ClockContext[key] } = { zones, zone: kind.zone };
  if (today !== undefined) context.today = today;
  if (kind.dateOrder) context.dateOrder = kind.dateOrder;
  if (more.isCode) context.isCode = true;
  if (more.textZone !== undefined) context.textZone = more.textZone;
  if (more.heads) context.heads = more.heads;
  return context;
}
