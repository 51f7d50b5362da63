/** `belay blame` for people: what brought each line stands before it, and in full below where lines were asked for. */

import type { BlameResult } from "../../operations/history/blame.ts";
import { plain, plainLine, said, shellWord } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { aligned, cutTo, padTo, widthOf, wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

/** Numbers of lines, from 1. */
export type Wanted = ReadonlySet<number>;

type Range = BlameResult["ranges"][number];
type Origin = Range["origin"];

const nameWidthMax = 12;
const commitDigits = 7;

export function blameLines(result: BlameResult, wanted: Wanted | undefined, view: View): string[] {
  const { target, path, digest, lines, ranges } = result;
  const head = `${view.paint.bold(plain(path))} at ${plain(target.name)}, ${digest.slice(0, 16)}`;
  if (lines.length === 0) return [head, ...ranges.flatMap((range) => detailLines(range, result, view))];
  const shown = ranges.filter((range) => !wanted || numbersOf(range).some((number) => wanted.has(number)));
  const heads = new Map(aligned(shown.map((range) => headCells(range, view))).map((text, at) => [shown[at], text]));
  const width = Math.max(...[...heads.values()].map(widthOf));
  const digits = String(lines.length).length;
  const rows = shown.flatMap((range) => {
    const paint = isStranger(range) ? view.paint.red : (text: string): string => text;
    const numbers = numbersOf(range).filter((number) => !wanted || wanted.has(number));
    return numbers.map((number) => {
      const start = `${padTo(heads.get(range) ?? "", width)}  ${String(number).padStart(digits)}│ `;
      const text = plainLine(lines[number - 1] ?? "").replaceAll("\t", "  ");
      return paint(start + cutTo(text, Math.max(view.columns - widthOf(start), 12))).trimEnd();
    });
  });
  if (!wanted && !view.isVerbose) return [head, ...rows];
  return [head, ...rows, ...distinct(shown).flatMap((range) => ["", ...detailLines(range, result, view)])];
}

const isStranger = ({ origin }: Range): boolean => origin.kind === "out-of-band";

const numbersOf = ({ from, to }: Range): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** One of each origin, in the order of the page. */
function distinct(ranges: readonly Range[]): Range[] {
  const seen = new Map<Origin, Range>();
  for (const range of ranges) if (!seen.has(range.origin)) seen.set(range.origin, range);
  return [...seen.values()];
}

/** Release, commit, name and time; a question mark where an older release may be meant. */
function headCells({ origin, maybe }: Range, { nowMs }: View): string[] {
  const when = origin.at === undefined ? "" : localTime(origin.at, nowMs);
  const who = cutTo(plain(origin.from?.by ?? origin.by ?? ""), nameWidthMax);
  const doubt = maybe.length > 0 ? "?" : "";
  const names = { release: plain(origin.release ?? ""), "out-of-band": "! no deploy", "before-belay": "before belay" } as const;
  return [`${names[origin.kind]}${doubt}`, origin.commit?.slice(0, commitDigits) ?? "", who, when];
}

/** What there is to know of one origin, and where to go on. */
function detailLines({ origin, maybe }: Range, { target, path }: BlameResult, view: View): string[] {
  const { columns } = view;
  const lines = wrap(tellingOf(origin, target.name, view), { width: columns, first: "", rest: "  " });
  if (origin.from) {
    const { target: stage, release, title, by } = origin.from;
    lines.push(
      ...wrap(`promoted from ${plain(release)} of ${plain(stage)}: ${said(title, 60)} by ${plain(by)}`, {
        width: columns,
        first: "  ",
        rest: "    ",
      }),
    );
  }
  if (origin.commit !== undefined) lines.push(`  commit ${plain(origin.commit)}`);
  if (origin.plan !== undefined) lines.push(`  plan ${origin.plan}`);
  if (maybe.length > 0) {
    const told = `The bytes of ${maybe.map(plain).join(", ")} are nowhere to be had: a line may be theirs.`;
    lines.push(...wrap(told, { width: columns, first: "  ? ", rest: "    " }));
  }
  if (origin.kind === "out-of-band") lines.push(`  next: belay log ${shellWord(path)} --target ${plain(target.name)}`);
  return lines;
}

function tellingOf({ kind, release, intent, title, by, at, warning }: Origin, target: string, { nowMs }: View): string {
  const when = at === undefined ? "" : `, ${localTime(at, nowMs)}`;
  const who = by === undefined ? "" : ` by ${plain(by)}`;
  switch (kind) {
    case "release":
      return `${plain(release ?? "")}: ${plain(intent ?? "deploy")} to ${plain(target)}${when}${who}: ${said(title ?? "", 60)}`;
    case "out-of-band":
      return `no deploy: written at ${plain(target)} past belay${when}${who}${warning === undefined ? "" : ` (warning ${plain(warning)})`}`;
    case "before-belay":
      return `before belay: it was live at ${plain(target)} when its record began${who}`;
  }
}
