import { BelayError } from "../../core/belay-error.ts";
import type { Step } from "../../core/plan/plan.ts";
import type { Store } from "../../ports/store.ts";
import type { Context } from "../workbench.ts";

const verbs = { create: "creates", replace: "replaces", delete: "deletes" } as const;

/** Throws `store-unguarded` before anything is begun where the store would not hold a step to its expectation. */
export async function requireGuarantees(store: Store, steps: readonly Step[], context: Context): Promise<void> {
  const kinds = [...new Set(steps.map(({ change }) => change.kind))];
  if (kinds.length === 0) return;
  const guarantees = await store.guarantees(context);
  const [open] = kinds.filter((kind) => guarantees[kind] === "none");
  if (open === undefined) return;
  const { key } = steps.find(({ change }) => change.kind === open)?.change.at ?? { key: "" };
  throw new BelayError(
    "store-unguarded",
    `${store.name} is not known to hold ${verbs[open]} to what was seen: somebody else's ${key} could be lost. Nothing was written.`,
    "Use credentials that may do it, so that it can be tried out, and a server that honours If-Match and If-None-Match for it (Ceph RGW: a bucket without versioning, and no deletes). Then run the same command again.",
  );
}
