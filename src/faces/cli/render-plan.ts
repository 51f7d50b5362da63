import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import { counted, plain } from "./plain-text.ts";
import { proofLines, shortId, stepLines } from "./render-proof.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";

/** A plan as it is shown before anybody confirms it: its change, its steps, its proof, its id. */
export const planLines = ({ id, plan }: IdentifiedPlan, view: View): string[] => [
  ...wrap(plain(plan.title), { width: view.columns, first: `${view.paint.bold(`${plan.intent} to ${plan.target}`)}  `, rest: "  " }),
  ...changeLines(plan, view),
  ...stepLines(plan, view),
  ...staysLines(plan, view),
  ...purgeLines(plan, view),
  "",
  ...proofLines(plan, view),
  "",
  ...wrap(`plan ${view.isVerbose ? id : shortId(id)}${needsOf(plan)}`, { width: view.columns, rest: "  " }),
];

const changesShownMax = 12;

/** The changes that a promotion takes along, oldest first: which release of the stage, whose, and what it is called. */
function changeLines({ changes = [] }: IdentifiedPlan["plan"], { columns }: View): string[] {
  const rows = changes
    .slice(-changesShownMax)
    .map(({ id, by, title, commit }) => [
      `  ${plain(id)}`,
      `${plain(title)}, by ${plain(by)}${commit === undefined ? "" : `, commit ${commit.slice(0, 7)}`}`,
    ]);
  const more = changes.length > changesShownMax ? [`  … and ${changes.length - changesShownMax} earlier ones`] : [];
  const width = Math.max(0, ...rows.map(([id = ""]) => id.length));
  return [
    ...more,
    ...rows.flatMap(([id = "", told = ""]) => wrap(told, { width: columns, first: `${id.padEnd(width)}  `, rest: " ".repeat(width + 2) })),
  ];
}

/** Whose word it waits for. */
function needsOf({ needs, merges = [] }: IdentifiedPlan["plan"]): string {
  if (!needs) return "";
  const whose = needs.approvers === "others" ? " who did not bring it" : "";
  const covers = merges.length === 0 ? "" : `; it covers the unwatched merges ${merges.map(plain).join(", ")}`;
  return `  (needs the approval of ${needs.count === 1 ? "a person" : `${needs.count} people`}${whose}${covers})`;
}

const staysShownMax = 4;

/** What came later and is left where it is. */
function staysLines({ stays = [], target }: IdentifiedPlan["plan"], { columns }: View): string[] {
  if (stays.length === 0) return [];
  const more = stays.length > staysShownMax ? ` and ${stays.length - staysShownMax} more` : "";
  const told = `${stays.slice(0, staysShownMax).map(plain).join(" ")}${more}, for pages that are still cached (later: belay sweep ${target})`;
  return wrap(told, { width: columns, first: "  stays  ", rest: "         " });
}

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
