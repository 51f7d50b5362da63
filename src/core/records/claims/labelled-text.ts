/** How far the value behind a label goes, by the type of its field. */

import type { FieldType } from "../value.ts";

const email = String.raw`[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,200}[\p{L}\p{N}]`;
const link = String.raw`(?:[a-z][a-z\d+.-]{1,15}:\/\/[^\s<>"']{1,1000}|(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}@])(?:[\/?#][^\s<>"']{0,1000})?)`;
const phone = String.raw`\+?[(]?\d(?:[^\S\n]?[\d().\/–-]){4,30}`;
const key = String.raw`[^\s,;.:()][^,;.:()\n]{0,79}`;
const line = String.raw`[^\s:][^\n]{0,199}`;

/** Source of a regular expression that matches from the first character of the value; names have a grammar of their own. */
export function valuePattern(type: FieldType): string {
  if (type === "email") return email;
  if (type === "link") return link;
  if (type === "phone") return phone;
  return type === "place" || type === "text" ? line : key;
}

const separators = /\s[|·•–—]\s|;|\s+(?=\p{Lu}[\p{L}\p{M}'’-]{0,30}(?: \p{Ll}[\p{L}'’-]{0,20}){0,2}:(?:\s|$))/u;
const sentenceEnd = /[.!?](?=\s+\p{Lu})/gu;
const abbreviations: ReadonlySet<string> = new Set(
  "dr st ste ave av blvd rd ln ct pl sq hwy pkwy mt ft no nr str apt bldg fl rm inc ltd co corp vs approx mr mrs ms prof capt jr sr n s e w".split(
    " ",
  ),
);

/** What of a match is the value: of a line what stands before the next label, separator or sentence; no mark at its end. */
export function valueIn(said: string, type: FieldType): string {
  if (type === "link") return said.replace(/[.,;:!?)\]}]+$/u, "");
  if (type === "phone") return said.replace(/[^\d]+$/u, "");
  if (type !== "place" && type !== "text") return said.replace(/[\s.]+$/u, "");
  const cut = separators.exec(said)?.index ?? said.length;
  const text = said.slice(0, cut);
  const end = [...text.matchAll(sentenceEnd)].find(({ index }) => !abbreviations.has(lastWord(text.slice(0, index))));
  return text.slice(0, end?.index ?? text.length).replace(/[\s.,]+$/u, "");
}

const lastWord = (text: string): string => (/[\p{L}\p{N}]+$/u.exec(text.slice(-40))?.[0] ?? "").toLowerCase();

/** Behind the bare word for a person these make a thing of it: "Guest Wi-Fi Password". */
const things: ReadonlySet<string> = new Set(
  (
    "wi-fi wifi password pass info information code codes book books list lists name names count house room rooms services service portal login " +
    "account policy policies rules parking area access network reviews review photos photo gallery details detail id number numbers type " +
    "phone email contact check check-in checkin check-out arrival arrivals experience guide guides feedback comments cabin suite satisfaction " +
    "page pages board quarters seat seats table uniform hat chair license licence training log notes note"
  ).split(" "),
);

/** Whether what follows a label without a colon is a thing rather than somebody's name. */
export const isThing = (name: string): boolean =>
  name
    .toLowerCase()
    .split(/\s+/u)
    .some((word) => things.has(word));

/** A wrapped line goes on with a family name where it holds no label of its own. */
const continued = /^[^\S\n]*\n[^\S\n]*(?<rest>\p{Lu}[\p{L}\p{M}'’-]+)(?=[\s.,;!?]|$)(?![^\n:]{0,60}:)/u;

/** How much longer a first name at the end of a line is, with the family name on the next one. */
export const continuation = (name: string, after: string): number => (/\s/u.test(name) ? 0 : (continued.exec(after)?.[0].length ?? 0));
