import { lineHunks } from "../../codecs/text-diff/line-hunks.ts";

/**
 * For each line of the newest text, which of the texts brought it: the place in `texts` of the oldest one from which it has
 * stood without a break. `texts` are lines of one file, newest first, and at least one.
 */
export function lineBringers(texts: readonly (readonly string[])[]): number[] {
  const [newest = []] = texts;
  const bringers = newest.map(() => texts.length - 1);
  // Where each line that is still followed stands in the text at hand.
  let standing = newest.map((_, line) => ({ line, at: line }));
  for (let index = 0; index + 1 < texts.length && standing.length > 0; index += 1) {
    const places = placesBefore(texts[index + 1] ?? [], texts[index] ?? []);
    const older: typeof standing = [];
    for (const { line, at } of standing) {
      const before = places[at];
      if (before === undefined) bringers[line] = index;
      else older.push({ line, at: before });
    }
    standing = older;
  }
  return bringers;
}

/** For each line of `after`, its place in `before`; `undefined` where it was not there. */
function placesBefore(before: readonly string[], after: readonly string[]): (number | undefined)[] {
  const places: (number | undefined)[] = [];
  let [atBefore, atAfter] = [0, 0];
  const end = { beforeStart: before.length, beforeEnd: before.length, afterStart: after.length, afterEnd: after.length };
  for (const { afterStart, afterEnd, beforeEnd } of [...lineHunks(before, after), end]) {
    for (; atAfter < afterStart; atAfter += 1, atBefore += 1) places[atAfter] = atBefore;
    for (; atAfter < afterEnd; atAfter += 1) places[atAfter] = undefined;
    atBefore = beforeEnd;
  }
  return places;
}
