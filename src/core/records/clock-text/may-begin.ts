/** A look at a number's neighbours, so that the grammar is not tried where nothing could come of it. */

import { type ClockToken, isColon, isDash, isNumber, type Reader, skipSpace, tokenAt, tokenBefore } from "./clock-tokens.ts";

const leads: ReadonlySet<string> = new Set(["at", "around", "by", "until", "till", "til", "from", "before", "after", "@", "~", "between"]);
const moneyMarks = new Set("$€£¥₹₩");

/** A word, or a mark that only times, dates and amounts have after a number. */
const isTelling = (token: ClockToken): boolean => token.kind === "word" || token.text === "½" || moneyMarks.has(token.text);

/** What has to follow a number of one or two digits, directly or after a space. */
function hasSign(reader: Reader, at: number): boolean {
  const mark = tokenAt(reader, at + 1);
  if (isTelling(mark) || mark.text === ")") return true;
  // "30.–31. May".
  if (mark.text === "." && isDash(tokenAt(reader, at + 2))) return isNumber(tokenAt(reader, at + 3), 1, 2);
  if (isColon(mark) || mark.text === "." || mark.text === "/") return ["number", "word"].includes(tokenAt(reader, at + 2).kind);
  if (isDash(mark)) return hasSignAfterDash(reader, at + 2);
  const after = skipSpace(reader, at + 1);
  return after > at + 1 && hasSignAfterSpace(reader, after);
}

function hasSignAfterSpace(reader: Reader, after: number): boolean {
  const follow = tokenAt(reader, after);
  if (isDash(follow)) return hasSignAfterDash(reader, after + 1);
  return isTelling(follow) || follow.text === "(" || isNumber(follow, 3, 3);
}

/** "4–7" is something only where the 7 is, or where a third number makes a date. */
function hasSignAfterDash(reader: Reader, after: number): boolean {
  const second = isDash(tokenAt(reader, after)) ? after + 1 : after;
  const at = skipSpace(reader, second);
  const token = tokenAt(reader, at);
  if (token.kind === "word") return true;
  if (token.kind !== "number") return false;
  const next = tokenAt(reader, at + 1);
  if (token.text.length > 2 || isColon(next) || next.kind === "word" || next.text === "." || next.text === "½") return true;
  if (isDash(next)) return isNumber(tokenAt(reader, at + 2), 3, 4);
  return tokenAt(reader, skipSpace(reader, at + 1)).kind === "word";
}

/** `false` where no mention, and nothing that looks like one, begins at this number. */
export function mayBegin(reader: Reader, at: number): boolean {
  const { length } = tokenAt(reader, at).text;
  const before = tokenBefore(reader, at);
  if (moneyMarks.has(before.text)) return true;
  if (length > 13) return false;
  if (length > 2) return true;
  return leads.has(before.lower) || before.kind === "word" || hasSign(reader, at);
}
