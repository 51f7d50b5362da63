/** Content lines to components. */

import type { CalendarLines, ContentLine } from "./content-line.ts";
import { readLines } from "./read-lines.ts";

export interface Component {
  /** Upper case: `VEVENT`. */
  readonly name: string;
  /** Its BEGIN line. */
  readonly begin: ContentLine;
  readonly end: ContentLine;
  /** Without BEGIN and END, in order. */
  readonly properties: readonly ContentLine[];
  readonly components: readonly Component[];
}

/** Something that is not as RFC 5545 wants it, although the rest could be read. */
export interface Flaw {
  readonly line: number;
  /** One clause, without a full stop. */
  readonly why: string;
}

export interface Calendar extends CalendarLines {
  /** VCALENDAR objects, in order: a stream may hold several. At least one. */
  readonly calendars: readonly Component[];
  readonly flaws: readonly Flaw[];
}

export type ReadCalendar =
  | { readonly kind: "calendar"; readonly calendar: Calendar }
  /** `why`: one clause for people, without a full stop. */
  | { readonly kind: "unreadable"; readonly why: string };

interface Open {
  readonly name: string;
  readonly begin: ContentLine;
  readonly properties: ContentLine[];
  readonly components: Component[];
}

const depthMax = 32;
const flawsMax = 100;

/**
 * The calendars of some bytes. Unreadable is what was cut off, what ends components that it never began, and what holds no VCALENDAR:
 * an event that might lack half its properties is never taken for a whole one.
 */
export function readCalendar(bytes: Uint8Array): ReadCalendar {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return unreadable(`it is ${wide}, and a calendar is UTF-8`);
  const lines = readLines(bytes);
  const builder = new TreeBuilder();
  for (const line of lines.lines) {
    const why = builder.take(line);
    if (why !== undefined) return unreadable(why);
  }
  const why = builder.missing();
  if (why !== undefined) return unreadable(why);
  return { kind: "calendar", calendar: { ...lines, calendars: builder.roots, flaws: builder.flaws } };
}

const unreadable = (why: string): ReadCalendar => ({ kind: "unreadable", why });

function wideEncoding([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "UTF-16 (little endian)";
  if (first === 0xfe && second === 0xff) return "UTF-16 (big endian)";
  return first === 0x1f && second === 0x8b ? "compressed (gzip)" : undefined;
}

const namedIn = (line: ContentLine): string => line.text.slice(line.valueAt).trim().toUpperCase();
// What a stranger wrote ends up in messages: only what a component's name may hold.
const shown = (name: string): string => name.replaceAll(/[^A-Z0-9-]/gu, "").slice(0, 40);

class TreeBuilder {
  readonly roots: Component[] = [];
  readonly flaws: Flaw[] = [];
  readonly #open: Open[] = [];

  /** Why the document cannot be read on, or `undefined`. */
  take(line: ContentLine): string | undefined {
    if (line.name === "BEGIN") return this.#begin(line);
    if (line.name === "END") return this.#end(line);
    const open = this.#open.at(-1);
    if (line.name === "") this.#flaw(line, "it is no content line: it has no name, or no colon after it");
    else if (open) open.properties.push(line);
    else this.#flaw(line, "it stands outside of every component");
    return undefined;
  }

  missing(): string | undefined {
    const open = this.#open.at(-1);
    if (open)
      return `it ends inside ${shown(open.name)}, which begins at line ${open.begin.number}: it was cut off, or END:${shown(open.name)} is missing`;
    return this.roots.length === 0 ? "it holds no BEGIN:VCALENDAR" : undefined;
  }

  #begin(line: ContentLine): string | undefined {
    const name = namedIn(line);
    if (this.#open.length === 0 && name !== "VCALENDAR") return `line ${line.number} begins ${shown(name)} outside of VCALENDAR`;
    if (this.#open.length >= depthMax) return `components are nested more than ${depthMax} deep`;
    this.#open.push({ name, begin: line, properties: [], components: [] });
    return undefined;
  }

  #end(line: ContentLine): string | undefined {
    const name = namedIn(line);
    const open = this.#open.pop();
    if (!open) return `line ${line.number} ends ${shown(name)}, which never began`;
    if (open.name !== name) return `line ${line.number} ends ${shown(name)} where ${shown(open.name)} of line ${open.begin.number} is open`;
    const component: Component = { ...open, end: line };
    (this.#open.at(-1)?.components ?? this.roots).push(component);
    return undefined;
  }

  #flaw({ number }: ContentLine, why: string): void {
    if (this.flaws.length < flawsMax) this.flaws.push({ line: number, why });
  }
}

/** The first property of that name. */
export const propertyOf = (component: Component, name: string): ContentLine | undefined =>
  component.properties.find((line) => line.name === name);
