/** From example pages and items to a proposal of a kind of record. Pure: everything that is proposed comes with its evidence. */

import type { ZoneRules } from "../value.ts";
import { counted, isTemplateName, tellingSegments, type Example, type ReadClock } from "./example.ts";
import type { FieldGuess, KindGuess } from "./guess.ts";
import { attributesOf, learnAttributes, namesPage } from "./learn-attributes.ts";
import { learnDistances } from "./learn-distances.ts";
import { learnPages } from "./learn-pages.ts";
import { learnPageKeys } from "./learn-page-keys.ts";
import { learnZone } from "./learn-zone.ts";
import { readTimes, type ExampleTimes } from "./read-times.ts";

export interface LearnInput {
  readonly examples: readonly Example[];
  /** The kind's name and zone, where a person gave them. */
  readonly name?: string;
  readonly zone?: string;
  /** The zone of the machine. */
  readonly here: string;
  readonly rules: ZoneRules;
  readonly readClock: ReadClock;
}

const kindWords = ["booking", "reservation", "appointment", "charter", "event", "shift", "order"];
const leftMax = 8;
const clocksMax = 3;
const evidenceTypes = new Set(["person", "people", "email", "phone"]);

export function learnKind(input: LearnInput): KindGuess {
  const { rules, readClock, here } = input;
  const pages = input.examples.filter(({ medium }) => medium === "page");
  const items = input.examples.filter(({ medium }) => medium === "item");
  const records = input.examples.filter(({ name, medium }) => medium === "item" || !isTemplateName(name));
  const shownPages = pages.filter(({ name }) => !isTemplateName(name));
  const zone =
    input.zone === undefined
      ? learnZone(records, { rules, readClock, here })
      : { zone: input.zone, because: ["as you said"], isSure: true };
  const times = records.map((example) => readTimes(example, zone.zone, readClock));
  const start = startField(times, shownPages);
  const clocks = [...(start === undefined ? [] : [start]), ...learnDistances(times)];
  const attributes = learnAttributes(items, shownPages, new Set(clocks.flatMap(({ inItems }) => placesIn(inItems))));
  const pageKeys = learnPageKeys(shownPages, [...clocks, ...attributes.fields]);
  const fields = [...clocks, ...attributes.fields, ...pageKeys];
  const keys = [...attributes.keys, ...pageKeys.map(({ name }) => name)];
  const found = learnPages(pages, { keys: valuesOf(attributes.fields, items), others: items });
  return {
    name: input.name ?? kindName(input.examples),
    zone,
    fields,
    keys,
    match: fields.filter(({ type, name }) => evidenceTypes.has(type) || name === "vessel").map(({ name }) => name),
    ...(found === undefined ? {} : { pages: found }),
    ...(attributes.tableKey === undefined ? {} : { tableKey: attributes.tableKey }),
    pointers: attributes.pointers,
    left: leftOut(times, attributes.left),
  };
}

const placesIn = (place: FieldGuess["inItems"]): string[] =>
  place === undefined ? [] : typeof place === "string" ? [place] : [place.date, place.time];

/** The start, with what the examples contradict each other about: two systems that differ on it are what belay is for. */
function startField(times: readonly ExampleTimes[], pages: readonly Example[]): FieldGuess | undefined {
  const told = times.filter(({ start }) => start?.time !== undefined);
  const [first] = told;
  if (first === undefined) return undefined;
  const ofItems = told.filter(({ example }) => example.medium === "item");
  const ofPages = told.filter(({ example }) => example.medium === "page");
  const [item] = ofItems;
  const conflicts = [...ofItems.flatMap((one) => differing(one, ofPages, pages)), ...told.flatMap(ownConflicts)];
  const choose = conflicts.length === 0 ? [] : ["say which system is right: authority: NAME"];
  return {
    name: "start",
    type: told.some(({ start }) => start?.date !== undefined) ? "datetime" : "time",
    words: [],
    ...(item?.startPlace === undefined ? {} : { inItems: startPlaces(item) }),
    because: [
      ...conflicts.slice(0, 1),
      ...(conflicts.length > 1 ? [`and ${conflicts.length - 1} more such`] : []),
      ...choose,
      ...timesOn(ofPages, "page"),
      ...timesOn(ofItems, "item"),
    ],
    isSure: conflicts.length === 0,
  };
}

/** `16:30, 10:00 in 3 pages`; nothing where there are none. */
function timesOn(times: readonly ExampleTimes[], one: string): string[] {
  const clocks = [...new Set(times.map(({ start }) => start?.time ?? ""))];
  return times.length === 0 ? [] : [`${clocks.slice(0, clocksMax).join(", ")} in ${counted(times.length, one)}`];
}

const startPlaces = ({ startPlace, datePlace }: ExampleTimes): NonNullable<FieldGuess["inItems"]> =>
  datePlace === undefined ? (startPlace?.name ?? "") : { date: datePlace.name, time: startPlace?.name ?? "" };

/** The pages that an item names and that say another start. */
function differing(item: ExampleTimes, ofPages: readonly ExampleTimes[], pages: readonly Example[]): string[] {
  const named = pages.filter(({ name }) => tellingSegments(item.example.document).some(({ text }) => namesPage(text, name)));
  const linked = ofPages.filter(
    ({ example, start }) => named.some(({ name }) => name === example.name) && start?.time !== item.start?.time,
  );
  return linked.map(
    ({ example, start }) =>
      `${item.example.name} says ${item.start?.time ?? ""} and ${example.name}, which it names, ${start?.time ?? ""}: they contradict each other`,
  );
}

const ownConflicts = ({ example, conflicts }: ExampleTimes): string[] =>
  conflicts.map((says) => `${example.name} contradicts itself: ${says}`);

function valuesOf(fields: readonly FieldGuess[], items: readonly Example[]): ReadonlyMap<string, readonly string[]> {
  const attributes = attributesOf(items);
  return new Map(
    fields
      .filter(({ type }) => type === "key")
      .map(({ name, inItems }): [string, string[]] => [
        name,
        attributes.filter((attribute) => attribute.name === inItems).flatMap(({ values }) => values.map(({ text }) => text)),
      ]),
  );
}

/** The word for such a record that the examples use most. */
function kindName(examples: readonly Example[]): string {
  const text = examples
    .flatMap(({ document }) => tellingSegments(document).map(({ text: one, place }) => `${place.name} ${one}`))
    .join("\n")
    .toLowerCase();
  const counts = kindWords.map((word) => ({ word, count: text.split(word).length - 1 })).toSorted((a, b) => b.count - a.count);
  const [most] = counts;
  return most === undefined || most.count === 0 ? "record" : most.word;
}

function leftOut(times: readonly ExampleTimes[], attributes: readonly string[]): string[] {
  const unnamed = times.flatMap(({ example, unnamed: seen }) => seen.map(({ raw, place }) => `${raw} in ${example.name}, ${place.label}`));
  const shown = [...new Set(unnamed)];
  return [
    ...shown.slice(0, leftMax).map((one) => `no field explains ${one}`),
    ...(shown.length > leftMax ? [`and ${shown.length - leftMax} more times`] : []),
    ...(attributes.length === 0
      ? []
      : [`attributes without a use: ${attributes.slice(0, leftMax).join(", ")}${attributes.length > leftMax ? ", …" : ""}`]),
  ];
}
