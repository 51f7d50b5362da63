/** How a set-up stands: buckets, distributions, names, credentials, this machine. Nothing here writes. */

import type { AccessLogging, BucketHead, Grant, LifecycleRule, PublicAccessBlock, Versioning } from "../core/doctor/bucket-facts.ts";
import type { CertificateFacts, DistributionFacts, HostedRecord, HostNames } from "../core/doctor/edge-facts.ts";
import type { Caller, LeaseFacts, Simulated, WorkingCopyFacts } from "../core/doctor/machine-facts.ts";
import type { StoreName } from "../core/brand.ts";
import type { CallOptions, Guarantees } from "./store.ts";

/**
 * One bucket, a question a call; nothing is remembered between two calls. Each throws a `BelayError` where it has no answer: `store-missing`
 * (no such bucket), `store-denied`, `store-unreachable`, `not-supported` (a server that lacks the call), `credentials-missing`.
 * `undefined` means that the bucket has no such setting.
 */
export interface BucketInspector {
  /** `undefined` where there is no such bucket. */
  head(options: CallOptions): Promise<BucketHead | undefined>;
  versioning(options: CallOptions): Promise<Versioning>;
  publicAccessBlock(options: CallOptions): Promise<PublicAccessBlock | undefined>;
  /** The policy's JSON as it is stored. */
  policy(options: CallOptions): Promise<string | undefined>;
  grants(options: CallOptions): Promise<readonly Grant[]>;
  /** `BucketOwnerEnforced` switches access control lists off. */
  ownership(options: CallOptions): Promise<string | undefined>;
  /** `AES256`, `aws:kms`, … */
  encryption(options: CallOptions): Promise<string | undefined>;
  logging(options: CallOptions): Promise<AccessLogging | undefined>;
  lifecycle(options: CallOptions): Promise<readonly LifecycleRule[]>;
  /** Whether the bucket answers as a website by itself. */
  isWebsite(options: CallOptions): Promise<boolean>;
}

/** Each call throws a `BelayError` where it has no answer. */
export interface Inspector {
  /** Where the record lies in a bucket, its name; `undefined` where it is a folder. */
  readonly stateBucket: string | undefined;
  bucket(name: string): BucketInspector;
  /** `undefined` where these credentials see no such distribution. */
  distribution(id: string, options: CallOptions): Promise<DistributionFacts | undefined>;
  caller(options: CallOptions): Promise<Caller>;
  /** What IAM grants a principal by its own policies: a bucket's policy and an organisation's may still refuse it. */
  simulate(
    about: { readonly principal: string; readonly actions: readonly string[]; readonly resource: string },
    options: CallOptions,
  ): Promise<readonly Simulated[]>;
  /** `undefined` where the name servers know no such host. */
  names(host: string, options: CallOptions): Promise<HostNames | undefined>;
  /** Of the hosted zone that holds the host; `undefined` where these credentials see no such zone. */
  hostedRecords(host: string, options: CallOptions): Promise<readonly HostedRecord[] | undefined>;
  certificate(host: string, port: number, options: CallOptions): Promise<CertificateFacts>;
  /** What this machine has found out about a store before; `undefined` where it has not. Writes nothing, unlike `Store.guarantees`. */
  knownGuarantees(name: StoreName, options: CallOptions): Promise<Guarantees | undefined>;
  /** The lease of a name, as `Leaser.acquire` takes it; `undefined` where it is free. */
  lease(name: string, options: CallOptions): Promise<LeaseFacts | undefined>;
  workingCopy(options: CallOptions): Promise<WorkingCopyFacts>;
}
