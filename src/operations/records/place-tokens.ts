/** D7 for pages that a reconcile edits: a promised feature stays. */

import { checkToken } from "../../codecs/feature-tokens/check-token.ts";
import { bytesOf } from "../../core/body.ts";
import type { TokenResult } from "../../core/plan/plan.ts";
import type { Context } from "../workbench.ts";
import type { Draft } from "./draft.ts";
import type { RecordsBench } from "./records-bench.ts";

/** Side by side, before and after; what is missing after and was there before is refused by adding to the draft. */
export async function placeTokens(records: RecordsBench, draft: Draft, context: Context): Promise<readonly TokenResult[]> {
  const results: TokenResult[] = [];
  for (const { system: name, change } of draft.writes) {
    const system = records.kind.systems.find((one) => one.name === name);
    if (!system || system.medium !== "pages" || change.kind === "delete") continue;
    const { bench, target } = await records.placeOf(system);
    if (change.at.store !== target.store) continue;
    for (const { name: token, file, rule, text } of bench.site.tokens.filter((one) => one.file === change.at.key)) {
      const after = draft.bodies.find(({ digest }) => digest === change.content.digest);
      const reading = await (await bench.storeOf(target.store)).read(file, context);
      const local = checkToken(rule, text, after && (await bytesOf(after)));
      const live = checkToken(rule, text, reading && (await bytesOf(reading.body)));
      results.push({ name: token, path: file, local, live });
      if (local !== "ok" && live === "ok") {
        draft.refusals.push({
          rule: "D7",
          code: "token-missing",
          paths: [file],
          message: `${file} would lose the feature token ${token}`,
          remedy: `Keep ${token} on the page, or a person retires it: belay tokens retire ${token}`,
        });
      }
    }
  }
  return results;
}
