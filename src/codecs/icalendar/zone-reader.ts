/** Which clock a time of a calendar is meant by. */

import type { TimeContext } from "../../core/records/event-times.ts";
import { rawValue, type ContentLine } from "./content-line.ts";
import { propertyOf, type Calendar, type Component } from "./component-tree.ts";
import { customZone, type CustomZone } from "./custom-zone.ts";
import { wallOfMoment, wallParts, type WallMs } from "./wall-time.ts";

/** A clock by its name, whether the database knows it or the calendar defines it. */
export interface WallClock {
  /** IANA name, or the calendar's own. */
  readonly name: string;
  readonly isIana: boolean;
  instantsOf(wallMs: WallMs): readonly number[];
  wallOf(instantMs: number): WallMs;
}

/** The last parts of names such as `/example.org/Olson_20011030_5/America/Chicago`. */
const pathTail = /(?:^|\/)((?:[A-Za-z_+-]+\/){1,2}[A-Za-z_+-]+)$/u;

/** The clock of the IANA database. */
export function ianaClock(name: string, { zones }: TimeContext): WallClock {
  return {
    name,
    isIana: true,
    instantsOf: (wallMs) => {
      const { date, time } = wallParts(wallMs);
      return zones.instantsOf(date, time, name);
    },
    wallOf: (instantMs) => wallOfMoment(zones.wallOf(instantMs, name)) ?? instantMs,
  };
}

const defined = new WeakMap<Component, CustomZone | "none">();

/**
 * The clock that a TZID names: by the IANA database, else by the calendar's own definition, else by what others call it. `undefined`
 * where nobody knows the name.
 */
export function clockOf(tzid: string, calendar: Component, bytes: Calendar["bytes"], context: TimeContext): WallClock | undefined {
  const { zones, ianaOf } = context;
  const name = tzid.trim();
  const tail = pathTail.exec(name)?.[1];
  const definition = calendar.components.find(
    (component) => component.name === "VTIMEZONE" && textOf(component, "TZID", bytes).trim() === name,
  );
  const location = definition && textOf(definition, "X-LIC-LOCATION", bytes).trim();
  const iana = [name, tail, location].find((each) => each !== undefined && each !== "" && zones.isZone(each));
  if (iana !== undefined) return ianaClock(iana, context);
  const custom = definition && definitionOf(definition);
  if (custom) return { name, isIana: false, ...custom };
  const other = name === "" ? undefined : ianaOf?.(name);
  return other === undefined ? undefined : ianaClock(other, context);
}

function definitionOf(definition: Component): CustomZone | undefined {
  const held = defined.get(definition) ?? customZone(definition) ?? "none";
  defined.set(definition, held);
  return held === "none" ? undefined : held;
}

function textOf(component: Component, name: string, bytes: Uint8Array): string {
  const line: ContentLine | undefined = propertyOf(component, name);
  return line ? rawValue(bytes, line).replaceAll(/\\([;,\\])/gu, "$1") : "";
}
