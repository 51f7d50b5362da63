/** The verdict where belay.yaml cannot be read: nobody knows what is guarded, so whatever would write out of sight is refused. */

import type { Effect, Place } from "../../core/guard/effect.ts";
import { allowed, type Verdict } from "../../core/guard/verdict.ts";
import { hole } from "../../core/guard/word.ts";

/** `folder` is belay.yaml's; `why` a clause. Files elsewhere on this machine may be written, reads pass. */
export function judgeUnreadable(effects: readonly Effect[], folder: string, why: string): Verdict {
  const effect = effects.find(({ verb, destination }) => verb !== "read" && isInDoubt(destination, folder));
  if (effect === undefined) return allowed;
  return {
    kind: "deny",
    rule: "guard",
    code: "unreadable-input",
    what: `${effect.tool} would write, and belay.yaml cannot be read (${why}), so nobody knows what it guards`,
    intent: `write while ${folder}/belay.yaml is unreadable`,
    person: `repair ${folder}/belay.yaml; \`belay status\` says what is wrong with it`,
    effect,
  };
}

function isInDoubt(place: Place, folder: string): boolean {
  if (place.kind !== "file") return true;
  const [known = ""] = place.path.split(hole);
  if (known === place.path) return known === folder || known.startsWith(`${folder}/`);
  // What follows a hole could lead anywhere, unless what stands before it has left already.
  return known.startsWith(`${folder}/`) || folder.startsWith(known);
}
