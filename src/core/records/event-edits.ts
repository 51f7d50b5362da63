/** What the time properties of one event have to say, start, end and length together: none of them is right by itself. */

import type { Claim } from "./claim.ts";
import type { ReadAbout } from "./claims/read-about.ts";
import type { Decision } from "./decision.ts";
import type { RecordDocument } from "./document.ts";
import type { EventDecided, EventTime, EventTimes } from "./event-times.ts";
import type { Value } from "./value.ts";

/** `why`: why the event cannot say what was decided. */
export type EventText = { readonly text: string } | { readonly why: string };

export interface EventClaims {
  /** Of one part. */
  readonly claims: readonly Claim[];
  readonly isWrong: (claim: Claim) => boolean;
}

/** By segment. Properties that follow from others are among them; empty where no time of the event itself is wrong. */
export function eventTexts(
  document: RecordDocument,
  { claims, isWrong }: EventClaims,
  decisions: readonly Decision[],
  about: ReadAbout,
): ReadonlyMap<number, EventText> {
  const [first] = claims;
  const times = first && document.eventTimes?.(first.place.part, { zones: about.zones, zone: about.kind.zone, ianaOf: about.zoneNamed });
  if (!times) return new Map();
  const wrong = claims.filter((claim) => isOf(claim, times.start) || isOf(claim, times.end)).filter(isWrong);
  if (wrong.length === 0) return new Map();
  const valueOf = (claim: Claim): Value | undefined => decisions.find(({ field }) => field === claim.field)?.value;
  const rewritten = times.rewrite(decidedOf({ claims, isWrong }, times, valueOf));
  if (rewritten.kind === "refused") return new Map(wrong.map(({ segment }) => [segment, { why: rewritten.why }]));
  const same = wrong.flatMap(({ segment }): [number, EventText][] => {
    const text = document.segments[segment]?.text;
    return text === undefined ? [] : [[segment, { text }]];
  });
  return new Map([...same, ...[...rewritten.texts].map(([segment, text]): [number, EventText] => [segment, { text }])]);
}

const isOf = ({ segment }: Claim, time: EventTime | undefined): boolean => time?.segment === segment;

/** What is wrong as it was decided; an end that is right stays where it is, whatever the start does. */
function decidedOf({ claims, isWrong }: EventClaims, times: EventTimes, valueOf: (claim: Claim) => Value | undefined): EventDecided {
  let decided: EventDecided = {};
  for (const claim of claims) {
    const value = valueOf(claim);
    if (!value) continue;
    if (isWrong(claim) && isOf(claim, times.start) && value.kind === "moment")
      decided = { ...decided, start: { ...decided.start, ...value } };
    if (!isOf(claim, times.end)) continue;
    if (value.kind === "duration") decided = { ...decided, minutes: value.minutes };
    else if (value.kind === "moment" && isWrong(claim)) decided = { ...decided, end: { ...decided.end, ...value } };
    else if (value.kind === "moment" && times.end?.moment) decided = { ...decided, end: times.end.moment };
  }
  return decided;
}
