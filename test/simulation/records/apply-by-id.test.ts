import { expect, test } from "vitest";
import { applyReconcile, reconcile, type ReconcileResult } from "../../../src/operations/records/reconcile.ts";
import { incident } from "../../scenarios/records/records-world.ts";
import { atCall, decided, openIncident, problems, wordOf, written } from "./incident-run.ts";
import type { PortCall } from "./port-store.ts";
import type { Ended, RecordsStage } from "./records-stage.ts";

const isSoak = process.env["BELAY_SOAK"] === "1";

/** The record is wrong about the captain too: it is corrected in the first wave and turned in the second. */
const request = {
  ...decided,
  answers: [...decided.answers, { field: "captain", value: { kind: "text", text: "Mara Voss" }, because: "Mara" } as const],
};
const held = {
  ...incident,
  record: { S2FJLN: (incident["record"]?.["S2FJLN"] ?? "").replace("Mara Voss", "Ole Brandt") },
};
const open = (): RecordsStage => openIncident("guarded", { held });

/** Makes the plan, and gives its id; nothing of it is written. */
async function planned(stage: RecordsStage): Promise<string> {
  const stop = { ask: async () => await Promise.resolve(undefined), confirm: async () => await Promise.resolve("stop" as const) };
  const ended = await stage.run(async (bench, context) => await reconcile(bench, request, stop, context));
  return ended.kind === "answered" && "prepared" in ended.answer ? ended.answer.prepared.identified.id : "";
}

const apply = async (stage: RecordsStage, id: string): Promise<Ended<ReconcileResult>> =>
  await stage.run(async (bench, context) => await applyReconcile(bench, id, async () => await Promise.resolve("go"), context));

test(
  "pitfall 32: a plan that people approved is finished under its own id, whichever call it was interrupted before",
  { timeout: 3_600_000 },
  async () => {
    const first = open();
    const calls: PortCall[] = [];
    const id = await planned(first);
    first.hand = (call) => {
      calls.push(call);
      return "go";
    };
    expect(wordOf(await apply(first, id))).toBe("done");
    for (const [index, { place, verb }] of calls.entries()) {
      const isLanding = (verb === "write" || verb === "remove") && place !== "state" && place !== "own" && place !== "snapshots";
      if (!isSoak && !isLanding && index % 97 !== 0) continue;
      for (const fate of isLanding ? (["die", "die-after"] as const) : (["die"] as const)) {
        const stage = open();
        expect(await planned(stage)).toBe(id);
        stage.hand = atCall(index, () => fate);
        const died = wordOf(await apply(stage, id));
        stage.hand = () => "go";
        const at = `${index} ${place} ${verb} ${fate}`;
        expect([at, died, wordOf(await apply(stage, id))]).toEqual([at, "died", "done"]);
        expect([at, await problems(stage, "guarded")]).toEqual([at, []]);
        expect([at, written(stage).toSorted()]).toEqual([at, written(first).toSorted()]);
      }
    }
  },
);
