/** Which of a stage's pending changes a promotion takes. */

import { BelayError } from "../../core/belay-error.ts";
import type { Release } from "../../core/ledger/fold.ts";
import { releaseSeq } from "../../core/ledger/release-seq.ts";
import { isPage } from "../../core/paths/key.ts";
import type { PromotionFacts } from "../../core/deploy/rules/d2-promotion.ts";
import type { Pending, PendingPath } from "./pending-changes.ts";

export interface Chosen {
  readonly paths: readonly PendingPath[];
  /** The stage's releases that are taken along, oldest first. */
  readonly releases: readonly Release[];
  /** The one that was asked for; absent where all are taken. */
  readonly change: string | undefined;
  /** Paths of it that a later change of the stage has overwritten, with that change. */
  readonly overwritten: readonly PendingPath[];
  /** What is pending and not taken. */
  readonly left: readonly PendingPath[];
  readonly there: Pending["there"];
}

const inOrder = (releases: readonly Release[]): Release[] =>
  [...new Map(releases.map((release) => [release.id, release])).values()].toSorted(
    (one, other) => releaseSeq(one.id) - releaseSeq(other.id),
  );

/** An asset that the stage has deleted is left to `sweep`: its change is not taken along again and again. */
const isTaken = ({ path, content }: PendingPath): boolean => content !== undefined || isPage(path);

/** All that is pending, or one change by the release that brought it to the stage. */
export function choose({ paths, there }: Pending, change: string | undefined): Chosen {
  if (change === undefined) {
    const releases = inOrder(paths.filter(isTaken).flatMap(({ owner, below }) => [owner, ...below]));
    return { paths, releases, change, overwritten: [], left: [], there };
  }
  const own = paths.filter(({ owner }) => owner.id === change);
  const left = paths.filter(({ owner }) => owner.id !== change);
  const overwritten = paths.filter(({ below }) => below.some(({ id }) => id === change));
  return { paths: own, releases: inOrder(own.filter(isTaken).map(({ owner }) => owner)), change, overwritten, left, there };
}

/** Changes that the chosen one stands upon, or that stand upon it: taken alone it would tear them apart (decision 22). */
export function overlapsOf({ paths, overwritten, change }: Chosen): PromotionFacts["overlaps"] {
  if (change === undefined) return [];
  const overlaps = new Map<string, { id: string; title: string; paths: string[] }>();
  const note = ({ id, title }: Release, path: string): void => {
    const known = overlaps.get(id) ?? { id, title, paths: [] };
    overlaps.set(id, known);
    known.paths.push(path);
  };
  for (const { path, below } of paths) for (const release of below) note(release, path);
  for (const { path, owner } of overwritten) note(owner, path);
  return [...overlaps.values()];
}

/** `--change` names a release of the stage; anything else is told with what there is. */
export function requireChange(
  { paths, changes }: Pending,
  { change, stage, target }: { readonly change: string; readonly stage: string; readonly target: string },
): void {
  if (changes.has(change)) return;
  const known = inOrder(paths.map(({ owner }) => owner)).map(({ id }) => id);
  throw new BelayError(
    "usage",
    `${change} is no change that ${stage} has taken: a change is named by its release there.`,
    known.length === 0
      ? `belay snapshots ${stage}`
      : `belay promote ${target} --change ${known.at(-1) ?? ""}   (pending: ${known.slice(-8).join(", ")})`,
  );
}
