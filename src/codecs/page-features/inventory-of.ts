import { Parser } from "htmlparser2";
import type { Headers } from "../../core/plan/plan.ts";
import type { PageFeature } from "../../core/records/features/page-feature.ts";
import { documentBytesMax } from "../html-document/html-codec.ts";
import { pageCharset } from "../html-document/page-charset.ts";
import { scriptSort } from "../html-document/raw-segments.ts";
import { textOf } from "../html-document/source-page.ts";
import { FeatureBook } from "./feature-book.ts";
import { isHiding, noteElement } from "./markup-features.ts";
import { noteScripts } from "./script-features.ts";
import type { ScriptSource } from "./script-sources.ts";

/** Their content does nothing while the page is shown. */
const idleNames = new Set(["template", "noscript"]);
const voidNames = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/u;

/** Code in attributes is scripts too. */
interface Found {
  readonly scripts: ScriptSource[];
  /** Values of attributes: names of functions may stand there. */
  readonly mentioned: string[];
  /** Rows of a table repeat theirs. */
  readonly handlers: Set<string>;
}

const handlersMax = 500;

/**
 * What a page does, whatever its code looks like: comments, commented-out code, templates and functions that nothing calls do not
 * count. Empty for bytes that are no page. `bytes`: with any content encoding undone.
 */
export function inventoryOf(bytes: Uint8Array, headers: Headers = {}): readonly PageFeature[] {
  const found = pageCharset(bytes, headers);
  if ("named" in found || bytes.byteLength > documentBytesMax) return [];
  const { charset, markBytes } = found;
  const view = charset.view(bytes);
  const text = textOf({ bytes, charset, view }, markBytes / charset.unitBytes, view.length);
  const book = new FeatureBook();
  const { scripts, mentioned } = readMarkup(text, book, undefined);
  noteScripts(scripts, mentioned.join("\n"), book, (markup, evidence) => readMarkup(markup, book, evidence));
  return book.features;
}

/** Adds what elements do, and answers the scripts. `written`: where the markup stands, if a script writes it. */
function readMarkup(text: string, book: FeatureBook, written: string | undefined): Found {
  const found: Found = { scripts: [], mentioned: [], handlers: new Set() };
  const hidden: string[] = [];
  let idle = 0;
  let isScript = false;
  const lineAt = lineCounter(text);
  const parser = new Parser({
    onopentag(name, attributes) {
      if (idleNames.has(name)) idle += 1;
      if (idle > 0) return;
      const evidence = written ?? `<${name}>, line ${lineAt(parser.startIndex)}`;
      const isHidden = hidden.length > 0 || isHiding(attributes);
      if (isHidden && !voidNames.test(name)) hidden.push(name);
      noteElement({ name, attributes, isHidden, evidence }, book);
      takeHandlers(attributes, evidence, found);
      isScript = name === "script" && !Object.hasOwn(attributes, "src") && scriptSort(attributes["type"] ?? "") === "script";
    },
    ontext(data) {
      if (isScript && idle === 0) found.scripts.push({ source: data, label: "script", line: lineAt(parser.startIndex) });
    },
    onclosetag(name) {
      if (idleNames.has(name)) idle = Math.max(0, idle - 1);
      else if (idle === 0 && hidden.length > 0 && !voidNames.test(name)) hidden.pop();
      isScript = false;
    },
  });
  parser.end(text);
  return found;
}

/** Lines of offsets that are asked for in order. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let next = text.indexOf("\n");
  return (at) => {
    for (; next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line += 1;
    return line;
  };
}

function takeHandlers(attributes: Readonly<Record<string, string>>, evidence: string, { scripts, mentioned, handlers }: Found): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === "") continue;
    mentioned.push(value);
    const event = /^on([a-z]+)$/u.exec(name)?.[1];
    const isKnown = handlers.has(`${name} ${value}`);
    if (event === undefined || isKnown || handlers.size >= handlersMax) continue;
    handlers.add(`${name} ${value}`);
    const line = Number(/line (\d+)$/u.exec(evidence)?.[1] ?? 1);
    // Written as the listener that it is, so that its event counts; the names that it calls count as called.
    scripts.push({
      source: `on.addEventListener(${JSON.stringify(event)}, function (event) { ${value}\n});`,
      label: evidence.replace(/, line \d+$/u, ""),
      line,
    });
  }
}
