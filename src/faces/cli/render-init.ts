/** What `belay init` found, told without making a stale folder look fine. */

import type { Adopted } from "../../operations/adopt.ts";
import type { FoundToken } from "../../operations/import-tokens.ts";
import type { PullResult } from "../../operations/pull.ts";
import { nextLines } from "./answer.ts";
import type { Laid } from "./init-files.ts";
import { counted, plain } from "./plain-text.ts";
import type { View } from "./screen.ts";

export interface Initialised {
  readonly file: string;
  readonly root: string;
  readonly laid: Laid;
  readonly adopted: readonly Adopted[];
  readonly found: readonly FoundToken[];
  readonly pulled: PullResult | undefined;
  /** A bucket is published to, and the record lies in a folder of this machine because nobody said where else. */
  readonly isRecordHereOnly: boolean;
}

export function initLines({ file, root, laid, adopted, found, pulled, isRecordHereOnly }: Initialised, view: View): string[] {
  const brought = pulled?.pulled.length ?? 0;
  const lines = [
    `${view.paint.green("✔")} wrote ${file}${laid.ignored ? ", and .belay/ into .gitignore" : ""}`,
    ...adopted.flatMap((one) => ["", ...targetLines(one, { root, isBrought: brought > 0 }, view)]),
    ...(brought > 0 ? ["", `  brought ${counted(brought, "file")} from live into ${root}`] : []),
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
