import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { booking } from "../../../test/scenarios/records/records-world.ts";
import { openHtmlCodec } from "../../codecs/html-document/html-codec.ts";
import type { PageLook } from "../../codecs/html-document/page-signs.ts";
import { asRevision } from "../../core/brand.ts";
import type { Sighting } from "../../core/records/claim.ts";
import type { RecordKind } from "../../core/records/kind.ts";
import { indexKnown } from "../../core/records/claims/known-values.ts";
import { openPageFilter } from "./page-filter.ts";
import { sightDocument } from "./sight-document.ts";

const codec = openHtmlCodec({ gunzip: () => undefined, gzip: (bytes) => bytes });
/** With a link that is found by its words. */
const kind: RecordKind = {
  ...booking,
  fields: [...booking.fields, { name: "link", type: "link", authority: { kind: "ask" }, words: ["Join"] }],
};
const system = { ...(booking.systems.find(({ name }) => name === "pages") ?? expect.fail("no pages")), fields: {} };
const known = indexKnown(kind, [
  ["guest", { kind: "text", text: "Jonah Reed" }],
  ["code", { kind: "text", text: "S2FJLN" }],
]);
const look = openPageFilter(kind, system, known) ?? expect.fail("pages cannot be looked at");
/** Reads of every page what the look has found, however little that is. */
const eager: PageLook = (bytes) => ({ ...look(bytes), mayHold: true });

function sighted(page: string | Uint8Array, by?: PageLook): Sighting | undefined {
  const bytes = typeof page === "string" ? new TextEncoder().encode(page) : page;
  const observed = { key: "page.html", revision: asRevision("r1"), sizeBytes: bytes.byteLength };
  const facts = { kind, system, codec, observed, bytes, isTemplate: false, today: "2026-05-01", known };
  return sightDocument({ ...facts, ...(by && { look: by }) }).sightings[0];
}

/** Which number a segment has hangs on what was left out; nothing else may. */
const shown = (sighting: Sighting | undefined): unknown =>
  sighting && { ...sighting, claims: sighting.claims.map(({ segment: _segment, ...claim }) => claim) };

const texts = [
  "May 30–31, 2026",
  "30–31 May 2026",
  "30./31. May",
  "Sat–Sun, May 30–31",
  "May 30 – June 2, 2026",
  "Guest: Ana Reyes",
  "Saturday Night Fever",
  "<s>4:30 PM</s> 5:30 PM",
  "<del>May 30</del>",
  "<table><tr><th>High tide</th><td>4:30 PM</td></tr></table>",
  "<table><tr><th>Boat</th><th>High tide</th></tr><tr><td>Ana</td><td>4:30 PM</td></tr></table>",
  "<dl><dt>Sunset</dt><dd>7:30 PM</dd></dl>",
  "<p><label>Sunset</label> <span>7:30 PM</span></p>",

  "4:30",
  "4:30–7:30 PM",
  "16:30",
  "16h30",
  "4.30 Uhr",
  "4 p.m.",
  "4&nbsp;PM",
  "4&nbspPM",
  "4p",
  "1630 hrs",
  "noon",
  "half past seven",
  "seven thirty PM",
  "at seven thirty",
  "at 5",
  "20 minutes to three",
  "30 minutes before 4",
  "7 in the evening",
  "from 9 for 2.5 hours",
  "o'clock",
  "4 o’clock",
  "May 30",
  "30. May",
  "30th of May, 2026",
  "Sat 5/30",
  "Saturday",
  "5/30/2026",
  "2026/5/3",
  "2026-05-30",
  "20260530T163000",
  "1780000000",
  "2026-05-30T16:30:00-07:00",
  "(619) 555-0430",
  "619-555-0430",
  "$4.50",
  "USD 430",
  "4,500 €",
  "10.20.30.40",
  "version 4.30",
  "v200",
  "high tide 4:30 PM",
  "sunset 7:52 PM",
  "Open daily 9 AM – 5 PM",
  "John 3:16",
  "4&colon;30",
  "4&#58;30",
  "5 May at 4",
  "Jonah Reed",
  "JONAH&nbsp;REED",
  "S2FJLN",
  "#s2fjln",
  "Captain: Ana Reyes",
  "arrive",
  "12px",
  "we have 5 boats",
  "a * 12 + b",
  "route 12",
  "&copy; 2026",
];
const word = fc.constantFrom(...texts);
const plainPiece = fc.constantFrom(
  " ",
  "\n",
  ", ",
  " and ",
  "– ",
  "&ndash;",
  "é",
  "<br>",
  "<b>",
  "</b>",
  "<span class='c1'>",
  "</span>",
  "<wbr>",
  "<!-- 4:30 -->",
  "<!-- x -->",
);
/** Texts that markup, references and accents divide and join. */
const prose = fc.array(fc.oneof(word, plainPiece), { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(""));
/** One text with a tag somewhere in it. */
const divided = fc
  .tuple(word, fc.nat(30), fc.constantFrom("<b>", "</i><em>", "<!-- -->"))
  .map(([text, at, tag]) => (text.includes("&") ? text : `${text.slice(0, at)}${tag}${text.slice(at)}`));
const inScript = word.map((text) => text.replaceAll(/["'&;\\]/gu, ""));

const block = fc.oneof(
  fc.tuple(fc.constantFrom("p", "li", "h1", "td", "title", "xmp", "plain"), prose).map(([name, text]) => `<${name}>${text}</${name}>\n`),
  divided.map((text) => `<p>${text}</p>`),
  fc
    .tuple(fc.constantFrom("href", "title", "data-start", "alt", "onclick", "class", "style"), prose)
    .map(([name, text]) => `<a ${name}="${text.replaceAll(/["<>]/gu, "")}">x</a>`),
  // Links of which a text or a title says what they are, and attributes that are written twice: the first counts.
  fc
    .tuple(fc.constantFrom("title", "aria-label", "alt", "data-x"), fc.constantFrom("Join", "Video", "Join our list"), prose)
    .map(([name, title, text]) => `<a ${name}="${title}" href="https://v.example.com/${name}">${text} Join</a><a href=news>${title}</a>`),
  fc
    .tuple(fc.constantFrom("data-x", "title", "data-start"), word, word)
    .map(([name, one, other]) => `<p ${name}="${one.replaceAll('"', "")}" ${name}="${other.replaceAll('"', "")}">x</p>`),
  fc.tuple(fc.constantFrom("startDate", "name"), word).map(([name, text]) => `<p>a</p><p itemprop="${name}">${text}</p>`),
  fc
    .tuple(fc.constantFrom("startDate", "endDate", "name"), word)
    .map(([name, text]) => `<div itemscope><span itemprop="${name}" content="${text}">${text}</span></div>`),
  fc
    .tuple(fc.constantFrom("startDate", "name"), inScript)
    .map(([name, text]) => `<script type="application/ld+json">{"@type":"Event","${name}":"${text}","x":{"endDate":"tbd"}}</script>`),
  fc
    .array(inScript, { minLength: 1, maxLength: 4 })
    .map((all) => `<script>${all.map((text, at) => `const a${at} = "${text}"; f(${at}) // ${text}`).join("\n")}</script>`),
  inScript.map((text) => `<script type="application/json">{"a":["x","${text}"],"b":1}</script>`),
  word.map((text) => `<style>.a::after{content:'${text}'}</style>`),
  word.map((text) => `<template><p>${text}</p></template><div data-sample><p>${text}</p></div><p class="example">${text}</p>{{${text}}}`),
  word.map((text) => `<svg><text>${text}</text><![CDATA[${text}]]></svg>`),
);
const pages = fc
  .array(block, { maxLength: 6 })
  .map((blocks) => `<!doctype html><html><body><main>\n${blocks.join("")}</main></body></html>`);

describe("a page that is looked at before it is read", () => {
  test("says the same of a record, and of what is none, as the whole page", () => {
    fc.assert(
      fc.property(pages, (html) => {
        expect(shown(sighted(html, eager))).toEqual(shown(sighted(html)));
      }),
      { numRuns: 1200 },
    );
  });

  test("is passed over only where the whole page has no claim", () => {
    for (const text of texts) {
      for (const html of [`<p>${text}</p>`, `<a title="${text}">x</a>`, `<script>const a = "${text}"</script>`]) {
        const claims = look(new TextEncoder().encode(html)).mayHold ? undefined : sighted(html)?.claims;
        expect([html, claims ?? []]).toEqual([html, []]);
      }
    }
    fc.assert(fc.property(pages, (html) => look(new TextEncoder().encode(html)).mayHold || sighted(html)?.claims.length === 0));
  });

  test("says the same in other encodings, and where letters are disguised", () => {
    const text = "<p>Jonah Reed, 4:30–7:30 PM</p><p>M\u00e4rz 5</p>";
    for (const bytes of [
      new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le")),
      new Uint8Array(Buffer.from(text, "latin1")),
      new TextEncoder().encode(`\ufeff${text}`),
      new TextEncoder().encode("<p>&#74;onah Reed, &#52;:30 PM, \uff14\uff1a30</p>"),
    ])
      expect(shown(sighted(bytes, look))).toEqual(shown(sighted(bytes)));
  });
});

test("a page of more different times than a record has is told to be a timetable, and shows no record unless it names one", () => {
  const lines = Array.from(
    { length: 400 },
    (_, at) => `<li>2026-0${1 + Math.floor(at / 100)}-${10 + (Math.floor(at / 20) % 5)} ${10 + (at % 10)}:${at % 20 < 10 ? 15 : 45}</li>`,
  );
  const page = `<h1>Departures</h1><ul>${lines.join("")}</ul>`;
  const bytes = new TextEncoder().encode(page);
  const observed = { key: "page.html", revision: asRevision("r1"), sizeBytes: bytes.byteLength };
  const facts = { kind: booking, system, codec, observed, isTemplate: false, today: "2026-05-01", known };
  expect(sightDocument({ ...facts, bytes })).toEqual({ sightings: [], unreadable: expect.stringContaining("a timetable") });
  const named = sightDocument({ ...facts, bytes: new TextEncoder().encode(`<p>Guest code S2FJLN</p>${page}`) });
  expect(named.unreadable).toBeUndefined();
  expect(named.sightings[0]?.claims.map(({ field, raw }) => `${field} ${raw}`)).toEqual(["code S2FJLN"]);
  const addressed = { ...system, fields: { code: { at: "key", as: "{code}.html" } } };
  const byAddress = sightDocument({ ...facts, system: addressed, observed: { ...observed, key: "g/S2FJLN.html" }, bytes });
  expect(byAddress.sightings[0]?.claims.map(({ field, isAddress }) => [field, isAddress])).toEqual([["code", true]]);
});

test("tide tables, terms of sun times and weekly trips are no times of the record, looked at or read in full", () => {
  const page = [
    "<p>Saturday, May 30, 2026, 4:30–7:30 PM</p>",
    "<table><tr><th>High tide</th><td>4:30 PM</td></tr></table>",
    "<table><tr><th>Day</th><th>Low water</th></tr><tr><td>Today</td><td>4:30 PM</td></tr></table>",
    "<dl><dt>Sunset</dt><dd>7:30 PM</dd><dt>Start</dt><dd>4:30 PM</dd></dl>",
    "<p>Every Saturday<br>4:30–7:30 PM</p>",
  ].join("\n");
  for (const by of [undefined, look]) {
    const seen = sighted(page, by);
    expect(seen?.claims.map(({ field, raw }) => `${field} ${raw}`)).toEqual([
      "start Saturday, May 30, 2026, 4:30–7:30 PM",
      "end Saturday, May 30, 2026, 4:30–7:30 PM",
      "start 4:30 PM",
    ]);
    expect(seen?.unexplained.map(({ justification }) => justification)).toEqual([
      "a tide time",
      "a tide time",
      "the time of sunrise or sunset",
      "a time that recurs",
    ]);
  }
});
