/** Names that begin with the family name: "O'Brien, Pat". */

import { isKnownName } from "../identity/nicknames.ts";

const particles = "(?:(?:de|la|du|des|van|von|vom|zu|der|den|ten|ter|del|della|da|di|dos|al|bin|ibn|el)[^\\S\\n]+){0,3}";
const capital = "(?:[dlDLO]['’])?[\\p{Lu}\\p{Lt}][\\p{L}\\p{M}'’-]*";
const initial = "\\p{Lu}\\.";
const family = `${particles}${capital}`;
const given = `${capital}(?:[^\\S\\n]+(?:${initial}|${capital})){0,2}`;
const notNames =
  "(?:Jr|Sr|II|III|IV|PhD|Ph\\.D|MD|M\\.D|DDS|Esq|RN|Inc|Ltd|LLC|Co|GmbH|AG|USA|UK|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)(?![\\p{L}\\p{M}])";
const behind = new RegExp(
  `^,[^\\S\\n]+(?!${notNames})(?<given>${given})(?=[^\\S\\n]*(?:$|[\\n;|·•–—()<]|,[^\\S\\n]*\\d|[.!?](?:\\s|$)))`,
  "u",
);
const wholeFamily = new RegExp(`^${family}$`, "u");
const wholeName = new RegExp(`^(?<family>${family}),\\s+(?!${notNames})(?<given>${given})$`, "u");

export interface LastFirst {
  /** `Pat O'Brien`. */
  readonly name: string;
  /** Characters behind the family name that belong to it. */
  readonly length: number;
  /** What stands behind the comma can be nothing but a given name; else it may be a town, or a second person. */
  readonly isSure: boolean;
}

/** A family name with what follows it in a sentence; `undefined` where no given name could stand there. */
export function lastFirst(name: string, after: string): LastFirst | undefined {
  if (!wholeFamily.test(name)) return undefined;
  const found = behind.exec(after);
  const said = found?.groups?.["given"];
  if (found === null || said === undefined) return undefined;
  return { name: `${said} ${name}`, length: found[0].length, isSure: isFamilyName(name) || new RegExp(`${initial}$`, "u").test(said) };
}

/** No given name looks like that: O'Brien, McKay, Lund-Ruiz, van Dam. */
const isFamilyName = (name: string): boolean => /['’-]\p{Lu}|^(?:Mc|Mac)\p{Lu}|^\p{Ll}/u.test(name);

/** Whether a whole text is that, beyond doubt enough to take a list apart by it. */
export function isLastFirst(text: string): boolean {
  const { family: last = "", given: first = "" } = wholeName.exec(text)?.groups ?? {};
  return isKnownName(first.toLowerCase().split(/\s+/u)[0] ?? "") && !isKnownName(last.toLowerCase());
}

/** A whole text in the order in which names are said: `O'Brien, Pat` is Pat O'Brien. Any other text stays. */
export function asSaid(text: string): string {
  const { family: last, given: first } = wholeName.exec(text)?.groups ?? {};
  return last === undefined || first === undefined ? text : `${first} ${last}`;
}

const inOrder = new RegExp(`^(?<given>(?:${capital}|${initial})(?:\\s+(?:${capital}|${initial})){0,3})\\s+(?<family>${family})$`, "u");

/** A name in the order of a sample; `undefined` where that order cannot be told of it. */
export function inOrderOf(sample: string, name: string): string | undefined {
  if (!wholeName.test(sample.trim()) || !/\s/u.test(name.trim())) return name;
  const { family: last, given: first } = inOrder.exec(name.trim())?.groups ?? {};
  return last === undefined || first === undefined ? undefined : `${last}, ${first}`;
}
