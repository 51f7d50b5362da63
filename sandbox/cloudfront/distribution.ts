/** One distribution: a bucket, or a folder of it, in front of visitors. */

export interface DistributionSettings {
  /** For example `E2EXAMPLE00001`. */
  readonly id: string;
  readonly bucket: string;
  /** Put before every path that a visitor asks for: begins with `/`, does not end with one. */
  readonly originPath?: string;
  /** Domain names that visitors use. */
  readonly aliases?: readonly string[];
  /** The key below `originPath` that `/` shows. `index.html` unless given; empty for none. */
  readonly defaultRootObject?: string;
  /** CloudFront's own name for it; `<id in lower case>.cloudfront.net` unless given. */
  readonly domainName?: string;
  /** What the bucket answers for a key that it does not have: 403, as it does where CloudFront may not list it, or 404. */
  readonly missingStatus?: 403 | 404;
  /** What a function at origin requests makes of a path. Copies are kept, and purged, by the path that the visitor asked for. */
  readonly rewrite?: (path: string) => string;
  /** Whoever creates two distributions with one reference is told so. The id unless given. */
  readonly callerReference?: string;
  readonly comment?: string;
}

/** What stands once a distribution is made. Nothing changes it later: the sandbox has no UpdateDistribution. */
export interface Distribution {
  readonly id: string;
  readonly bucket: string;
  /** Empty, or beginning with `/`. */
  readonly originPath: string;
  readonly originDomain: string;
  readonly aliases: readonly string[];
  readonly defaultRootObject: string;
  readonly domainName: string;
  readonly missingStatus: 403 | 404;
  readonly rewrite: (path: string) => string;
  readonly callerReference: string;
  readonly comment: string;
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
}

/** What the settings leave open, filled in. Throws for an origin path that CloudFront refuses (InvalidRelativePath). */
export function distributionOf(
  settings: DistributionSettings,
  made: { readonly region: string; readonly etag: string; readonly nowMs: number },
): Distribution {
  const originPath = settings.originPath ?? "";
  if (originPath !== "" && !/^\/.*[^/]$/u.test(originPath)) {
    throw new Error(`The origin path ${originPath} has to begin with a slash and must not end with one.`);
  }
  return {
    id: settings.id,
    bucket: settings.bucket,
    originPath,
    originDomain: `${settings.bucket}.s3.${made.region}.amazonaws.com`,
    aliases: [...(settings.aliases ?? [])],
    defaultRootObject: settings.defaultRootObject ?? "index.html",
    domainName: settings.domainName ?? `${settings.id.toLowerCase()}.cloudfront.net`,
    missingStatus: settings.missingStatus ?? 403,
    rewrite: settings.rewrite ?? ((path) => path),
    callerReference: settings.callerReference ?? settings.id,
    comment: settings.comment ?? "",
    etag: made.etag,
    createdAtMs: made.nowMs,
  };
}
