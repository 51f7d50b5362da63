/** Notes a look at live, for the guard of coding agents (decision 6): what was found there that this copy has not seen. */

import type { Known } from "../../core/deploy/deploy-facts.ts";
import { namedMax, unseenMax, type Look, type UnseenLineage, type UnseenPath } from "../../core/guard/edits/look.ts";
import type { LookBook } from "../../ports/look-book.ts";
import type { Lineage } from "../../core/lineage/judge-lineage.ts";
import type { Observation, Sighting } from "./observe.ts";

interface Compared extends Sighting {
  readonly lineage: Lineage;
}

const unseen: Readonly<Record<Compared["lineage"]["kind"], UnseenLineage | undefined>> = {
  same: undefined,
  ahead: undefined,
  new: undefined,
  behind: "behind",
  diverged: "diverged",
  unknown: "unknown",
  removed: "removed",
};

export interface Looking {
  /** Absent where no guard asks: a simulation. */
  readonly looks?: LookBook;
  readonly site: { readonly name: string };
  readonly runtime: { readonly now: () => number };
}

/** Once a comparison. Costs a pass over what differs, and one line of a file. */
export function noteLook({ looks, site, runtime }: Looking, observation: Observation, compared: readonly Compared[]): void {
  const { target, selection, localCount } = observation;
  // What was put together otherwise than by looking at a site or at named paths is no look.
  if (!looks || (selection === undefined && localCount === undefined)) return;
  const named = new Set(selection);
  const found = compared.flatMap((one) => unseenOf(one, named) ?? []);
  looks.note({
    atMs: runtime.now(),
    site: site.name,
    target: target.name,
    ...(selection !== undefined && { paths: selection.slice(0, namedMax) }),
    unseen: found.slice(0, unseenMax),
    ...(found.length > unseenMax && { isCut: true }),
  });
}

/** Paths that were brought here, or kept with live in sight: what live holds there is seen now. */
export function notePulled({ looks, site, runtime }: Looking, target: string, paths: readonly string[]): void {
  if (!looks) return;
  for (let at = 0; at < paths.length; at += namedMax)
    looks.note({ atMs: runtime.now(), site: site.name, target, paths: paths.slice(at, at + namedMax), unseen: [] });
}

/** Paths that now hold live what this copy does not have: a rollback or a promotion brought it. */
export function noteStrange({ looks, site, runtime }: Looking, target: string, paths: readonly string[]): void {
  if (!looks || paths.length === 0) return;
  const look: Look = {
    atMs: runtime.now(),
    site: site.name,
    target,
    paths: paths.slice(0, namedMax),
    unseen: paths.slice(0, unseenMax).map((path) => ({ path, lineage: "unknown" })),
  };
  // Too many to name: of none of the site's paths anything good is known.
  const { paths: _paths, ...whole } = look;
  looks.note(paths.length > unseenMax ? { ...whole, isCut: true } : look);
}

function unseenOf({ path, lineage, live, local }: Compared, named: ReadonlySet<string>): UnseenPath | undefined {
  const kind = unseen[lineage.kind];
  // Whoever asks for the very path of a file that was taken away here sees what stands live.
  if (kind === undefined || (kind === "removed" && named.has(path))) return undefined;
  return { path, lineage: kind, ...(!local && { isAbsentHere: true }), ...(live ? madeBy(live) : { isGone: true }) };
}

/** When live's content came, and by whom where belay's own mark is of these very bytes. */
function madeBy({ provenance, digest, modifiedAtMs }: Known): Pick<UnseenPath, "liveAtMs" | "liveBy" | "release"> {
  const mark = provenance?.digest === digest ? provenance : undefined;
  const atMs = mark ? Date.parse(mark.at) : modifiedAtMs;
  return {
    ...(atMs !== undefined && Number.isFinite(atMs) && { liveAtMs: Math.round(atMs) }),
    ...(mark && { liveBy: mark.actor, release: mark.release }),
  };
}
