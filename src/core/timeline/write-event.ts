/** A write to a bucket as its own records tell it: who called, with what, from where. */

export interface WriteEvent {
  readonly source: "cloudtrail" | "access-log" | "s3-event";
  /** Milliseconds since the epoch, by the service's clock. */
  readonly atMs: number;
  readonly bucket: string;
  /** Names of the object in its bucket that the record may stand for: one, but where its encoding leaves two readings. */
  readonly names: readonly string[];
  readonly deed: "put" | "delete";
  /** The operation as the record spells it: `PutObject`, `REST.PUT.OBJECT`, `ObjectCreated:Put`. */
  readonly operation: string;
  /** An ARN or a principal id. */
  readonly caller?: string;
  readonly address?: string;
  readonly agent?: string;
  readonly versionId?: string;
  /** Bare, without quotes. */
  readonly etag?: string;
}
