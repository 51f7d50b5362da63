/** What live holds that this copy has not seen, by the looks that lie on this machine's disk. */

import { isLookedAt, type Look, type UnseenPath } from "../../core/guard/edits/look.ts";

export interface Unpulled {
  /** The newest look at any of the target's paths. */
  readonly newest?: Look;
  readonly found: readonly UnseenPath[];
  /** There were more than a look keeps. */
  readonly isCut: boolean;
}

/** From the last look at everything on: what later looks were at is as they found it. */
export function unpulledOf(looks: readonly Look[], { site, target }: Pick<Look, "site" | "target">): Unpulled {
  const own = looks.filter((look) => look.site === site && look.target === target);
  const newest = own.at(-1);
  const start = Math.max(
    0,
    own.findLastIndex(({ paths }) => paths === undefined),
  );
  const found = new Map<string, UnseenPath>();
  for (const look of own.slice(start)) {
    for (const path of found.keys()) if (isLookedAt(look, path)) found.delete(path);
    for (const one of look.unseen) if (one.lineage !== "removed") found.set(one.path, one);
  }
  return { ...(newest && { newest }), found: [...found.values()], isCut: own[start]?.isCut === true };
}
