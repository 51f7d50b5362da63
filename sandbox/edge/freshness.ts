/** How long an edge may keep what the bucket said. */

/** What CloudFront's own cache policy uses where the object says nothing, in milliseconds. */
const defaultFreshForMs = 24 * 60 * 60 * 1000;
/** An object cannot ask for longer: one year. */
const freshForMsMax = 365 * 24 * 60 * 60 * 1000;
/** Errors of the origin, unless the distribution says otherwise (developer guide, "How CloudFront caches errors"). */
export const errorFreshForMs = 10_000;

/** Directives in lower case to their values; a directive without a value holds an empty text. */
function directivesOf(cacheControl: string): ReadonlyMap<string, string> {
  return new Map(
    cacheControl.split(",").map((part) => {
      const [name = "", value = ""] = part.split("=", 2);
      return [name.trim().toLowerCase(), value.trim().replaceAll('"', "")];
    }),
  );
}

const secondsOf = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+$/u.test(value) ? Number(value) : undefined;

/**
 * For how many milliseconds a response may be served without asking the bucket again; `undefined` where it may not be kept at all.
 * `s-maxage` goes before `max-age`, both before `expires`, and 24 hours hold where nothing is said: CloudFront's rules for a
 * minimum TTL of zero.
 */
export function freshForMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const directives = directivesOf(headers["cache-control"] ?? "");
  if (directives.has("no-store") || directives.has("private")) return undefined;
  if (directives.has("no-cache")) return 0;
  const seconds = secondsOf(directives.get("s-maxage")) ?? secondsOf(directives.get("max-age"));
  if (seconds !== undefined) return Math.min(seconds * 1000, freshForMsMax);
  const { expires } = headers;
  if (expires === undefined) return defaultFreshForMs;
  const expiresAtMs = Date.parse(expires);
  // An unreadable date, `0` most of all, means that it has expired (RFC 9111, section 5.3).
  return Number.isNaN(expiresAtMs) ? 0 : Math.min(Math.max(0, expiresAtMs - nowMs), freshForMsMax);
}
