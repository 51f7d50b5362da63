/** How the bytes here, the bytes live and what was last seen relate. Decision 1 and docs/decisions say why each line stands. */

import type { Digest } from "../brand.ts";

/**
 * Where contents stand in one history of a path, newest version first at 0. A content may stand in several places
 * (A, B, A): `newest` and `oldest` are the ends of its run, so that a proof can use the end that is harder to satisfy.
 */
export interface Place {
  readonly newest: number;
  readonly oldest: number;
}

/** One history of a path (the ledger's, the store's own, git's) and where the three contents stand in it, if they do. */
export interface HistoryPlaces {
  readonly source: "ledger" | "store" | "git";
  readonly local?: Place;
  readonly live?: Place;
  readonly base?: Place;
}

export interface LineageFacts {
  /** Digest of the bytes in the working copy. */
  readonly local: Digest | undefined;
  readonly live: Digest | undefined;
  /** Digest of what was live when this working copy last saw it. */
  readonly base: Digest | undefined;
  /** Contents that releases took off this very target. */
  readonly wasLive: ReadonlySet<Digest>;
  /** Contents that releases brought to this very target, whoever took them off since. */
  readonly brought: ReadonlySet<Digest>;
  readonly histories: readonly HistoryPlaces[];
  /** Live was published from a clean checkout of a commit that HEAD contains: local was made from it. */
  readonly liveCommitIsAncestor: boolean;
  /** Somebody has seen what is live now, or that nothing is, and has kept what is here (`pull --take mine`). */
  readonly isKept: boolean;
}

export type LineageProof = "bytes" | "base" | "git" | "ledger" | "store" | "commit" | "none";

export interface Lineage {
  readonly kind: "same" | "ahead" | "behind" | "diverged" | "new" | "removed" | "unknown";
  readonly proof: LineageProof;
  /** For *behind* and *diverged*: how many versions live has gone on, where a history tells. */
  readonly versions?: number;
}

/** `undefined` where the path is neither here nor live: there is nothing to say. */
export function judgeLineage(facts: LineageFacts): Lineage | undefined {
  const { local, live } = facts;
  if (local === undefined) return live === undefined ? undefined : judgeAbsentHere(facts, live);
  if (live === undefined) return judgeAbsentLive(facts, local);
  if (local === live) return { kind: "same", proof: "bytes" };
  return judgeStaleness(facts, local, live) ?? judgeDescent(facts, live);
}

function judgeAbsentHere({ base }: LineageFacts, live: Digest): Lineage {
  if (base === live) return { kind: "removed", proof: "base" };
  // Never seen here: live has gained a file. Seen once and changed since: deleted here, edited there.
  return base === undefined ? { kind: "behind", proof: "none" } : { kind: "diverged", proof: "base" };
}

function judgeAbsentLive({ base, wasLive, brought, isKept }: LineageFacts, local: Digest): Lineage {
  if (isKept) return { kind: "new", proof: "base" };
  if (base === local) return { kind: "behind", proof: "base" };
  if (base !== undefined) return { kind: "diverged", proof: "base" };
  return wasLive.has(local) || brought.has(local) ? { kind: "behind", proof: "ledger" } : { kind: "new", proof: "none" };
}

/** Bytes that were live once and are not now are *behind*, even when the base is fresh: a stale copy must not be laundered. */
function judgeStaleness(facts: LineageFacts, local: Digest, live: Digest): Lineage | undefined {
  const versions = versionsBetween(facts, "local");
  // What a store held once by unknown hands may be chosen again, with live in sight.
  const histories = facts.histories.filter(({ source }) => !(facts.isKept && source === "store"));
  const older = histories.find((history) => history.local && history.live && history.local.newest > history.live.newest);
  if (facts.base === local && facts.base !== live) return { kind: "behind", proof: "base", ...versions };
  if (facts.wasLive.has(local) || facts.brought.has(local)) return { kind: "behind", proof: "ledger", ...versions };
  if (older && !isReverted(facts)) return { kind: "behind", proof: older.source, ...versions };
  return undefined;
}

/** A history that holds these bytes after live's as well (A, B, A) does not prove them stale. */
const isReverted = (facts: LineageFacts): boolean =>
  facts.histories.some((history) => history.local && history.live && history.local.newest < history.live.newest);

function judgeDescent(facts: LineageFacts, live: Digest): Lineage {
  const { base } = facts;
  if (base === live) return { kind: "ahead", proof: "base" };
  // Somebody has put live back on purpose: that it once came before these bytes says nothing of having seen that.
  if (facts.wasLive.has(live)) return base === undefined ? { kind: "unknown", proof: "none" } : { kind: "diverged", proof: "base" };
  if (facts.liveCommitIsAncestor) return { kind: "ahead", proof: "commit" };
  const proof = facts.histories.find((history) => isAncestor(history, base !== undefined));
  if (proof) return { kind: "ahead", proof: proof.source };
  if (base === undefined) return { kind: "unknown", proof: "none" };
  return { kind: "diverged", proof: "base", ...versionsBetween(facts, "base") };
}

/**
 * Live is an earlier version of what is here: every place of local is newer than live's, or local is an uncommitted
 * edit on top of git's history. With a base, live must also be newer than the base: else somebody put live back.
 */
function isAncestor(history: HistoryPlaces, hasBase: boolean): boolean {
  const { local, live, base } = history;
  if (!live) return false;
  if (hasBase && !(base && live.newest < base.newest)) return false;
  return local ? local.oldest < live.newest : history.source === "git";
}

function versionsBetween({ histories }: LineageFacts, from: "local" | "base"): { versions?: number } {
  for (const history of histories) {
    const start = history[from];
    if (start && history.live && start.newest > history.live.newest) return { versions: start.newest - history.live.newest };
  }
  return {};
}
