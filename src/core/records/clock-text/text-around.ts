/** A look at the words around a mention: what heads it, and what it is said of. */

import { isColon, isDash, type Reader, skipSpace, tokenAt } from "./clock-tokens.ts";
import type { Draft } from "./draft.ts";

/** A mention among its words. */
export interface Around {
  readonly reader: Reader;
  /** First token, and the one after the last. */
  readonly at: number;
  readonly next: number;
  readonly draft: Draft;
}

export interface Sought {
  /** Whether what is sought ends at this token. */
  readonly isEnd: (reader: Reader, at: number) => boolean;
  /** Words that may stand in between. */
  readonly small: ReadonlySet<string>;
  /** Whether other times and figures may stand in between too. */
  readonly pastNumbers: boolean;
}

const tokensMax = 40;

/** Looks back over small words and marks, and from the beginning of the text into what heads it. The end of a sentence ends the look. */
export function isSaidBefore({ reader, at }: Around, sought: Sought): boolean {
  const { heads = [] } = reader;
  const found = lookBack(reader, at, sought);
  return found === "start" ? heads.some((head) => lookBack(head, head.tokens.length, sought) === "found") : found === "found";
}

function lookBack(reader: Reader, at: number, sought: Sought): "found" | "start" | "other" {
  let hasNumber = false;
  let back = at - 1;
  for (; back >= 0 && back > at - tokensMax; back -= 1) {
    const token = tokenAt(reader, back);
    if (sought.isEnd(reader, back)) return "found";
    if (token.kind === "word" && !sought.small.has(token.lower)) return "other";
    if (token.kind === "number") {
      if (!sought.pastNumbers) return "other";
      hasNumber = true;
    }
    if (token.kind === "space" && token.text.includes("\n") && (hasNumber || token.text.indexOf("\n") !== token.text.lastIndexOf("\n")))
      return "other";
    if (isSentenceEnd(reader, back)) return "other";
  }
  return back < 0 ? "start" : "other";
}

/** `!`, `?`, or a full stop after a word that is no abbreviation of a letter or two. */
function isSentenceEnd(reader: Reader, at: number): boolean {
  const token = tokenAt(reader, at);
  if (token.text === "!" || token.text === "?") return true;
  const before = tokenAt(reader, at - 1);
  return token.text === "." && before.kind === "word" && before.text.length > 2;
}

/** Where a word that is said of a mention would begin: behind a space, "is", an opening bracket, a dash or a colon. */
export function afterMention(reader: Reader, next: number): { readonly at: number; readonly hasMark: boolean } {
  const at = skipSpace(reader, next);
  const token = tokenAt(reader, at);
  const hasMark = isDash(token) || isColon(token);
  return { at: hasMark || token.text === "(" || token.lower === "is" ? skipSpace(reader, at + 1) : at, hasMark };
}
