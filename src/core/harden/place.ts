/** What belay keeps in a bucket, and who may write it there. */

/** A target's pages, or the record. */
export interface Place {
  readonly kind: "pages" | "record";
  /** The target's name; `state` for the record. */
  readonly name: string;
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  /** Agents write neither there nor into its bucket's settings. */
  readonly isProduction: boolean;
  /** Id of the CloudFront distribution before it. */
  readonly distribution?: string;
}

/** ARNs as `aws:PrincipalArn` has them: of a role, not of its session. `*` stands for any characters. */
export interface Principals {
  /** May change the bucket's settings and delete versions for good. */
  readonly persons: readonly string[];
  /** May write to every target and to the record. */
  readonly publishers: readonly string[];
  /** May write to targets that are not production, and to the record. */
  readonly agents: readonly string[];
}

export const nobody: Principals = { persons: [], publishers: [], agents: [] };

/** Where ARNs of this account begin. */
export interface Account {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly id: string;
}

/** Who may write to a place, each once, in the order of their letters. */
export function writersOf({ isProduction }: Pick<Place, "isProduction">, { persons, publishers, agents }: Principals): string[] {
  return [...new Set([...persons, ...publishers, ...(isProduction ? [] : agents)])].toSorted();
}

/** A key or a pattern of keys of a place, as a resource. */
export const resourceIn = (
  { partition }: Pick<Account, "partition">,
  { bucket, prefix }: Pick<Place, "bucket" | "prefix">,
  key: string,
): string => `arn:${partition}:s3:::${bucket}/${prefix === "" ? "" : `${prefix}/`}${key}`;

export const bucketArn = ({ partition }: Pick<Account, "partition">, bucket: string): string => `arn:${partition}:s3:::${bucket}`;
