/** Effects against what is guarded: the most severe objection is the verdict. */

import type { Effect } from "./effect.ts";
import { judgeFile } from "./judging/judge-file.ts";
import { judgeName } from "./judging/judge-name.ts";
import { judgeOther } from "./judging/judge-other.ts";
import type { Finding } from "./judging/finding.ts";
import type { GuardScope } from "./scope.ts";
import { allowed, type Verdict } from "./verdict.ts";

/**
 * Deny comes before ask, ask before allow. Among several denials a guarded name that stands there in full comes before one that
 * only could be meant, since its answer says more.
 */
export function judgeEffects(effects: readonly Effect[], scope: GuardScope): Verdict {
  let worst: Finding | undefined;
  for (const effect of effects) {
    const found = judgeEffect(effect, scope);
    if (found !== undefined && (worst === undefined || weight(found) > weight(worst))) worst = found;
  }
  return worst ?? allowed;
}

function judgeEffect(effect: Effect, scope: GuardScope): Finding | undefined {
  if (effect.verb === "read") return undefined;
  switch (effect.destination.kind) {
    case "bucket":
    case "distribution":
    case "table":
    case "url":
      return judgeName(effect, scope);
    case "file":
      return judgeFile(effect, effect.destination.path, scope);
    case "infrastructure":
    case "credentials":
    case "guard":
    case "opaque":
      return judgeOther(effect, scope);
  }
}

const weight = ({ kind, code }: Finding): number =>
  (kind === "deny" ? 2 : 0) + (code === "unresolved-destination" || code === "opaque-code" ? 0 : 1);
