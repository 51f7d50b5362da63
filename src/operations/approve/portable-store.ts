import { parsePolicy } from "../../core/approval/policy-document.ts";
import type { Target } from "../../core/site.ts";
import type { Workbench } from "../workbench.ts";

/** A target's store as every machine spells it: what a signature names. The policy holds that spelling. */
export const portableStoreOf = ({ policyDocument }: Pick<Workbench, "policyDocument">, target: Target): string =>
  parsePolicy(policyDocument)?.targets.get(target.name)?.store ?? target.store;
