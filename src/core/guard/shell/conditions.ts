/** `test`, `[` and `[[`: whether they hold, where everything that they compare is known. What lies on disk is never looked at. */

import { isKnown, mayBe, type Word } from "../word.ts";
import { matchesPattern } from "./pattern.ts";

/** `undefined`: only running would tell. */
export type Truth = boolean | undefined;

export const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

export function both(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

export const either = (truths: readonly Truth[]): Truth => not(both(truths.map(not)));

/** What several possible values agree on. */
export function agreed(truths: readonly Truth[]): Truth {
  const [first, ...others] = truths;
  return others.every((truth) => truth === first) ? first : undefined;
}

const unaryOperators = /^-[a-zA-Z]$/;

/** `-z` and `-n`; every other one asks the disk, the terminal or the shell. */
export function unaryTruth(operator: string, word: Word): Truth {
  if (operator !== "-z" && operator !== "-n") return undefined;
  const isEmpty = isKnown(word) ? word === "" : undefined;
  return operator === "-z" ? isEmpty : not(isEmpty);
}

function sameText(left: Word, right: Word): Truth {
  if (isKnown(left) && isKnown(right)) return left === right;
  // One that is known and that the other cannot become is another text.
  if (isKnown(right) && !mayBe(left, right)) return false;
  return isKnown(left) && !mayBe(right, left) ? false : undefined;
}

const wholeNumber = /^\s*-?(?:0|[1-9]\d{0,14})\s*$/;

const comparisons: ReadonlyMap<string, (left: number, right: number) => boolean> = new Map([
  ["-eq", (left: number, right: number) => left === right],
  ["-ne", (left: number, right: number) => left !== right],
  ["-lt", (left: number, right: number) => left < right],
  ["-le", (left: number, right: number) => left <= right],
  ["-gt", (left: number, right: number) => left > right],
  ["-ge", (left: number, right: number) => left >= right],
]);

/** `right` is a pattern where `isPattern`: `[[ x == p* ]]`. */
export function binaryTruth(operator: string, left: Word, right: Word, isPattern: boolean): Truth {
  const compare = comparisons.get(operator);
  if (compare !== undefined) return wholeNumber.test(left) && wholeNumber.test(right) ? compare(Number(left), Number(right)) : undefined;
  if (operator !== "=" && operator !== "==" && operator !== "!=") return undefined;
  const truth = isPattern ? matchTruth(left, right) : sameText(left, right);
  return operator === "!=" ? not(truth) : truth;
}

/** Whether a text is what a pattern of `case` or `[[` asks for. */
export function matchTruth(text: Word, pattern: Word): Truth {
  // What matches everything matches what nobody knows.
  if (/^\*+$/.test(pattern)) return true;
  if (isKnown(text) && isKnown(pattern)) return matchesPattern(pattern, text);
  return /[*?[\]()\\]/.test(pattern) ? undefined : sameText(text, pattern);
}

const binaryOperators = /^(?:=|==|!=|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/;

/** The words of `test`, without its name and without the `]` of `[`. What its manual leaves open is not decided. */
export function testTruth(words: readonly Word[]): Truth {
  const [first = "", second = ""] = words;
  if (words.length === 0) return false;
  if (words.length === 1) return unaryTruth("-n", first);
  if (words.length === 3) return threeTruth(words);
  if (first === "!" && words.length <= 4) return not(testTruth(words.slice(1)));
  if (words.length > 3) return joinedTruth(words);
  return unaryOperators.test(first) ? unaryTruth(first, second) : undefined;
}

function threeTruth(words: readonly Word[]): Truth {
  const [first = "", second = "", third = ""] = words;
  if (binaryOperators.test(second)) return binaryTruth(second, first, third, false);
  if (second === "-a" || second === "-o") return joinedTruth(words);
  if (first === "!") return not(testTruth(words.slice(1)));
  return first === "(" && third === ")" ? unaryTruth("-n", second) : undefined;
}

/** `a -a b -o c`, without parentheses; `-a` binds tighter. */
function joinedTruth(words: readonly Word[]): Truth {
  if (words.length > 40 || words.some((word) => word === "(" || word === ")")) return undefined;
  return either(parted(words, "-o").map((group) => both(parted(group, "-a").map(oneTruth))));
}

/** Parts of a longer test; one of no or many words was not meant so. */
const oneTruth = (words: readonly Word[]): Truth => (words.length === 0 || words.length > 4 ? undefined : testTruth(words));

function parted(words: readonly Word[], separator: string): (readonly Word[])[] {
  const parts: Word[][] = [[]];
  for (const word of words) {
    if (word === separator) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts;
}
