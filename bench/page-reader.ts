/** Pages read as an audit reads them, without a store: for the bench of audits. */

import { openHtmlCodec } from "../src/codecs/html-document/html-codec.ts";
import { asRevision, asStoreName } from "../src/core/brand.ts";
import { indexKnown } from "../src/core/records/claims/known-values.ts";
import type { RecordKind } from "../src/core/records/kind.ts";
import { openPageFilter } from "../src/operations/records/page-filter.ts";
import { sightDocument } from "../src/operations/records/sight-document.ts";
import { recordSystem } from "../test/support/record-system.ts";

const pages = recordSystem("pages", { medium: "pages", store: asStoreName("s3://harbour") });
const ask = { kind: "ask" } as const;
const booking: RecordKind = {
  name: "booking",
  zone: "UTC",
  fields: [
    { name: "start", type: "datetime", authority: ask, words: [] },
    { name: "end", type: "datetime", authority: ask, words: [], derivation: { kind: "offset", from: "start", minutes: 180 } },
    { name: "arrival", type: "datetime", authority: ask, words: ["arrive"], derivation: { kind: "offset", from: "start", minutes: -30 } },
    { name: "guest", type: "person", authority: ask, words: [] },
    { name: "code", type: "key", authority: ask, words: [] },
  ],
  systems: [pages],
  pointers: [],
  identity: { keys: ["code"], match: ["guest"], oneToOne: [] },
  features: [],
  watch: { everyMs: 60_000, perHourMax: 10, flapsMax: 2 },
};

/** How many sightings a page gives. */
export function pageReader(): (bytes: Uint8Array) => number {
  const codec = openHtmlCodec({ gunzip: () => undefined, gzip: (bytes) => bytes });
  const known = indexKnown(booking, [["guest", { kind: "text", text: "Ada Abel Abel" }]]);
  const look = openPageFilter(booking, pages, known);
  const observed = { key: "page.html", revision: asRevision("r1"), sizeBytes: 0 };
  return (bytes) =>
    sightDocument({
      kind: booking,
      system: pages,
      codec,
      observed,
      bytes,
      isTemplate: false,
      today: "2026-05-01",
      known,
      ...(look && { look }),
    }).sightings.length;
}
