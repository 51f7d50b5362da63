import { lineHunks } from "../text-diff/line-hunks.ts";
import { splitLines, utf8Text } from "../text-diff/text-lines.ts";
import { conflictText, type ConflictLabels } from "./conflict-markers.ts";
import { styledText, withEndings, type Ending, type StyledText } from "./line-style.ts";
import type { MergeOutcome } from "./merge-text.ts";

export interface TwoWayRequest {
  readonly local: Uint8Array;
  readonly live: Uint8Array;
  readonly labels: ConflictLabels;
}

/**
 * For a pull without a known ancestor: common lines stay, every stretch that differs becomes a conflict, and nothing is
 * decided in silence. `merged` only where both sides are the same bytes. Where the two differ in their uniform line ending
 * as well as in words, the lines take live's; where nothing but endings or the byte order mark differs, that is the conflict.
 */
export function twoWayConflict({ local, live, labels }: TwoWayRequest): MergeOutcome {
  const [localText, liveText] = [utf8Text(local), utf8Text(live)];
  if (localText === undefined || liveText === undefined) return { kind: "not-text" };
  if (localText === liveText) return { kind: "merged", bytes: live };
  const [yours, theirs] = [styledText(localText), styledText(liveText)];
  const ending = theirs.endings === "\r\n" ? "\r\n" : "\n";
  // A mark that only one side has stays in that side's first line, where the conflict shows it.
  const mark = yours.mark === theirs.mark ? theirs.mark : "";
  const [localBody, liveBody] = mark === "" ? [localText, liveText] : [yours.body, theirs.body];
  const inOneStyle = haveOneStyleEach(yours, theirs) ? withEndings(localBody, ending) : localBody;
  const body = inOneStyle === liveBody ? localBody : inOneStyle;
  const { text, conflicts } = conflicted({ local: splitLines(body), live: splitLines(liveBody) }, labels, ending);
  return { kind: "conflict", bytes: new TextEncoder().encode(mark + text), conflicts };
}

const haveOneStyleEach = (one: StyledText, other: StyledText): boolean =>
  [one, other].every(({ endings }) => endings === "\n" || endings === "\r\n");

interface Lines {
  readonly local: readonly string[];
  readonly live: readonly string[];
}

function conflicted({ local, live }: Lines, labels: ConflictLabels, ending: Ending): { readonly text: string; readonly conflicts: number } {
  const hunks = lineHunks(local, live);
  let [text, at] = ["", 0];
  for (const hunk of hunks) {
    text += local.slice(at, hunk.beforeStart).join("");
    const sides = { local: local.slice(hunk.beforeStart, hunk.beforeEnd), live: live.slice(hunk.afterStart, hunk.afterEnd) };
    text += conflictText(sides, labels, ending);
    at = hunk.beforeEnd;
  }
  return { text: text + local.slice(at).join(""), conflicts: hunks.length };
}
