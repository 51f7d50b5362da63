import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import { counted, plain } from "./plain-text.ts";
import { proofLines, shortId, stepLines } from "./render-proof.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";

/** A plan as it is shown before anybody confirms it: its change, its steps, its proof, its id. */
export const planLines = ({ id, plan }: IdentifiedPlan, view: View): string[] => [
  `${view.paint.bold(`${plan.intent} to ${plan.target}`)}  ${plain(plan.title)}`,
  ...stepLines(plan, view),
  ...purgeLines(plan, view),
  "",
  ...proofLines(plan, view),
  "",
  `plan ${view.isVerbose ? id : shortId(id)}`,
];

const purgesShownMax = 4;

/** What the CDN is asked to forget. Wildcards that stand for many paths say for how many. */
function purgeLines({ waves }: IdentifiedPlan["plan"], { columns }: View): string[] {
  const paths = waves.flatMap((wave) => wave.purge);
  if (paths.length === 0) return [];
  const more = paths.length > purgesShownMax ? ` and ${paths.length - purgesShownMax} more` : "";
  const standsFor = waves.reduce((sum, wave) => sum + (wave.purgeStandsFor ?? 0), 0);
  const instead = standsFor === 0 ? "" : `, in place of ${counted(standsFor, "path")}, more than CloudFront takes one by one`;
  const told = `${paths.slice(0, purgesShownMax).map(plain).join(" ")}${more}${instead}`;
  return wrap(told, { width: columns, first: "  purge  ", rest: "         " });
}
