/** What elements say whose content is not markup: scripts, structured data, style sheets. */

import type { Place } from "../../core/records/document.ts";
import { asComment, asJsonString, asNumber, asPlain, asScriptNumber, asScriptString, type Escape } from "./escapes.ts";
import { HtmlSegment } from "./html-segment.ts";
import { jsonLeaves } from "./json-leaves.ts";
import { scriptLeaves, type ScriptLeaf } from "./script-leaves.ts";
import type { SignedSpans } from "./signed-spans.ts";
import type { Piece, SourcePage } from "./source-page.ts";
import { isPlaceholder } from "./tag-segments.ts";

export interface RawElement {
  readonly name: string;
  /** The `type` attribute, as written. */
  readonly type: string;
  readonly isTemplate: boolean;
  readonly landmark: string;
  /** Absent where all of it is wanted. */
  readonly wanted?: SignedSpans | undefined;
}

/** What a script's type makes of it (HTML standard, "prepare the script element"). */
export type ScriptSort = "script" | "json-ld" | "json" | "template";

export function scriptSort(type: string): ScriptSort {
  const essence = (type.split(";")[0] ?? "").trim().toLowerCase();
  if (essence === "" || essence === "module" || /^(?:text|application)\/(?:x-)?(?:java|ecma|live|j)script[\d.]*$/u.test(essence))
    return "script";
  if (essence === "application/ld+json") return "json-ld";
  return /(?:^|[/+])json$|^(?:importmap|speculationrules)$/u.test(essence) ? "json" : "template";
}

interface Found {
  readonly pieces: readonly Piece[];
  readonly medium: Place["medium"];
  readonly name: string;
  readonly label: string;
  readonly escape: Escape;
}

/** Segments of the content of a raw element. `lineOf` counts lines; it is asked in the order of the page. */
export function rawSegments(page: SourcePage, element: RawElement, range: Piece, lineOf: (at: number) => number): HtmlSegment[] {
  const sort = element.name === "script" ? scriptSort(element.type) : undefined;
  const segments: HtmlSegment[] = [];
  if (sort !== "json-ld" && element.wanted?.has(range.start, range.end) === false) return segments;
  for (const one of found(page, element, range)) {
    if (!isWanted(one, element.wanted)) continue;
    const { pieces, medium, name, label, escape } = one;
    const place = { medium, name, label: `${label}, line ${lineOf(pieces[0]?.start ?? range.start)}`, part: "" };
    const segment = new HtmlSegment(page, pieces, place, escape);
    const isTemplate = element.isTemplate || sort === "template" || isPlaceholder(segment.text);
    if (segment.text.trim() === "") continue;
    segments.push(isTemplate ? new HtmlSegment(page, pieces, { ...place, isTemplate }, escape) : segment);
  }
  return segments;
}

function isWanted({ pieces, medium, name }: Found, wanted: SignedSpans | undefined): boolean {
  const [first, last] = [pieces.at(0), pieces.at(-1)];
  if (!wanted || ((medium === "json-ld" || medium === "script") && wanted.isNamed(name))) return true;
  return first !== undefined && last !== undefined && wanted.has(first.start, last.end);
}

const constantMax = 200;

function* found(page: SourcePage, element: RawElement, range: Piece): Generator<Found, void, undefined> {
  const { view } = page;
  if (element.name === "style") {
    // A claim is never read from a style sheet.
    if (!element.wanted) yield { pieces: [range], medium: "style", name: "", label: "<style>", escape: asPlain };
    return;
  }
  if (element.name === "xmp") yield { pieces: [range], medium: "text", name: "", label: "<xmp>", escape: asPlain };
  // What stands in iframe, noembed and noframes is shown by no browser.
  if (element.name !== "script") return;
  const sort = scriptSort(element.type);
  if (sort === "template") yield { pieces: [range], medium: "script", name: "", label: "template in <script>", escape: asPlain };
  else if (sort === "script") {
    // A constant's name may be the last sign, and its value stands behind it.
    const last = element.wanted?.endIn(range.start, range.end);
    const until = last === undefined ? undefined : Math.min(range.end, last + constantMax);
    for (const leaf of scriptLeaves(view.slice(range.start, range.end), range.start, until)) yield scriptFound(leaf);
  } else {
    const medium = sort === "json-ld" ? "json-ld" : "script";
    for (const { name, pieces, isNumber } of jsonLeaves(view, range.start, range.end)) {
      const label = `${sort === "json-ld" ? "JSON-LD" : "JSON"} ${name}`.trim();
      yield { pieces, medium, name, label, escape: isNumber ? asNumber : asJsonString };
    }
  }
}

function scriptFound({ kind, name, pieces, quote }: ScriptLeaf): Found {
  if (kind === "comment") return { pieces, medium: "comment", name: "", label: "comment in <script>", escape: asComment };
  const label = name === "" ? "text in <script>" : `${name} in <script>`;
  return { pieces, medium: "script", name, label, escape: kind === "number" ? asScriptNumber : asScriptString(quote) };
}
