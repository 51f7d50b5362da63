/** Whether what is written to a bucket is what visitors of a distribution get: pure, of what GetDistribution says. */

/** Where a distribution gets what it serves. */
export interface Origin {
  readonly domain: string;
  /** Put before every path that is asked for: begins with a slash and ends without one, or is empty. */
  readonly path: string;
}

export interface Served {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  /** Path part of the target's URL, percent-encoded, without a trailing slash; empty where there is none. */
  readonly urlPath: string;
}

export interface Mismatch {
  /** A clause that completes "Distribution E1 …". */
  readonly problem: string;
  readonly remedy: string;
}

const region = String.raw`[a-z]{2,}(?:-[a-z]+)+-\d+`;

/**
 * The host names under which S3 serves a bucket, after `BUCKET.`: REST endpoints (global, regional, dual-stack, the older
 * hyphenated ones) and website endpoints in both spellings, each also in China's partition. Source: the Amazon S3 endpoints
 * and quotas page of the AWS General Reference.
 */
const s3Host = new RegExp(
  `^s3(?:|-external-1|[.-]${region}|\\.dualstack\\.${region}|-fips(?:\\.dualstack)?\\.${region}|-website[.-]${region})\\.amazonaws\\.com(?:\\.cn)?$`,
  "u",
);

/** Whether an origin is this bucket itself, by its name. */
function isBucket({ domain }: Origin, bucket: string): boolean {
  const host = domain.toLowerCase();
  return host.startsWith(`${bucket}.`) && s3Host.test(host.slice(bucket.length + 1));
}

/**
 * What is wrong, if anything. CloudFront asks an origin for its path followed by the visitor's, so a key is reached at the
 * target's URL where origin path and URL path together are the store's prefix.
 */
export function originMismatch(origins: readonly Origin[], served: Served): Mismatch | undefined {
  const { bucket, prefix } = served;
  const ofBucket = origins.filter((origin) => isBucket(origin, bucket));
  const [first] = ofBucket;
  if (!first) {
    return {
      problem: `serves ${listed(origins)}, not the target's bucket ${bucket}`,
      remedy: `In belay.yaml, let the target's \`cdn:\` name the distribution that serves ${bucket}, or its \`store:\` the bucket that this one serves.`,
    };
  }
  if (ofBucket.some((origin) => reach(origin, served) === slashed(prefix))) return undefined;
  const reached = reach(first, served);
  return {
    problem: `serves ${listed(ofBucket)}, so visitors of the target's url get what lies at ${address(bucket, reached)}, not at ${address(bucket, slashed(prefix))}`,
    remedy: remedyOf(first, served, reached),
  };
}

/** Where in the bucket the target's URL leads, decoded: empty for its top, otherwise beginning with a slash. */
const reach = (origin: Origin, { urlPath }: Served): string => decoded(trimmed(origin.path)) + decoded(trimmed(urlPath));

function remedyOf(origin: Origin, { bucket, prefix }: Served, reached: string): string {
  const store = `let the target's \`store:\` be ${address(bucket, reached)}`;
  const originPath = decoded(trimmed(origin.path));
  if (`${slashed(prefix)}/`.startsWith(`${originPath}/`)) {
    const rest = slashed(prefix).slice(originPath.length);
    return `In belay.yaml, ${store}, or let the path of its \`url:\` be ${rest === "" ? "empty" : rest}.`;
  }
  return `In belay.yaml, ${store}, or let its \`cdn:\` name another distribution.`;
}

const listed = (origins: readonly Origin[]): string =>
  origins.length === 0 ? "no origin" : origins.map(({ domain, path }) => `${domain}${path}`).join(", ");

const address = (bucket: string, path: string): string => `s3://${bucket}${path}`;
const slashed = (prefix: string): string => (prefix === "" ? "" : `/${prefix}`);
const trimmed = (path: string): string => path.replace(/\/+$/u, "");

function decoded(path: string): string {
  try {
    return decodeURIComponent(path).normalize("NFC");
  } catch {
    // Not an encoding at all: then it stands for itself.
    return path;
  }
}
