/** What `belay init` found, told without making a stale folder look fine. */

import type { Adopted, FirstDifferences } from "../../operations/adopt.ts";
import type { FoundToken } from "../../operations/import-tokens.ts";
import type { PullResult } from "../../operations/pull.ts";
import { nextLines } from "./answer.ts";
import type { Laid } from "./init-files.ts";
import { counted, plain } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";

export interface Initialised {
  readonly file: string;
  readonly root: string;
  readonly laid: Laid;
  readonly adopted: readonly Adopted[];
  readonly differences: readonly FirstDifferences[];
  readonly found: readonly FoundToken[];
  readonly pulled: PullResult | undefined;
  /** A bucket is published to, and the record lies in a folder of this machine because nobody said where else. */
  readonly isRecordHereOnly: boolean;
}

export function initLines({ file, root, laid, adopted, differences, found, pulled, isRecordHereOnly }: Initialised, view: View): string[] {
  const clashes = (pulled?.pulled ?? []).filter(({ clash }) => clash !== undefined);
  const brought = (pulled?.pulled.length ?? 0) - clashes.length;
  const lines = [
    `${view.paint.green("✔")} wrote ${file}${laid.ignored ? ", and .belay/ into .gitignore" : ""}`,
    ...adopted.flatMap((one) => ["", ...targetLines(one, { root, isBrought: brought > 0 }, view)]),
    ...(brought > 0 ? ["", `  brought ${counted(brought, "file")} from live into ${root}`] : []),
    ...clashes.map(({ path, clash = "" }) =>
      view.paint.red(`  did not bring ${plain(path)}: a folder cannot hold it beside ${plain(clash)}`),
    ),
    ...differences.flatMap((one) => ["", ...differenceLines(one, view)]),
    ...tokenLines(found),
    ...(isRecordHereOnly
      ? ["", `${view.paint.yellow("!")} The record stays in .belay. To share it: state: s3://PRIVATE-BUCKET/PREFIX`]
      : []),
  ];
  return [...lines, ...nextLines(nextFor(adopted, brought > 0), view)];
}

function targetLines(
  { target, files, summary }: Adopted,
  { root, isBrought }: { readonly root: string; readonly isBrought: boolean },
  { paint }: View,
): string[] {
  const head = `  ${paint.bold(target.name)}  ${plain(target.store)}  ${files === 0 ? "nothing is live yet" : `${counted(files, "file")} live`}`;
  if (isBrought) return [head];
  const facts: readonly (readonly [number, string, boolean])[] = [
    [summary.same, `the same in ${root}, recorded as seen`, false],
    [summary.ahead, "newer here, and that is proven", false],
    [summary.unknown, "different from live, and nothing proves which is newer", true],
    [summary.behind, "newer on live, or only there", true],
    [summary.diverged, "changed on both sides", true],
    [summary.new, "only here", false],
  ];
  return [
    head,
    ...facts
      .filter(([count]) => count > 0)
      .map(([count, what, isGrave]) => (isGrave ? paint.red(`    ${count} ${what}`) : `    ${count} ${what}`)),
  ];
}

const pathsNamedMax = 6;

/** Told once, as a list and not as a warning: nobody has done anything wrong. */
function differenceLines({ target, stage, differing, onlyOnStage, onlyOnTarget }: FirstDifferences, { columns, paint }: View): string[] {
  const count = differing.length + onlyOnStage.length + onlyOnTarget.length;
  const groups: readonly (readonly [string, readonly string[]])[] = [
    ["not the same", differing],
    [`only on ${stage}`, onlyOnStage],
    [`only on ${target}`, onlyOnTarget],
  ];
  const advice = `They stay as they are until a change to them is promoted; to promote one as it is: belay deploy ${stage} PATH, then belay promote ${target}. Files that differ by design: site.except in belay.yaml`;
  return [
    `  ${paint.bold(`${stage} and ${target} differ in ${counted(count, "file")}`)}`,
    ...groups.flatMap(([what, paths]) => {
      if (paths.length === 0) return [];
      const more = paths.length > pathsNamedMax ? ` and ${paths.length - pathsNamedMax} more` : "";
      const told = `${what}: ${paths.slice(0, pathsNamedMax).map(plain).join(", ")}${more}`;
      return wrap(told, { width: columns, first: `    ${paths.length} `, rest: "      " });
    }),
    ...wrap(advice, { width: columns, first: "  ", rest: "  " }),
  ];
}

function tokenLines(found: readonly FoundToken[]): string[] {
  const active = found.filter(({ isActive }) => isActive).map(({ token }) => plain(token.name));
  const open = found.length - active.length;
  return [
    ...(active.length > 0 ? ["", `  feature tokens taken over: ${active.join(", ")}`] : []),
    ...(open > 0 ? [`  ${counted(open, "token")} more that live does not bear out: in the comment at the end of belay.yaml`] : []),
  ];
}

/** A copy that may be stale comes before everything else. */
function nextFor(adopted: readonly Adopted[], isBrought: boolean): string {
  const doubtful = adopted.findLast(({ summary }) => summary.unknown + summary.behind + summary.diverged > 0);
  if (doubtful && !isBrought) return `belay pull ${doubtful.target.name}`;
  const first = adopted[0]?.target.name ?? "TARGET";
  return adopted.some(({ summary }) => summary.new > 0) && !isBrought ? `belay plan ${first}` : "belay status";
}
