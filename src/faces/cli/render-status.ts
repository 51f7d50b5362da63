/** `belay status` for people: what stands in the way first, then a line for each path that differs. */

import type { UnseenMerge, Warning } from "../../core/ledger/fold.ts";
import type { TokenResult } from "../../core/plan/plan.ts";
import type { StatusResult } from "../../operations/compare/status.ts";
import { nextLines } from "./answer.ts";
import { counted, plain, said, shellWord } from "./plain-text.ts";
import { outOfBandLines } from "./render-out-of-band.ts";
import { stateWord } from "./render-proof.ts";
import type { Paint, View } from "./screen.ts";
import { aligned, wrap } from "./text-width.ts";
import { ago, localTime } from "./when.ts";

type Kind = StatusResult["objects"][number]["lineage"]["kind"];
type Compared = StatusResult["objects"][number];

/** What needs care stands first. */
const kinds: readonly Kind[] = ["diverged", "behind", "unknown", "ahead", "new", "removed"];
const pathsShownMax = 40;

export function statusLines(status: StatusResult, view: View): string[] {
  const { objects, conflicted, summary, tokens, unseenMerges, outOfBand, target } = status;
  // What the section above tells in full is not told twice.
  const told = new Set(outOfBand.writes.map(({ warning }) => warning));
  const warnings = status.warnings.filter(({ id }) => !told.has(id));
  const blocks = [
    [headLine(status, view)],
    openLines(status, view),
    outOfBandLines(outOfBand, target.name, view),
    warningLines({ warnings, unseenMerges }, view),
    stagedLines(status, view),
    objectLines({ objects, conflicted }, view),
    tokenLines(tokens, view),
    headerLines(status, view),
    sameLines(summary.same, objects.length),
    recordLines(status, view),
    nextFor(status, view),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, at) => (at < 2 ? block : ["", ...block]));
}

function headLine({ target, lastRelease }: StatusResult, { paint, nowMs }: View): string {
  const release =
    lastRelease === undefined
      ? "no release by belay yet"
      : `${lastRelease.id} ${ago(lastRelease.at, nowMs)} by ${plain(lastRelease.by.name)}`;
  return `${paint.bold(target.name)}  ${plain(target.url ?? target.store)}  ${release}`;
}

/** An interrupted apply comes before everything else: nothing can be written past it. */
function openLines({ open, target: { name } }: StatusResult, view: View): string[] {
  if (open === null) return [];
  const { columns, paint, nowMs } = view;
  const told = `The ${open.intent} ${said(open.title, 40)} of ${localTime(open.at, nowMs)} by ${plain(open.by.name)} has not ended.`;
  const ways = open.undoing
    ? `belay resume ${name}   (goes on putting back)`
    : `belay resume ${name}   (finishes it)\nbelay undo ${name}   (puts back what it wrote)`;
  return ["", ...wrap(told, { width: columns, first: `${paint.red("!")} `, rest: "  " }), ...nextLines(ways, view)];
}

const headerChangesShownMax = 8;

/** A page may be the same and yet be another to its visitors: a download, or cached for a year. */
function headerLines({ headerChanges }: StatusResult, view: View): string[] {
  const lines = headerChanges.slice(0, headerChangesShownMax).flatMap(({ path, seen, live }) => {
    const names = [...new Set([...Object.keys(seen), ...Object.keys(live)])].filter((name) => seen[name] !== live[name]).toSorted();
    const told = names.map((name) => `${plain(name)}: ${plain(seen[name] ?? "none")} → ${plain(live[name] ?? "none")}`).join("; ");
    const first = `${view.paint.yellow("!")} ${plain(path)}  headers changed on live since they were last seen: `;
    return wrap(told, { width: view.columns, first, rest: "    " });
  });
  const more = headerChanges.length - headerChangesShownMax;
  return more > 0 ? [...lines, `  … and ${more} more`] : lines;
}

function recordLines({ isRecordHereOnly }: StatusResult, view: View): string[] {
  if (!isRecordHereOnly) return [];
  const told = "The record of releases is on this machine only; others that publish here do not see it.";
  return wrap(`${told} To share it: state: s3://BUCKET/PREFIX in belay.yaml, a bucket that visitors do not reach.`, {
    width: view.columns,
    first: `${view.paint.yellow("!")} `,
    rest: "  ",
  });
}

function objectLines({ objects, conflicted }: Pick<StatusResult, "objects" | "conflicted">, { paint, isVerbose }: View): string[] {
  const sorted = kinds.flatMap((kind) => objects.filter(({ lineage }) => lineage.kind === kind));
  const shown = isVerbose ? sorted : sorted.slice(0, pathsShownMax);
  const whyShown = (object: Compared): string =>
    conflicted.includes(object.path) ? "conflict markers of a merge are still in it" : whyOf(object);
  const lines = aligned(shown.map((object) => [`  ${object.lineage.kind}`, plain(object.path), whyShown(object)]));
  const painted = lines.map((line, at) => painter(shown[at]?.lineage.kind, paint)(line));
  const more = sorted.length - shown.length;
  return more > 0 ? [...painted, `  … and ${more} more (--verbose shows all)`] : painted;
}

/** Red where live would lose something, green where a deploy may go out; the word says it too. */
function painter(kind: Kind | undefined, paint: Paint): (line: string) => string {
  if (kind === "diverged" || kind === "behind" || kind === "unknown") return paint.red;
  return kind === "ahead" || kind === "new" ? paint.green : (line) => line;
}

const proofWords: Readonly<Record<Compared["lineage"]["proof"], string>> = {
  bytes: "by its bytes",
  base: "changed here",
  git: "live is an earlier version, by git",
  ledger: "live is an earlier version, by belay's record",
  store: "live is an earlier version, by the store's own versions",
  commit: "live comes from an earlier commit",
  none: "",
};

function whyOf({ lineage, local, live }: Compared): string {
  const versions = lineage.versions === undefined ? "" : counted(lineage.versions, "version");
  switch (lineage.kind) {
    case "same":
      return "";
    case "ahead":
      return proofWords[lineage.proof];
    case "new":
      return "not live yet";
    case "removed":
      return "deleted here, still live";
    case "unknown":
      return "differs; nothing proves which is newer";
    case "behind":
      return pickSide({ local, live }, [
        "only live has it",
        "removed from live",
        `live is ${`${versions} `.trimStart()}ahead of this copy`,
      ]);
    case "diverged":
      return pickSide({ local, live }, [
        "deleted here, changed on live",
        "changed here, removed from live",
        `changed here, and live went on${versions === "" ? "" : ` by ${versions}`}`,
      ]);
  }
}

/** Words for: not here, not live, on both sides. */
function pickSide({ local, live }: Pick<Compared, "local" | "live">, [notHere, notLive, both]: readonly [string, string, string]): string {
  if (local === undefined) return notHere;
  return live === undefined ? notLive : both;
}

/** Warnings with their ids, and merges that wait for a person. */
export function warningLines(
  { warnings, unseenMerges }: { readonly warnings: readonly Warning[]; readonly unseenMerges: readonly UnseenMerge[] },
  view: View,
): string[] {
  const { columns, paint, nowMs } = view;
  const rest = "    ";
  const told = warnings.flatMap(({ id, target, paths, text, openedAt, by }) =>
    wrap(
      `${id}  ${target === undefined ? "" : `${plain(target)} `}${namesOf(paths)}: ${said(text, 400)}  ${plain(by.name)}, ${localTime(openedAt, nowMs)}`,
      {
        width: columns,
        first: `${paint.red("!")} warning `,
        rest,
      },
    ),
  );
  const merges = unseenMerges.flatMap(({ id, target, paths, by, at }) =>
    wrap(
      `${id}  ${namesOf(paths)}: merged with ${plain(target)} by ${plain(by.name)}, ${localTime(at, nowMs)}, with nobody watching; production waits for a person's look`,
      {
        width: columns,
        first: `${paint.red("!")} merge `,
        rest,
      },
    ),
  );
  return [...told, ...merges];
}

const namesOf = (paths: readonly string[]): string =>
  paths.length <= 3 ? paths.map(plain).join(", ") : `${paths.slice(0, 2).map(plain).join(", ")} and ${paths.length - 2} more`;

const isGood = ({ local, live }: TokenResult): boolean => local === "ok" && live === "ok";

/** Here and live side by side; left out where all is well. */
export function tokenLines(tokens: readonly TokenResult[], { paint, isVerbose }: View): string[] {
  const shown = isVerbose ? tokens : tokens.filter((token) => !isGood(token));
  if (shown.length === 0) return [];
  const rows = shown.map(({ name, path, local, live }) => [`  ${plain(name)}`, plain(path), stateWord[local], stateWord[live]]);
  const [head = "", ...lines] = aligned([["  token", "file", "here", "live"], ...rows]);
  const rest = tokens.length - shown.length;
  const kept = rest > 0 ? [`  ${rest} more ${rest === 1 ? "is" : "are"} kept here and live`] : [];
  return [paint.bold(head), ...lines.map((line, at) => (shown[at]?.local === "ok" ? line : paint.red(line))), ...kept];
}

function sameLines(same: number, differing: number): string[] {
  if (differing === 0)
    return [same === 0 ? "  nothing here and nothing live" : `  everything is the same as live (${counted(same, "file")})`];
  return same === 0 ? [] : [`  ${counted(same, "file")} ${same === 1 ? "is" : "are"} the same as live`];
}

const stagedShownMax = 8;

/** What waits on the stage before, with the one command that takes it along. */
function stagedLines({ staged, target }: StatusResult, { columns, paint }: View): string[] {
  if (staged.length === 0) return [];
  const head = `${counted(staged.length, "change")} on ${target.after ?? "the stage"} ${staged.length === 1 ? "is" : "are"} not on ${target.name} yet`;
  const width = Math.max(...staged.map(({ id }) => id.length));
  const rows = staged.slice(-stagedShownMax).flatMap(({ id, title, by, paths }) => {
    const told = `${said(title, 50)}, by ${plain(by)}, ${counted(paths.length, "file")}`;
    return wrap(told, { width: columns, first: `  ${id.padEnd(width)}  `, rest: " ".repeat(width + 4) });
  });
  const more = staged.length > stagedShownMax ? [`  … and ${staged.length - stagedShownMax} earlier ones`] : [];
  return [paint.bold(head), ...more, ...rows];
}

function nextFor({ target, objects, conflicted, open, staged, outOfBand }: StatusResult, view: View): string[] {
  if (open !== null) return [];
  const isMoved = outOfBand.writes.length > 0 || objects.some(({ lineage }) => lineage.kind === "diverged" || lineage.kind === "unknown");
  if (staged.length > 0 && !isMoved) return nextLines(`belay promote ${target.name}`, view);
  if (objects.length === 0) return [];
  const stale = objects.filter(({ lineage }) => ["diverged", "behind", "unknown"].includes(lineage.kind));
  const [only, ...others] = stale;
  if (only) return nextLines(`belay pull ${target.name}${others.length === 0 ? ` ${shellWord(only.path)}` : ""}`, view);
  if (conflicted.length > 0)
    return nextLines(`Edit ${conflicted.slice(0, 4).map(plain).join(", ")}: keep what is right, delete the marker lines.`, view);
  return nextLines(`belay deploy ${target.after ?? target.name}`, view);
}
