import { splitLines, utf8Text } from "../text-diff/text-lines.ts";
import { conflictText, type ConflictLabels } from "./conflict-markers.ts";
import { styledText, withEndings, type Ending, type StyledText } from "./line-style.ts";
import { mergeRegions, type Sides } from "./merge-regions.ts";

export type MergeOutcome =
  | { readonly kind: "merged"; readonly bytes: Uint8Array }
  | { readonly kind: "conflict"; readonly bytes: Uint8Array; readonly conflicts: number }
  /** A side is not valid UTF-8, holds a NUL, or has 2 MiB or more: a person chooses a side. */
  | { readonly kind: "not-text" };

export interface MergeRequest {
  readonly base: Uint8Array;
  readonly local: Uint8Array;
  readonly live: Uint8Array;
  readonly labels: ConflictLabels;
}

/**
 * Merges line by line what local and live each made of base. Every line keeps its own ending. The byte order mark and a
 * uniform ending are merged once for the file: if one side alone changed them, its choice holds for the other side's lines too.
 */
export function mergeText({ base, local, live, labels }: MergeRequest): MergeOutcome {
  const texts = [base, local, live].map(utf8Text).filter((text) => text !== undefined);
  const [baseText, localText, liveText] = texts;
  if (baseText === undefined || localText === undefined || liveText === undefined) return { kind: "not-text" };
  if (localText === liveText || localText === baseText) return { kind: "merged", bytes: live };
  if (liveText === baseText) return { kind: "merged", bytes: local };
  const styled = { base: styledText(baseText), local: styledText(localText), live: styledText(liveText) };
  const merged = mergedBody(withOneStyle(styled), labels);
  const mark = styled.local.mark === styled.base.mark ? styled.live.mark : styled.local.mark;
  const bytes = new TextEncoder().encode(mark + merged.text);
  return merged.conflicts === 0 ? { kind: "merged", bytes } : { kind: "conflict", bytes, conflicts: merged.conflicts };
}

interface Bodies extends Sides<string> {
  /** For the markers. */
  readonly ending: Ending;
}

const isUniform = ({ endings }: StyledText): boolean => endings === "\n" || endings === "\r\n";

/** Where exactly one side went from one uniform ending to another, all sides are put into the new one, so that only words are merged. */
function withOneStyle({ base, local, live }: Sides<StyledText>): Bodies {
  const settled = local.endings === base.endings ? live.endings : local.endings;
  const ending = settled === "\r\n" ? "\r\n" : "\n";
  const oneChanged = (local.endings === base.endings) !== (live.endings === base.endings);
  if (!oneChanged || ![base, local, live].every(isUniform)) return { base: base.body, local: local.body, live: live.body, ending };
  return { base: withEndings(base.body, ending), local: withEndings(local.body, ending), live: withEndings(live.body, ending), ending };
}

function mergedBody(bodies: Bodies, labels: ConflictLabels): { readonly text: string; readonly conflicts: number } {
  const ids = new Map<string, number>();
  const lines: string[] = [];
  const intern = (line: string): number => {
    const known = ids.get(line);
    if (known !== undefined) return known;
    ids.set(line, lines.length);
    return lines.push(line) - 1;
  };
  const linesOf = (sequence: readonly number[]): string[] => sequence.map((id) => lines[id] ?? "");
  const sequences = {
    base: splitLines(bodies.base).map(intern),
    local: splitLines(bodies.local).map(intern),
    live: splitLines(bodies.live).map(intern),
  };
  let [text, conflicts] = ["", 0];
  for (const region of mergeRegions(sequences)) {
    if (region.kind === "settled") {
      text += linesOf(region.lines).join("");
      continue;
    }
    conflicts += 1;
    const sides = { local: linesOf(region.local), base: linesOf(region.base), live: linesOf(region.live) };
    text += conflictText(sides, labels, bodies.ending);
  }
  return { text, conflicts };
}
