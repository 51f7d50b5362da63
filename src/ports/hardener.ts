/** Settings of buckets, written. S3 takes them without a condition: whoever calls has looked right before, and looks again. */

import type { AccessLogging, PublicAccessBlock } from "../core/doctor/bucket-facts.ts";
import type { CallOptions } from "./store.ts";

/**
 * One bucket. Each call replaces one setting as a whole and throws a `BelayError` where that was not acknowledged: `store-denied`,
 * `store-missing`, `not-supported` (also a policy that S3 does not take), `credentials-missing`, and `store-unreachable`, after
 * which it is not known whether the setting was replaced.
 */
export interface BucketHardener {
  /** As JSON. */
  putPolicy(text: string, options: CallOptions): Promise<void>;
  enableVersioning(options: CallOptions): Promise<void>;
  putPublicAccessBlock(block: PublicAccessBlock, options: CallOptions): Promise<void>;
  putLogging(logging: AccessLogging, options: CallOptions): Promise<void>;
}

export interface Hardener {
  bucket(name: string): BucketHardener;
}
