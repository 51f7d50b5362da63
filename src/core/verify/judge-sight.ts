/** One way of judging what a visitor got, for the checks of a deploy and for `belay verify`. */

import type { Digest } from "../brand.ts";
import type { Headers } from "../plan/plan.ts";
import type { Outcome } from "./verification.ts";

/** What came back for one address. */
export interface Served {
  readonly status: number;
  readonly digest: Digest;
  /** Names in lower case. */
  readonly headers: Headers;
  /** Whether a cache answered, where the response says so. */
  readonly cache?: "hit" | "miss";
}

/** `isFinal`: asking again would give the same, for example a redirect to another host. */
export type Glimpse =
  | ({ readonly kind: "seen" } & Served)
  | { readonly kind: "unreachable"; readonly cause: string; readonly isFinal?: true };

/** What an address should answer with. What is left out is not compared. */
export interface Promised {
  /** Absent where nothing should be there any more. */
  readonly digest?: Digest;
  readonly contentType?: string;
  readonly cacheControl?: string;
  /** Browsers show it only as HTML; compared where no `contentType` is promised. */
  readonly isHtml?: boolean;
}

export interface Judgement {
  /** *bad*: something wrong was seen. *unknown*: nothing could be told. */
  readonly outcome: Outcome;
  /** A clause each; none where all is well. */
  readonly problems: readonly string[];
  /** A later look may find it otherwise: a cache that still serves what was there, a server that is busy. */
  readonly mayPass: boolean;
}

const good: Judgement = { outcome: "good", problems: [], mayPass: false };

/** RFC 9110 and RFC 6585: by these statuses something in front of a page says that it could not ask for it. */
export const isBusy = (status: number): boolean => status === 429 || (status >= 502 && status <= 504);

/** A bucket says 403 of what is not there to whoever may not list it. */
const gone = new Set([403, 404, 410]);

/** Judges one look. */
export function judgeSight(sight: Glimpse, promised: Promised): Judgement {
  if (sight.kind === "unreachable") return { outcome: "unknown", problems: [sight.cause], mayPass: sight.isFinal !== true };
  if (isBusy(sight.status)) return { outcome: "unknown", problems: [statusOf(sight)], mayPass: true };
  const problems = promised.digest === undefined ? absenceProblems(sight) : presenceProblems(sight, promised.digest, promised);
  return problems.length === 0 ? good : { outcome: "bad", problems, mayPass: true };
}

const statusOf = ({ status }: Served): string => `status ${status}`;

const absenceProblems = (served: Served): string[] => (gone.has(served.status) ? [] : [`${statusOf(served)} for a deleted page`]);

function presenceProblems(served: Served, digest: Digest, promised: Promised): string[] {
  if (served.status !== 200) return [statusOf(served)];
  const from = served.cache === "hit" ? ", from a cache" : "";
  const bytes = served.digest === digest ? [] : [`other bytes (${served.digest.slice(0, 12)}${from})`];
  return [...bytes, ...typeProblems(served.headers["content-type"], promised), ...cacheProblems(served.headers, promised)];
}

function typeProblems(got: string | undefined, { contentType, isHtml }: Promised): string[] {
  if (contentType !== undefined) {
    return isSameType(got, contentType) ? [] : [`content type ${shown(got)} instead of ${shown(contentType)}`];
  }
  // Without a type browsers look at the bytes, and take a page for one.
  if (isHtml !== true || got === undefined || /^(?:text\/html|application\/xhtml\+xml)$/u.test(typeOf(got).media)) return [];
  return [`content type ${shown(got)}: browsers would not show it as a page`];
}

function typeOf(header: string): { readonly media: string; readonly charset: string | undefined } {
  const [media = "", ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  return { media, charset: charset?.replaceAll('"', "") };
}

/** A server may name a charset that was not asked for, but not another one. */
function isSameType(got: string | undefined, wanted: string): boolean {
  if (got === undefined) return false;
  const [one, other] = [typeOf(got), typeOf(wanted)];
  return one.media === other.media && (other.charset === undefined || one.charset === other.charset);
}

function cacheProblems(headers: Headers, { cacheControl }: Promised): string[] {
  if (cacheControl === undefined) return [];
  const got = headers["cache-control"];
  return got !== undefined && directivesOf(got) === directivesOf(cacheControl)
    ? []
    : [`cache-control ${shown(got)} instead of ${shown(cacheControl)}`];
}

const directivesOf = (header: string): string =>
  header
    .toLowerCase()
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .toSorted()
    .join(", ");

const shownMax = 100;
const shown = (text: string | undefined): string =>
  text === undefined ? "(none)" : text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;

/** *bad* outweighs *unknown*, and that outweighs *good*. */
export const worst = (outcomes: Iterable<Outcome>): Outcome => {
  let found: Outcome = "good";
  for (const outcome of outcomes) {
    if (outcome === "bad") return "bad";
    if (outcome === "unknown") found = "unknown";
  }
  return found;
};
