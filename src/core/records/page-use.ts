/** Who fetched a page, as access logs tell it, without anything that tells of a person: no address, no agent, no query (decision 37). */

/** What kind of visitor it was. `cdn`: the origin was asked by the CDN, whose own visitors its own log tells. `belay`: our own look. */
export type Visitor = "phone" | "browser" | "crawler" | "tool" | "other" | "cdn" | "belay";

/** One page that was handed out. */
export interface Fetch {
  readonly atMs: number;
  /** Which object of which bucket, in all the ways that its name can be read; or under which hosts and path it was asked for, decoded. */
  readonly at:
    | { readonly kind: "bucket"; readonly bucket: string; readonly names: readonly string[] }
    | { readonly kind: "edge"; readonly hosts: readonly string[]; readonly path: string };
  readonly by: Visitor;
  /** The page whose link was followed: its host, and its path without a query. */
  readonly from?: { readonly host: string; readonly path: string };
}

/** What is known of the use of one path. */
export interface PathUse {
  fetches: number;
  firstMs: number;
  lastMs: number;
  readonly by: Map<Visitor, number>;
  /** Pages of the same site that visitors came from, and other sites' hosts. */
  readonly pages: Map<string, number>;
  readonly hosts: Map<string, number>;
}

/** So many origins of one page are told apart. */
const originsMax = 50;

export const noUse = (): PathUse => ({
  fetches: 0,
  firstMs: Infinity,
  lastMs: -Infinity,
  by: new Map<Visitor, number>(),
  pages: new Map<string, number>(),
  hosts: new Map<string, number>(),
});

/** Adds to `use`. `isOwn`: whether a host is the site itself. What the CDN fetched for its visitors, and what belay looked at, is no use. */
export function addFetch(use: PathUse, { atMs, by, from }: Fetch, isOwn: (host: string) => boolean): void {
  if (by === "cdn" || by === "belay") return;
  use.fetches += 1;
  use.firstMs = Math.min(use.firstMs, atMs);
  use.lastMs = Math.max(use.lastMs, atMs);
  count(use.by, by, Infinity);
  if (from) count(...(isOwn(from.host) ? ([use.pages, from.path] as const) : ([use.hosts, from.host] as const)), originsMax);
}

function count<Key>(counts: Map<Key, number>, key: Key, keysMax: number): void {
  const before = counts.get(key);
  if (before !== undefined || counts.size < keysMax) counts.set(key, (before ?? 0) + 1);
}

/** Of several paths together. */
export function sumOf(uses: readonly PathUse[]): PathUse {
  const sum = noUse();
  for (const use of uses) {
    sum.fetches += use.fetches;
    sum.firstMs = Math.min(sum.firstMs, use.firstMs);
    sum.lastMs = Math.max(sum.lastMs, use.lastMs);
    for (const [into, from] of [[sum.pages, use.pages] as const, [sum.hosts, use.hosts] as const])
      for (const [name, times] of from) into.set(name, (into.get(name) ?? 0) + times);
    for (const [name, times] of use.by) sum.by.set(name, (sum.by.get(name) ?? 0) + times);
  }
  return sum;
}

const words: Readonly<Record<Visitor, string>> = {
  phone: "phone",
  browser: "computer",
  crawler: "crawler",
  tool: "program",
  other: "unknown agent",
  cdn: "CDN",
  belay: "belay",
};
const originsShownMax = 3;

/** In clauses: how often and when, by what kind of visitor, from where. `since` and `until`: what the logs cover. */
export function showUse(use: PathUse, covers: { readonly firstMs: number; readonly lastMs: number }): readonly string[] {
  const span = `${dayOf(covers.firstMs)} to ${dayOf(covers.lastMs)}`;
  if (use.fetches === 0) return [`nobody in the logs of ${span}`];
  const when = dayOf(use.firstMs) === dayOf(use.lastMs) ? `on ${dayOf(use.lastMs)}` : `from ${dayOf(use.firstMs)} to ${dayOf(use.lastMs)}`;
  const kinds = mostFirst(use.by).map(([kind, times]) => `${times} by ${words[kind]}`);
  const hosts = mostFirst(use.hosts).slice(0, originsShownMax);
  return [`${times(use.fetches)} ${when} (${kinds.join(", ")})`, ...hosts.map(([host, count_]) => `${times(count_)} from ${host}`)];
}

export const times = (number: number): string => (number === 1 ? "once" : `${number} times`);

export const mostFirst = <Key>(counts: ReadonlyMap<Key, number>): readonly (readonly [Key, number])[] =>
  [...counts].toSorted(([, one], [, other]) => other - one);

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
