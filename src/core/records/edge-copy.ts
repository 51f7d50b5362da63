/** Whether what visitors get is what the origin holds: the judgement over one look at one path. */

import type { Digest } from "../brand.ts";
import type { Headers } from "../plan/plan.ts";
import { isBusy, type Glimpse } from "../verify/judge-sight.ts";

/** A content that a page had before, oldest knowledge of it that there is. */
export interface EarlierContent {
  readonly digest: Digest;
  /** ISO 8601, UTC, where it is known. */
  readonly at?: string;
}

/** What the origin holds of a page; `digest` is absent where nothing should be there any more. */
export interface OriginPage {
  readonly digest?: Digest;
  /** Newest first. */
  readonly earlier: readonly EarlierContent[];
}

/**
 * `same`: the origin's bytes. `older`: a content that the page had before. `other`: a page whose bytes nobody here knows. `gone`: the
 * path answers that nothing is there. `unknown`: nothing was learned, which is never absence.
 */
export type EdgeVerdict = "same" | "older" | "other" | "gone" | "unknown";

/** A path under which visitors may reach a page. */
export interface EdgePath {
  /** As visitors ask for it, beginning with a slash. */
  readonly path: string;
  /** Nobody said that it is served: with or without `.html`, as some edges rewrite. Its absence is no fault. */
  readonly isGuess?: true;
}

/** One path as visitors get it. */
export interface EdgeCopy extends EdgePath {
  readonly verdict: EdgeVerdict;
  /** A clause for people, without a full stop. */
  readonly says: string;
  readonly digest?: Digest;
  /** Where it is an earlier content: since when it should not be served any more is not known, when it was made may be. */
  readonly older?: EarlierContent;
  readonly status?: number;
  /** Seconds, as `Age` says it. */
  readonly ageSeconds?: number;
  readonly cache?: "hit" | "miss";
  /** What of the answer tells where it came from: `age`, `etag`, `last-modified`, `x-cache`, `via` and the like. */
  readonly evidence: Headers;
}

const telling = ["age", "cf-cache-status", "etag", "last-modified", "via", "x-amz-cf-pop", "x-amz-version-id", "x-cache"] as const;
/** Said of what is not there. A bucket that may not be listed says 403, and so do login walls: that one proves nothing. */
const absent: ReadonlySet<number> = new Set([404, 410]);

/** Judges one look. A wall, a busy server and a redirect elsewhere are *unknown*, whatever the origin holds. */
export function judgeEdgeCopy(asked: EdgePath, sight: Glimpse, origin: OriginPage): EdgeCopy {
  if (sight.kind === "unreachable") return { ...asked, verdict: "unknown", says: sight.cause, evidence: {} };
  const { status, digest, headers, cache } = sight;
  const age = /^\d{1,10}$/u.test(headers["age"] ?? "") ? Number(headers["age"]) : undefined;
  const about = {
    ...asked,
    status,
    evidence: Object.fromEntries(telling.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))),
    ...(age !== undefined && { ageSeconds: age }),
    ...(cache && { cache }),
  };
  if (absent.has(status)) return { ...about, verdict: "gone", says: `status ${status}` };
  if (status !== 200)
    return { ...about, verdict: "unknown", says: isBusy(status) ? `the server is busy (status ${status})` : `status ${status}` };
  if (digest === origin.digest) return { ...about, verdict: "same", says: "what the origin holds", digest };
  const older = origin.earlier.find((one) => one.digest === digest);
  const from = cache === "hit" ? ", from a cache" : "";
  if (!older) return { ...about, verdict: "other", says: `other bytes (${digest.slice(0, 12)}${from})`, digest };
  const made = older.at === undefined ? "" : ` of ${older.at}`;
  return { ...about, verdict: "older", says: `an earlier version${made} (${digest.slice(0, 12)}${from})`, digest, older };
}

/** Whether every path gives what the origin holds, or says that nothing is there where nothing should be. */
export const isFresh = (copies: readonly EdgeCopy[], origin: OriginPage): boolean =>
  copies.every(
    ({ verdict, isGuess }) => verdict === (origin.digest === undefined ? "gone" : "same") || (verdict === "gone" && isGuess === true),
  );
