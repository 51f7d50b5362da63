/** What a bucket says about itself. */

export interface BucketHead {
  /** Where the bucket is, as the server says it. */
  readonly region?: string;
  /** The region that requests to it are signed for unless the server corrects that. */
  readonly configuredRegion: string;
  /** A server of AWS; others lack much of what is asked here. */
  readonly isAws: boolean;
  /** The server's clock at the answer and this machine's at the same moment, milliseconds since the epoch; the server's is in whole seconds. */
  readonly clock?: { readonly serverMs: number; readonly localMs: number };
}

export interface Versioning {
  readonly status: "Enabled" | "Suspended" | "never";
  readonly needsMfaToDelete: boolean;
}

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

/** One right that the bucket's access control list gives. */
export interface Grant {
  /** `everyone`: also without credentials. `any-account`: whoever has an AWS account. */
  readonly to: "everyone" | "any-account" | "named";
  /** READ, WRITE, READ_ACP, WRITE_ACP or FULL_CONTROL. */
  readonly permission: string;
}

export interface LifecycleRule {
  readonly id: string;
  readonly isEnabled: boolean;
  /** Without slashes taken off; empty for the whole bucket. */
  readonly prefix: string;
  /** Days after which an earlier version is deleted for good. */
  readonly noncurrentDays?: number;
  /** How many earlier versions stay whatever their age. */
  readonly noncurrentKept?: number;
  /** Present objects are deleted after so many days, or at a date. */
  readonly expiresCurrent: boolean;
}

export interface AccessLogging {
  readonly bucket: string;
  readonly prefix: string;
}
