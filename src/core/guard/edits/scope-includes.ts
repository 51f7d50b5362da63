/** Whether an edited belay.yaml still guards all that was guarded before. */

import type { GuardedBucket, GuardedName, GuardedSite, GuardScope } from "../scope.ts";

/** The first thing that would lose its guard, for a message; `undefined` where nothing does. */
export function lostGuard(before: GuardScope, after: GuardScope): string | undefined {
  return (
    before.buckets.find((bucket) => !holdsBucket(after.buckets, bucket))?.name ??
    lostName(before, after) ??
    before.stateFolders.find((folder) => !after.stateFolders.includes(folder)) ??
    before.sites.map((site) => lostOfSite(site, after)).find((lost) => lost !== undefined) ??
    (before.hasRecords && !after.hasRecords ? "the records" : undefined)
  );
}

const lists = ["distributions", "tables", "urls", "folders"] as const;

function lostName(before: GuardScope, after: GuardScope): string | undefined {
  for (const list of lists) {
    const held = new Set(after[list].map(({ name }) => name));
    const lost = before[list].find(({ name }: GuardedName) => !held.has(name));
    if (lost) return lost.name;
  }
  return undefined;
}

/** The same name, over the same keys or more, and with no more of them taken out. */
function holdsBucket(buckets: readonly GuardedBucket[], { name, prefix, except }: GuardedBucket): boolean {
  return buckets.some(
    (one) =>
      one.name === name &&
      prefix.startsWith(one.prefix) &&
      one.except.every((gap) => except.some((known) => gap.startsWith(known)) || !(gap.startsWith(prefix) || prefix.startsWith(gap))),
  );
}

/** A page is looked at before it is edited: the folder and the targets that visitors see decide where. */
function lostOfSite(site: GuardedSite, after: GuardScope): string | undefined {
  const kept = after.sites.find(({ name }) => name === site.name);
  if (!kept || kept.root !== site.root) return `the site ${site.name}`;
  const targets = [
    ...site.liveTargets.filter((one) => !kept.liveTargets.includes(one)),
    ...site.guardedTargets.filter((one) => !kept.guardedTargets.includes(one)),
  ];
  if (targets[0] !== undefined) return targets[0];
  const opened = (kept.ignore ?? []).find((glob) => !(site.ignore ?? []).includes(glob));
  return opened === undefined ? undefined : `what ${opened} matches`;
}
