/** Makes a later life for a person's own page: what incident 1 had, on any page. Pure. */

import type { DemoCase, Feature, PageEdit } from "./demo-case.ts";
import { lostFeatures } from "./demo-case.ts";
import { isOnce, lineCharactersMax, masked, textLines } from "./text-lines.ts";

/** What the story needs of a page; `undefined` stands for a page without any visible text to edit. */
export type LaterVersions = Pick<DemoCase, "versions" | "history" | "edit" | "features">;

/** Lines that must lie unchanged between two edits for a merge by lines to keep both. */
const restLines = 2;

/** Words that are tried where no whole line will do. */
const wordEditsMax = 40;

const removedBy = (line: string | undefined): Feature[] =>
  line === undefined ? [] : [{ name: "REMOVED_LINE", subject: "the line taken out", rule: "absent", text: line }];

/**
 * The page as it is, then with a banner and one line less, then with a script too; and a small edit of the first
 * that lies apart from all of these, where the page has room for it.
 */
export function laterVersions(page: string): LaterVersions | undefined {
  const visible = masked(page);
  const eol = page.includes("\r\n") ? "\r\n" : "\n";
  const mark = unusedMark(page);
  const bannerAt = bannerPlace(page, visible);
  const scriptAt = scriptPlace(visible);
  const places = [lineOf(page, bannerAt), lineOf(page, scriptAt)];
  const lines = textLines(page, visible);
  const isApart = (line: number): boolean => places.every((place) => Math.abs(line - place) > restLines);
  const edit = lines.findLast((line) => isApart(line.number));
  const taken = lines.find(
    (line) => line.isParagraph && edit !== undefined && Math.abs(line.number - edit.number) > restLines && !places.includes(line.number),
  );

  const banner = `<section ${mark}="banner" style="padding:1em;background:#fff3d1;color:#222">${eol}  <p>Open this weekend: see you there.</p>${eol}</section>`;
  const script = `<script ${mark}="counter">${eol}  document.documentElement.dataset.visits = "1";${eol}</script>`;
  const second = withInsertions(page, [{ at: bannerAt, text: banner, eol }], taken?.line);
  const third = withInsertions(
    page,
    [
      { at: bannerAt, text: banner, eol },
      { at: scriptAt, text: script, eol },
    ],
    taken?.line,
  );
  const features: Feature[] = [
    { name: "WEEKEND_BANNER", subject: "the weekend banner", rule: "contains", text: `${mark}="banner"` },
    { name: "VISIT_COUNTER", subject: "the visit counter", rule: "contains", text: `${mark}="counter"` },
    ...removedBy(taken?.text),
  ];
  const history: [string, string] = [taken === undefined ? "a banner comes" : "a banner comes, a line goes", "a small script comes"];
  const edits = edit === undefined ? wordEdits(visible) : [asEdit(edit.text)];
  const change = edits.find(({ find }) => isOnce(page, find) && isOnce(third, find));
  // An odd page may hold no such words, or nest what is looked for: then it is not a page for the story.
  if (change === undefined || lostFeatures(third, features).length > 0 || lostFeatures(page, features).length < features.length)
    return undefined;
  return { versions: [page, second, third], history, edit: change, features };
}

/** An attribute name that the page does not hold yet, whatever a person tries this on. */
function unusedMark(page: string): string {
  for (let number = 1; ; number += 1) {
    const mark = number === 1 ? "data-demo" : `data-demo-${number}`;
    if (!page.includes(mark)) return mark;
  }
}

function asEdit(line: string): PageEdit {
  const at = line.lastIndexOf("</");
  return {
    what: "one line of this page is out of date",
    find: line,
    replace: `${line.slice(0, at).trimEnd()} (corrected)${line.slice(at)}`,
  };
}

/** For pages on few long lines: the first words between two tags, with these tags' ends or by themselves. */
function wordEdits(visible: string): PageEdit[] {
  const edits: PageEdit[] = [];
  for (const [run, inner = ""] of visible.matchAll(/>([^<>]*\p{L}[^<>]*)</gu)) {
    if (run.length > lineCharactersMax) continue;
    const words = inner.trim();
    const what = "some words of this page are out of date";
    edits.push({ what, find: words, replace: `${words} (corrected)` }, { what, find: run, replace: `${run.slice(0, -1)} (corrected)<` });
    if (edits.length >= wordEditsMax) break;
  }
  return edits;
}

/** After `<body>`, or after what stands in for it, or at the start behind a byte order mark. */
function bannerPlace(page: string, visible: string): number {
  for (const tag of [/<body\b[^>]*>/iu, /<\/head\s*>/iu, /<html\b[^>]*>/iu, /<!doctype\b[^>]*>/iu]) {
    const found = tag.exec(visible);
    if (found) return found.index + found[0].length;
  }
  return page.startsWith("\u{feff}") ? 1 : 0;
}

/** Before the last `</body>` or `</html>`, or at the end. */
function scriptPlace(visible: string): number {
  for (const tag of [/<\/body\s*>/giu, /<\/html\s*>/giu]) {
    const last = [...visible.matchAll(tag)].at(-1);
    if (last) return last.index;
  }
  return visible.length;
}

const lineOf = (page: string, offset: number): number => page.slice(0, offset).split("\n").length;

interface Insertion {
  readonly at: number;
  readonly text: string;
  readonly eol: string;
}

/** Insertions get lines of their own; every other byte stays, but for the one line taken out. */
function withInsertions(
  page: string,
  insertions: readonly Insertion[],
  taken: { readonly from: number; readonly to: number } | undefined,
): string {
  const cuts = insertions.map(({ at, text, eol }) => {
    const before = page.slice(0, at);
    const opens = before === "" || before.endsWith("\n") || before === "\u{feff}" ? "" : eol;
    const closes = /^\r?\n/u.test(page.slice(at)) ? "" : eol;
    return { from: at, to: at, text: `${opens}${text}${closes}` };
  });
  if (taken) cuts.push({ ...taken, text: "" });
  let result = page;
  for (const cut of cuts.toSorted((left, right) => right.from - left.from))
    result = result.slice(0, cut.from) + cut.text + result.slice(cut.to);
  return result;
}
