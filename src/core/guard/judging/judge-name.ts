/** Buckets, distributions, tables and addresses: what stands there by name, or could. */

import type { Effect, Place } from "../effect.ts";
import type { GuardedBucket, GuardedName, GuardScope } from "../scope.ts";
import { looksLikeBucket, placeOfUrl } from "../tools/place-of-url.ts";
import { matchBucketName, matchKey, matchName, type Match } from "../tools/place-names.ts";
import { hole, isKnown, mayBe, type Word } from "../word.ts";
import type { Finding } from "./finding.ts";
import { roleOf, shown, verbWords } from "./plain-words.ts";
import { possibleWay, ruleAt, safeWay } from "./safe-way.ts";

interface Met {
  readonly match: Exclude<Match, "not">;
  readonly guarded: GuardedName;
  /** `bucket queenofsandiego-prod`. */
  readonly what: string;
}

/** What an effect on a named place meets; `undefined` where nothing of it is guarded. */
export function judgeName(effect: Effect, scope: GuardScope): Finding | undefined {
  const met = meet(effect.destination, scope);
  if (met === undefined || (met.match === "may be" && isDownload(effect, scope))) return undefined;
  return met.match === "is" ? guardedWrite(effect, met, scope) : unresolved(effect, met, scope);
}

/**
 * From a guarded bucket to a word that may be a path: a backup. Of any other source it stays a question, since that is how a stage is
 * copied to production; and `s3://` before the hole says that it is no path.
 */
function isDownload({ destination, source, verb }: Effect, scope: GuardScope): boolean {
  if (verb !== "write" || destination.kind !== "bucket" || destination.mayBeLocal !== true || source?.kind !== "bucket") return false;
  return isKnown(source.name) && meetBucket(source.name, source.key, scope)?.match === "is";
}

function meet(place: Place, scope: GuardScope): Met | undefined {
  switch (place.kind) {
    case "bucket":
      return meetBucket(place.name, place.key, scope);
    case "distribution":
      return meetName(place.id, scope.distributions, "distribution");
    case "table":
      return meetName(place.name, scope.tables, "table");
    case "url":
      return meetUrl(place.url, scope);
    case "file":
    case "infrastructure":
    case "credentials":
    case "guard":
    case "opaque":
      return undefined;
  }
}

function meetBucket(name: Word, key: Word | undefined, scope: GuardScope): Met | undefined {
  let may: Met | undefined;
  for (const guarded of scope.buckets) {
    const match = both(matchBucketName(name, guarded.name), () => matchKey(key, guarded));
    const met = match === "not" ? undefined : { match, guarded, what: `bucket ${bucketName(guarded, scope)}` };
    if (met?.match === "is") return met;
    may ??= met;
  }
  return may;
}

/** The bucket itself stands for every name of it, so that a rephrased attempt is known again. */
function bucketName(guarded: GuardedBucket, scope: GuardScope): string {
  const first = scope.buckets.find((one) => one.label === guarded.label);
  return first?.name ?? guarded.name;
}

function both(name: Match, key: () => Match): Match {
  if (name === "not") return "not";
  const second = key();
  if (second === "not") return "not";
  return name === "is" && second === "is" ? "is" : "may be";
}

function meetName(name: Word, guarded: readonly GuardedName[], kind: string): Met | undefined {
  let may: Met | undefined;
  for (const one of guarded) {
    const match = matchName(name, one);
    const met = match === "not" ? undefined : { match, guarded: one, what: `${kind} ${one.name}` };
    if (met?.match === "is") return met;
    may ??= met;
  }
  return may;
}

/** An address of S3 is its bucket. One that is wholly unknown may be anything and passes: the walls of AWS stand behind it. */
function meetUrl(url: Word, scope: GuardScope): Met | undefined {
  const place = placeOfUrl(url);
  if (place.kind === "bucket") return meetBucket(place.name, place.key, scope);
  const plain = plainUrl(url);
  for (const guarded of scope.urls) {
    const own = plainUrl(guarded.name);
    if (isBelow(plain, own)) return { match: "is", guarded, what: guarded.name };
    if (!isKnown(plain) && sharesHost(plain, own) && (mayBe(plain, own) || mayBe(`${plain}${hole}`, own)))
      return { match: "may be", guarded, what: guarded.name };
  }
  return isKnown(url) || !looksLikeBucket(url) ? undefined : meetHost(url, scope);
}

/** `https://$HOST.amazonaws.com/…`: something of S3 whose bucket is in the hole. */
function meetHost(url: Word, scope: GuardScope): Met | undefined {
  const [guarded] = scope.buckets;
  return guarded === undefined || !/^(?:https?:\/\/)?[^/?]*amazonaws\.com/iu.test(url)
    ? undefined
    : { match: "may be", guarded, what: `bucket ${bucketName(guarded, scope)}` };
}

function plainUrl(url: Word): Word {
  const parts = /^(?:[a-z]+:\/\/)?(?:[^/?#@]*@)?(?<host>[^/?#]*)(?<path>[^?#]*)/iu.exec(url)?.groups;
  const host = (parts?.["host"] ?? "").toLowerCase().replace(/:(?:443|80)$/u, "");
  return `${host}${(parts?.["path"] ?? "").replace(/\/+$/u, "")}`;
}

const isBelow = (url: Word, own: string): boolean => url === own || url.startsWith(`${own}/`) || url.startsWith(`${own}${hole}`);

const sharesHost = (url: Word, own: string): boolean => url.split("/")[0] === own.split("/")[0];

function guardedWrite(effect: Effect, { guarded, what }: Met, scope: GuardScope): Finding {
  return {
    kind: "deny",
    rule: ruleAt(guarded, scope),
    code: guarded.label === "state" && guarded.target === undefined ? "state-touched" : "guarded-write",
    what: `${shown(effect.tool)} ${verbWords[effect.verb]} ${what}, which is ${roleOf(guarded)}`,
    intent: `${effect.verb} ${what}`,
    ...safeWay(effect, guarded, scope),
    effect,
  };
}

function unresolved(effect: Effect, { guarded, what }: Met, scope: GuardScope): Finding {
  return {
    kind: "deny",
    rule: "guard",
    code: "unresolved-destination",
    what: `where ${shown(effect.tool)} ${verbWords[effect.verb]} cannot be told: ${shown(wordOf(effect.destination))} could be ${what}, which is ${roleOf(guarded)}`,
    intent: `${effect.verb} ${what}`,
    ...possibleWay(effect, guarded, scope),
    effect,
  };
}

function wordOf(place: Place): Word {
  switch (place.kind) {
    case "bucket":
      return place.key === undefined ? place.name : `${place.name}/${place.key}`;
    case "distribution":
      return place.id;
    case "table":
      return place.name;
    case "url":
      return place.url;
    case "file":
    case "infrastructure":
    case "credentials":
    case "guard":
    case "opaque":
      return hole;
  }
}
