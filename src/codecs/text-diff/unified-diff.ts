import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch } from "diff";
import { lineHunks, type Hunk } from "./line-hunks.ts";
import { comparableTexts, splitLines } from "./text-lines.ts";

export interface DiffRequest {
  /** `undefined` where the file does not exist on that side. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
  readonly beforeName: string;
  readonly afterName: string;
  /** Unchanged lines around a change; 3 unless told. */
  readonly context?: number;
  /** `raw` (the default) gives a patch that applies; `shown` writes the carriage return of a CRLF as `␍`, for eyes only. */
  readonly endings?: "raw" | "shown";
}

/** A unified diff in UTF-8 text; empty where the bytes are equal, one sentence where a side is binary. Every line keeps its own ending. */
export function unifiedDiff(request: DiffRequest): string {
  const { beforeName, afterName, context = 3, endings = "raw" } = request;
  const [before, after] = [request.before ?? new Uint8Array(), request.after ?? new Uint8Array()];
  const texts = comparableTexts(before, after);
  if (!texts) return sameBytes(before, after) ? "" : `Binary files ${beforeName} and ${afterName} differ\n`;
  const [left = [], right = []] = texts.map(splitLines);
  const groups = grouped(lineHunks(left, right), context);
  if (groups.length === 0) return "";
  const hunks = groups.map((group) => patchHunk(group, { left, right, context }));
  const patch: StructuredPatch = {
    oldFileName: request.before ? beforeName : "/dev/null",
    newFileName: request.after ? afterName : "/dev/null",
    oldHeader: undefined,
    newHeader: undefined,
    hunks,
  };
  const text = formatPatch(patch, FILE_HEADERS_ONLY);
  return endings === "shown" ? text.replaceAll(/\r(?=\n)/gu, "␍") : text;
}

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.byteLength === other.byteLength && one.every((byte, at) => byte === other[at]);

/** Hunks whose context would touch or overlap share one patch hunk. */
function grouped(hunks: readonly Hunk[], context: number): readonly (readonly Hunk[])[] {
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && hunk.beforeStart - last.beforeEnd <= 2 * context) group.push(hunk);
    else groups.push([hunk]);
  }
  return groups;
}

interface Sides {
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly context: number;
}

function patchHunk(group: readonly Hunk[], { left, right, context }: Sides): StructuredPatch["hunks"][number] {
  const first = group[0] ?? { beforeStart: 0, beforeEnd: 0, afterStart: 0, afterEnd: 0 };
  const last = group.at(-1) ?? first;
  const lead = Math.min(context, first.beforeStart);
  const trail = Math.min(context, left.length - last.beforeEnd);
  const start = first.beforeStart - lead;
  const end = last.beforeEnd + trail;
  const lines: string[] = [];
  let at = start;
  for (const hunk of group) {
    for (const line of left.slice(at, hunk.beforeStart)) pushLine(lines, " ", line);
    for (const line of left.slice(hunk.beforeStart, hunk.beforeEnd)) pushLine(lines, "-", line);
    for (const line of right.slice(hunk.afterStart, hunk.afterEnd)) pushLine(lines, "+", line);
    at = hunk.beforeEnd;
  }
  for (const line of left.slice(at, end)) pushLine(lines, " ", line);
  const [newStart, newEnd] = [first.afterStart - lead, last.afterEnd + trail];
  return { oldStart: start + 1, oldLines: end - start, newStart: newStart + 1, newLines: newEnd - newStart, lines };
}

function pushLine(lines: string[], sign: " " | "-" | "+", line: string): void {
  if (line.endsWith("\n")) lines.push(sign + line.slice(0, -1));
  else lines.push(sign + line, "\\ No newline at end of file");
}
