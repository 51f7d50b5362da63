import type { EventTimes, TimeContext } from "../../core/records/event-times.ts";
import type { Place, Read, RecordCodec, RecordDocument, Segment } from "../../core/records/document.ts";
import type { ContentLine } from "./content-line.ts";
import { readCalendar, type Calendar, type Component } from "./component-tree.ts";
import { markedSegments } from "../marked-text/marked-segments.ts";
import { eventParts, toldOf, upkeepOf, type EventPart } from "./event-parts.ts";
import { eventTimesOf } from "./event-times.ts";
import { isDatum } from "./property-type.ts";
import { extentsOf, PropertySegment } from "./property-value.ts";
import { sealCalendar } from "./seal-calendar.ts";
import { valueKind } from "./value-kind.ts";

/**
 * iCalendar (RFC 5545): one part for each VEVENT, one segment for each value of its properties; those of its alarms are named
 * `VALARM/TRIGGER`. Events that were called off are no parts, and properties of the calendar itself belong to none. Zones, tasks and journals are passed over. Attachments that
 * are written in the calendar have no segment.
 */
export const icalendarCodec: RecordCodec = {
  name: "icalendar",
  read: (bytes) => readDocument(bytes),
};

function readDocument(bytes: Uint8Array): Read {
  const read = readCalendar(bytes);
  if (read.kind === "unreadable") return read;
  const { calendar } = read;
  const { parts, flaws } = eventParts(calendar);
  const collector = new SegmentCollector(bytes);
  for (const { properties } of calendar.calendars)
    for (const line of properties) collector.add(line, { part: "", prefix: "", of: "the calendar" });
  for (const { name, event } of parts) collector.addEvent(name, event);
  return { kind: "document", document: documentOf({ calendar, parts, collector, flaws: [...calendar.flaws, ...flaws] }) };
}

interface Gathered {
  readonly calendar: Calendar;
  readonly parts: readonly EventPart[];
  readonly collector: SegmentCollector;
  readonly flaws: readonly { readonly line: number; readonly why: string }[];
}

function documentOf({ calendar, parts, collector, flaws }: Gathered): RecordDocument {
  const { bytes } = calendar;
  const byName = new Map(parts.map((part) => [part.name, part]));
  const { segments, segmentOf } = collector;
  return {
    segments,
    parts: parts.filter(({ isCancelled }) => !isCancelled).map(({ name }) => name),
    bytes,
    seal: (edited) => sealCalendar(bytes, edited),
    upkeep: (part, at) => {
      const event = byName.get(part)?.event;
      return event ? upkeepOf(bytes, event, at) : [];
    },
    told: (part) => {
      const event = byName.get(part)?.event;
      return event ? toldOf(bytes, event) : {};
    },
    eventTimes: (part: string, context: TimeContext): EventTimes | undefined => {
      const found = byName.get(part);
      return found && eventTimesOf({ calendar, parts, segmentOf }, found, context);
    },
    ...(flaws.length > 0 && { flaws: flaws.map(({ line, why }) => `line ${line}: ${why}`) }),
  };
}

interface Where {
  readonly part: string;
  /** `VALARM/` for a property of an alarm. */
  readonly prefix: string;
  readonly of: string;
}

/** Descriptions that programs write as HTML: in place of the text, or beside it. */
const mayBeMarked: ReadonlySet<string> = new Set(["DESCRIPTION", "X-ALT-DESC"]);

class SegmentCollector {
  readonly segments: Segment[] = [];
  readonly #bytes: Uint8Array;
  readonly #first = new Map<ContentLine, number>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The first segment of a property. */
  readonly segmentOf = (line: ContentLine): number | undefined => this.#first.get(line);

  addEvent(part: string, event: Component): void {
    for (const line of event.properties) this.add(line, { part, prefix: "", of: part });
    for (const inner of event.components) for (const line of inner.properties) this.add(line, { part, prefix: `${inner.name}/`, of: part });
  }

  add(line: ContentLine, { part, prefix, of }: Where): void {
    const kind = valueKind(line);
    if (kind === "binary") return;
    const name = `${prefix}${line.name}`;
    const label = part === "" ? `${name} of ${of}` : `${name} of UID ${of}`;
    const place: Place = {
      medium: "property",
      name,
      label,
      part,
      ...(line.parameters.length > 0 && { parameters: parametersOf(line) }),
      ...(isDatum(line) && { isDatum: true as const }),
    };
    this.#first.set(line, this.segments.length);
    for (const extent of extentsOf(line, kind)) {
      const segment = new PropertySegment({ bytes: this.#bytes, line, extent, kind }, place);
      this.segments.push(...(mayBeMarked.has(line.name) ? markedSegments(segment) : [segment]));
    }
  }
}

const parametersOf = (line: ContentLine): Readonly<Record<string, string>> =>
  Object.fromEntries(line.parameters.map(({ name, values }) => [name, values.join(",")]));
