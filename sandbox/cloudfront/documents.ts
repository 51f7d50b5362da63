/** Distributions and invalidations as CloudFront's XML, API version 2020-05-31: the members and their order are the service model's. */

import type { Distribution } from "./distribution.ts";
import type { Invalidation } from "./invalidations.ts";
import { branch, counted, documentOf, leaf } from "./xml.ts";

const instant = (ms: number): string => new Date(ms).toISOString();

/** The account that owns everything in the sandbox. */
export const accountId = "000000000000";

const arnOf = (distribution: Distribution): string => `arn:aws:cloudfront::${accountId}:distribution/${distribution.id}`;
const originIdOf = (distribution: Distribution): string => `S3-${distribution.bucket}`;

function origins(distribution: Distribution): string {
  const origin = branch(
    "Origin",
    leaf("Id", originIdOf(distribution)),
    leaf("DomainName", distribution.originDomain),
    leaf("OriginPath", distribution.originPath),
    counted("CustomHeaders", []),
    branch("S3OriginConfig", leaf("OriginAccessIdentity", "")),
    leaf("ConnectionAttempts", 3),
    leaf("ConnectionTimeout", 10),
    branch("OriginShield", leaf("Enabled", false)),
    leaf("OriginAccessControlId", `${distribution.id}OAC`),
  );
  return counted("Origins", [origin]);
}

function defaultCacheBehavior(distribution: Distribution): string {
  const methods = [leaf("Method", "HEAD"), leaf("Method", "GET")];
  return branch(
    "DefaultCacheBehavior",
    leaf("TargetOriginId", originIdOf(distribution)),
    branch("TrustedSigners", leaf("Enabled", false), leaf("Quantity", 0)),
    branch("TrustedKeyGroups", leaf("Enabled", false), leaf("Quantity", 0)),
    leaf("ViewerProtocolPolicy", "allow-all"),
    branch("AllowedMethods", leaf("Quantity", 2), branch("Items", ...methods), counted("CachedMethods", methods)),
    leaf("SmoothStreaming", false),
    leaf("Compress", false),
    counted("LambdaFunctionAssociations", []),
    counted("FunctionAssociations", []),
    leaf("FieldLevelEncryptionId", ""),
    branch(
      "ForwardedValues",
      leaf("QueryString", false),
      branch("Cookies", leaf("Forward", "none")),
      counted("Headers", []),
      counted("QueryStringCacheKeys", []),
    ),
    leaf("MinTTL", 0),
    leaf("DefaultTTL", 86_400),
    leaf("MaxTTL", 31_536_000),
  );
}

const aliases = (distribution: Distribution): string =>
  counted(
    "Aliases",
    distribution.aliases.map((alias) => leaf("CNAME", alias)),
  );

const viewerCertificate = branch(
  "ViewerCertificate",
  leaf("CloudFrontDefaultCertificate", true),
  leaf("SSLSupportMethod", "vip"),
  leaf("MinimumProtocolVersion", "TLSv1"),
  leaf("CertificateSource", "cloudfront"),
);
const restrictions = branch("Restrictions", branch("GeoRestriction", leaf("RestrictionType", "none"), leaf("Quantity", 0)));

const configMembers = (distribution: Distribution): readonly string[] => [
  leaf("CallerReference", distribution.callerReference),
  aliases(distribution),
  leaf("DefaultRootObject", distribution.defaultRootObject),
  origins(distribution),
  counted("OriginGroups", []),
  defaultCacheBehavior(distribution),
  counted("CacheBehaviors", []),
  counted("CustomErrorResponses", []),
  leaf("Comment", distribution.comment),
  branch("Logging", leaf("Enabled", false), leaf("IncludeCookies", false), leaf("Bucket", ""), leaf("Prefix", "")),
  leaf("PriceClass", "PriceClass_All"),
  leaf("Enabled", true),
  viewerCertificate,
  restrictions,
  leaf("WebACLId", ""),
  leaf("HttpVersion", "http2"),
  leaf("IsIPV6Enabled", true),
  leaf("ContinuousDeploymentPolicyId", ""),
  leaf("Staging", false),
];

/** The answer to GetDistribution and CreateDistribution. A sandbox's distribution is deployed as soon as it exists. */
export const distributionDocument = (distribution: Distribution, inProgress: number): string =>
  documentOf(
    "Distribution",
    leaf("Id", distribution.id),
    leaf("ARN", arnOf(distribution)),
    leaf("Status", "Deployed"),
    leaf("LastModifiedTime", instant(distribution.createdAtMs)),
    leaf("InProgressInvalidationBatches", inProgress),
    leaf("DomainName", distribution.domainName),
    branch("ActiveTrustedSigners", leaf("Enabled", false), leaf("Quantity", 0)),
    branch("ActiveTrustedKeyGroups", leaf("Enabled", false), leaf("Quantity", 0)),
    branch("DistributionConfig", ...configMembers(distribution)),
  );

/** The answer to GetDistributionConfig. */
export const configDocument = (distribution: Distribution): string => documentOf("DistributionConfig", ...configMembers(distribution));

const distributionSummary = (distribution: Distribution): string =>
  branch(
    "DistributionSummary",
    leaf("Id", distribution.id),
    leaf("ARN", arnOf(distribution)),
    leaf("ETag", distribution.etag),
    leaf("Status", "Deployed"),
    leaf("LastModifiedTime", instant(distribution.createdAtMs)),
    leaf("DomainName", distribution.domainName),
    aliases(distribution),
    origins(distribution),
    counted("OriginGroups", []),
    defaultCacheBehavior(distribution),
    counted("CacheBehaviors", []),
    counted("CustomErrorResponses", []),
    leaf("Comment", distribution.comment),
    leaf("PriceClass", "PriceClass_All"),
    leaf("Enabled", true),
    viewerCertificate,
    restrictions,
    leaf("WebACLId", ""),
    leaf("HttpVersion", "HTTP2"),
    leaf("IsIPV6Enabled", true),
    leaf("Staging", false),
  );

const statusOf = (isInProgress: boolean): string => leaf("Status", isInProgress ? "InProgress" : "Completed");

/** The answer to CreateInvalidation and GetInvalidation. */
export function invalidationDocument(invalidation: Invalidation, isInProgress: boolean): string {
  const paths = counted(
    "Paths",
    invalidation.paths.map((path) => leaf("Path", path)),
  );
  return documentOf(
    "Invalidation",
    leaf("Id", invalidation.id),
    statusOf(isInProgress),
    leaf("CreateTime", instant(invalidation.createdAtMs)),
    branch("InvalidationBatch", paths, leaf("CallerReference", invalidation.callerReference)),
  );
}

/** One page of a listing: the items, where it began, and where the next one begins. */
export interface Page<Item> {
  readonly marker: string;
  readonly maxItems: number;
  readonly items: readonly Item[];
  readonly nextMarker?: string;
}

function listDocument(root: string, page: Page<string>): string {
  const next = page.nextMarker;
  return documentOf(
    root,
    leaf("Marker", page.marker),
    next === undefined ? "" : leaf("NextMarker", next),
    leaf("MaxItems", page.maxItems),
    leaf("IsTruncated", next !== undefined),
    leaf("Quantity", page.items.length),
    page.items.length === 0 ? "" : branch("Items", ...page.items),
  );
}

/** The answer to ListDistributions. */
export const distributionListDocument = (page: Page<Distribution>): string =>
  listDocument("DistributionList", { ...page, items: page.items.map(distributionSummary) });

/** The answer to ListInvalidations. */
export function invalidationListDocument(page: Page<Invalidation>, isInProgress: (each: Invalidation) => boolean): string {
  const items = page.items.map((each) =>
    branch("InvalidationSummary", leaf("Id", each.id), leaf("CreateTime", instant(each.createdAtMs)), statusOf(isInProgress(each))),
  );
  return listDocument("InvalidationList", { ...page, items });
}

/** What CloudFront answers instead of a result. */
export const errorDocument = (code: string, message: string, requestId: string): string =>
  documentOf(
    "ErrorResponse",
    branch("Error", leaf("Type", "Sender"), leaf("Code", code), leaf("Message", message)),
    leaf("RequestId", requestId),
  );
