/** What stands at a target that belay did not write: it comes before everything that differs, in red. */

import type { OutOfBandReport, StandingWrite } from "../../operations/history/out-of-band.ts";
import { nextLines } from "./answer.ts";
import { counted, plain, shellWord, short } from "./plain-text.ts";
import type { View } from "./screen.ts";
import { wrap } from "./text-width.ts";
import { localTime } from "./when.ts";

const writesShownMax = 20;

/** A section of its own: what, when, by whom as far as known, what it replaced, and the way on. */
export function outOfBandLines({ writes, unrecorded, escalation }: OutOfBandReport, target: string, view: View): string[] {
  if (writes.length === 0) return unrecorded === undefined ? [] : unrecordedLines(unrecorded, view);
  const { paint } = view;
  const shown = view.isVerbose ? writes : writes.slice(0, writesShownMax);
  const more = writes.length - shown.length;
  return [
    paint.red(`✖ ${counted(writes.length, "path")} on ${plain(target)} written by another hand than belay's`),
    ...shown.flatMap((write) => writeLines(write, view)),
    ...(more > 0 ? [`  … and ${more} more (--verbose shows all)`] : []),
    ...(unrecorded === undefined ? [] : unrecordedLines(unrecorded, view)),
    ...(escalation?.kind === "no-channel" ? ["  Nobody was told: belay.yaml has no `notify:`."] : []),
    ...nextLines(waysOn(writes, target), view),
  ];
}

function writeLines(write: StandingWrite, view: View): string[] {
  const { path, at, by, warning } = write;
  const when = at === undefined ? "" : `, ${localTime(at, view.nowMs)}`;
  const whose = by === undefined ? ", by a hand that left no name" : `, by ${plain(by)} (claimed)`;
  const first = wrap(`${plain(path)}  ${deed(write)}${when}${whose}`, { width: view.columns, first: "  ", rest: "      " });
  const warned = warning === undefined ? "no warning could be opened" : `warning ${plain(warning)}`;
  const second = wrap(`${sides(write)}  ${warned}`, { width: view.columns, first: "      ", rest: "      " });
  return [...first.map(view.paint.red), ...second];
}

function deed({ found, prior }: StandingWrite): string {
  if (found === undefined) return "deleted";
  if (prior === undefined) return "put there";
  return found === prior ? "given other headers" : "replaced";
}

/** Both digests, and which of the bytes are safe. */
function sides({ found, prior, unkept = [] }: StandingWrite): string {
  const told = [...(found === undefined ? [] : [`now ${short(found)}`]), ...(prior === undefined ? [] : [`was ${short(prior)}`])];
  const [first, ...others] = unkept.map((which) => (which === "found" ? "what is there now" : "what it replaced"));
  const kept = first === undefined ? "kept in the vault" : `NOT kept: ${[first, ...others].join(" and ")}`;
  return `${told.join(", ")}; ${kept}`;
}

const unrecordedLines = (why: string, { columns }: View): string[] =>
  wrap(`What another hand wrote could not be looked up or recorded: ${plain(why)}`, { width: columns, first: "  ! ", rest: "    " });

function waysOn(writes: readonly StandingWrite[], target: string): string {
  const [first, ...others] = writes;
  const path = shellWord(first?.path ?? "");
  // A path that is neither here nor live cannot be named to a pull.
  const all = others.length === 0 && first?.found !== undefined ? ` ${path}` : "";
  return [
    `belay log ${path} --target ${target}   (who, when, through what)`,
    `belay pull ${target}${all}   (brings it here, which settles the warning)`,
  ].join("\n");
}
