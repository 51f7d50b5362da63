/** What an agent was refused before, and what that means for what it tries next. */

import type { Objection, Verdict } from "./verdict.ts";

export interface DeniedIntent {
  /** As the objection names it: `write bucket queenofsandiego-prod`. */
  readonly intent: string;
  readonly times: number;
  /** Milliseconds since the epoch. */
  readonly lastAtMs: number;
}

/** How often this very intent was refused before. */
export const timesDenied = ({ intent }: Pick<Objection, "intent">, denied: readonly DeniedIntent[]): number =>
  denied.find((one) => one.intent === intent)?.times ?? 0;

/** Words of an intent that name nothing in particular, and so tie nothing together. */
const shortestName = 4;

/** The place of an intent: its last word, `queenofsandiego-prod`. */
const placeOf = (intent: string): string => intent.slice(intent.lastIndexOf(" ") + 1);

/**
 * What would be put to the person as a question is refused where the agent was refused the same before, or something at the same place:
 * who rephrases a refusal as a question hopes for a person who clicks. What is allowed stays allowed.
 */
export function afterRefusals(verdict: Verdict, denied: readonly DeniedIntent[]): Verdict {
  if (verdict.kind !== "ask" || !denied.some((before) => isAbout(verdict, before))) return verdict;
  return { ...verdict, kind: "deny" };
}

function isAbout(objection: Objection, { intent }: DeniedIntent): boolean {
  if (objection.intent === intent) return true;
  const place = placeOf(intent);
  return place.length >= shortestName && (objection.intent.includes(place) || objection.what.includes(place));
}
