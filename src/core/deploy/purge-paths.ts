/** Which paths a CDN is asked to forget once files have changed. */

import { visitorPathsOf } from "../paths/key.ts";

/** Exact paths that one purge may hold: CloudFront allows 3,000 in progress at a time and bills those beyond 1,000 a month. */
export const purgeExactMax = 1000;

/** Entries that may stand for more paths than that: CloudFront allows 15 wildcards in progress at a time. */
const collapsedMax = 10;

export interface PurgeScope {
  /** Path part of the target's URL, percent-encoded, without a trailing slash: `/docs`, or empty. */
  readonly urlPath: string;
  /** How many exact paths may be listed before folders stand for them; see `purgeExactMax`. */
  readonly exactMax: number;
}

export interface PurgePaths {
  /** As visitors ask for them, percent-encoded, each beginning with `/`. A last `*` stands for anything or nothing. */
  readonly paths: readonly string[];
  /** How many exact paths were meant; present where `paths` covers them with wildcards. */
  readonly standsFor?: number;
}

/**
 * Every path under which visitors reach the keys, each once, in the order of the keys. Where these are more than
 * `exactMax`, the fewest folders that cover them, each as deep as it can be, and single paths that share no folder with
 * another; where even those are more than ten, everything below the URL.
 */
export function purgePaths(keys: readonly string[], { urlPath, exactMax }: PurgeScope): PurgePaths {
  const exact = [...new Set(keys.flatMap(visitorPathsOf))];
  const below = (path: string): string => `${urlPath}${path}`;
  if (exact.length <= exactMax) return { paths: exact.map(below) };
  const groups = byTopFolder(exact);
  const covers = groups.length <= collapsedMax ? groups.map(coverOf) : ["/*"];
  return { paths: covers.map(below), standsFor: exact.length };
}

/** Paths of one first folder together; a path at the top is a group of its own. */
function byTopFolder(paths: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const end = path.indexOf("/", 1);
    const top = end === -1 ? path : path.slice(0, end + 1);
    const group = groups.get(top);
    if (group) group.push(path);
    else groups.set(top, [path]);
  }
  return [...groups.values()];
}

/** The one path of a group, or the deepest folder that holds all of its paths. */
function coverOf(paths: readonly string[]): string {
  const [first = "/", ...others] = paths;
  if (others.length === 0) return first;
  let folder = first.slice(0, first.lastIndexOf("/") + 1);
  while (!others.every((path) => path.startsWith(folder))) folder = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
  return `${folder}*`;
}
