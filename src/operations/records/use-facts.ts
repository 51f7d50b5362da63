/** Who points to a duplicate, who links to it, and who fetched it: as far as the record itself and the logs at hand tell. */

import type { Entity, Sighting } from "../../core/records/claim.ts";
import { systemNamed } from "../../core/records/kind.ts";
import type { PageUseTold } from "../../core/records/matrix.ts";
import { mostFirst, showUse, times } from "../../core/records/page-use.ts";
import type { UseFacts } from "../../core/records/survivor.ts";
import { names } from "../../core/records/pointer-text.ts";
import type { AccessLogs, PageUse, SystemUse } from "./read-logs.ts";
import type { LinksTo } from "./scan-links.ts";
import type { RecordsBench } from "./records-bench.ts";

/** What else is known of how duplicates are used. */
export interface UseKnown {
  readonly used?: SystemUse | undefined;
  /** By key, of every file of the site: absent where the site was not searched, and then who links to a page is not known. */
  readonly links?: ReadonlyMap<string, LinksTo> | undefined;
}

export function appliedFacts(entity: Entity, duplicates: readonly Sighting[], { used, links }: UseKnown = {}): UseFacts {
  const keys = duplicates.map(({ at }) => at.key);
  const by = (find: (key: string) => readonly string[]): ReadonlyMap<string, readonly string[]> =>
    new Map(keys.map((key) => [key, find(key)]));
  const useOf = (key: string): PageUse | undefined => used?.pages.find((one) => one.key === key);
  return {
    pointedAt: by((key) =>
      entity.sightings.filter(({ points = [] }) => points.some(({ raw }) => names(raw, key))).map((one) => `${one.system} ${one.at.key}`),
    ),
    linkedBy: new Map(
      keys.flatMap((key) => {
        const linking = linkedFrom(entity, key, links?.get(key));
        const told = [...linking, ...followedFrom(useOf(key))];
        return told.length === 0 && !links?.has(key) ? [] : [[key, told] as const];
      }),
    ),
    ...(used && { fetchedBy: by((key) => fetchedBy(used, useOf(key))) }),
  };
}

/** Objects of the record, and files of the site; what could not be looked into may link as well. */
function linkedFrom({ sightings }: Entity, key: string, { linking, unread }: LinksTo = { linking: [], unread: [] }): readonly string[] {
  const own = sightings.filter(({ at, links = [] }) => at.key !== key && links.some((link) => names(link, key))).map(({ at }) => at.key);
  const all = [...new Set([...own, ...linking])];
  const shown = all.length > linkingShownMax ? [...all.slice(0, linkingShownMax), `${all.length - linkingShownMax} more`] : all;
  return unread.length === 0 ? shown : [...shown, `not known of ${unread.join(", ")}`];
}

const linkingShownMax = 8;
const originsShownMax = 5;

/** Pages of the site whose links visitors followed, by the logs. */
const followedFrom = (page: PageUse | undefined): readonly string[] =>
  mostFirst(page?.use.pages ?? new Map<string, number>())
    .slice(0, originsShownMax)
    .map(([path, count]) => `${path} (followed ${times(count)})`);

function fetchedBy(used: SystemUse, page: PageUse | undefined): readonly string[] {
  if (!page) return [];
  const own = showUse(page.use, used);
  return [...own, ...page.shared.map(({ path, use }) => `${times(use.fetches)} by ${path}, which other pages of the record have too`)];
}

/** The same for programs. */
export const usesTold = (used: SystemUse | undefined): readonly PageUseTold[] | undefined =>
  used?.pages.map(({ key, use, shared }) => ({
    key,
    fetches: use.fetches,
    ...(use.fetches > 0 && { first: iso(use.firstMs), last: iso(use.lastMs) }),
    by: Object.fromEntries(use.by),
    fromPages: Object.fromEntries(use.pages),
    fromHosts: Object.fromEntries(use.hosts),
    shared: shared.map((one) => ({ path: one.path, fetches: one.use.fetches })),
    logsFrom: iso(used.firstMs),
    logsTo: iso(used.lastMs),
  }));

const iso = (ms: number): string => new Date(ms).toISOString();

/** What the logs tell of pages of one system. */
export function useInLogs(
  { kind }: Pick<RecordsBench, "kind">,
  entity: Entity,
  pages: readonly Sighting[],
  logs: AccessLogs | undefined,
): SystemUse | undefined {
  const system = systemNamed(kind, pages[0]?.system ?? "");
  return system && logs?.usesOf(system, pages, entity.sightings);
}
