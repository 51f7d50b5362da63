import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { booking } from "../../../test/scenarios/records/records-world.ts";
import { openHtmlCodec } from "../../codecs/html-document/html-codec.ts";
import { asRevision } from "../../core/brand.ts";
import type { Sighting } from "../../core/records/claim.ts";
import { indexKnown } from "../../core/records/claims/known-values.ts";
import { sketchOf, type Sketch } from "../../core/records/sketch.ts";
import { openPageFilter } from "./page-filter.ts";
import { sightDocument } from "./sight-document.ts";

const codec = openHtmlCodec({ gunzip: () => undefined, gzip: (bytes) => bytes });
const system = { ...(booking.systems.find(({ name }) => name === "pages") ?? expect.fail("no pages")), fields: {} };
const code = "HARBOUR-2026-PTR4LU";
const known = indexKnown(booking, [["code", { kind: "text", text: code }]]);
const look = openPageFilter(booking, system, known) ?? expect.fail("pages cannot be looked at");

/** Of some 14 KB, each another one. */
const pageOf = (at: number): string =>
  `<h1>Welcome aboard, ${code}</h1><p>May ${1 + (at % 28)}, ${2026 + (at % 3)}, ${1 + (at % 11)}:15 PM</p>${`<li>Bring shoes and a jacket (${at})</li>`.repeat(400)}`;

function sighted(at: number): readonly Sighting[] {
  const bytes = new TextEncoder().encode(pageOf(at));
  const observed = { key: `g/page-${at}.html`, revision: asRevision(`r${at}`), sizeBytes: bytes.byteLength };
  return sightDocument({ kind: booking, system, codec, observed, bytes, isTemplate: false, today: "2026-05-01", known, look }).sightings;
}

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

function heapBytes(): number {
  if (typeof collect !== "function") return expect.fail("garbage cannot be collected");
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** What stays in memory of each page. */
function bytesKept(pages: number, keep: (sightings: readonly Sighting[]) => readonly Sketch[]): number {
  const kept: Sketch[] = [];
  const before = heapBytes();
  for (let at = 0; at < pages; at += 1) kept.push(...keep(sighted(at)));
  const bytes = (heapBytes() - before) / pages;
  expect(kept.length % pages).toBe(0);
  return bytes;
}

test("of a page that was read nothing stays but its sketch, and no text of a sketch keeps the page", () => {
  bytesKept(100, () => []);
  expect(bytesKept(300, () => [])).toBeLessThan(5000);
  const sketched = bytesKept(300, (sightings) => sightings.map(sketchOf));
  expect(sketched).toBeGreaterThan(100);
  expect(sketched).toBeLessThan(5000);
});
