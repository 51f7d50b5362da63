import { gunzipSync, gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { parseConfig } from "../../../src/config/load-config.ts";
import type { RecordKind } from "../../../src/core/records/kind.ts";
import { learnRecords, type LearnRequest } from "../../../src/operations/records/learn.ts";

const packing = {
  gunzip: (bytes: Uint8Array, sizeMax: number): Uint8Array => gunzipSync(bytes, { maxOutputLength: sizeMax }),
  gzip: (bytes: Uint8Array): Uint8Array => gzipSync(bytes),
};
const encoder = new TextEncoder();

/** A booking page as the incident had them, about a made-up guest. */
const page = (more: {
  readonly day?: string;
  readonly slot?: string;
  readonly arrive?: string;
  readonly cutoff?: string;
  readonly code?: string;
  readonly length?: string;
}): string => `<!doctype html>
<html lang="en"><head><title>Ottilie's charter</title>
<link rel="canonical" href="https://harbor.example.com/g/2026-05-30-ottilie-sunset"></head>
<body><main><h1>Welcome aboard, Ottilie Brandt</h1>
<p class="when">${more.day ?? "Saturday, May 30, 2026"} · ${more.slot ?? "4:30–7:30 PM"}</p>
<p>Please arrive at ${more.arrive ?? "4:00 PM"} at Pier 9.</p>
<p>${more.length ?? "3 hours"} aboard the Marigold. Booking #kpwtxqa. Call 555-0430.</p>
<p><a href="/g/${more.code ?? "Q7RDTX"}">Your own link</a> · deposit $1,430</p>
<script>const CUTOFF_UTC = "${more.cutoff ?? "2026-06-02T03:00:00Z"}"; const CODE = "${more.code ?? "Q7RDTX"}";</script>
</main></body></html>
`;

const item = (fields: Readonly<Record<string, string>>): string =>
  JSON.stringify({ Item: Object.fromEntries(Object.entries(fields).map(([name, S]) => [name, { S }])) });

const booking = {
  guest_code: "Q7RDTX",
  charter_date: "2026-05-30",
  start_time: "15:30",
  guest_name: "Ottilie Brandt",
  vessel: "Marigold",
  page_slug: "2026-05-30-ottilie-afternoon",
};

const bytes = (files: Readonly<Record<string, string>>): { name: string; bytes: Uint8Array }[] =>
  Object.entries(files).map(([name, text]) => ({ name, bytes: encoder.encode(text) }));

function learn(
  pages: Readonly<Record<string, string>>,
  items: Readonly<Record<string, string>> = {},
  more: Partial<LearnRequest> = {},
): ReturnType<typeof learnRecords> {
  return learnRecords({
    pages: bytes(pages),
    items: bytes(items),
    packing,
    systems: [],
    target: "production",
    here: "America/Los_Angeles",
    ...more,
  });
}

const incident = {
  "g/2026-05-30-ottilie-sunset.html": page({}),
  "g/2026-05-30-ottilie-afternoon.html": page({ length: "" }),
};
const site = `version: 1
site: { root: public, targets: { staging: { store: s3://harbor-staging }, production: { store: s3://harbor-pages, after: staging } } }
`;

const learntFrom = (found: ReturnType<typeof learn>): RecordKind | undefined =>
  parseConfig(`${site}${found.yaml}\n`, "/w/belay.yaml").records[0];
const derivations = (found: ReturnType<typeof learn>): object =>
  Object.fromEntries(found.guess.fields.flatMap(({ name, derivation }) => (derivation === undefined ? [] : [[name, derivation]])));
const lineOf = (found: ReturnType<typeof learn>, start: string): string =>
  found.yaml.split("\n").find((line) => line.trimStart().startsWith(start)) ?? "";

describe("from the incident's two pages and its item", () => {
  const found = learn(
    incident,
    { "item.json": item(booking) },
    { kind: "booking", systems: [{ name: "record", store: "dynamodb:crew-dispatch" }] },
  );

  test("it finds exactly the derivations that explain the old values", () => {
    expect(derivations(found)).toEqual({
      end: { kind: "offset", from: "start", minutes: 180 },
      arrival: { kind: "offset", from: "start", minutes: -30 },
      cutoff: { kind: "moves-with", from: "start" },
    });
  });

  test("what it proposes is a kind that belay.yaml takes as it is, in under 40 lines", () => {
    expect(found.yaml.split("\n").length).toBeLessThan(40);
    expect(learntFrom(found)).toMatchObject({
      name: "booking",
      zone: "America/Los_Angeles",
      fields: [
        { name: "start", type: "datetime" },
        { name: "end", derivation: { minutes: 180 } },
        { name: "arrival", words: ["arrive"] },
        { name: "cutoff", type: "datetime" },
        { name: "guest", type: "person" },
        { name: "vessel", type: "text" },
        { name: "code", type: "key" },
        { name: "booking", type: "key" },
      ],
      systems: [
        {
          store: "dynamodb:crew-dispatch",
          key: ["guest_code"],
          fields: { start: { at: "start_time", dateAt: "charter_date" }, guest: { at: "guest_name" }, code: { at: "guest_code" } },
        },
        {
          target: { target: "production" },
          match: ["g/*.html"],
          paths: ["/g/{name}", "/g/{code}"],
          fields: { cutoff: { at: "script:CUTOFF_UTC" } },
        },
      ],
      pointers: [{ from: "record", at: "page_slug", to: "pages" }],
      identity: { keys: ["code", "booking"], match: ["guest", "vessel"] },
    });
  });

  test("it says that item and page contradict each other, and asks which is right", () => {
    expect(lineOf(found, "start:")).toContain("# ? item.json says 15:30 and g/2026-05-30-ottilie-afternoon.html, which it names, 16:30");
    expect(lineOf(found, "start:")).toContain("authority: NAME");
  });

  test("it is sure of what the text says, and not of what one start alone shows", () => {
    expect(lineOf(found, "end:")).toMatch(/# 16:30 → 19:30 in 2 examples; the text says 3h$/u);
    expect(lineOf(found, "arrival:")).toMatch(/# \? .*a fixed time would look the same$/u);
  });

  test("no guest's name and no code goes into belay.yaml", () => {
    expect(found.yaml).not.toMatch(/Ottilie|Brandt|Marigold|Q7RDTX|kpwtxqa|555-0430/u);
  });
});

test("a second record with another start makes a guess sure", () => {
  const july = page({ day: "Friday, July 3, 2026", slot: "10 AM – 1 PM", arrive: "9:30 AM", cutoff: "2026-07-05T20:30:00Z" });
  const found = learn({ ...incident, "g/2026-07-03-knut.html": july });
  expect(lineOf(found, "arrival:")).toMatch(/# 16:30 → 16:00, 10:00 → 09:30 in 3 examples$/u);
  expect(derivations(found)).toMatchObject({ arrival: { kind: "offset", minutes: -30 }, cutoff: { kind: "moves-with" } });
});

test("examples that contradict each other are said to, with what each says", () => {
  const found = learn({ ...incident, "g/b.html": page({ slot: "1–5 PM", arrive: "12:45 PM", length: "" }) });
  expect(derivations(found)).toMatchObject({ end: { kind: "moves-with" }, arrival: { kind: "moves-with" } });
  expect(lineOf(found, "end:")).toMatch(/# \? the examples contradict each other: start \+ 3h in .*; start \+ 4h in g\/b\.html$/u);
  expect(lineOf(found, "cutoff:")).toContain("# ? always 20:00 whatever the start is");
});

test("a page that contradicts itself is said to", () => {
  const ld = '<script type="application/ld+json">{"@type":"Event","startDate":"2026-05-30T15:30:00-07:00"}</script>';
  const found = learn({ "g/a.html": page({}).replace("</head>", `${ld}</head>`) });
  expect(lineOf(found, "start:")).toMatch(/# \? g\/a\.html contradicts itself: 15:30 .* and 16:30/u);
});

const zoneLine = (text: string, here = "UTC"): string =>
  lineOf(learn({ "g/a.html": page({}).replace("Call 555-0430.", text) }, {}, { here }), "zone:");

describe("the zone", () => {
  test.each([
    ["is taken from its name", "Times are America/New_York.", "zone: America/New_York  # named in g/a.html"],
    [
      "is taken from an offset, with what fits as well",
      '<time datetime="2026-05-30T16:30:00-07:00"></time>',
      "zone: America/Los_Angeles  # ? -07:00 on 2026-05-30 in g/a.html; America/Phoenix would fit as well",
    ],
    ["is taken from an offset that only one has", '<time datetime="2026-05-30T16:30:00+05:30"></time>', "zone: Asia/Kolkata  # +05:30"],
    ["is taken from an abbreviation", "Doors 4:00 PM EDT.", 'zone: America/New_York  # ? "EDT" in g/a.html'],
    [
      "is taken from a UTC time whose weekday and hour the page says",
      "The deadline is Monday at 8:00 PM.",
      "zone: America/Los_Angeles  # ? 2026-06-02T03:00:00Z is 20:00 there",
    ],
    ["is the machine's where nothing tells", "Welcome.", "zone: UTC  # ? nothing in the examples tells a zone"],
  ])("%s", (_, text, line) => {
    expect(zoneLine(text)).toContain(line);
  });

  test("that is none is refused", () => {
    expect(() => learn(incident, {}, { zone: "Mars/Olympus" })).toThrow("“Mars/Olympus” is no time zone.");
  });
});

test("a page whose name begins with an underscore is a template, and teaches nothing", () => {
  const found = learn({ ...incident, "g/_blank.html": page({ slot: "9:00–10:00 AM" }) });
  expect(lineOf(found, "templates:")).toContain('["g/_*.html"]');
  expect(derivations(found)).toMatchObject({ end: { minutes: 180 } });
});

test("items come as get-item, scan and query print them, or plain", () => {
  const second = { ...booking, guest_code: "ZK44PL", page_slug: "x" };
  const scanned = JSON.stringify({ Items: [booking, second].map((one) => JSON.parse(item(one)).Item), Count: 2 });
  for (const text of [item(booking), scanned, JSON.stringify(booking)]) {
    const { guess } = learn(incident, { "item.json": text });
    expect(guess.pointers).toMatchObject([{ attribute: "page_slug" }]);
    expect(guess.fields.find(({ name }) => name === "start")?.inItems).toEqual({ date: "charter_date", time: "start_time" });
  }
  const same = JSON.stringify({ Items: [booking, booking] });
  expect(learn(incident, { "item.json": same }).guess.keys, "what two items have alike names neither").not.toContain("code");
});

test("what cannot be read is told by its name", () => {
  expect(() => learn({}, { "item.json": "{" })).toThrow(/^item\.json cannot be read as an example: /u);
});

test("what an example holds, or is called, cannot break out of the proposal", () => {
  const hostile = { ...booking, "page_slug: x # ": "2026-05-30-ottilie-sunset", 'guest" : x #': "Ottilie Brandt" };
  const found = learn(incident, { "item\n  evil: 1\u001b[2J.json": item(hostile) });
  expect(found.yaml).toContain("# ? item   evil: 1 [2J.json says 15:30");
  expect(found.yaml).not.toContain("\u001b");
  expect(learntFrom(found)?.pointers.map(({ at }) => at)).toEqual(["page_slug"]);
});
