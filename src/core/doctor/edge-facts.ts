/** What lies between a bucket and its visitors: a distribution, names, a certificate. */

export interface DistributionFacts {
  readonly id: string;
  /** CloudFront's own name for it, such as `d111111abcdef8.cloudfront.net`. */
  readonly domain: string;
  readonly isEnabled: boolean;
  /** `Deployed` or `InProgress`. */
  readonly status: string;
  /** Lower case. */
  readonly aliases: readonly string[];
  /** Empty where there is none. */
  readonly rootObject: string;
  readonly origins: readonly OriginFacts[];
  readonly behaviors: readonly BehaviorFacts[];
}

export interface OriginFacts {
  readonly domain: string;
  /** Begins with a slash and ends without one, or is empty. */
  readonly path: string;
  /** How CloudFront shows itself to the bucket. */
  readonly access: "control" | "identity" | "none";
  readonly isWebsite: boolean;
}

export interface BehaviorFacts {
  /** `*` for the default. */
  readonly pattern: string;
  /** `allow-all`, `redirect-to-https` or `https-only`. */
  readonly viewerProtocol: string;
  /** Seconds that a response without cache headers is kept; absent where a cache policy says it. */
  readonly defaultTtlSeconds?: number;
  readonly minTtlSeconds?: number;
}

/** Where a host name leads. */
export interface HostNames {
  /** Canonical names in the order that they were followed, lower case, without the host itself and without dots at their ends. */
  readonly chain: readonly string[];
  readonly addresses: readonly string[];
}

/** What Route 53 holds for a host. */
export interface HostedRecord {
  /** A, AAAA or CNAME. */
  readonly type: string;
  /** The name that an alias or CNAME leads to, lower case, without a dot at its end; addresses otherwise. */
  readonly to: readonly string[];
  readonly isAlias: boolean;
}

export interface CertificateFacts {
  readonly validToMs: number;
  readonly issuer: string;
  /** Why a browser would not take it; absent where it would. */
  readonly problem?: string;
}
