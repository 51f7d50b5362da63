/** What looks like a clock text and is none: said by what stands around it. Such a text is never edited. */

import { bibleBooks, weekdays } from "./calendar-words.ts";
import { type ClockToken, isColon, isDash, isNumber, type Reader, skipSpace, tokenAt, tokenBefore } from "./clock-tokens.ts";
import type { Draft, Point } from "./draft.ts";
import { naturalTime } from "./natural-times.ts";
import { isNamedForWeekday, recurringTime } from "./recurring-times.ts";
import type { Around } from "./text-around.ts";

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
  if (groups.length < 2) return undefined;
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
  // The time of a stamp whose date is not read with it is no time by itself.
  if (before.kind === "word") return before.text !== "T" || tokenAt(reader, at - 2).kind === "number";
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

/** A date inside a link, a path or a file's name is part of an address: moving it breaks the link. */
function address({ reader, at, next, draft }: Around): string | undefined {
  if (draft.start?.date === undefined || isParameter(reader, at, draft.start)) return undefined;
  const before = tokenAt(reader, at - 1);
  const [mark, follow] = [tokenAt(reader, next), tokenAt(reader, next + 1)];
  const isInside = before.kind === "mark" && "/_=&?%.@".includes(before.text) && before.text !== "";
  const isGoing =
    mark.kind === "mark" &&
    ("/_@%=".includes(mark.text) || mark.text === "-" || mark.text === ".") &&
    (follow.kind === "word" || (follow.kind === "number" && mark.text !== "-"));
  return isInside || isGoing ? "a part of an address" : undefined;
}

/** A link's parameter that is an instant as a whole, as links that add an event to a calendar have it: `dates=20260530T163000/…`. */
export const isParameter = (reader: Reader, at: number, stamp: Pick<Point, "date" | "clock">): boolean =>
  tokenAt(reader, at - 1).text === "=" && stamp.clock !== undefined && stamp.date?.slots[0]?.kind === "year";

/** What a mention is instead of a time; `undefined` where it is one. */
export function justificationOf(reader: Reader, at: number, draft: Draft): string | undefined {
  const around: Around = { reader, at, next: draft.next, draft };
  const isPlace = address(around);
  if (isPlace !== undefined) return isPlace;
  if (isNamedForWeekday(around)) return "a part of a name";
  return (draft.start?.clock === undefined ? undefined : figures(around)) ?? naturalTime(around) ?? recurringTime(around);
}
