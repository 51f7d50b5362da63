/** What a time is called: by the name of its place, or by the words around it. */

import { nameWords } from "./example.ts";

export interface TimeRole {
  readonly field: string;
  /** The word that gave it away, in lower case; empty where a name did. */
  readonly word: string;
}

interface Vocabulary {
  readonly field: string;
  readonly names: ReadonlySet<string>;
  readonly words: RegExp;
}

const vocabularies: readonly Vocabulary[] = [
  {
    field: "start",
    names: new Set(["start", "starts", "begin", "begins", "departure", "from"]),
    words: /\b(?:starts?|begins?|departs?|departure|sails?|casts? off)\b/giu,
  },
  {
    field: "end",
    names: new Set(["end", "ends", "finish", "return", "until", "till"]),
    words: /\b(?:ends?|finish(?:es)?|returns?|back at)\b/giu,
  },
  {
    field: "arrival",
    names: new Set(["arrival", "arrive", "boarding", "board", "checkin", "door", "doors"]),
    words: /\b(?:arrive|arrives|arrival|arriving|boarding|board|check[ -]?in|doors?|meet)\b/giu,
  },
  {
    field: "cutoff",
    names: new Set(["cutoff", "deadline", "closes", "expires", "expiry", "rsvp"]),
    words: /\b(?:cut[ -]?off|deadline|close|closes|closed|closing|expires?|rsvp|no later than)\b/giu,
  },
];

/** How far from a time a word still speaks of it, in characters. */
const reachBefore = 60;
const reachAfter = 24;

/** The role of `CUTOFF_UTC`, `startDate`, `arrival_time`. */
export function roleOfName(name: string): TimeRole | undefined {
  const words = nameWords(name);
  const joined = words.join("");
  const found = vocabularies.find(({ names }) => words.some((word) => names.has(word)) || [...names].some((one) => joined.startsWith(one)));
  return found && { field: found.field, word: "" };
}

/** The role of a time in prose: by the nearest word before it in its sentence, else by one shortly behind it. */
export function roleInProse(text: string, from: number, to: number): TimeRole | undefined {
  const before = (
    text
      .slice(Math.max(0, from - reachBefore), from)
      .split(/[.!?;]\s|\n/u)
      .at(-1) ?? ""
  ).toLowerCase();
  const nearest = vocabularies
    .flatMap(({ field, words }) => [...before.matchAll(words)].map((match) => ({ field, word: match[0], at: match.index })))
    .toSorted((a, b) => b.at - a.at)[0];
  if (nearest) return { field: nearest.field, word: nearest.word };
  const after = (text.slice(to, to + reachAfter).split(/[.!?;,·]\s|\n/u)[0] ?? "").toLowerCase();
  return vocabularies
    .flatMap(({ field, words }) => [...after.matchAll(words)].map((match) => ({ field, word: match[0], at: match.index })))
    .toSorted((a, b) => a.at - b.at)[0];
}
