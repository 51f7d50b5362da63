/** Plans by id: kept in the vault, and remembered on this machine so that old ones cost no request. */

import { BelayError } from "../core/belay-error.ts";
import { bodyOf, bytesOf, type Body } from "../core/body.ts";
import type { Digest, PlanId } from "../core/brand.ts";
import { parsePlan, planBytes } from "../core/plan/parse-plan.ts";
import type { IdentifiedPlan } from "../core/plan/plan.ts";
import type { CallOptions } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";
import type { Workbench } from "./workbench.ts";

type Shelves = Pick<Workbench, "vault" | "seenBytes" | "runtime">;

export async function keepPlan(bench: Shelves, identified: IdentifiedPlan, options: CallOptions): Promise<void> {
  const body = bodyOf(planBytes(identified, bench.runtime.sha256), identified.id);
  await Promise.all([bench.vault.keep(body, options), bench.seenBytes.keep(body, options)]);
}

/** Throws `plan-unknown` when no vault holds it. */
export async function openPlan(bench: Shelves, id: PlanId, options: CallOptions): Promise<IdentifiedPlan> {
  const here = await openRemembered(bench.seenBytes, id, options);
  if (here) return parsePlan(id, await bytesOf(here));
  const body = await bench.vault.open(id, options);
  if (!body) throw new BelayError("plan-unknown", `No plan ${id.slice(0, 12)} is kept here.`, "Make the plan again: belay plan TARGET");
  const bytes = await bytesOf(body);
  await bench.seenBytes.keep(bodyOf(bytes, id), options);
  return parsePlan(id, bytes);
}

/** By a prefix of at least six digits. */
export async function findPlan(bench: Shelves, prefix: string, options: CallOptions): Promise<IdentifiedPlan> {
  if (!/^[0-9a-f]{6,64}$/u.test(prefix)) {
    throw new BelayError("usage", `${prefix} is not a plan id: at least six hexadecimal digits.`, "belay plan TARGET   (prints the id)");
  }
  const found = await bench.vault.find(prefix, options);
  const plans: IdentifiedPlan[] = [];
  for (const id of found) {
    // The vault holds pages too; what is no plan is not the one that was meant.
    const plan = await openKeptPlan(bench, id, options);
    if (plan) plans.push(plan);
  }
  const [only, ...others] = plans;
  if (!only) throw new BelayError("plan-unknown", `No plan begins with ${prefix}.`, "belay plan TARGET makes one and prints its id.");
  if (others.length > 0) throw new BelayError("usage", `${plans.length} plans begin with ${prefix}.`, "Give more digits of the id.");
  return only;
}

/** `undefined` where no vault holds it: a plan that never got as far has written nothing. */
export async function openKeptPlan(bench: Shelves, id: PlanId, options: CallOptions): Promise<IdentifiedPlan | undefined> {
  try {
    return await openPlan(bench, id, options);
  } catch (error) {
    if (error instanceof BelayError && error.code === "plan-unknown") return undefined;
    throw error;
  }
}

/** This machine's own memory may have been damaged or swept: then it has forgotten, and that is all. */
export async function openRemembered(vault: Vault, digest: Digest, options: CallOptions): Promise<Body | undefined> {
  try {
    return await vault.open(digest, options);
  } catch (error) {
    if (error instanceof BelayError && error.code === "vault-damaged") return undefined;
    throw error;
  }
}
