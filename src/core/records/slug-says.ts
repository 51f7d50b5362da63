/** What the words of an address say about the time of day: renaming a page needs a redirect, and silence would mislead. */

/** From, up to but not including, in hours. */
const dayParts: readonly (readonly [word: string, from: number, to: number])[] = [
  ["morning", 4, 12],
  ["noon", 11, 14],
  ["afternoon", 12, 18],
  ["sunset", 16, 23],
  ["evening", 17, 24],
  ["night", 18, 24],
];

/** The word of a key that a time of day (`15:30`) contradicts; `undefined` where none does. */
export function slugSaysOtherwise(key: string, time: string): string | undefined {
  const words = new Set(key.toLowerCase().split(/[^a-z]+/u));
  const hour = Number(time.slice(0, 2)) + Number(time.slice(3, 5)) / 60;
  return dayParts.find(([word, from, to]) => words.has(word) && (hour < from || hour >= to))?.[0];
}
