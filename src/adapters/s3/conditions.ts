/** How conditions are spelled in headers. */

/** An ETag as If-Match of this server wants it. */
export const quotedEtag = (etag: string, isBare: boolean): string => (isBare ? etag : `"${etag}"`);

/** The condition of a write: nothing there, or exactly this ETag. */
export const putCondition = (etag: string | undefined, isBare: boolean): Readonly<Record<string, string>> =>
  etag === undefined ? { "if-none-match": "*" } : { "if-match": quotedEtag(etag, isBare) };
