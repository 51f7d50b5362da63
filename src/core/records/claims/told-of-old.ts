/** Texts that tell of what was, and not of what is: they are no claims, and stay as they are. */

import type { Place } from "../document.ts";

/** Right before a value: "moved from 18:30", "was at 18:30", "statt 18:30 Uhr". */
const before =
  /(?<![\p{L}\p{N}])(?:(?:moved|changed|rescheduled|shifted|postponed|brought forward|delayed|verlegt|verschoben|vorverlegt)\s+(?:from|von|vom)|was|were|formerly|previously|originally|used to (?:be|start|begin)|instead of|rather than|no longer|statt|anstatt|anstelle von|früher|ehemals|bisher|zuvor|ursprünglich|nicht mehr|au lieu de|auparavant|anciennement|en lugar de|en vez de|anteriormente)\s*:?\s*(?:(?:at|on|the|from|around|start|starts|starting|time|um|von|am|ab|um|den|à|le|a las|el)\s+){0,3}$/iu;
/** Right behind it, and nothing more in the brackets: "18:30 (old time)". "7 pm (was 6 pm)" says what holds first. */
const after =
  /^\s*(?:uhr\s*)?[([]\s*(?:the\s+)?(?:old|previous|original|former|alte|bisherige)?\s*(?:old|previously|originally|formerly|time|start|alt|früher|bisher|zeit)\s*[)\]]/iu;
const nearChars = 60;

/** Why a text from `from` to `to` of a segment is what was once; `undefined` where nothing says that it is. */
export function toldOfOld(place: Place, text: string, from: number, to: number): string | undefined {
  if (place.isStruck) return "struck out: it tells what was";
  const found = before.exec(text.slice(Math.max(0, from - nearChars), from)) ?? after.exec(text.slice(to, to + nearChars));
  return found ? `${JSON.stringify(found[0].trim())} says that it tells what was` : undefined;
}
