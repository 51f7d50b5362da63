/** The second incident in memory: one booking in a table, on two pages, in a calendar and at a marketplace (made-up guests). */

import { openMemoryStore, type MemoryStore } from "../../../src/adapters/memory/memory-store.ts";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { openHtmlCodec } from "../../../src/codecs/html-document/html-codec.ts";
import { icalendarCodec } from "../../../src/codecs/icalendar/icalendar-codec.ts";
import { itemCodec } from "../../../src/codecs/item-document/item-codec.ts";
import { asStoreName } from "../../../src/core/brand.ts";
import { bytesOf } from "../../../src/core/body.ts";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import type { Target } from "../../../src/core/site.ts";
import type { RecordsBench } from "../../../src/operations/records/records-bench.ts";
import type { Context, Workbench } from "../../../src/operations/workbench.ts";
import type { SightingBook } from "../../../src/ports/sighting-book.ts";
import type { CallOptions } from "../../../src/ports/store.ts";
import { matcher } from "../../../src/config/glob.ts";
import { memoryBook } from "../../fakes/memory-sighting-book.ts";
import { recordSystem } from "../../support/record-system.ts";
import { MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

export { memoryBook };

const encoder = new TextEncoder();

const ask = { kind: "ask" } as const;

/** The kind of the incident. */
export const booking: RecordKind = {
  name: "booking",
  zone: "America/Los_Angeles",
  fields: [
    { name: "start", type: "datetime", authority: ask, words: [] },
    { name: "end", type: "datetime", authority: ask, words: [], derivation: { kind: "offset", from: "start", minutes: 180 } },
    { name: "arrival", type: "datetime", authority: ask, words: ["arrive"], derivation: { kind: "offset", from: "start", minutes: -30 } },
    { name: "cutoff", type: "datetime", authority: ask, words: [], derivation: { kind: "moves-with", from: "start" } },
    { name: "guest", type: "person", authority: ask, words: [] },
    { name: "captain", type: "person", authority: ask, words: ["captain"] },
    { name: "code", type: "key", authority: ask, words: [] },
  ],
  systems: [
    recordSystem("record", {
      medium: "table",
      store: asStoreName("dynamodb:dispatch"),
      key: ["guest_code"],
      fields: {
        start: { at: "start_time", dateAt: "charter_date" },
        code: { at: "guest_code" },
        guest: { at: "guest_name" },
        captain: { at: "captain" },
      },
    }),
    recordSystem("pages", {
      medium: "pages",
      store: asStoreName("production"),
      target: { site: "default", target: "production" },
      match: ["g/*.html"],
      templates: ["g/_*.html"],
      fields: { cutoff: { at: "script:CUTOFF_UTC" } },
    }),
    recordSystem("calendar", { medium: "calendar", store: asStoreName("caldav:https://cal.example.org/") }),
    recordSystem("listing", {
      medium: "web-page",
      store: asStoreName("web:https://market.example.com/l/1"),
      isReadOnly: true,
      manual: { link: "https://market.example.com/edit/{code}" },
    }),
  ],
  pointers: [{ from: "record", at: "page_slug", to: "pages" }],
  identity: { keys: ["code"], match: ["guest"], oneToOne: ["record", "calendar"] },
  features: [],
  watch: { everyMs: 60_000, perHourMax: 30, flapsMax: 3 },
};

export const item = (fields: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(fields)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, text]) => [name, { S: text }]),
    ),
  );

export const richPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Jonah's sunset charter &ndash; May 30</title>
<script type="application/ld+json">{"@type":"Event","name":"Sunset charter","startDate":"2026-05-30T16:30:00-07:00","endDate":"2026-05-30T19:30:00-07:00"}</script>
</head><body><main>
<h1>Welcome aboard, Jonah Reed</h1>
<p>Saturday, May 30, 2026 &middot; <b>4:30</b>&ndash;<i>7:30</i> PM</p>
<p>Please arrive at 4:00 PM. Captain: Mara Voss.</p>
<p>Questions: (619) 555-0430. Deposit $430.</p>
<form action="/api/photos" method="post" enctype="multipart/form-data"><input type="file" name="photo" accept="image/*"><input name="token" required><input name="website" hidden></form>
<script>const CUTOFF_UTC = "2026-06-02T03:00:00Z"; const CODE = "S2FJLN";
async function send(form) { if (form.website.value) return; await fetch("/api/photos", { method: "POST", body: new FormData(form) }); }</script>
</main></body></html>
`;

export const poorPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Charter for Jonah</title></head>
<body><h1>Jonah Reed</h1><p>Saturday, May 30, 2026, 4:30 – 7:30 PM</p><p>Guest code S2FJLN</p></body></html>
`;

export const event = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//cal//EN\r\nBEGIN:VEVENT\r\nUID:charter-1@example.org\r\nDTSTAMP:20260509T120000Z\r\nSEQUENCE:1\r\nDTSTART;TZID=America/Los_Angeles:20260530T163000\r\nDTEND;TZID=America/Los_Angeles:20260530T193000\r\nSUMMARY:Charter Jonah Reed (S2FJLN)\r\nX-KEEP:as it is\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

export const listing = `<!doctype html><html><body><h1>Sunset sail</h1><p>Booking S2FJLN, Jonah Reed, Saturday, May 30, 2026, 4:30 PM to 7:30 PM</p></body></html>`;

export interface RecordsWorldOptions {
  readonly kind?: RecordKind;
  readonly production?: Partial<Target>;
  /** What the systems hold, by system and key; pages also lie on staging. */
  readonly held?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One team with one kind of record. */
export class RecordsWorld {
  readonly world: MemoryWorld;
  readonly kind: RecordKind;
  readonly stores: ReadonlyMap<string, MemoryStore>;
  readonly copy: MemoryCopy;
  readonly bench: RecordsBench;

  constructor({ kind = booking, production = {}, held = incident }: RecordsWorldOptions = {}) {
    this.kind = kind;
    this.world = new MemoryWorld({ production });
    this.copy = this.world.copy("mara");
    const stores = new Map<string, MemoryStore>();
    for (const { name, store, target } of kind.systems) {
      const opened = target ? this.world.live.production : openMemoryStore({ name: store, now: () => this.world.nowMs, sha256 });
      stores.set(name, opened);
      for (const [key, text] of Object.entries(held[name] ?? {})) {
        opened.force(key, encoder.encode(text));
        if (target && production.after !== undefined) this.world.live.staging.force(key, encoder.encode(text));
      }
    }
    this.stores = stores;
    this.bench = this.open();
  }

  /** As another process would: with a memory of its own. */
  open(book: SightingBook = memoryBook(), home: Workbench = this.copy.bench): RecordsBench {
    const own = this.ownBench(home);
    const html = openHtmlCodec({ gunzip: () => undefined, gzip: (bytes) => bytes });
    return {
      kind: this.kind,
      home,
      placeOf: async ({ name, target }) => {
        const bench = target ? home : own;
        const found = bench.site.targets.find((one) => one.name === (target?.target ?? name));
        if (!found) throw new Error(`no target for ${name}`);
        return await Promise.resolve({ bench, target: found });
      },
      isMatch: ({ match }, key) => match.length === 0 || matcher(match)(key),
      isTemplate: ({ templates }, key) => matcher(templates)(key),
      codecOf: ({ medium }) => (medium === "pages" || medium === "web-page" ? html : medium === "table" ? itemCodec : icalendarCodec),
      book,
      acceptsEmpty: new Set(),
    };
  }

  private ownBench(home: Workbench): Workbench {
    const targets = this.kind.systems
      .filter(({ target }) => target === undefined)
      .map(({ name, store }): Target => ({ name, store, approvals: 0, keys: "any", approvers: "anyone", guard: true }));
    return {
      ...home,
      site: { ...home.site, name: `@${this.kind.name}`, targets },
      storeOf: async (name) => {
        const found = [...this.stores.values()].find((store) => store.name === name);
        return found ? await Promise.resolve(found) : await home.storeOf(name);
      },
      edgeOf: async () => await Promise.resolve(undefined),
      folder: openMemoryStore({ name: asStoreName("memory:none"), now: () => this.world.nowMs, sha256 }),
    };
  }

  /** A stranger writes past belay, or deletes. */
  stranger(name: string, key: string, text: string | undefined): void {
    this.world.nowMs += 60_000;
    this.stores.get(name)?.force(key, text === undefined ? undefined : encoder.encode(text));
  }

  async textOf(name: string, key: string): Promise<string | undefined> {
    const reading = await this.stores.get(name)?.read(key, quiet);
    return reading && new TextDecoder().decode(await bytesOf(reading.body));
  }
}

const quiet: CallOptions = { signal: new AbortController().signal };
export const context: Context = { ...quiet, report: () => undefined, isAttended: true };

export const incident: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  record: {
    S2FJLN: item({
      guest_code: "S2FJLN",
      guest_name: "Jonah Reed",
      charter_date: "2026-05-30",
      start_time: "15:30",
      captain: "Mara Voss",
      page_slug: "2026-05-30-jonah-afternoon",
      note: "paid",
    }),
  },
  pages: {
    "g/2026-05-30-jonah-sunset.html": richPage,
    "g/2026-05-30-jonah-afternoon.html": poorPage,
    "g/_template.html": "<p>{{start}} 4:30 PM</p>",
  },
  calendar: { "charter-1.ics": event },
  listing: { "l/1": listing },
};
