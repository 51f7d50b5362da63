/** Facts in, plan out: a target as a release had left it, but for assets that came later. */

import type { Sha256 } from "../brand.ts";
import { compareKeys, isPage } from "../paths/key.ts";
import type { IdentifiedPlan } from "../plan/plan.ts";
import { planBack, type RestoreFacts, type RestorePath } from "./plan-restore.ts";

/**
 * Pages go back or go away; assets that were replaced or deleted come back, since the older pages rely on them. Assets that
 * came later stay, whoever has written them since: a newer page in somebody's cache still works, and `sweep` removes them
 * once none can. They are named in `stays`.
 */
export function planRollback(facts: RestoreFacts, sha256: Sha256): IdentifiedPlan {
  const { when, release } = facts.back;
  const stays = facts.paths.filter(isLaterAsset).map(({ path }) => path);
  const title = when === "after" ? `roll back to ${release}` : `roll back what ${release} changed`;
  return planBack(
    { ...facts, paths: facts.paths.filter((path) => !isLaterAsset(path)) },
    { intent: "rollback", title, ...(stays.length === 0 ? {} : { stays: stays.toSorted(compareKeys) }) },
    sha256,
  );
}

const isLaterAsset = ({ path, live, before }: RestorePath): boolean => !isPage(path) && before === undefined && live !== undefined;
