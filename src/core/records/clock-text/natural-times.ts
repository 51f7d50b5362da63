/** Times that nature keeps: of the tide, of the sun and the moon. No booking moves them. */

import { isNumber, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";
import { afterMention, type Around, isSaidBefore } from "./text-around.ts";

/** `hour`: of the sun as well, and it may be a range. */
type Nature = "tide" | "sun" | "hour";

/** The last word of what names such a time, in the languages of such pages; `of`: words of which one stands before it. */
interface Name {
  readonly nature: Nature;
  readonly of?: ReadonlySet<string>;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
const alone = (nature: Nature, text: string): readonly (readonly [string, Name])[] => text.split(" ").map((word) => [word, { nature }]);
const after = (nature: Nature, text: string, of: string): readonly (readonly [string, Name])[] =>
  text.split(" ").map((word) => [word, { nature, of: words(of) }]);

const names: ReadonlyMap<string, Name> = new Map([
  ...alone("tide", "tide tides slack flood ebb hw lw ebbe flut hochwasser niedrigwasser tidenhochwasser gezeiten hoogwater laagwater"),
  ...alone("tide", "marée marées étale marea mareas pleamar bajamar maré"),
  ...after("tide", "water waters", "high low"),
  ...after("tide", "mer", "pleine basse haute"),
  ...alone("sun", "sunset sunrise moonrise moonset dawn dusk sundown sunup twilight"),
  ...alone("sun", "sonnenuntergang sonnenaufgang mondaufgang monduntergang dämmerung abenddämmerung morgendämmerung"),
  ...alone("sun", "crépuscule aube atardecer amanecer anochecer ocaso tramonto zonsondergang zonsopgang"),
  ...after("sun", "sets rises goes", "sun moon"),
  ...after("sun", "geht", "sonne mond"),
  ...after("sun", "couche lève", "soleil lune"),
  ...after("sun", "pone sale", "sol luna"),
  ...after("sun", "soleil", "coucher lever"),
  ...after("sun", "sol", "puesta salida pôr nascer"),
  ...after("sun", "light", "first last"),
  ...after("hour", "hour hours", "golden blue"),
  ...after("hour", "stunde", "goldene blaue"),
  ...after("hour", "dorée bleue", "heure"),
  ...after("hour", "dorada azul", "hora"),
]);

/** May stand within a name: "coucher du soleil", "puesta de sol". */
const particles: ReadonlySet<string> = words("de du del der des do la le el se the");

/** What ends at this token, and the token at which it begins. */
function nameEndingAt(reader: Reader, at: number): { readonly nature: Nature; readonly from: number } | undefined {
  const token = tokenAt(reader, at);
  const name = token.kind === "word" ? names.get(token.lower) : undefined;
  if (name?.of === undefined) return name && { nature: name.nature, from: at };
  let back = at - 1;
  while (back > at - 6 && (tokenAt(reader, back).kind === "space" || particles.has(tokenAt(reader, back).lower))) back -= 1;
  return name.of.has(tokenAt(reader, back).lower) ? { nature: name.nature, from: back } : undefined;
}

/** Longest name from its first word to its last, spaces counted. */
const nameTokensMax = 7;

/** What begins at this token, with "high" and "low" before it passed over; and the token after it. */
function nameStartingAt(reader: Reader, at: number): { readonly nature: Nature; readonly next: number } | undefined {
  if (!firstWords.has(tokenAt(reader, at).lower)) return undefined;
  const first = heights.has(tokenAt(reader, at).lower) ? skipSpace(reader, at + 1) : at;
  for (let end = at; end < at + nameTokensMax; end += 1) {
    const found = nameEndingAt(reader, end);
    if (found !== undefined && (found.from === at || found.from === first)) return { nature: found.nature, next: end + 1 };
  }
  return undefined;
}

const heights: ReadonlySet<string> = words("high low");
/** With which a name may begin. */
const firstWords: ReadonlySet<string> = new Set([...heights, ...names.keys(), ...[...names.values()].flatMap(({ of }) => [...(of ?? [])])]);

/** Words between the name and its time; any other makes it the name of something else: "sunset cruise at", "high tide tour starts". */
const small: ReadonlySet<string> = words(
  "at is are was am pm a p m around about approximately approx circa begins begin starts start ends occurs expected local time times the down up today tonight in um uhr ab gegen ca ist war beginnt bis von à vers est a las los la es hacia sobre h der die das am",
);
/** Of tides several stand in a row, with their heights. */
const smallOfTides: ReadonlySet<string> = new Set([
  ...small,
  ...words("high low ft feet foot meters metres meter and und et y hoch niedrig haute basse alta baja turns"),
]);

/** Words after a name that leave it one: "sunset over the bay", "high tide and low tide". */
const smallAfter: ReadonlySet<string> = new Set([...smallOfTides, ...words("over on at and or then from with")]);

const isTideName = (reader: Reader, at: number): boolean => nameEndingAt(reader, at)?.nature === "tide";
const isHour = (reader: Reader, at: number): boolean => nameEndingAt(reader, at)?.nature === "hour";
const isSunName = (reader: Reader, at: number): boolean => ["sun", "hour"].includes(nameEndingAt(reader, at)?.nature ?? "");

/** The name of nature's time behind a mention, where it is not the beginning of another name or the head of the next time. */
function saidAfter({ reader, next }: Around): Nature | undefined {
  const { at, hasMark } = afterMention(reader, next);
  const found = nameStartingAt(reader, at);
  if (found === undefined) return undefined;
  const follow = tokenAt(reader, skipSpace(reader, found.next));
  if (hasMark && follow.kind === "number") return undefined;
  return follow.kind === "word" && !smallAfter.has(follow.lower) ? undefined : found.nature;
}

/** `5.2 ft` behind a time. */
function isBeforeHeight({ reader, next }: Around): boolean {
  const { at } = afterMention(reader, next);
  if (!isNumber(tokenAt(reader, at), 1, 2)) return false;
  const isDecimal = tokenAt(reader, at + 1).text === "." && tokenAt(reader, at + 2).kind === "number";
  return ["ft", "feet"].includes(tokenAt(reader, skipSpace(reader, at + (isDecimal ? 3 : 1))).lower);
}

/** What a mention is where nature keeps its time; `undefined` where nothing says so. */
export function naturalTime(around: Around): string | undefined {
  const { start, end } = around.draft;
  if (start?.clock === undefined) return undefined;
  const said = saidAfter(around);
  const isTide =
    said === "tide" || isBeforeHeight(around) || isSaidBefore(around, { isEnd: isTideName, small: smallOfTides, pastNumbers: true });
  if (isTide) return "a tide time";
  // "Sunset 4:30–7:30 PM" is what somebody called a tour; only an hour of light is a range.
  const isEnd = end === undefined ? isSunName : isHour;
  const isSun = said === "hour" || (said === "sun" && end === undefined) || isSaidBefore(around, { isEnd, small, pastNumbers: false });
  return isSun ? "the time of sunrise or sunset" : undefined;
}
