/** Every release of a target that was applied, also those that the folded state has let go of. */

import { invalidationOf } from "../../core/ledger/invalidation-of.ts";
import { targetState, type LedgerState, type Release } from "../../core/ledger/fold.ts";
import type { Entry } from "../../core/ledger/entry.ts";
import { releaseSeq } from "../../core/ledger/release-seq.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface ReleasesRequest {
  readonly ledger: LedgerState;
  readonly target: string;
}

/** Newest first. The entries themselves are read only past the oldest release of the state, where there are older ones. */
export async function* appliedReleases(
  bench: Pick<Workbench, "ledger" | "site">,
  { ledger, target }: ReleasesRequest,
  context: Context,
): AsyncGenerator<Release, void, undefined> {
  const { releases } = targetState(ledger, bench.site.name, target);
  for (const release of releases) if (release.as === "applied") yield release;
  const oldest = releases.at(-1);
  if (oldest === undefined || releases.length < releasesKept) return;
  const ends = new Map<string, Extract<Entry, { kind: "ended" }>>();
  for await (const entry of bench.ledger.entries(context)) {
    if (!("target" in entry) || entry.site !== bench.site.name || entry.target !== target) continue;
    if (entry.kind === "ended" && entry.as === "applied" && releaseSeq(entry.release) < releaseSeq(oldest.id))
      ends.set(entry.release, entry);
    if (entry.kind !== "started") continue;
    const end = ends.get(entry.release);
    if (end) yield releaseOf(entry, end);
  }
}

/** As many as `fold` keeps: with fewer, none was let go. */
const releasesKept = 200;

function releaseOf(started: Extract<Entry, { kind: "started" }>, ended: Extract<Entry, { kind: "ended" }>): Release {
  const { commit, title, intent } = started;
  const { release: id, plan, at, actor: by, as, snapshot, revisions } = ended;
  return {
    id,
    plan,
    title,
    intent,
    at,
    by,
    as,
    exceptions: ended.exceptions.map(({ path }) => path),
    ...(commit === undefined ? {} : { commit }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(revisions === undefined ? {} : { revisions }),
    ...invalidationOf(ended),
  };
}
