/** Where bytes lie. */

/** Bytes `start` up to, not including, `end`, of the body with its content encoding (gzip) undone. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
