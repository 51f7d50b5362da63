/** The refusal that teaches: what would have been lost, whose work it is, and the one command that goes on. */

import type { Plan, Refusal, RuleName, StalePath } from "../../core/plan/plan.ts";
import { nextLines } from "./answer.ts";
import { plain, shellWord, short } from "./plain-text.ts";
import { lossLines } from "./render-loss.ts";
import type { View } from "./screen.ts";
import { aligned, widthOf, wrap } from "./text-width.ts";
import { ago, localTime } from "./when.ts";

/** What is gravest stands first: what would be lost, then what would break, then how it is done. */
const order: readonly RuleName[] = ["D8", "D1", "R9", "R7", "R3", "R6", "D7", "D4", "D5", "D2", "D6", "limits", "D3"];

const sentences: Readonly<Record<RuleName, string>> = {
  D1: "What this copy has never seen live, it does not overwrite. Look first.",
  D2: "Staging first: one target a command, and production takes what was verified there.",
  D3: "One change a deploy, so that each can be looked at and taken back alone.",
  D4: "A warning holds until a pull shows that it is settled, or a person says so.",
  D5: "What is overwritten must be there to bring back.",
  D6: "No write without its proof.",
  D7: "A promised feature stays, and what was removed stays removed.",
  D8: "Live holds work that this copy has never seen. Nothing writes over that; it is brought here first.",
  R3: "Records that contradict one another are not merged by themselves.",
  R6: "What holds is decided by a rule or by a person, never guessed.",
  R7: "Every mention of a changed value is corrected, explained or asked about.",
  R9: "What exists is edited, not made a second time.",
  limits: "A plan far larger than usual is more often a mistake than meant.",
};

/** Where a rule has several reasons, the sentence that fits this one. */
const sentencesByCode: Readonly<Record<string, string>> = {
  "conflict-markers": "A merge that is half done is not published.",
  "stage-changed": "Production takes what was verified, to the byte; what has changed since was not.",
  "not-verified": "Production takes what was seen to be right as visitors get it.",
  "not-committed": "Production takes committed bytes, so that anybody can find out where they came from.",
  "overlapping-change": "A change goes alone only where no other has touched the same file.",
  "merge-not-looked-at": "A merge that nobody watched is looked at by a person before it goes to production.",
  "approval-missing": "A person approves it by signature, after looking. Whoever asks cannot.",
  "agent-alone": "Production is written by a person's word: their signature, or their own command.",
  "policy-changed": "What binds production is what was approved, not what belay.yaml says since.",
};

const detailedMax = 3;
const pathsNamedMax = 6;

/** What a refusal says about. */
export type Refused = Pick<Plan, "target" | "refusals"> & Partial<Pick<Plan, "intent">>;

/** Every refusal of a plan, the gravest first, in blocks with an empty line between. */
export function refusalLines(plan: Refused, view: View): string[] {
  const stale = new Set(plan.refusals.flatMap((refusal) => (refusal.stale ?? []).map(({ path }) => path)));
  const groups = grouped(plan.refusals);
  const blocks = groups.map((group, at) => {
    const remedy = remedyOf(group);
    const following = groups[at + 1];
    const lines = group.flatMap((refusal, index) => oneLines(refusal, index, { plan, view }));
    // A stale page lacks what live has gained: its tokens come back with the same pull.
    if (group.every(({ rule, paths }) => rule === "D7" && paths.length > 0 && paths.every((path) => stale.has(path)))) return lines;
    const isShared = following !== undefined && remedyOf(following) === remedy;
    return [...lines, ...sentenceLines(group, view), ...(isShared ? [] : nextLines(remedy, view))];
  });
  return blocks.flatMap((block, at) => (at === 0 ? block : ["", ...block]));
}

function sentenceLines([first]: readonly Refusal[], { columns }: View): string[] {
  if (!first) return [];
  const { rule, code } = first;
  const sentence = sentencesByCode[code] ?? sentences[rule];
  return wrap(rule === "limits" ? sentence : `${rule}: ${sentence}`, { width: columns, first: "  " });
}

/** Refusals of one rule for one reason stand together. */
function grouped(refusals: readonly Refusal[]): Refusal[][] {
  const groups = new Map<string, Refusal[]>();
  for (const refusal of refusals.toSorted((one, other) => order.indexOf(one.rule) - order.indexOf(other.rule))) {
    const key = refusal.stale === undefined ? `${refusal.rule} ${refusal.code} ${refusal.remedy}` : `${refusal.rule} stale`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(refusal);
  }
  return [...groups.values()];
}

/** One pull for all the paths of a group, or for everything where they are many. */
function remedyOf(group: readonly Refusal[]): string {
  const [first] = group;
  const remedies = [...new Set(group.map(({ remedy }) => remedy))];
  if (!first || remedies.length === 1) return first?.remedy ?? "";
  const pull = /^belay pull \S+/u.exec(first.remedy)?.[0];
  if (pull === undefined || !remedies.every((remedy) => remedy.startsWith(`${pull} `))) return remedies.join("\n");
  const paths = group.flatMap((refusal) => refusal.paths);
  return paths.length <= pathsNamedMax ? [pull, ...paths.map(shellWord)].join(" ") : pull;
}

interface Showing {
  readonly plan: Refused;
  readonly view: View;
}

function oneLines(refusal: Refusal, index: number, { plan, view }: Showing): string[] {
  const [path, ...others] = refusal.paths;
  const named = path === undefined ? "" : others.length === 0 ? plain(path) : `${plain(path)} and ${others.length} more`;
  const lines = headLines(refusal, named, view);
  const [stale] = refusal.stale ?? [];
  if (stale === undefined) return others.length === 0 ? lines : [...lines, ...pathLines(refusal.paths, view)];
  if (index >= detailedMax) return lines;
  const { loss } = stale;
  const diffCommand = `belay diff ${plan.target} ${shellWord(stale.path)}`;
  const isEdited = stale.lineage === "diverged" && stale.local !== stale.base;
  const told = loss === undefined ? [] : lossLines({ loss, diffCommand, isEdited }, view);
  const isStaged = plan.intent === "promote";
  const back = isStaged || stale.replacedBy === undefined ? [] : backLines(plan.target, stale.path, stale.replacedBy);
  return [...lines, "", ...sideLines(stale, isStaged, view), ...(told.length > 0 ? ["", ...told] : []), ...back, ""];
}

/** Whoever means to go back says so by a restore, which expects what belay left there. */
const backLines = (target: string, path: string, release: string): string[] => [
  "",
  "  to go back to yours on purpose:",
  `    belay restore ${target} ${shellWord(path)} --from ${release}`,
];

function headLines({ rule, message }: Refusal, named: string, { columns, paint }: View): string[] {
  const head = `✖ refused${rule === "limits" ? "" : ` ${rule}`}${named === "" ? "" : `  ${named}`}`;
  const [mark, words] = [head.slice(0, 1), head.slice(1)];
  const painted = `${paint.red(mark)}${paint.bold(words)}`;
  const fact = plain(message);
  if (widthOf(head) + 2 + widthOf(fact) <= columns) return [`${painted}  ${fact}`];
  return [painted, ...wrap(fact, { width: columns, first: "  ", rest: "  " })];
}

function pathLines(paths: readonly string[], { isVerbose }: View): string[] {
  const shown = isVerbose ? paths : paths.slice(0, pathsNamedMax);
  const more = paths.length - shown.length;
  return [...shown.map((path) => `    ${plain(path)}`), ...(more > 0 ? [`    … and ${more} more`] : [])];
}

/** Yours (or the stage's), what was last seen, and live: with hash and size, and what each is. */
function sideLines(stale: StalePath, isStaged: boolean, view: View): string[] {
  const { local, live, base, localSizeBytes, liveSizeBytes } = stale;
  const hash = (digest: string | undefined): string => (digest === undefined ? "—" : view.isVerbose ? digest : short(digest));
  const seen =
    base === undefined
      ? "nothing was ever seen here"
      : base === live
        ? "what was last seen here, and still live"
        : "what was last seen here";
  const rows = [
    isStaged
      ? ["  staged", hash(local), sizeOf(localSizeBytes), local === undefined ? "deleted there" : plain(stale.localIs ?? "")]
      : ["  yours", hash(local), sizeOf(localSizeBytes), yoursIs(stale)],
    // A promotion goes by the record, never by what this copy has seen.
    ...(isStaged ? [] : [["  base", hash(base), "", seen]]),
    ["  live", hash(live), sizeOf(liveSizeBytes), live === undefined ? "not there any more" : writtenBy(stale.written, view)],
  ];
  const trust = trustOf(stale.written);
  const table = aligned(rows);
  if (live === undefined || trust === "") return table.flatMap((line) => wrapRow(line, rows, view));
  const indent = aligned([...rows, ["", "", "", trust]]).at(-1) ?? "";
  return [...table, indent].flatMap((line) => wrapRow(line, rows, view));
}

function yoursIs({ local, base, localIs }: StalePath): string {
  if (local === undefined) return "not here";
  if (localIs !== undefined) return `${plain(localIs)}, unchanged here`;
  return local === base ? "unchanged here" : "changed here";
}

/** A row that is too long goes on under its last column. */
function wrapRow(line: string, rows: readonly (readonly string[])[], { columns }: View): string[] {
  if (widthOf(line) <= columns) return [line];
  const indent = [0, 1, 2].reduce((sum, at) => sum + Math.max(...rows.map((row) => widthOf(row[at] ?? ""))) + 2, 0);
  const begin = line.slice(0, indent);
  return wrap(line.slice(indent).trimStart(), { width: columns, first: begin, rest: " ".repeat(indent) });
}

function writtenBy(written: StalePath["written"], { nowMs }: View): string {
  if (written === undefined) return "by whom and when is not known";
  const { by, at, how, through } = written;
  const who = how === "store" && by === "unknown" ? "" : ` by ${plain(by)}`;
  return `written ${localTime(at, nowMs)} (${ago(at, nowMs)})${who}${through === undefined ? "" : `, ${plain(through)}`}`;
}

/** How far who and when are to be trusted. */
function trustOf(written: StalePath["written"]): string {
  switch (written?.how) {
    case "belay":
      return "so belay's own record says";
    case "git":
      return "so git says: a commit holds these very bytes";
    case "store":
      return written.by === "unknown" ? "the date is the file's own; who wrote it is not known" : "so the store says; it is not proven";
    case undefined:
      return "";
  }
}

const kilo = 1000;

function sizeOf(bytes: number | undefined): string {
  if (bytes === undefined) return "";
  if (bytes < kilo) return `${bytes} B`;
  return bytes < kilo * kilo ? `${(bytes / kilo).toFixed(1)} kB` : `${(bytes / kilo / kilo).toFixed(1)} MB`;
}
