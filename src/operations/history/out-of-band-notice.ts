import { quoted } from "../../core/deploy/rules/d1-seen.ts";
import type { OutOfBandWrite } from "../../core/ledger/entry.ts";
import type { Target } from "../../core/site.ts";
import type { Occasion } from "../notice/escalate.ts";

export interface FoundWrites {
  readonly target: Target;
  readonly warning: string;
  readonly writes: readonly OutOfBandWrite[];
}

/** A notice is read on a telephone. */
const pathsToldMax = 10;

/** What people are told of an out-of-band write that was found while nobody watched. */
export function occasionOf({ target: { name }, warning, writes }: FoundWrites): Occasion {
  const paths = writes.map(({ path }) => path);
  const [first = "", ...others] = paths;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return {
    reason: "out-of-band",
    target: name,
    subject: `${first}${more} on ${name}: written by another hand than belay's`,
    lines: [
      ...writes.slice(0, pathsToldMax).map(lineOf),
      ...(writes.length > pathsToldMax ? [`and ${writes.length - pathsToldMax} more`] : []),
      `Warning ${warning} holds these paths on ${name} until a pull of them, or a person, settles it.`,
    ],
    paths,
    run: [
      `belay status ${name}`,
      `belay log ${quoted(first)} --target ${name}`,
      `belay pull ${name} ${paths.slice(0, 4).map(quoted).join(" ")}`,
    ],
    of: writes.map(({ found }) => found),
  };
}

function lineOf(write: OutOfBandWrite): string {
  const { path, at, by } = write;
  const when = at === undefined ? "" : ` at ${at}`;
  const whose = by === undefined ? "" : ` by ${by} (claimed)`;
  return `${path}: ${deedOf(write)}${when}${whose}`;
}

/** What was done, in one clause. */
function deedOf({ found, prior }: Pick<OutOfBandWrite, "found" | "prior">): string {
  if (found === undefined) return "deleted";
  if (prior === undefined) return `put there (${found.slice(0, 12)})`;
  return found === prior ? "given other headers" : `replaced by other bytes (${found.slice(0, 12)}, was ${prior.slice(0, 12)})`;
}
