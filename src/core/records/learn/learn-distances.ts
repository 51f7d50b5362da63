/** From distances in single examples to rules: what follows from the start, what moves with it, and what the examples disagree about. */

import { spelledMinutes } from "../spelled-minutes.ts";
import type { Place } from "../document.ts";
import { counted } from "./example.ts";
import type { FieldGuess } from "./guess.ts";
import type { Distance, ExampleTimes } from "./read-times.ts";

interface Told {
  readonly example: string;
  readonly start: string;
  readonly distance: Distance;
}

/** From a day on, what follows is not counted in hours: a cut-off two days later keeps its hour when clocks change. */
const dayMinutes = 1440;
const wordsMax = 4;
const pairsMax = 3;

/** Every field whose distance from the start the examples tell, in the order in which they are told. */
export function learnDistances(times: readonly ExampleTimes[]): FieldGuess[] {
  const told = times.flatMap(({ example, start, distances }) =>
    distances.map((distance) => ({ example: example.name, start: start?.time ?? "", distance })),
  );
  const names = [...new Set(told.map(({ distance }) => distance.field))].toSorted((a, b) => rank(a) - rank(b));
  return names.flatMap((name) => {
    const guess = learnField(
      name,
      told.filter(({ distance }) => distance.field === name),
    );
    return guess === undefined ? [] : [guess];
  });
}

/** `end` first: others are read by it. */
const rank = (name: string): number => (name === "end" ? 0 : 1);

function learnField(name: string, told: readonly Told[]): FieldGuess | undefined {
  // A bare duration ("20 minutes") may be about anything: it bears an end out and never makes one.
  const firm = told.filter(({ distance }) => distance.at.time !== undefined);
  if (firm.length === 0) return undefined;
  const more = { name, words: wordsOf(firm), ...pagePlace(firm), ...itemPlace(firm) };
  const distances = groups(firm);
  const [only, ...others] = distances;
  if (only === undefined) return undefined;
  if (others.length > 0) return { ...more, ...disagreeing(distances, firm) };
  const { minutes } = only;
  const examples = new Set(firm.map(({ example }) => example)).size;
  if (Math.abs(minutes) >= dayMinutes) {
    const because = [`${spelledDistance(minutes)} in ${counted(examples, "example")}, at the same hour as long as the start is`];
    return { ...more, type: "datetime", derivation: { kind: "moves-with", from: "start" }, because, isSure: false };
  }
  const isSaid = told.some(({ distance }) => distance.isSaid && distance.minutes === minutes);
  const starts = new Set(firm.map(({ start }) => start)).size;
  const because = [
    `${pairs(firm)} in ${counted(examples, "example")}`,
    ...(isSaid ? [`the text says ${spelledMinutes(Math.abs(minutes))}`] : []),
    ...(starts === 1 && !isSaid ? ["all start at the same time, so a fixed time would look the same"] : []),
  ];
  return { ...more, type: "datetime", derivation: { kind: "offset", from: "start", minutes }, because, isSure: isSaid || starts > 1 };
}

/** `16:30 → 19:30`, the first few. */
const pairs = (told: readonly Told[]): string =>
  [...new Set(told.map(({ start, distance }) => `${start} → ${distance.at.time ?? ""}`))].slice(0, pairsMax).join(", ");

interface Group {
  readonly minutes: number;
  readonly examples: readonly string[];
}

/** By distance, the most frequent first. */
function groups(told: readonly Told[]): Group[] {
  const byMinutes = new Map<number, Set<string>>();
  for (const { example, distance } of told) byMinutes.set(distance.minutes, (byMinutes.get(distance.minutes) ?? new Set()).add(example));
  return [...byMinutes]
    .map(([minutes, examples]) => ({ minutes, examples: [...examples] }))
    .toSorted((a, b) => b.examples.length - a.examples.length);
}

/** Examples that disagree: a fixed time of day where there is one, else a distance that only moves. */
function disagreeing(distances: readonly Group[], told: readonly Told[]): Pick<FieldGuess, "type" | "derivation" | "because" | "isSure"> {
  const clocks = new Set(told.map(({ distance }) => distance.at.time));
  const starts = new Set(told.map(({ start }) => start));
  if (clocks.size === 1 && starts.size > 1)
    return {
      type: "datetime",
      because: [`always ${[...clocks].join("")} whatever the start is, so it does not follow from it`],
      isSure: false,
    };
  const ways = distances.slice(0, 3).map(({ minutes, examples }) => `${spelledDistance(minutes)} in ${examples.slice(0, 2).join(", ")}`);
  return {
    type: "datetime",
    derivation: { kind: "moves-with", from: "start" },
    because: [`the examples contradict each other: ${ways.join("; ")}`],
    isSure: false,
  };
}

/** `start + 3h`, `start - 30m`. */
const spelledDistance = (minutes: number): string => `start ${minutes < 0 ? "-" : "+"} ${spelledMinutes(Math.abs(minutes))}`;

const wordsOf = (told: readonly Told[]): string[] =>
  [...new Set(told.map(({ distance }) => distance.word.replaceAll(/\s+/gu, " ")).filter((word) => word !== ""))].slice(0, wordsMax);

const standardNames = /(?:^|\.)(?:startDate|endDate|doorTime)$/u;

/** A named place of pages that holds the field, where no standard says so already. */
function pagePlace(told: readonly Told[]): Pick<FieldGuess, "onPages"> {
  const named = told.find(({ distance }) => distance.isValue && isNamed(distance.place));
  return named ? { onPages: `${named.distance.place.medium}:${named.distance.place.name}` } : {};
}

const isNamed = ({ medium, name }: Place): boolean =>
  (medium === "script" || medium === "attribute" || medium === "meta" || medium === "json-ld" || medium === "microdata") &&
  name !== "" &&
  !standardNames.test(name);

function itemPlace(told: readonly Told[]): Pick<FieldGuess, "inItems"> {
  const named = told.find(({ distance }) => distance.isValue && distance.place.medium === "item");
  return named ? { inItems: named.distance.place.name } : {};
}
