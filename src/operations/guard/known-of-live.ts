/** What this machine knows of live where a write was refused: from what lies on its disk, never over the network. */

import type { Objection } from "../../core/guard/verdict.ts";
import type { Place } from "../../core/guard/effect.ts";
import { dayOf, since } from "../../core/guard/edits/since.ts";
import { plainLine, quotedLine } from "../../core/guard/plain-line.ts";
import type { GuardScope } from "../../core/guard/scope.ts";
import { isKnown } from "../../core/guard/word.ts";
import { targetState, type LedgerState } from "../../core/ledger/fold.ts";
import type { GuardMemory } from "../../ports/guard-memory.ts";
import type { LookBook } from "../../ports/look-book.ts";

export interface KnowingBench {
  readonly scope: GuardScope;
  readonly memory: GuardMemory;
  readonly looks: LookBook;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The ledger's state as this machine has read it last; `undefined` where it has not, or cannot read that any more. */
  readonly ledgerAtHand?: () => Promise<LedgerState | undefined>;
  /** What a target took last, by that same state; for whoever needs no more of it, and has no time to check all of it. */
  readonly lastRelease?: (site: string, target: string) => LastRelease | undefined;
  /** What starts belay beside its belay.yaml: `belay`, or `npx belay` where only the project has one. Absent: `belay`. */
  readonly program?: () => string;
}

export interface LastRelease {
  readonly id: string;
  readonly title: string;
  readonly by: { readonly name: string };
  /** As the record has it: an ISO time. */
  readonly at: string;
}

/** A clause for the refusal; `undefined` where nothing is known, or the objection says it itself. */
export async function knownOfLive({ known, effect }: Objection, bench: KnowingBench): Promise<string | undefined> {
  if (known !== undefined) return known;
  const label = effect && labelOf(effect.destination, bench.scope);
  if (label === undefined) return undefined;
  const { site, target } = siteAndTarget(label, bench.scope);
  if (site === undefined) return undefined;
  return (await fromLedger(bench, site, target)) ?? fromLooks(bench, site, target);
}

/** The target that a place belongs to; records and state are none. */
function labelOf(place: Place, scope: GuardScope): { readonly label: string; readonly target: string } | undefined {
  const named = namedIn(place, scope);
  return named?.target === undefined ? undefined : { label: named.label, target: named.target };
}

function namedIn(place: Place, scope: GuardScope): { readonly label: string; readonly target?: string } | undefined {
  switch (place.kind) {
    case "bucket":
      return isKnown(place.name) ? scope.buckets.find(({ name }) => name === place.name) : undefined;
    case "distribution":
      return scope.distributions.find(({ name }) => name === place.id);
    case "file":
      return scope.folders.find(({ name }) => place.path === name || place.path.startsWith(`${name}/`));
    case "table":
    case "url":
    case "infrastructure":
    case "credentials":
    case "guard":
    case "opaque":
      return undefined;
  }
}

/** A label is `production`, or `main/production` where there are several sites. */
function siteAndTarget({ label, target }: { readonly label: string; readonly target: string }, { sites }: GuardScope): SiteTarget {
  const site = sites.find((one) => label === `${one.name}/${target}`) ?? sites.find(({ targets }) => targets.includes(target));
  return { site: site?.name, target };
}

interface SiteTarget {
  readonly site: string | undefined;
  readonly target: string;
}

async function fromLedger(bench: KnowingBench, site: string, target: string): Promise<string | undefined> {
  const release = bench.lastRelease ? bench.lastRelease(site, target) : lastApplied(await bench.ledgerAtHand?.(), site, target);
  if (!release) return undefined;
  const by = plainLine(release.by.name).slice(0, 24);
  return `${target} took ${release.id} ${quotedLine(release.title, 32)} on ${dayOf(Date.parse(release.at))}, by ${by}`;
}

const lastApplied = (state: LedgerState | undefined, site: string, target: string): LastRelease | undefined =>
  state && targetState(state, site, target).releases.find(({ as }) => as === "applied");

function fromLooks({ looks, now }: KnowingBench, site: string, target: string): string | undefined {
  const newest = looks.all().findLast((look) => look.site === site && look.target === target);
  if (!newest) return undefined;
  const count = newest.unseen.length;
  const found = count === 0 ? "nothing newer than here" : `${count} ${count === 1 ? "path" : "paths"} that this copy has not seen`;
  return `the last look at ${target}, ${since(newest.atMs, now())}, found ${found}`;
}
