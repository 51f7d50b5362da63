/** A time property of an event, and whose clock it is meant by. */

import type { TimeContext } from "../../core/records/event-times.ts";
import { parameterOf, rawValue, withoutControls, type ContentLine } from "./content-line.ts";
import { propertyOf, type Component } from "./component-tree.ts";
import type { EventPart } from "./event-parts.ts";
import type { ReadTime } from "./read-time.ts";
import { readTime, type WrittenTime } from "./wall-time.ts";
import { clockOf, ianaClock, type WallClock } from "./zone-reader.ts";

/** A time property with the clocks that it may be meant by; `undefined` where it is no time. */
export function readLine(bytes: Uint8Array, line: ContentLine, part: EventPart, context: TimeContext): ReadTime | undefined {
  const written = readTime(rawValue(bytes, line));
  if (!written) return undefined;
  const kindClock = ianaClock(context.zone, context);
  const tzid = parameterOf(line, "TZID") ?? "";
  if (written.isDate) return { written, zone: "date", clocks: [kindClock] };
  const utc: WallClock = { name: "UTC", isIana: true, instantsOf: (wallMs) => [wallMs], wallOf: (instantMs) => instantMs };
  const named = tzid === "" ? undefined : clockOf(tzid, part.calendar, bytes, context);
  if (written.isUtc) {
    const isContradicted = named && named.wallOf(written.wallMs) !== written.wallMs;
    return isContradicted
      ? { written, zone: tzid, clocks: [utc, named], why: `it is written in UTC and names the zone ${shown(tzid)}` }
      : { written, zone: "UTC", clocks: [utc] };
  }
  if (named) return { written, zone: named.name, clocks: [named] };
  if (tzid !== "") return { written, zone: tzid, clocks: [], why: `its zone ${shown(tzid)} is neither known nor defined in the calendar` };
  return floating(bytes, part, { written, kindClock, context });
}

interface Floating {
  readonly written: WrittenTime;
  readonly kindClock: WallClock;
  readonly context: TimeContext;
}

/** A time without a zone: by a TZID that stands as a property of its own, else on the clock of whoever looks. */
function floating(bytes: Uint8Array, { event, calendar }: EventPart, { written, kindClock, context }: Floating): ReadTime {
  const own = textNamed(bytes, event, "TZID") ?? textNamed(bytes, calendar, "TZID");
  const ownClock = own === undefined ? undefined : clockOf(own, calendar, bytes, context);
  if (ownClock) return { written, zone: ownClock.name, clocks: [ownClock] };
  const name = textNamed(bytes, calendar, "X-WR-TIMEZONE");
  const other = name === undefined ? undefined : clockOf(name, calendar, bytes, context);
  const here = kindClock.instantsOf(written.wallMs);
  const there = other?.instantsOf(written.wallMs);
  if (other && there?.join(" ") !== here.join(" "))
    return {
      written,
      zone: "floating",
      clocks: [kindClock, other],
      why: `it names no zone, and the calendar is kept in ${shown(other.name)}`,
    };
  return { written, zone: "floating", clocks: [kindClock] };
}

function textNamed(bytes: Uint8Array, component: Component, name: string): string | undefined {
  const line = propertyOf(component, name);
  const text = line && rawValue(bytes, line).trim();
  return text === "" ? undefined : text;
}

/** A stranger's text in a sentence. */
export const shown = (text: string): string => JSON.stringify(withoutControls(text).slice(0, 80));
