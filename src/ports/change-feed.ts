/** What a place tells of its own changes, so that nobody has to list it all to find out that nothing has happened. */
export interface ChangeFeed {
  /**
   * What has changed since the token of an earlier answer; `undefined` at first. Nothing is remembered here, and the same token tells
   * the same and what came after it. An answer is whole, or it throws: half a feed is none. A key that is told may have been made,
   * changed or deleted, and may be told twice: whoever wants to know reads it.
   */
  changesSince(token: string | undefined, options: { readonly signal: AbortSignal }): Promise<FeedChanges>;
}

export type FeedChanges =
  | { readonly kind: "changes"; readonly keys: readonly string[]; readonly token: string }
  /** What has happened cannot be told. A look at everything that begins now and `token` together miss nothing; without one there is no feed. */
  | { readonly kind: "look-at-all"; readonly why: string; readonly token?: string };
