/**
 * Whether a clock text may stand at a number or a word of a page's bytes. It never says no where the grammar of clock texts
 * (core/records/clock-text) would find something, whatever markup, references and escapes stand between the parts; it may say yes
 * where nothing is. Each look is bounded, so a page costs time in proportion to its length.
 */

import { hashPrime, hashSeed } from "../../core/records/claims/word-hash.ts";
import { WordTable } from "../../core/records/claims/word-table.ts";
import { months, numberWords, tens, weekdays } from "../../core/records/clock-text/calendar-words.ts";
import {
  byteAt,
  endOfDigits,
  endOfInline,
  endOfLetters,
  isDigit,
  isLetter,
  lowAt,
  skipOther,
  skipTags,
  wordsAt,
  type Word,
} from "./byte-steps.ts";

/** What has to be seen around a word before it is worth reading. */
type Sign = (bytes: Uint8Array, to: number) => boolean;

type Words = ReadonlySet<string> | ReadonlyMap<string, unknown>;
const isOneOf = (bytes: Uint8Array, at: number, words: Words): boolean => wordsAt(bytes, at).some(({ text }) => words.has(text));

const always: Sign = () => true;
const beforeNumber: Sign = (bytes, to) => {
  const at = skipOther(bytes, to);
  return isDigit(byteAt(bytes, at)) || isOneOf(bytes, at, numberWords);
};
const isOrdinal = (word: string): boolean => word === "st" || word === "nd" || word === "rd" || word === "th";
const minuteWords: ReadonlySet<string> = new Set([
  ...tens.keys(),
  ...[...numberWords].filter(([, value]) => value > 9).map(([word]) => word),
]);
/** "seven PM", "seven thirty". */
const afterNumberWord: Sign = (bytes, to) => {
  const at = skipOther(bytes, to);
  return isOneOf(bytes, at, minuteWords) || beginsClockEnd(bytes, at, false);
};
const beforeTurn: Sign = (bytes, to) => isOneOf(bytes, skipOther(bytes, to), turns);
const turns: ReadonlySet<string> = new Set(["past", "to"]);

/** Words at which, or after which, a time or a date may begin. What stands with a number is found at the number. */
export const signWords: ReadonlyMap<string, Sign> = new Map<string, Sign>([
  ...[...numberWords.keys()].map((word): readonly [string, Sign] => [word, afterNumberWord]),
  ...[...months.keys()].map((word): readonly [string, Sign] => [word, beforeNumber]),
  ...[...weekdays.keys()].map((word): readonly [string, Sign] => [word, word.endsWith("day") ? always : beforeNumber]),
  ..."noon midnight midday".split(" ").map((word): readonly [string, Sign] => [word, always]),
  ..."at around by until till til from before after between past".split(" ").map((word): readonly [string, Sign] => [word, beforeNumber]),
  ..."quarter quarters minute minutes min mins".split(" ").map((word): readonly [string, Sign] => [word, beforeTurn]),
]);

const hourMarks: ReadonlySet<string> = new Set("am pm h hr hrs hour hours uhr oclock noon midnight".split(" "));

/** What may follow figures: a number worked out of a word's letters spares most looks at the word. */
const follows = new WordTable([...hourMarks, ...months.keys(), ..."a p o in at st nd rd th of".split(" ")]);
/** No such word is longer. */
const followMax = 9;

function mayFollow(bytes: Uint8Array, from: number): boolean {
  let hash = hashSeed | 0;
  let at = from;
  for (let low = lowAt(bytes, at); isLetter(low); low = lowAt(bytes, at)) {
    if (at - from === followMax) return false;
    hash = Math.imul(hash ^ low, hashPrime);
    at += 1;
  }
  // A tag may divide the word.
  return follows.mayHave(hash) || byteAt(bytes, at) === 0x3c;
}

/** What makes a time of the hour before it. `isClose`: it touches the figures. */
const beginsClockEnd = (bytes: Uint8Array, at: number, isClose: boolean): boolean =>
  wordsAt(bytes, at).some((word) => hourMarks.has(word.text) || isClockEnd(bytes, word, isClose));

function isClockEnd(bytes: Uint8Array, { text, end }: Word, isClose: boolean): boolean {
  if (text === "a" || text === "p") return isClose || lowAt(bytes, skipOther(bytes, end)) === 0x6d;
  if (text === "o") return isOneOf(bytes, skipOther(bytes, end), clock);
  return (text === "in" || text === "at") && isOneOf(bytes, skipOther(bytes, end), dayParts);
}

const clock: ReadonlySet<string> = new Set(["clock"]);
const dayParts: ReadonlySet<string> = new Set(["the", "night"]);

/** "30th of May", "30. May", "5 May". `steps`: so many words may stand before the month. */
const beginsMonth = (bytes: Uint8Array, at: number, steps: number = 2): boolean =>
  wordsAt(bytes, at).some(
    ({ text, end }) =>
      months.has(text) || (steps > 0 && (isOrdinal(text) || text === "of") && beginsMonth(bytes, skipOther(bytes, end), steps - 1)),
  );

const isDateMark = (byte: number): boolean => byte === 0x2f || byte === 0x2e || byte === 0x2d;

/** Two or more marks of dates, each after figures: `2026-05-30`, `5/3/26`. */
function isDate(bytes: Uint8Array, to: number): boolean {
  const first = skipTags(bytes, to);
  if (!isDateMark(byteAt(bytes, first))) return false;
  const second = skipTags(bytes, first + 1);
  const after = skipTags(bytes, endOfDigits(bytes, second));
  return after > second && isDateMark(byteAt(bytes, after)) && isDigit(byteAt(bytes, skipTags(bytes, after + 1)));
}

/** Two figures after whatever may be a colon or a dot: a mark, a letter of `16h30`, a reference, a mark in several bytes. */
function isMinutes(bytes: Uint8Array, to: number): boolean {
  const first = skipTags(bytes, to);
  const mark = byteAt(bytes, first);
  const isLettered = lowAt(bytes, first) === 0x68 || lowAt(bytes, first) === 0x75;
  if (mark !== 0x3a && mark !== 0x2e && mark !== 0x26 && mark !== 0x5c && mark < 0x80 && !isLettered) return false;
  const isPlain = mark === 0x3a || mark === 0x2e || isLettered;
  const at = skipTags(bytes, isPlain ? first + 1 : skipOther(bytes, first));
  return isDigit(byteAt(bytes, at)) && isDigit(byteAt(bytes, skipTags(bytes, at + 1)));
}

/** So many figures in a row may be a date or a moment by themselves. */
const stampDigits = 6;
/** So many may be the year, before whatever parts it from its month. */
const yearDigits = 4;

/** How many figures stand from `from` to `to` and on, through tags that may divide a number. */
function digitsAt(bytes: Uint8Array, from: number, to: number): number {
  let count = to - from;
  let end = to;
  for (
    let next = endOfInline(bytes, end);
    count < stampDigits && next > end && isDigit(byteAt(bytes, next));
    next = endOfInline(bytes, end)
  ) {
    end = endOfDigits(bytes, next);
    count += end - next;
  }
  return count;
}

/** Whether the figures from `from` to `to` may be part of a time or a date. */
export function isClockNumber(bytes: Uint8Array, from: number, to: number): boolean {
  const length = digitsAt(bytes, from, to);
  if (length >= stampDigits || isMinutes(bytes, to) || isDate(bytes, to)) return true;
  const at = skipOther(bytes, to);
  const low = lowAt(bytes, at);
  if (isLetter(low)) return mayFollow(bytes, at) && isFollow(bytes, at, at === skipTags(bytes, to));
  return length >= yearDigits && low !== 0 && isYearFirst(bytes, at);
}

const isFollow = (bytes: Uint8Array, at: number, isClose: boolean): boolean => beginsClockEnd(bytes, at, isClose) || beginsMonth(bytes, at);

/** Month and day in two figures each, whatever stands between. */
function isYearFirst(bytes: Uint8Array, at: number): boolean {
  const month = endOfDigits(bytes, at);
  if (month - at < 2) return false;
  return month - at > 2 || isDigit(byteAt(bytes, skipOther(bytes, month)));
}

/** So many figures in a row, or two after a dot or a comma, may be an amount or a phone number: no time, and worth a word. */
const otherDigits = 3;

export const isOtherNumber = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from >= otherDigits || digitsAt(bytes, from, to) >= otherDigits || isMinutes(bytes, to);

/** The end of the run of letters or of figures at `at`. */
export const endOfRun = (bytes: Uint8Array, at: number): number =>
  isDigit(byteAt(bytes, at)) ? endOfDigits(bytes, at) : endOfLetters(bytes, at);
