import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordDocument, Segment } from "../../core/records/document.ts";
import { applyEdits } from "../../core/records/edits/apply-edits.ts";
import { documentBytesMax, openHtmlCodec } from "./html-codec.ts";
import { secondOpinion } from "./second-opinion.ts";

const codec = openHtmlCodec({
  gzip: (bytes) => new Uint8Array(gzipSync(bytes)),
  gunzip(bytes, sizeMax) {
    try {
      return new Uint8Array(gunzipSync(bytes, { maxOutputLength: sizeMax }));
    } catch {
      return undefined;
    }
  },
});
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function documentOf(bytes: Uint8Array | string, headers: Readonly<Record<string, string>> = {}): RecordDocument {
  const read = codec.read(typeof bytes === "string" ? utf8(bytes) : bytes, headers);
  if (read.kind === "unreadable") throw new Error(read.why);
  return read.document;
}
const told = (bytes: Uint8Array | string): readonly (readonly [string, string, string])[] =>
  documentOf(bytes).segments.map(({ place, text }) => [place.medium, place.name, text.trim()]);
const whyUnreadable = (bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): string => {
  const read = codec.read(bytes, headers);
  return read.kind === "unreadable" ? read.why : "";
};
function segmentWith(document: RecordDocument, text: string): Segment {
  const found = document.segments.find((segment) => segment.text.includes(text));
  if (!found) throw new Error(`no segment holds ${text}`);
  return found;
}
/** The page with one text replaced where it first stands in a segment. */
function edited(document: RecordDocument, from: string, to: string): Uint8Array | undefined {
  const segment = segmentWith(document, from);
  const at = segment.text.indexOf(from);
  const [first, ...others] = segment.spans(at, at + from.length);
  const bytes = segment.encode(to);
  if (!first || !bytes) return undefined;
  return applyEdits(document.bytes, [{ span: first, bytes }, ...others.map((span) => ({ span, bytes: new Uint8Array() }))]);
}

describe("what a page says", () => {
  it("joins text over inline markup, keeps blocks apart, and counts an entity as one character", () => {
    const document = documentOf(
      "<main><p>Sail <b>4:30</b>&ndash;<i>7:30</i>&#160;PM<br>Dock 5</p><p>Bring <a href='/x'>shoes</a></p></main>",
    );
    const [sail, link, bring] = document.segments;
    expect(sail?.text).toBe("Sail 4:30–7:30\u00a0PM\nDock 5");
    expect(sail?.place).toMatchObject({ medium: "text", label: "<p> in <main>, line 1" });
    expect(sail?.spans(9, 10)).toEqual([{ start: 25, end: 32 }]);
    expect(sail?.spans(5, 14).map(({ start, end }) => [start, end])).toEqual([
      [17, 21],
      [25, 32],
      [35, 39],
    ]);
    expect([link?.place.medium, link?.text, bring?.text]).toEqual(["attribute", "/x", "Bring shoes"]);
  });

  it("reads title, meta, attributes, JSON-LD, microdata, script constants and comments with their names", () => {
    const page = `<head><title>Trip</title><meta property="og:title" content="Sail 4:30"><script type="application/ld+json">
      {"@context":"https://schema.org","@graph":[{"@type":"Event","startDate":"2026-05-30T16:30:00-07:00","offers":[{"price":12.50,"note":"4:30\\u20137:30 \\"PM\\""}]}]}
      </script><script>// was 4:30
      const CUTOFF_UTC = "2026-06-02T03:00:00Z"; var TRIP = { start: '16:30', hours: 3, "crew": ["Ana", "Bo"] };
      const end = new Date("2026-05-30T19:30"); countdown('18:30', /["']/); x = a / 2 / "b"; t = \`at \${f("now")} o'clock\`</script></head>
      <body><time itemprop="startDate" datetime="2026-05-30">May 30</time><p itemprop="name">Ada &amp; Bo</p><img alt="Dock" class="wide" data-start=16:30><!-- 4:30 --></body>`;
    expect(told(page)).toEqual([
      ["title", "", "Trip"],
      ["meta", "og:title", "Sail 4:30"],
      ["json-ld", "startDate", "2026-05-30T16:30:00-07:00"],
      ["json-ld", "offers[0].price", "12.50"],
      ["json-ld", "offers[0].note", '4:30–7:30 "PM"'],
      ["comment", "", "was 4:30"],
      ["script", "CUTOFF_UTC", "2026-06-02T03:00:00Z"],
      ["script", "TRIP.start", "16:30"],
      ["script", "TRIP.hours", "3"],
      ["script", "TRIP.crew[0]", "Ana"],
      ["script", "TRIP.crew[1]", "Bo"],
      ["script", "end", "2026-05-30T19:30"],
      ["script", "countdown()", "18:30"],
      ["script", "x", "2"],
      ["script", "x", "b"],
      ["script", "t", "at"],
      ["script", "t", "now"],
      ["script", "t", "o'clock"],
      ["microdata", "startDate", "2026-05-30"],
      ["text", "", "May 30"],
      ["microdata", "name", "Ada & Bo"],
      ["attribute", "alt", "Dock"],
      ["attribute", "data-start", "16:30"],
      ["comment", "", "4:30"],
    ]);
  });

  it("marks templates, placeholders and samples, and nothing after them", () => {
    const page = `<template><p>4:30</div></p></template><p>5:30</p><p>{{start}}</p><div class="a sample"><p>6:30</p></div><input placeholder="7 PM"><script type="text/x-handlebars"><p>8:30</p></script><p>9:30</p>`;
    expect(documentOf(page).segments.map(({ text, place }) => [text, place.isTemplate === true])).toEqual([
      ["4:30", true],
      ["5:30", false],
      ["{{start}}", true],
      ["6:30", true],
      ["7 PM", true],
      ["<p>8:30</p>", true],
      ["9:30", false],
    ]);
  });

  it("gives no span for half a character or for bytes that are no text", () => {
    const broken = Uint8Array.from([...utf8("<p>4:30 "), 0xff, 0xc3, ...utf8(" 7:30 𝟜</p>")]);
    const [segment] = documentOf(broken, { "content-type": "text/html; charset=utf-8" }).segments;
    expect(segment?.text).toBe("4:30 \ufffd\ufffd 7:30 𝟜");
    expect(segment?.spans(0, 6)).toEqual([]);
    expect(segment?.spans(0, 4)).toEqual([{ start: 3, end: 7 }]);
    expect(segment?.spans(8, 12)).toEqual([{ start: 11, end: 15 }]);
    expect(segment?.spans(13, 14)).toEqual([]);
    expect(segment?.spans(13, 15)).toHaveLength(1);
  });

  it("says why it cannot read a page", () => {
    expect(whyUnreadable(new Uint8Array(documentBytesMax + 1).fill(32))).toContain("at most");
    expect(whyUnreadable(Uint8Array.from([60, 112, 62, 0]))).toContain("NUL");
    expect(whyUnreadable(utf8("<p>x"), { "content-type": "text/html; charset=shift_jis" })).toContain("character encoding");
    expect(whyUnreadable(utf8("<p>x"), { "content-encoding": "br" })).toContain("not gzip");
    expect(whyUnreadable(utf8("<p>x"), { "content-encoding": "gzip" })).toContain("no gzip stream");
  });
});

describe("writing into a page", () => {
  it.each([
    ["<p>4:30</p>", "4:30", `5 < 6 & "7"`, '<p>5 &lt; 6 &amp; "7"</p>'],
    [`<p title="4:30">x`, "4:30", `a"b&<`, `<p title="a&quot;b&amp;&lt;">x`],
    [`<p title='4:30'>x`, "4:30", `a'b`, `<p title='a&#39;b'>x`],
    [`<p title=4:30>x`, "4:30", "5:30", "<p title=5:30>x"],
    [`<script>a = '4:30'</script>`, "4:30", `</script>'\n`, String.raw`<script>a = '\x3c/script>\'\n'</script>`],
    ["<script>a = `4:30`</script>", "4:30", "${x}`", "<script>a = `\\${x}\\``</script>"],
    [
      `<script type="application/ld+json">{"a":"4:30"}</script>`,
      "4:30",
      `</script>"`,
      String.raw`<script type="application/ld+json">{"a":"\u003c/script>\""}</script>`,
    ],
  ])("escapes as the place demands: %s", (page, from, to, wanted) => {
    expect(new TextDecoder().decode(edited(documentOf(page), from, to))).toBe(wanted);
  });

  it.each([
    [`<p title=4:30>x`, "4:30", "5 PM"],
    [`<p onclick="go('4:30')">x`, "4:30", "5'"],
    ["<!-- 4:30 -->", "4:30", "--> 5"],
    ["<style>a{content:'4:30'}</style>", "4:30", "</style>"],
    [`<script type="application/ld+json">{"a":430}</script>`, "430", "5 PM"],
    ["<p>4:30", "4:30", "\u0000"],
  ])("writes nothing that its place cannot say: %s", (page, from, to) => {
    expect(edited(documentOf(page), from, to)).toBeUndefined();
  });

  it("writes what the encoding lacks as a reference or an escape", () => {
    const headers = { "content-type": "text/html; charset=iso-8859-2" };
    const document = documentOf("<p>4:30</p><script>a='5:30'</script>", headers);
    expect(new TextDecoder("latin1").decode(edited(document, "4:30", "–ő𝟜"))).toBe(
      "<p>&#8211;\u00f5&#120796;</p><script>a='5:30'</script>",
    );
    expect(new TextDecoder("latin1").decode(edited(document, "5:30", "𝟜"))).toContain(String.raw`a='\ud835\udfdc'`);
  });

  it("packs a gzipped page again", () => {
    const page = utf8("<p>4:30</p>\r\n");
    const document = documentOf(new Uint8Array(gzipSync(page)), { "content-encoding": "gzip" });
    const after = document.seal(edited(document, "4", "3") ?? new Uint8Array());
    expect(gunzipSync(after).toString()).toBe("<p>3:30</p>\r\n");
  });
});

/** Pages of every place, encoding and line end, with a mark that is edited in all of them. */
const word = fc.string({
  unit: fc.constantFrom("4", ":", "3", " ", "–", "é", "&amp;", "&ndash;", "&#8211;", "PM", "𝟜", "ő"),
  minLength: 1,
  maxLength: 6,
});
const place = fc
  .tuple(word, fc.nat(8))
  .map(
    ([text, kind]) =>
      [
        `<p>${text}4:30 <b>x</b></p>`,
        `<img alt="${text}4:30">`,
        `<p title='${text}4:30'>y</p>`,
        `<div><span>a</span>${text}<i>4:</i>30</div>`,
        `<script>const A = "${text}4:30"; f('4:30 z');</script>`,
        `<script type="application/ld+json">{"k":"4:30 ${text}","n":[1,2.5]}</script>`,
        `<!-- 4:30 ${text} -->`,
        `<ul><li>q<li>4:30${text}</ul>`,
        `</b><table>4:30<tr><td>r</table>`,
      ][kind] ?? "",
  );
const pages = fc.record({
  places: fc.array(place, { minLength: 1, maxLength: 6 }),
  encoding: fc.constantFrom("utf-8", "bom", "utf-16le", "utf-16be", "windows-1252", "broken"),
  lineEnd: fc.constantFrom("\n", "\r\n", ""),
  isClosed: fc.boolean(),
});
function bytesOf(text: string, encoding: string): { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> } {
  const headers = { "content-type": `text/html; charset=${encoding === "windows-1252" ? encoding : "utf-8"}` };
  const wide = new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
  if (encoding === "utf-16le") return { bytes: wide, headers };
  if (encoding === "utf-16be") return { bytes: new Uint8Array(Buffer.from(wide).swap16()), headers };
  if (encoding === "windows-1252")
    return { bytes: new Uint8Array(Buffer.from(text.replaceAll(/[^\0-\u00ff]/gu, "\u0096"), "latin1")), headers };
  if (encoding === "bom") return { bytes: utf8(`\ufeff${text}`), headers };
  return {
    bytes: encoding === "broken" ? Uint8Array.from([...utf8(`<p>a`), 0xe2, 0x80, ...utf8(`</p>${text}`), 0xff]) : utf8(text),
    headers,
  };
}

function expectSpansToSay(document: RecordDocument): void {
  for (const segment of document.segments) {
    for (const [from, to] of [
      [0, 1],
      [0, segment.text.length],
      [segment.text.length - 2, segment.text.length],
    ] as const) {
      const spans = segment.spans(Math.max(0, from), to);
      const ends = spans.map(({ start, end }) => [start, end]);
      expect(ends.flat()).toEqual(ends.flat().toSorted((one, other) => one - other));
      for (const { start, end } of spans) expect(start >= 0 && end <= document.bytes.length && start < end).toBe(true);
    }
  }
}

describe("on generated pages", () => {
  it("an edit is read back as what was written, every other segment stays, and the second parser agrees", () => {
    fc.assert(
      fc.property(pages, ({ places, encoding, lineEnd, isClosed }) => {
        const text = `<!doctype html>${lineEnd}<html><head><title>t</title></head><body>${lineEnd}${places.join(lineEnd)}${isClosed ? `</body></html>${lineEnd}` : ""}`;
        const { bytes, headers } = bytesOf(text, encoding);
        const document = documentOf(bytes, headers);
        expectSpansToSay(document);
        for (const [index, segment] of document.segments.entries()) {
          const at = segment.text.indexOf("4:30");
          if (at < 0) continue;
          const said = segment.encode("3:45");
          const [first, ...others] = segment.spans(at, at + 4);
          expect(said && first).toBeDefined();
          if (!said || !first) return;
          const edits = [{ span: first, bytes: said }, ...others.map((span) => ({ span, bytes: new Uint8Array() }))];
          const after = applyEdits(bytes, edits);
          const again = documentOf(after, headers);
          expect(again.segments.map((each) => each.text)).toEqual(
            document.segments.map((each, place2) =>
              place2 === index ? `${each.text.slice(0, at)}3:45${each.text.slice(at + 4)}` : each.text,
            ),
          );
          expect(secondOpinion(bytes, headers, edits)).toEqual({ kind: "agrees" });
        }
      }),
      { numRuns: Number(process.env["BELAY_HTML_RUNS"] ?? 60) },
    );
  });

  it("whatever a place can say is read back as that", () => {
    const texts = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .filter((text) => text.trim() !== "" && !/\{\{|\}\}|\{%|<%|\$\{|%%/u.test(text));
    fc.assert(
      fc.property(texts, fc.constantFrom("utf-8", "utf-16le", "windows-1252"), (text, encoding) => {
        const { bytes, headers } = bytesOf(
          `<p>M1</p><p title="M2">x</p><p title='M3'>x</p><script>a="M4";b='M5';c=\`M6\`</script><script type="application/json">{"d":"M7"}</script>`,
          encoding,
        );
        const document = documentOf(bytes, headers);
        for (const [index, segment] of document.segments.entries()) {
          const said = /^M\d$/u.test(segment.text) ? segment.encode(text) : undefined;
          const [span] = segment.spans(0, segment.text.length);
          if (!said || !span) continue;
          expect(documentOf(applyEdits(bytes, [{ span, bytes: said }]), headers).segments[index]?.text).toBe(text);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("never throws on bytes of any kind", () => {
    const odd = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 5 }),
        fc
          .constantFrom("<p>", "<script>", "</script", "<!--", "<template>", "</p", "&#x", "`${", '{"', "<svg><title>", "='", "\\u", "}")
          .map(utf8),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(odd, (parts) => {
        const read = codec.read(Uint8Array.from(parts.flatMap((part) => [...part])), { "content-type": "text/html; charset=utf-8" });
        expect(read.kind).toMatch(/^(?:document|unreadable)$/u);
        if (read.kind === "document") expectSpansToSay(read.document);
      }),
      { numRuns: 300 },
    );
  });
});

describe("pages without measure", () => {
  const size = 512 * 1024;
  const filled = (part: string): Uint8Array => utf8(part.repeat(Math.floor(size / part.length)));
  it.each([
    ["nesting", "<div>"],
    ["unclosed inline tags", "<b>x"],
    ["end tags within a template", "<template><b></div>"],
    ["comments without end", "<!-- "],
    ["scripts without end", "<script>a='"],
    ["regular expressions without end", "<script>=/[/["],
    ["references without end", "<p>&#"],
    ["JSON without end", '<script type="application/ld+json">{"a":['],
    ["attributes without end", "<p a='"],
  ])("are read or refused in time: %s", (_, part) => {
    const startMs = performance.now();
    codec.read(filled(part), {});
    // A loaded machine takes its time; quadratic work would take minutes.
    expect(performance.now() - startMs).toBeLessThan(5000);
  });
});

const realPages = process.env["BELAY_REAL_PAGES"] ?? "";
describe.skipIf(!existsSync(realPages))("on real pages (BELAY_REAL_PAGES)", () => {
  const files = existsSync(realPages)
    ? readdirSync(realPages, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"))
    : [];
  it.each(files)("each text can be edited, and nothing else changes: %s", (file) => {
    const bytes = new Uint8Array(readFileSync(`${realPages}/${file}`));
    const document = documentOf(bytes);
    expectSpansToSay(document);
    const edits = document.segments.flatMap((segment) => {
      const at = /\d/u.exec(segment.text)?.index;
      const [span] = at === undefined || segment.place.medium !== "text" ? [] : segment.spans(at, at + 1);
      const said = segment.encode("7");
      return span && said ? [{ span, bytes: said }] : [];
    });
    const ordered = edits.toSorted((one, other) => one.span.start - other.span.start);
    const again = documentOf(applyEdits(bytes, ordered));
    expect(again.segments.map(({ text }) => text.length)).toEqual(document.segments.map(({ text }) => text.length));
    expect(secondOpinion(bytes, {}, ordered)).toEqual({ kind: "agrees" });
  });
});
