/** Words from commands, fit for a message. */

import { cutLine, plainLine } from "../plain-line.ts";
import { hole, type Word } from "../word.ts";

const shownMax = 120;

/** One line without control characters, holes as `…`, cut to a line's length. */
export const shown = (word: Word): string => cutLine(plainLine(word.replaceAll(hole, "…")), shownMax);

/** One word for a POSIX shell. */
export const quotedWord = (word: string): string => (/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);

export const verbWords: Readonly<Record<"read" | "write" | "delete" | "configure" | "purge" | "delegate", string>> = {
  read: "reads",
  write: "writes to",
  delete: "deletes from",
  configure: "changes",
  purge: "purges",
  delegate: "has somebody else change",
};
