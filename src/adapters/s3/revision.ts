import { asRevision, type Revision } from "../../core/brand.ts";

/** What a revision of an object in S3 is made of. */
export interface Mark {
  /** Without its quotes and otherwise opaque: it covers the bytes, never the headers. */
  readonly etag: string;
  /** LastModified, or the time of our own write: seconds since the epoch, by the server's clock. */
  readonly second: number;
}

/** `ETAG@SECONDS`: the second is what a change of headers alone moves. */
export const formatRevision = ({ etag, second }: Mark): Revision => asRevision(`${etag}@${second}`);

/** `undefined` for what is no revision of this store; it can then hold nowhere. */
export function parseRevision(revision: Revision): Mark | undefined {
  const [, etag, second] = /^(.+)@(\d{1,12})$/u.exec(revision) ?? [];
  return etag === undefined || second === undefined ? undefined : { etag, second: Number(second) };
}

/**
 * Whether what was seen now is what a revision speaks of. An earlier second holds too: after a write the answer's
 * `Date` stands in for LastModified, and it may be a little later.
 */
export const isHeldBy = (expected: Mark, seen: Mark): boolean => seen.etag === expected.etag && seen.second <= expected.second;

/** An ETag as headers and listings spell it, without its quotes; `undefined` where there is none. */
export function bareEtag(text: string | undefined): string | undefined {
  const bare = text?.replace(/^"(.*)"$/u, "$1");
  return bare === "" ? undefined : bare;
}

/** The whole seconds of an HTTP date or an ISO 8601 time; `undefined` where it is neither. */
export function secondOf(text: string | undefined): number | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}
