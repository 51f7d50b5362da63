/** A person's word on a field, from the text in which they say it: `--set start=15:30`, or what was typed at a question. */

import { zoneRules } from "../../codecs/zones/zone-rules.ts";
import { BelayError } from "../../core/belay-error.ts";
import { showValue } from "../../core/records/compare-values.ts";
import { dayField } from "../../core/records/day-and-time.ts";
import { instantOf } from "../../core/records/derive.ts";
import { startField } from "../../core/records/claims/field-places.ts";
import { isMoment, readText } from "../../core/records/claims/read-text.ts";
import type { ClockContext, ClockMention, ClockReading } from "../../core/records/clock-text/clock-mention.ts";
import { findClockText } from "../../core/records/clock-text/find-clock-text.ts";
import { fieldNamed, type Field, type RecordKind } from "../../core/records/kind.ts";
import type { Moment, Value } from "../../core/records/value.ts";

/** `2026-05-30`: what settles a date without a year. */
type Today = string;

/**
 * The value that a text says, by the type of the field. Times are read by the grammar that pages are read by; a text of two
 * readings is refused with both of them, since nobody else could say which is meant. Throws `usage`.
 */
export function readAnswer(kind: RecordKind, name: string, text: string, today: Today): Value {
  const field = fieldNamed(kind, name);
  if (!field) {
    const known = kind.fields.map((one) => one.name).join(", ");
    throw new BelayError(
      "usage",
      `A ${kind.name} has no field “${name}”. It has: ${known}.`,
      `--set ${kind.fields[0]?.name ?? "FIELD"}=VALUE`,
    );
  }
  if (isMoment(field.type)) return momentFrom(kind, field, text.trim(), today);
  const value = readText(text, field.type);
  if (value) return value;
  throw new BelayError(
    "usage",
    `“${text}” is no ${field.type}, and ${name} is one.`,
    `For example: --set ${name}=${examples[field.type] ?? "…"}`,
  );
}

const examples: Readonly<Partial<Record<Field["type"], string>>> = {
  duration: "3h",
  number: "12",
  time: "15:30",
  date: "2026-05-30",
  datetime: '"2026-05-30 15:30"',
};

function momentFrom(kind: RecordKind, field: Field, text: string, today: Today): Moment {
  const context: ClockContext = { zones: zoneRules, zone: kind.zone, today, ...(kind.dateOrder && { dateOrder: kind.dateOrder }) };
  const [mention, ...others] = findClockText(text, context);
  const example = `For example: --set ${field.name}=${examples[field.type] ?? ""}`;
  if (!mention || others.length > 0 || mention.from > 0 || mention.to < text.length || mention.readings.length === 0) {
    throw new BelayError("usage", `“${text}” cannot be read as ${field.type === "date" ? "a date" : "a time"} for ${field.name}.`, example);
  }
  const readings = asWritten(text, readingsOf(mention, field, isOnDay(kind, field)));
  const [only, second] = readings;
  if (only && second) {
    const shown = readings.map((reading) => showValue(reading)).join(" or ");
    throw new BelayError("usage", `“${text}” can be read as ${shown}${mention.asks === undefined ? "" : `: ${mention.asks}`}.`, example);
  }
  if (!only || mention.readings.some(({ end }) => end !== undefined)) {
    throw new BelayError("usage", `“${text}” says more than one time, or none that ${field.name} could be.`, example);
  }
  return inZone(only, { kind, field, text, example });
}

/** Belay writes times by the clock of 24 hours in what it asks, and takes them back as it wrote them. */
function asWritten(text: string, readings: readonly Moment[]): readonly Moment[] {
  const written = /^\d{2}:\d{2}$/u.test(text) ? readings.filter(({ time }) => time === text) : [];
  return written.length === 1 ? written : readings;
}

/** A start that is only a time may be said with its day, which then is a word on that too. */
const isOnDay = (kind: RecordKind, { name }: Field): boolean => name === startField(kind)?.name && dayField(kind) !== undefined;

/** What of each reading the field can hold, each once. */
function readingsOf({ readings }: ClockMention, { type }: Field, hasDay: boolean): readonly Moment[] {
  const parts = readings.map(({ start }: ClockReading): Moment => {
    const { date, time, offset } = start;
    return {
      kind: "moment",
      ...(date !== undefined && (type !== "time" || hasDay) && { date }),
      ...(time !== undefined && type !== "date" && { time }),
      ...(offset !== undefined && (type === "datetime" || hasDay) && { offset }),
    };
  });
  const distinct = new Map(parts.map((part) => [showValue(part), part]));
  return [...distinct.values()].filter(({ date, time }) => (hasDay ? time : (date ?? time)) !== undefined);
}

interface Checking {
  readonly kind: RecordKind;
  readonly field: Field;
  readonly text: string;
  readonly example: string;
}

/** A time that the zone's clock skips, or shows twice, is asked about. */
function inZone(moment: Moment, { kind, field, text, example }: Checking): Moment {
  const { date, time } = moment;
  if (field.type === "date" || date === undefined || time === undefined) return moment;
  if (instantOf(moment, { zone: kind.zone, rules: zoneRules }) !== undefined) return moment;
  const instants = zoneRules.instantsOf(date, time, kind.zone);
  if (instants.length === 0) {
    throw new BelayError("usage", `The clock of ${kind.zone} skips “${text}”: it is set forward then.`, example);
  }
  const offsets = instants.map((instant) => zoneRules.wallOf(instant, kind.zone).offset);
  throw new BelayError(
    "usage",
    `The clock of ${kind.zone} shows “${text}” twice, since it is set back then.`,
    offsets.map((offset) => `--set ${field.name}=${date}T${time}${offset}`).join("\nor "),
  );
}
