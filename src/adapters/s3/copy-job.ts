import type { CopySource } from "./copy-source.ts";
import type { PutLanding } from "./put-object.ts";
import type { WriteJob } from "./write-job.ts";

export interface CopyLimits {
  /** Objects up to this size are copied by CopyObject: its answer has to come within the time of any write. */
  readonly wholeBytes: number;
  /** The most that one UploadPartCopy takes; larger objects go in ranges of `rangeBytes`. */
  readonly partBytes: number;
  readonly rangeBytes: number;
}

/** A copy in the making. */
export interface CopyJob extends WriteJob {
  readonly source: CopySource;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
  readonly limits: CopyLimits;
}

/** `unproven`: nothing became visible, since it was not shown that it would be the right bytes. */
export type CopyLanding = PutLanding | { readonly kind: "unproven"; readonly why: string };
