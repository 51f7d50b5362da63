/** One signed HTTP exchange with an AWS service: what the S3 and CloudFront adapters speak through, and what a simulation replaces. */

import type { CallOptions } from "../../../ports/store.ts";

export interface WireRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Below the wire's base (a bucket, the CloudFront API): percent-encoded by `encodePath`, beginning with `/`. */
  readonly path: string;
  /** Unencoded; an empty value is sent as `name=`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case names. `host`, `x-amz-date`, `authorization`, `content-length` and `x-amz-content-sha256` are the wire's. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: WireBody;
  /** Milliseconds up to the answer's headers, sending included; 30 seconds where left out. Longer only for what is not visible by itself. */
  readonly limitMs?: number;
}

/** Sent exactly: a source that yields fewer or more bytes than `sizeBytes`, or throws, breaks the request off before its end. */
export interface WireBody {
  readonly sizeBytes: number;
  /** SHA-256 in hexadecimal: signed with the request, so that a server which checks it takes no other bytes. */
  readonly sha256: string;
  open(): AsyncIterable<Uint8Array>;
}

export interface WireAnswer {
  readonly status: number;
  /** Lower-case names; of repeated headers the values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read once, to the end or not at all. Throws `WireFailure` where it breaks off or is shorter than was said. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of a body that nobody will read. */
  discard(): void;
}

/** No answer came. `isSent` is false only where the request cannot have reached the server whole. */
export class WireFailure extends Error {
  override readonly name = "WireFailure";
  readonly isSent: boolean;

  constructor(message: string, isSent: boolean, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.isSent = isSent;
  }
}

export interface Wire {
  /** For messages: `https://bucket.s3.eu-central-1.amazonaws.com`, without a trailing slash. */
  readonly base: string;
  /** True for AWS's own endpoints, whose conditional writes are documented to be atomic. */
  readonly isAws: boolean;
  /**
   * One exchange, however it ends: any status is an answer. Takes at most 30 seconds up to the answer's headers.
   * Only what provably never reached the service is sent again (a skewed clock, a redirect to the bucket's region).
   * Throws `WireFailure`, `BelayError` where there are no credentials, or the signal's reason.
   */
  send(request: WireRequest, options: CallOptions): Promise<WireAnswer>;
}
