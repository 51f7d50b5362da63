/** Words from commands, fit for a message. */

import type { GuardedName } from "../scope.ts";
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

/** What a guarded place is, behind "which is": a target, a system of a kind of records (by its label, `booking calendar`), or the state. */
export function roleOf({ label, target }: GuardedName): string {
  if (target !== undefined) return shown(label);
  const [kind = "", ...system] = label.split(" ");
  if (system.length === 0) return label === "state" ? "belay's own state" : shown(label);
  return shown(`the ${system.join(" ")} of the ${kind} records`);
}
