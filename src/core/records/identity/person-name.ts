/** Names of people: order, initials, nicknames, marks and slips of the pen. */

import { wordsOf } from "./fold-text.ts";
import { isKnownName, mayBeOne } from "./nicknames.ts";
import { editDistance, jaroWinkler } from "./string-similarity.ts";

const titles: ReadonlySet<string> = new Set(
  "mr mrs ms miss mx dr prof sir madam capt captain herr frau jr sr junior senior esq party group guest family".split(" "),
);

/** What people write where they know no name yet. */
const nobody: ReadonlySet<string> = new Set(
  (
    "tbd tba tbc na none null nil unknown unnamed anonymous anon pending noname name names nn xx xxx test walkin walkins private privatecharter " +
    "privateparty privateguest reserved hold blocked available open customer client visitor someone somebody tobedetermined tobeannounced " +
    "tobeconfirmed notgiven notavailable notassigned unassigned vacant"
  ).split(" "),
);

/** Folded parts of a name, titles left out; none for what names nobody (`TBD`, `n/a`, `Guest`, `Guest 2`). */
export function nameWords(text: string): readonly string[] {
  const words = wordsOf(text);
  const named = words.filter((word) => !titles.has(word));
  return nobody.has(words.join("")) || nobody.has(named.join("")) || !named.some((word) => /\p{L}/u.test(word)) ? [] : named;
}

/** Father and son have one name: `jr` and `sr` stand last. */
const rankOf = (raw: string): string | undefined => {
  const last = /\s,?\s*(?<rank>jr|junior|sr|senior|ii|iii|iv)\.?\s*$/iu.exec(raw.replaceAll(",", " "))?.groups?.["rank"]?.toLowerCase();
  return last === "junior" || last === "ii" ? "jr" : last === "senior" ? "sr" : last;
};

/** Whether each of two names says which of one name it is, and not the same. */
export function areRanksApart(one: string, other: string): boolean {
  const [mine, theirs] = [rankOf(one), rankOf(other)];
  return mine !== undefined && theirs !== undefined && mine !== theirs;
}

/** `nickname`: both may be one person's. `initial`: one stands for the other. `typo`: a slip of the pen apart. */
export type Likeness = "same" | "nickname" | "typo" | "initial";
export interface WordMatch {
  readonly a: string;
  readonly b: string;
  readonly likeness: Likeness;
}

export interface Alignment {
  readonly matches: readonly WordMatch[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

const order: readonly Likeness[] = ["same", "nickname", "typo", "initial"];

/** Each word of one name beside at most one of the other, the surest likeness first, whatever the order. */
export function alignNames(a: readonly string[], b: readonly string[]): Alignment {
  const [wordsA, wordsB] = [joined(a, b), joined(b, a)];
  const likely = wordsA.flatMap((one) => wordsB.flatMap((other) => likenessMatch(one, other)));
  const [restA, restB] = [[...wordsA], [...wordsB]];
  const matches: WordMatch[] = [];
  for (const match of likely.toSorted((x, y) => order.indexOf(x.likeness) - order.indexOf(y.likeness))) {
    const [atA, atB] = [restA.indexOf(match.a), restB.indexOf(match.b)];
    if (atA === -1 || atB === -1) continue;
    matches.push(match);
    restA.splice(atA, 1);
    restB.splice(atB, 1);
  }
  return { matches, onlyA: restA, onlyB: restB };
}

function likenessMatch(a: string, b: string): readonly WordMatch[] {
  const likeness = likenessOf(a, b);
  return likeness === undefined ? [] : [{ a, b, likeness }];
}

/** Two neighbouring words in one where the other name writes them so: `mary ann` beside `maryann`. */
function joined(words: readonly string[], others: readonly string[]): readonly string[] {
  for (let at = 0; at + 1 < words.length; at += 1) {
    const both = `${words[at]}${words[at + 1]}`;
    if (others.includes(both) && !words.includes(both)) return [...words.slice(0, at), both, ...words.slice(at + 2)];
  }
  return words;
}

/** How two folded words of names are alike, or not at all. A slip is allowed once in four letters, twice in eight. */
export function likenessOf(a: string, b: string): Likeness | undefined {
  if (a === b) return "same";
  if (mayBeOne(a, b)) return "nickname";
  // Mark and Mary are two names, however near.
  if (isTypo(a, b) && !(isKnownName(a) && isKnownName(b)) && !isOtherEnding(a, b)) return "typo";
  const isInitial = (a.length === 1 || b.length === 1) && a[0] === b[0];
  return isInitial ? "initial" : undefined;
}

/** Paul and Paula, Erik and Erika, Dario and Daria: an ending makes another name of it. */
function isOtherEnding(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length === short.length + 1) return long.startsWith(short) && /[^ao][ao]$/u.test(long);
  return a.length === b.length && a.slice(0, -1) === b.slice(0, -1) && /[ao]$/u.test(a) && /[ao]$/u.test(b);
}

/** One slip in words of four letters or more (in three, the last two swapped), two from eight on; numbers are never taken for one another. */
export function isTypo(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter === 3 && a.length === b.length) return a[0] === b[0] && a[1] === b[2] && a[2] === b[1];
  if (shorter < 4 || /\p{N}/u.test(a + b)) return false;
  const distance = editDistance(a, b, 2);
  return distance === 1 || (distance === 2 && (shorter >= 8 || jaroWinkler(a, b) >= 0.92));
}

/** Whether nothing in the names says that they are two people: every word of the shorter one has its like in the other. */
export const mayBeSamePerson = ({ matches, onlyA, onlyB }: Alignment): boolean =>
  matches.length > 0 && (onlyA.length === 0 || onlyB.length === 0);
