/** A saved plan's bytes, back into a plan. The vault has already proven that they are the bytes of that id. */

import type { PlanId, Sha256 } from "../brand.ts";
import { BelayError, invariant } from "../belay-error.ts";
import { canonicalBytes } from "../canonical-json.ts";
import type { IdentifiedPlan, Plan } from "./plan.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Throws `plan-unknown` when the bytes are no plan of this format. */
export function parsePlan(id: PlanId, bytes: Uint8Array): IdentifiedPlan {
  const value = parseJson(bytes);
  if (!isPlan(value)) {
    throw new BelayError(
      "plan-unknown",
      `${id.slice(0, 12)} is not a plan that this version of belay can read.`,
      "Make the plan again: belay plan TARGET",
    );
  }
  return { id, plan: value };
}

/** The bytes under which a plan is kept; their digest is its id. */
export function planBytes({ id, plan }: IdentifiedPlan, sha256: Sha256): Uint8Array {
  const bytes = canonicalBytes(plan);
  invariant(sha256(bytes) === id, "a plan was changed after it was identified");
  return bytes;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** The shape was written by belay under this digest; the check guards against addresses of other things. */
function isPlan(value: unknown): value is Plan {
  if (typeof value !== "object" || value === null) return false;
  return (
    "format" in value && value.format === 1 && "waves" in value && Array.isArray(value.waves) && "refusals" in value && "target" in value
  );
}
