/** What looks like a clock text and is none: said by what stands around it. Such a text is never edited. */

import { bibleBooks, weekdays } from "./calendar-words.ts";
import { type ClockToken, isColon, isDash, isNumber, type Reader, skipSpace, tokenAt, tokenBefore } from "./clock-tokens.ts";
import type { Draft } from "./draft.ts";

const currencies = new Set("$€£¥₹₩");
const currencyWords: ReadonlySet<string> = new Set([
  "usd",
  "eur",
  "gbp",
  "cad",
  "aud",
  "chf",
  "mxn",
  "dollars",
  "euros",
  "pounds",
  "bucks",
]);

export interface NoTime {
  readonly to: number;
  readonly next: number;
  readonly justification: string;
}

/** Past digits joined by any of these marks: `1,430.00`, `619-555-0430`. The groups, and the marks between them. */
function numberGroups(
  reader: Reader,
  at: number,
  marks: string,
): { readonly groups: readonly string[]; readonly joints: string; readonly last: number } {
  const groups = [tokenAt(reader, at).text];
  let joints = "";
  let last = at;
  // A phone number has at most five groups; more say nothing new.
  while (groups.length < 8) {
    const mark = tokenAt(reader, last + 1);
    if (mark.text.length !== 1 || !marks.includes(mark.text) || tokenAt(reader, last + 2).kind !== "number") break;
    joints += mark.text;
    last += 2;
    groups.push(tokenAt(reader, last).text);
  }
  return { groups, joints, last };
}

const spanOf = (reader: Reader, last: number, justification: string): NoTime => ({
  to: tokenAt(reader, last).to,
  next: last + 1,
  justification,
});

function money(reader: Reader, at: number): NoTime | undefined {
  const { last } = numberGroups(reader, at, ".,");
  const after = tokenAt(reader, skipSpace(reader, last + 1));
  const isBefore = currencies.has(tokenBefore(reader, at).text) || currencyWords.has(tokenBefore(reader, at).lower);
  if (!isBefore && !currencies.has(after.text) && !currencyWords.has(after.lower)) return undefined;
  // "dinner 4 €"; but "PM 40 USD" after a colon belongs to a clock.
  return isColon(tokenAt(reader, last + 1)) && !isBefore ? undefined : spanOf(reader, last, "an amount of money");
}

/** Three and four digits, with or without an area code and a country. */
function phone(reader: Reader, at: number): NoTime | undefined {
  const bracket = tokenAt(reader, at + 1).text === ")" && isNumber(tokenAt(reader, at), 3, 3);
  const rest = bracket ? skipSpace(reader, at + 2) : at;
  const { groups, last } = numberGroups(reader, rest, "-.‑– ");
  const shape = (bracket ? ["area", ...groups] : groups).map((group) => (group === "area" ? 3 : group.length)).join(" ");
  if (!/^(?:\d+ )?(?:3 )?3 4$/u.test(shape) || isColon(tokenAt(reader, last + 1))) return undefined;
  return spanOf(reader, last, "a phone number");
}

/** Four groups with dots are an address, three without a valid date a version; "version 4.30", "v2". */
function dotted(reader: Reader, at: number): NoTime | undefined {
  const { groups, last } = numberGroups(reader, at, ".");
  if (groups.length >= 4) return spanOf(reader, last, groups.length === 4 ? "an IP address" : "a version number");
  const before = tokenBefore(reader, at).lower;
  if (["version", "v", "release", "ver"].includes(before) && !isColon(tokenAt(reader, last + 1)))
    return spanOf(reader, last, "a version number");
  return undefined;
}

/** A number that is none of our figures, at this token. */
export function readNoTime(reader: Reader, at: number): NoTime | undefined {
  if (tokenAt(reader, at).kind !== "number") return undefined;
  return money(reader, at) ?? phone(reader, at) ?? dotted(reader, at);
}

/** Whether digits, letters or marks that hold a name together touch the token before. */
export function isGlued(reader: Reader, at: number): boolean {
  const [token, before] = [tokenAt(reader, at), tokenAt(reader, at - 1)];
  if (token.kind === "word") return before.kind === "number" || (before.kind === "mark" && "_#@&/\\=".includes(before.text));
  if (before.kind === "word") return before.text !== "T";
  return before.kind === "mark" && isGluedByMark(reader, at, before);
}

/** A number after a mark: part of a link, of a chain of figures, of a code. */
function isGluedByMark(reader: Reader, at: number, mark: ClockToken): boolean {
  const [token, first] = [tokenAt(reader, at), tokenAt(reader, at - 2)];
  if ("#_&%\\/+".includes(mark.text)) return true;
  if (mark.text === "=") return first.kind !== "space";
  if (mark.text === "." || isColon(mark)) return first.kind === "number";
  if (mark.text === ",") return first.kind === "number" && isNumber(token, 3, 3);
  if (!isDash(mark) || isNumber(token, 4, 4) || isTime(reader, at)) return false;
  return first.kind === "word" ? !weekdays.has(first.lower) : isNumber(first, 3, 9);
}

/** Digits that a colon or a meridiem makes a time: "Sail-4:30". */
const isTime = (reader: Reader, at: number): boolean => isColon(tokenAt(reader, at + 1)) || /^[ap]m?$/u.test(tokenAt(reader, at + 1).lower);

/** Words on either side of a mention; sun and tide times stand in the words around them. */
interface Around {
  readonly reader: Reader;
  /** First token, and the one after the last. */
  readonly at: number;
  readonly next: number;
  readonly draft: Draft;
}

const tideWords: ReadonlySet<string> = new Set(["tide", "tides", "slack", "flood", "ebb"]);
const sunWords: ReadonlySet<string> = new Set(["sunset", "sunrise", "moonrise", "moonset", "dawn", "dusk"]);
const between: ReadonlySet<string> = new Set([
  "high",
  "low",
  "at",
  "is",
  "am",
  "pm",
  "a",
  "p",
  "m",
  "ft",
  "feet",
  "and",
  "water",
  "hw",
  "lw",
  "local",
  "around",
  "about",
  "approximately",
]);

/** Looks back over other times, numbers and small words for one of these; a full stop after a word ends the look. */
function saidBefore({ reader, at }: Around, words: ReadonlySet<string>, small: ReadonlySet<string>): boolean {
  for (let back = at - 1; back >= 0 && back > at - 40; back -= 1) {
    const token = tokenAt(reader, back);
    if (words.has(token.lower)) return true;
    if (token.kind === "word" && !small.has(token.lower)) return false;
    if (token.kind === "space" && token.text.includes("\n")) return false;
    if (token.text === "!" || token.text === "?") return false;
  }
  return false;
}

const smallAfter = (reader: Reader, next: number): number => {
  const at = skipSpace(reader, next);
  const token = tokenAt(reader, at);
  return token.text === "(" || token.lower === "is" || token.lower === "low" || token.lower === "high" ? skipSpace(reader, at + 1) : at;
};

function tide(around: Around): string | undefined {
  const { reader, next } = around;
  const at = smallAfter(reader, next);
  if (tideWords.has(tokenAt(reader, at).lower)) return "a tide time";
  const isHeight = isNumber(tokenAt(reader, at), 1, 2) && ["ft", "feet"].includes(heightUnit(reader, at));
  return isHeight || saidBefore(around, tideWords, between) ? "a tide time" : undefined;
}

/** The word after `5.2`. */
function heightUnit(reader: Reader, at: number): string {
  const { last } = numberGroups(reader, at, ".");
  return tokenAt(reader, skipSpace(reader, last + 1)).lower;
}

const noBetween: ReadonlySet<string> = new Set(["at", "is", "around", "about", "approximately", "a", "p", "m", "am", "pm"]);

/** "sunset 7:52 PM", "7:52 PM sunset"; but not "sunset sail 4:30 PM", nor "4:30 PM sunset cruise". */
function sun({ reader, at, next, draft }: Around): string | undefined {
  if (draft.start?.clock === undefined || draft.end !== undefined) return undefined;
  const follow = smallAfter(reader, next);
  if (sunWords.has(tokenAt(reader, follow).lower)) {
    const after = tokenAt(reader, skipSpace(reader, follow + 1));
    return after.kind === "word" && !noBetween.has(after.lower) ? undefined : "the time of sunrise or sunset";
  }
  let back = at - 1;
  while (
    back > at - 8 &&
    (tokenAt(reader, back).kind === "space" || /^[:(–—-]$/u.test(tokenAt(reader, back).text) || noBetween.has(tokenAt(reader, back).lower))
  )
    back -= 1;
  return sunWords.has(tokenAt(reader, back).lower) ? "the time of sunrise or sunset" : undefined;
}

const gameWords: ReadonlySet<string> = new Set(["ratio", "scale", "odds", "score", "scored", "won", "lost", "aspect", "beat", "mix"]);

/** Figures with a colon, without AM or PM, that count something else: a verse, a ratio, a score. */
function figures({ reader, at, next, draft }: Around): string | undefined {
  const { start, end } = draft;
  if (start?.clock === undefined || start.clock.meridiem || start.date !== undefined || end?.clock?.meridiem === true) return undefined;
  const before = tokenBefore(reader, at);
  if (bibleBooks.has(before.lower) && end === undefined && before.text !== before.lower) return "a verse";
  const after = tokenAt(reader, skipSpace(reader, next));
  if (gameWords.has(before.lower) || gameWords.has(after.lower)) return "a ratio or a score";
  return ["°", "′", "%"].includes(after.text) ? "a measure" : undefined;
}

const openWords: ReadonlySet<string> = new Set(["open", "opens", "hours", "closed", "closes"]);
const openBetween: ReadonlySet<string> = new Set([
  "daily",
  "from",
  "every",
  "are",
  "is",
  "at",
  "day",
  "a",
  "p",
  "m",
  "am",
  "pm",
  "week",
  "days",
  "seven",
  "to",
  "noon",
  ...weekdays.keys(),
]);
const openAround: ReadonlySet<string> = new Set([...openBetween, ...openWords]);
const spans: ReadonlySet<string> = new Set(["office", "opening", "business", "store", "operating"]);

const roundWords: ReadonlySet<string> = new Set(["daily", "everyday", "weekdays", "weekends"]);

/** "Upload closes Monday at 8:00 PM" names one evening; hours that come round every week are a range, or name no day. */
function isOpening(around: Around): boolean {
  const { start, end } = around.draft;
  const isOneDay = start?.date !== undefined && end === undefined;
  return saidBefore(around, spans, openAround) || (!isOneDay && saidBefore(around, openWords, openBetween));
}

/** "Open daily 9 AM – 5 PM", "Mon–Fri 9–5 PM", "Saturdays 4 PM": what comes round every week is no record's time. */
function recurring(around: Around): string | undefined {
  const { reader, at, draft } = around;
  if (draft.start?.clock === undefined || draft.start.date?.options[0]?.date !== undefined) return undefined;
  if (isOpening(around)) return "opening hours";
  const before = tokenBefore(reader, at);
  const after = tokenAt(reader, skipSpace(reader, around.next)).lower;
  const isPlural = before.lower.endsWith("days") && weekdays.has(before.lower.slice(0, -1));
  if (isPlural || roundWords.has(after) || roundWords.has(before.lower)) return "a time that recurs";
  return draft.start.date !== undefined && isAfterWeekday(reader, at) ? "opening hours" : undefined;
}

/** "Mon–" before "Fri". */
const isAfterWeekday = (reader: Reader, at: number): boolean =>
  isDash(tokenBefore(reader, at)) && weekdays.has(tokenBefore(reader, dashAt(reader, at)).lower);

const dashAt = (reader: Reader, at: number): number => (tokenAt(reader, at - 1).kind === "space" ? at - 2 : at - 1);

/** A date inside a link, a path or a file's name is part of an address: moving it breaks the link. */
function address({ reader, at, next, draft }: Around): string | undefined {
  if (draft.start?.date === undefined) return undefined;
  const before = tokenAt(reader, at - 1);
  const [mark, follow] = [tokenAt(reader, next), tokenAt(reader, next + 1)];
  const isInside = before.kind === "mark" && "/_=&?%.@".includes(before.text) && before.text !== "";
  const isGoing =
    mark.kind === "mark" &&
    ("/_@%=".includes(mark.text) || mark.text === "-" || mark.text === ".") &&
    (follow.kind === "word" || (follow.kind === "number" && mark.text !== "-"));
  return isInside || isGoing ? "a part of an address" : undefined;
}

/** What a mention is instead of a time; `undefined` where it is one. */
export function justificationOf(reader: Reader, at: number, draft: Draft): string | undefined {
  const around: Around = { reader, at, next: draft.next, draft };
  const isPlace = address(around);
  if (isPlace !== undefined) return isPlace;
  return draft.start?.clock === undefined ? undefined : (figures(around) ?? tide(around) ?? sun(around) ?? recurring(around));
}
