/** What was found when live was looked at, as far as edits have to know it: only what this copy has *not* seen is written down. */

import type { Lineage } from "../../lineage/judge-lineage.ts";

export interface Look {
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly atMs: number;
  readonly site: string;
  readonly target: string;
  /** Keys, or folders by a trailing slash, that were looked at; absent where everything was. */
  readonly paths?: readonly string[];
  /** Of what was looked at: keys that live holds otherwise than this copy has seen. */
  readonly unseen: readonly UnseenPath[];
  /** There were more of them than are kept: of a key that is not listed, this look says nothing good. */
  readonly isCut?: true;
}

export interface UnseenPath {
  readonly path: string;
  readonly lineage: UnseenLineage;
  /** The file is not in the working copy. */
  readonly isAbsentHere?: true;
  /** Live does not hold it any more. */
  readonly isGone?: true;
  /** When live's content was written, in milliseconds since the epoch, where the store or belay's own mark says so. */
  readonly liveAtMs?: number;
  /** Who wrote it, and with which release, where belay did. */
  readonly liveBy?: string;
  readonly release?: string;
}

export type UnseenLineage = Extract<Lineage["kind"], "behind" | "diverged" | "unknown" | "removed">;

/** The most exceptions that one look keeps; a copy that has seen nothing of a large site is told by `isCut` alone. */
export const unseenMax = 500;
/** The most named paths that one look keeps: what is left out counts as not looked at. */
export const namedMax = 500;

/** Whether a look was at this key. */
export const isLookedAt = ({ paths }: Pick<Look, "paths">, path: string): boolean =>
  paths === undefined || paths.some((named) => named === path || (named.endsWith("/") && path.startsWith(named)));
