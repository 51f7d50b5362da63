/** Where a system keeps a field: `start_time`, `DTSTART`, `script:CUTOFF_UTC`, and the forms with a date apart or inside a text. */

import type { FieldPlace } from "../core/records/kind.ts";
import type { FieldType } from "../core/records/value.ts";
import { described, quoted, suggestion, type KeyPath, type Report } from "./problem.ts";
import type { RawPlace } from "./raw-records.ts";
import type { Service } from "./record-store.ts";
import { zoneProblem } from "./zone-problem.ts";

const pageMedia = ["json-ld", "microdata", "attribute", "script", "meta"];
const pageWords = ["title", "text", "key"];
const propertyPattern = /^[A-Z][A-Z0-9-]*$/u;
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const itemPathPattern = /^[^\u0000-\u001f\u007f.[\]]+(?:\.[^\u0000-\u001f\u007f.[\]]+|\[\d{1,4}\])*$/u;
const bracesPattern = /\{(?<name>[^{}]*)\}/gu;

/** Why a text is no place in what a service holds, as a clause; `undefined` where it is one. */
export function placeProblem(at: string, service: Service): string | undefined {
  switch (service) {
    case "dynamodb":
    case "google-calendar":
      return itemPathPattern.test(at) ? undefined : `must be a path in the item, such as trip.start_time, but is ${quoted(at)}`;
    case "caldav":
    case "ics":
      return propertyPattern.test(at) ? undefined : `must be a property in capitals, such as DTSTART, but is ${quoted(at)}`;
    case "pages":
    case "web":
      return pagePlaceProblem(at);
  }
}

function pagePlaceProblem(at: string): string | undefined {
  if (pageWords.includes(at)) return undefined;
  const [, medium = at, name = ""] = /^(?<medium>[^:]*):(?<name>.*)$/su.exec(at) ?? [];
  if (!pageMedia.includes(medium))
    return `must be ${pageMedia.map((one) => `${one}:NAME`).join(", ")}, ${pageWords.join(", ")}, but is ${quoted(at)}; ${suggestion(medium, [...pageMedia, ...pageWords])}`;
  return name.trim() === "" ? `lacks a name after ${medium}:` : undefined;
}

export interface PlaceFacts {
  readonly field: string;
  readonly service: Service;
  readonly types: ReadonlyMap<string, FieldType | undefined>;
  readonly report: Report;
}

/** The place as written, checked; `undefined` after a report that leaves nothing to build. */
export function readPlace(raw: string | RawPlace, path: KeyPath, facts: PlaceFacts): FieldPlace | undefined {
  const written: RawPlace = typeof raw === "string" ? { at: raw } : raw;
  const { date, zone, as } = written;
  const at = mainPlace(written);
  if (at === undefined) {
    facts.report(path, "needs either `at`, or `date` and `time`");
    return undefined;
  }
  if (typeof raw === "string") tell(path, placeProblem(raw, facts.service), facts);
  else for (const { key, says } of placeProblems(raw, facts)) tell([...path, key], says, facts);
  if (at === "key" && as === undefined && isPage(facts.service))
    facts.report(path, `is the page's path; say with \`as\` which part of it is the field, such as "g/{${facts.field}}.html"`);
  return {
    at,
    ...(date === undefined ? {} : { dateAt: date }),
    ...(zone === undefined ? {} : { zone }),
    ...(as === undefined ? {} : { as }),
  };
}

const isPage = (service: Service): boolean => service === "pages" || service === "web";

function tell(path: KeyPath, says: string | undefined, { report }: PlaceFacts): void {
  if (says !== undefined) report(path, says);
}

/** `at`, or the time's place where date and time stand apart; `undefined` where neither form is complete, or both are begun. */
function mainPlace({ at, date, time }: RawPlace): string | undefined {
  if (at !== undefined) return date === undefined && time === undefined ? at : undefined;
  return date === undefined ? undefined : time;
}

type PlaceProblem = { readonly key: keyof RawPlace; readonly says: string | undefined };

function placeProblems(raw: RawPlace, facts: PlaceFacts): PlaceProblem[] {
  const { zone, as } = raw;
  const places = (["at", "date", "time"] as const).map((key): PlaceProblem => {
    const place = raw[key];
    return { key, says: place === undefined ? undefined : placeProblem(place, facts.service) };
  });
  const isWholeDate = raw.date !== undefined && (facts.types.get(facts.field) ?? "datetime") !== "datetime";
  return [
    ...places,
    { key: "date", says: isWholeDate ? `is only for a datetime, and ${facts.field} is none` : undefined },
    { key: "zone", says: zone === undefined ? undefined : zoneProblem(zone) },
    { key: "as", says: as === undefined ? undefined : templateProblem(as, facts) },
  ];
}

function templateProblem(as: string, { field, types }: PlaceFacts): string | undefined {
  const names = namesIn(as);
  const stray = names.find((name) => !types.has(name) && !["date", "time", "any"].includes(name));
  if (stray !== undefined) return `names no field: {${quoted(stray).slice(1, -1)}}; ${suggestion(stray, [...types.keys(), "any"])}`;
  const own = types.get(field) === "datetime" ? [field, "date", "time"] : [field];
  return names.some((name) => own.includes(name)) ? undefined : `must hold {${field}}, but is ${described(as)}`;
}

/** What stands in braces in a text, in order. */
export const namesIn = (template: string): string[] => [...template.matchAll(bracesPattern)].map((found) => found.groups?.["name"] ?? "");
