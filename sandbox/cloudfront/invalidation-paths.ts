/** Which paths an invalidation may name, and what it then covers. */

/** The longest path that CloudFront takes, in characters (developer guide, "Specify the files to invalidate"). */
const pathLengthMax = 4000;

/** Begins with `/`, is printable ASCII without blanks, and has a `*` at most as its last character. */
export function isInvalidationPath(path: string): boolean {
  if (path.length > pathLengthMax || !/^\/[\u0021-\u007E]*$/u.test(path)) return false;
  const star = path.indexOf("*");
  return star === -1 || star === path.length - 1;
}

/** Whether it covers more than one path, and therefore counts against the smaller of the two limits. */
export const isWildcard = (path: string): boolean => path.endsWith("*");

/** Percent-decoded, so that two spellings of one path compare equal; as it came where it is no valid encoding. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Tells whether a decoded path is covered by one of these invalidation paths. A `*` covers any number of characters, further
 * slashes included; `/dir` and `/dir/` are two paths, and so are `/` and the default root object.
 */
export function coverageOf(paths: readonly string[]): (decoded: string) => boolean {
  const exact = new Set(paths.filter((path) => !isWildcard(path)).map(decodedPath));
  const prefixes = paths.filter(isWildcard).map((path) => decodedPath(path.slice(0, -1)));
  return (decoded) => exact.has(decoded) || prefixes.some((prefix) => decoded.startsWith(prefix));
}
