/** Whether a cache answered, as far as a response says so. */

/**
 * Where caches say it, the more telling first. `x-cache` is CloudFront's, Fastly's and Akamai's and may name several caches,
 * `cf-cache-status` Cloudflare's, `x-vercel-cache` Vercel's, `x-cache-status` what nginx is commonly told to send.
 */
const names = ["x-cache", "cf-cache-status", "x-vercel-cache", "x-cache-status"] as const;

// Words in which a kept body was sent: found again, confirmed by the origin, or sent although it was out of date.
const kept = /hit|stale|revalidated|updating|prerender/iu;
// Words in which the origin's body was sent.
const fetched = /miss|expired|bypass|dynamic/iu;

/**
 * Reads it from headers with lower-case names. `undefined` where nothing is said, or nothing about who answered: CloudFront's
 * `Error from cloudfront` is said of kept errors and of fresh ones.
 */
export function cacheStatus(headers: Readonly<Record<string, string>>): "hit" | "miss" | undefined {
  for (const name of names) {
    const said = headers[name] ?? "";
    if (kept.test(said)) return "hit";
    if (fetched.test(said)) return "miss";
  }
  // An age of nought is also said by caches that have just fetched the body (RFC 9111, section 5.1).
  return /^\d+$/u.test(headers["age"] ?? "") && Number(headers["age"]) > 0 ? "hit" : undefined;
}
