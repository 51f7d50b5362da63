/** Whether a session has seen a page as it is live (decision 6). */

import { isLookedAt, type Look, type UnseenPath } from "./look.ts";

export interface PagePlace {
  readonly site: string;
  readonly target: string;
  readonly path: string;
}

/** Milliseconds since the epoch. */
export interface SessionTime {
  readonly startedAtMs: number;
  readonly nowMs: number;
}

export interface Sight {
  /** Found the same, or one that what is here was made from, or brought here, within this session. */
  readonly isSeen: boolean;
  /** The newest look that was at it, whoever looked and whenever. */
  readonly newest?: Look;
  /** What that look found there that this copy had not seen. */
  readonly found?: UnseenPath;
}

/** A session that goes on for longer looks again: meanwhile others have been at work. */
export const lookValidMs: number = 12 * 3_600_000;
/** A look from further ahead than clocks err is no look. */
const clockErrorMs = 60_000;

/**
 * The newest look at the path decides alone: what was seen at nine and found changed at ten is not seen. `looks` stand oldest first,
 * as they were noted.
 */
export function sightOf(place: PagePlace, time: SessionTime, looks: readonly Look[]): Sight {
  const newest = looks.findLast(
    (look) =>
      look.site === place.site && look.target === place.target && look.atMs <= time.nowMs + clockErrorMs && isLookedAt(look, place.path),
  );
  if (!newest) return { isSeen: false };
  const found = newest.unseen.find(({ path }) => path === place.path);
  const isOfSession = newest.atMs >= time.startedAtMs && newest.atMs >= time.nowMs - lookValidMs;
  const isSeen = isOfSession && found === undefined && newest.isCut !== true;
  return { isSeen, newest, ...(found && { found }) };
}

/** Whether a session has seen a page as it is live. */
export const isSeen = (place: PagePlace, time: SessionTime, looks: readonly Look[]): boolean => sightOf(place, time, looks).isSeen;
