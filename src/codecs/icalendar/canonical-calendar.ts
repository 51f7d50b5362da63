/** One form for all the ways in which servers write the same calendar. */

import { bytesBetween, bytesOfUnits, type ContentLine, type Parameter } from "./content-line.ts";
import { propertyOf, readCalendar, type Calendar, type Component } from "./component-tree.ts";
import { foldedLine, joined } from "./fold-line.ts";

const utf8 = new TextEncoder();
const quotedWhere = /[:;,]/u;

/**
 * The calendar unfolded, names in upper case, the properties of a component and the parameters of a property by name (of the same
 * name in their order), components after properties, folded anew, lines ended with CRLF, no byte order mark. Nothing is added,
 * nothing left out, no value changed; the form of a form is itself. What cannot be read stays as it is.
 *
 * Servers sort and refold what they are given (Radicale, Google, iCloud), so digests are taken of this form.
 */
export function canonicalCalendar(bytes: Uint8Array): Uint8Array {
  const read = readCalendar(bytes);
  // A line that is none would be lost here.
  if (read.kind === "unreadable" || read.calendar.flaws.length > 0) return bytes;
  const parts: Uint8Array[] = [];
  for (const component of read.calendar.calendars) addComponent(read.calendar, component, parts);
  return joined(parts);
}

function addComponent(calendar: Calendar, component: Component, parts: Uint8Array[]): void {
  parts.push(foldedLine(utf8.encode(`BEGIN:${component.name}`)));
  for (const line of component.properties.toSorted(byName)) parts.push(foldedLine(canonicalLine(calendar.bytes, line)));
  const ordered = component.components
    .map((each) => ({ each, rank: rankOf(each) }))
    .toSorted((left, right) => compared(left.rank, right.rank));
  for (const { each } of ordered) addComponent(calendar, each, parts);
  parts.push(foldedLine(utf8.encode(`END:${component.name}`)));
}

const compared = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
const byName = (left: { readonly name: string }, right: { readonly name: string }): number => compared(left.name, right.name);

/** Zones first, as they are referred to; events by UID, a series before its instances. Others in their order. */
function rankOf(component: Component): string {
  if (component.name === "VTIMEZONE") return `0${valueOf(component, "TZID")}`;
  if (!["VEVENT", "VTODO", "VJOURNAL"].includes(component.name)) return `1${component.name}`;
  return `1${component.name}\u0000${valueOf(component, "UID")}\u0000${valueOf(component, "RECURRENCE-ID")}`;
}

function valueOf(component: Component, name: string): string {
  const line = propertyOf(component, name);
  return line ? line.text.slice(line.valueAt) : "";
}

function canonicalLine(bytes: Uint8Array, line: ContentLine): Uint8Array {
  const parameters = line.parameters.toSorted(byName);
  const head = `${line.name}${parameters.map((parameter) => `;${canonicalParameter(parameter)}`).join("")}:`;
  return joined([bytesOfUnits(head), bytesBetween(bytes, line, line.valueAt, line.text.length)]);
}

/** Quotes only where the value needs them, its own bytes otherwise. */
function canonicalParameter({ name, raw, values }: Parameter): string {
  if (raw.length === 1 && raw[0] === "" && values[0] === "") return name;
  const written = raw.map((each) => {
    const bare = each.replaceAll('"', "");
    return quotedWhere.test(bare) ? `"${bare}"` : bare;
  });
  return `${name}=${written.join(",")}`;
}
