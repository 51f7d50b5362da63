/** Whether what is live was written under the record that is at hand. */

import type { Release } from "../ledger/fold.ts";
import type { Observed } from "../plan/plan.ts";
import { judgeOf, type Finding } from "./finding.ts";
import type { Told } from "./told.ts";

export interface RecordCase {
  readonly target: string;
  /** One page of the target as it is live; `undefined` where it is not there. */
  readonly page: Told<Observed | undefined>;
  readonly releases: readonly Pick<Release, "plan">[];
}

/** A page that belay wrote names its plan. A plan that the record does not hold was another record's: two that do not see each other. */
export function judgeRecord({ target, page, releases }: RecordCase): readonly Finding[] {
  const judge = judgeOf({ about: "state", target });
  const id = "record-of-live";
  return judge.of({ id, what: `Under which record ${target} was written`, answer: page }, (found) => {
    const { provenance, digest, key } = found ?? {};
    if (provenance === undefined || provenance.digest !== digest) return [];
    if (releases.some(({ plan }) => plan === provenance.plan)) return judge.ok(id, `What is live on ${target} stands in this record.`, key);
    return judge.warning({
      id,
      message: `${key ?? "A page"} on ${target} was written by belay under a plan that this record does not hold: another record is in use beside it.`,
      evidence: `plan ${provenance.plan.slice(0, 12)}, release ${provenance.release}, by ${provenance.actor}`,
      remedy: "Let `state:` in belay.yaml be the same place wherever somebody publishes.",
    });
  });
}
