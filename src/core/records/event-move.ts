/** From what was decided of an event to the texts of its own time properties: all of them together, or a reason why not. */

import { derived, instantOf, type Clock } from "./derive.ts";
import type { EventDecided, EventRewrite, EventTime, EventTimes, TimeContext } from "./event-times.ts";
import type { Moment } from "./value.ts";

export interface MovableEvent {
  readonly times: Pick<EventTimes, "start" | "end" | "minutes" | "isAllDay" | "isEndByDuration">;
  readonly context: TimeContext;
  /** What stands at a segment. */
  readonly textAt: (segment: number) => string;
  /** The text of a length from one moment to another, where the end is said as one; `undefined` where it cannot be said. */
  readonly lengthText?: (start: Moment, end: Moment) => string | undefined;
  /** Why this event cannot begin at another time: what refers to the old one. */
  readonly bar?: (start: Moment) => string | undefined;
}

const dayMs = 86_400_000;
const dayMinutes = 1440;

const refused = (why: string): EventRewrite => ({ kind: "refused", why });

/** Only texts that change. What has no clear time now is written only where it was decided. */
export function moveEvent(event: MovableEvent, decided: EventDecided): EventRewrite {
  const { start } = event.times;
  if (!start) return refused("it says no start");
  const to = decided.start ? completed(decided.start, start, event) : start.moment;
  if (!to) return refused(start.why ?? "its start is not clear");
  const started = decided.start ? startText(event, start, to) : [];
  if ("why" in started) return refused(started.why);
  const ended = started.length > 0 || decided.end || decided.minutes !== undefined ? endText(event, decided, to) : [];
  if ("why" in ended) return refused(ended.why);
  return { kind: "texts", texts: new Map([...started, ...ended]) };
}

/** By segment; none where nothing changes. */
type Texts = readonly (readonly [number, string])[] | { readonly why: string };

const changed = ({ textAt }: MovableEvent, { segment = -1 }: EventTime, text: string): Texts =>
  text === textAt(segment) ? [] : [[segment, text]];

function startText(event: MovableEvent, start: EventTime, to: Moment): Texts {
  const text = start.write(to);
  if (text === undefined || start.segment === undefined) return { why: whyUnwritten(start, to, event) };
  const texts = changed(event, start, text);
  const barred = "why" in texts || texts.length === 0 ? undefined : event.bar?.(to);
  return barred === undefined ? texts : { why: barred };
}

/** Of an event that says no end nothing. */
function endText(event: MovableEvent, decided: EventDecided, start: Moment): Texts {
  const { end, isEndByDuration } = event.times;
  if (!end) return [];
  const until = endOf(event, decided, start);
  if (!until) return { why: end.why ?? "it is not clear how long it takes" };
  if (endsTooEarly(event, start, until)) return { why: `it would end (${shown(until)}) before it has begun (${shown(start)})` };
  const text = isEndByDuration ? event.lengthText?.(start, until) : end.write(until);
  if (text === undefined || end.segment === undefined) return { why: whyUnwritten(end, until, event) };
  return changed(event, end, text);
}

/** `15:30` alone keeps the day that stands there, a day alone keeps the hour; of a day's event only the day counts. */
function completed(moment: Moment, { moment: clear, readings = [] }: EventTime, { times }: MovableEvent): Moment | undefined {
  const known = clear ?? readings[0];
  const date = moment.date ?? known?.date;
  const time = moment.time ?? known?.time;
  if (date === undefined) return undefined;
  if (times.isAllDay) return { kind: "moment", date };
  const offset = moment.time === undefined ? undefined : moment.offset;
  return time === undefined ? undefined : { kind: "moment", date, time, ...(offset !== undefined && { offset }) };
}

const clockOf = ({ context }: MovableEvent): Clock => ({ zone: context.zone, rules: context.zones });

/** As it was decided, else as long after the start as it was. */
function endOf(event: MovableEvent, decided: EventDecided, start: Moment): Moment | undefined {
  const { end, minutes: held, isAllDay } = event.times;
  if (decided.end) return end && completed(decided.end, end, event);
  const minutes = decided.minutes ?? held;
  if (minutes === undefined) return undefined;
  if (!isAllDay) return derived({ kind: "offset", from: "start", minutes }, start, clockOf(event));
  return start.date === undefined || minutes % dayMinutes !== 0 ? undefined : lastDay(start.date, minutes / dayMinutes);
}

function lastDay(date: string, days: number): Moment | undefined {
  const last = Date.parse(`${date}T00:00:00Z`) + (Math.max(1, days) - 1) * dayMs;
  return Number.isNaN(last) ? undefined : { kind: "moment", date: new Date(last).toISOString().slice(0, 10) };
}

/** An event that takes no time may go on doing so. */
function endsTooEarly(event: MovableEvent, start: Moment, end: Moment): boolean {
  const { isAllDay, minutes } = event.times;
  if (isAllDay) return (end.date ?? "") < (start.date ?? "");
  const [from, to] = [instantOf(start, clockOf(event)), instantOf(end, clockOf(event))];
  return from !== undefined && to !== undefined && (minutes === 0 ? to < from : to <= from);
}

/** Why a moment has no text of that property. */
function whyUnwritten(time: EventTime, moment: Moment, event: MovableEvent): string {
  if (time.why !== undefined && (time.readings ?? []).length < 2 && time.moment === undefined) return time.why;
  if (event.times.isAllDay || moment.date === undefined || moment.time === undefined) return "it says less than was decided";
  const { zones, zone } = event.context;
  const count = zones.instantsOf(moment.date, moment.time, zone).length;
  if (count === 0) return `${shown(moment)} does not exist: the clocks are set forward over it`;
  if (count > 1 && moment.offset === undefined) return `${shown(moment)} happens twice: the clocks are set back over it`;
  return time.why ?? `its zone ${JSON.stringify(time.zone)} cannot say ${shown(moment)}`;
}

const shown = ({ date, time }: Moment): string => [date, time].filter((part) => part !== undefined).join(" ");
