import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import { plain } from "./plain-text.ts";
import { proofLines, shortId, stepLines } from "./render-proof.ts";
import type { View } from "./screen.ts";

/** A plan as it is shown before anybody confirms it: its change, its steps, its proof, its id. */
export const planLines = ({ id, plan }: IdentifiedPlan, view: View): string[] => [
  `${view.paint.bold(`${plan.intent} to ${plan.target}`)}  ${plain(plan.title)}`,
  ...stepLines(plan, view),
  "",
  ...proofLines(plan, view),
  "",
  `plan ${view.isVerbose ? id : shortId(id)}`,
];
