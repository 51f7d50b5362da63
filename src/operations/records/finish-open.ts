/** A part of a reconcile that was interrupted is finished before anything else is done to its systems. */

import { BelayError } from "../../core/belay-error.ts";
import { targetState } from "../../core/ledger/fold.ts";
import { resume } from "../apply/resume.ts";
import type { Context } from "../workbench.ts";
import type { RecordsBench } from "./records-bench.ts";

/** Throws `unsettled` where it cannot be finished from here. */
export async function finishOpen(records: RecordsBench, context: Context): Promise<void> {
  for (const system of records.kind.systems) {
    if (system.isReadOnly) continue;
    const { bench, target } = await records.placeOf(system);
    const stage = bench.site.targets.find(({ name }) => name === target.after);
    for (const one of stage ? [stage, target] : [target]) {
      const state = await bench.ledger.state(context);
      const { open } = targetState(state, bench.site.name, one.name);
      if (open?.carries === undefined) continue;
      const result = await resume(bench, { target: one, way: "finish", waitMs: 0 }, context);
      if (result.kind === "tried" && result.result.kind === "unsettled") {
        throw new BelayError(
          "unsettled",
          `The interrupted reconcile at ${one.name} is not settled: ${result.result.cause}.`,
          "Run the same command again in a while.",
        );
      }
    }
  }
}
