import { describe, expect, test } from "vitest";

import { BelayError } from "../core/belay-error.ts";
import { parseConfig } from "./load-config.ts";
import type { RecordKind } from "../core/records/kind.ts";

const site = `version: 1
state: s3://harbor-state/belay
site:
  root: public
  targets:
    staging: { store: s3://harbor-staging }
    production: { store: s3://harbor-pages, cdn: cloudfront:E1HARBOR, url: "https://Harbor.example.com/", after: staging }
`;

/** The incident's kind, with invented names: 37 lines. */
const booking = `records:
  booking:
    zone: America/Los_Angeles
    fields:
      start: { type: datetime, authority: record }
      end: start + 3h
      arrival: { derive: start - 30m, words: [arrive, boarding] }
      cutoff: { type: datetime, moves-with: start }
      guest: person
      vessel: text
      code: key
      reference: key
    identity: { keys: [code, reference], match: [guest, vessel], one-to-one: [record, calendar] }
    systems:
      record:
        store: dynamodb:crew-dispatch
        key: guest_code
        fields:
          code: guest_code
          start: { date: charter_date, time: start_time }
          guest: guest_name
      pages:
        target: production
        match: "g/*.html"
        templates: ["g/_*.html"]
        paths: ["/g/{name}", "/g/{code}"]
        fields: { cutoff: script:CUTOFF_UTC, code: { at: key, as: "g/{code}.html" } }
      calendar: { store: "caldav:https://cal.example.org/crew/", user: crew, password: env:CALDAV_PASSWORD }
      listing:
        store: "web:https://market.example.com/listing/4711"
        manual: { link: "https://market.example.com/owner/{reference}", due: 1d }
      feed: { store: "ics:webcal://cal.example.org/crew.ics", lag: 2h }
    pointers:
      - record.page_slug -> pages
    features: { photo upload: 'type="file"' }
    watch: { every: 30s, per-hour: 10, flaps: 2 }
`;

const kindsOf = (records: string): readonly RecordKind[] => parseConfig(site + records, "/w/belay.yaml").records;

/** What is said about a `records:` text, without the file's name. */
function problemsOf(records: string): string {
  try {
    kindsOf(records);
  } catch (error) {
    if (error instanceof BelayError && error.code === "config-invalid") return error.message.replaceAll("/w/belay.yaml:", "");
    throw error;
  }
  return "no problem";
}

/** The kind with one of its lines changed; what is looked for must be there. */
function changed(from: string, to: string): string {
  expect(booking).toContain(from);
  return booking.replace(from, to);
}

describe("the incident's kind", () => {
  test("fits in under 40 lines", () => {
    expect(booking.trimEnd().split("\n").length).toBeLessThan(40);
  });

  test("is read with fields, derivations and authorities as values", () => {
    const [kind] = kindsOf(booking);
    expect(kind).toMatchObject({ name: "booking", zone: "America/Los_Angeles" });
    expect(kind?.fields).toEqual([
      { name: "start", type: "datetime", authority: { kind: "system", system: "record" }, words: [] },
      { name: "end", type: "datetime", authority: { kind: "ask" }, words: [], derivation: { kind: "offset", from: "start", minutes: 180 } },
      {
        name: "arrival",
        type: "datetime",
        authority: { kind: "ask" },
        words: ["arrive", "boarding"],
        derivation: { kind: "offset", from: "start", minutes: -30 },
      },
      { name: "cutoff", type: "datetime", authority: { kind: "ask" }, words: [], derivation: { kind: "moves-with", from: "start" } },
      { name: "guest", type: "person", authority: { kind: "ask" }, words: [] },
      { name: "vessel", type: "text", authority: { kind: "ask" }, words: [] },
      { name: "code", type: "key", authority: { kind: "ask" }, words: [] },
      { name: "reference", type: "key", authority: { kind: "ask" }, words: [] },
    ]);
    expect(kind?.identity).toEqual({ keys: ["code", "reference"], match: ["guest", "vessel"], oneToOne: ["record", "calendar"] });
    expect(kind?.pointers).toEqual([{ from: "record", at: "page_slug", to: "pages" }]);
    expect(kind?.features).toEqual([{ name: "photo upload", contains: 'type="file"' }]);
    expect(kind?.watch).toEqual({ everyMs: 30_000, perHourMax: 10, flapsMax: 2 });
  });

  test("has each system with its medium, its place and what holds there", () => {
    const [kind] = kindsOf(booking);
    expect(kind?.systems).toEqual([
      {
        ...plain("record", "table", "dynamodb:crew-dispatch"),
        key: ["guest_code"],
        fields: { code: { at: "guest_code" }, start: { at: "start_time", dateAt: "charter_date" }, guest: { at: "guest_name" } },
      },
      {
        ...plain("pages", "pages", "s3://harbor-pages"),
        target: { site: "default", target: "production" },
        cdn: "cloudfront:E1HARBOR",
        url: "https://harbor.example.com",
        match: ["g/*.html"],
        templates: ["g/_*.html"],
        paths: ["/g/{name}", "/g/{code}"],
        fields: { cutoff: { at: "script:CUTOFF_UTC" }, code: { at: "key", as: "g/{code}.html" } },
      },
      {
        ...plain("calendar", "calendar", "caldav:https://cal.example.org/crew/"),
        secrets: { password: "CALDAV_PASSWORD" },
        settings: { user: "crew" },
      },
      {
        ...plain("listing", "web-page", "web:https://market.example.com/listing/4711"),
        isReadOnly: true,
        manual: { link: "https://market.example.com/owner/{reference}", dueMs: 86_400_000 },
      },
      { ...plain("feed", "feed", "ics:https://cal.example.org/crew.ics"), isReadOnly: true, lagMs: 7_200_000 },
    ]);
  });
});

const plain = (name: string, medium: string, store: string): object => ({
  name,
  medium,
  store,
  match: [],
  templates: [],
  paths: [],
  fields: {},
  key: [],
  isReadOnly: false,
  lagMs: 0,
  isNotifying: false,
  secrets: {},
  settings: {},
});

test("without `records:` there are no kinds", () => {
  expect(kindsOf("")).toEqual([]);
});

test("what is left out gets its default: keys by type, people as evidence, a look a minute", () => {
  const [kind] = kindsOf(`records:
  shift:
    zone: UTC
    date-order: dmy
    fields: { start: datetime, crew: people, mail: email, badge: key, place: place }
    systems: { rota: { store: "google-calendar:rota@example.com", key-file: env:ROTA_KEY, subject: ops@example.com, notify: true } }
`);
  expect(kind).toMatchObject({
    dateOrder: "dmy",
    identity: { keys: ["badge"], match: ["crew", "mail"], oneToOne: [] },
    pointers: [],
    features: [],
    watch: { everyMs: 60_000, perHourMax: 30, flapsMax: 3 },
  });
  expect(kind?.systems[0]).toMatchObject({
    medium: "calendar",
    isNotifying: true,
    secrets: { "key-file": "ROTA_KEY" },
    settings: { subject: "ops@example.com" },
  });
});

test("several sites, buckets and distributions may serve one kind", () => {
  const [kind] = parseConfig(
    `version: 1
sites:
  main: { root: a, targets: { production: { store: s3://harbor-a, cdn: cloudfront:EA } } }
  club: { root: b, targets: { production: { store: s3://harbor-b } } }
records:
  booking:
    zone: UTC
    fields: { start: datetime, code: key }
    systems:
      main: { target: main/production, match: "g/*" }
      club: { target: club/production, match: ["g/*", "h/*"] }
      old: { store: s3://harbor-old/pages, match: "*.html", cdn: cloudfront:EOLD, url: https://old.example.com/ }
`,
    "/w/belay.yaml",
  ).records;
  expect(kind?.systems.map(({ store, target, cdn, url }) => ({ store, target, cdn, url }))).toEqual([
    { store: "s3://harbor-a", target: { site: "main", target: "production" }, cdn: "cloudfront:EA", url: undefined },
    { store: "s3://harbor-b", target: { site: "club", target: "production" }, cdn: undefined, url: undefined },
    { store: "s3://harbor-old/pages", target: undefined, cdn: "cloudfront:EOLD", url: "https://old.example.com" },
  ]);
});

test("a feed whose address is a secret stands in the environment", () => {
  const [kind] = kindsOf(changed('"ics:webcal://cal.example.org/crew.ics"', "ics:env:CREW_FEED"));
  expect(kind?.systems.at(-1)).toMatchObject({ store: "ics:env:CREW_FEED", secrets: { url: "CREW_FEED" } });
});

const guard = (bucket: string): string =>
  `${changed("pages:\n", `old: { store: s3://harbor-old, match: "*" }\n      pages:\n`)}guard: { aliases: { x: ${bucket} } }\n`;

test("a bucket of a system is a bucket that the guard may have other names for", () => {
  expect(problemsOf(guard("harbor-old"))).toBe("no problem");
  expect(problemsOf(guard("harbor-odl"))).toContain('did you mean "harbor-old"?');
});

/** What is said about the kind with one more system. */
const again = (line: string): string => problemsOf(changed("      feed:", `      ${line}\n      feed:`));

describe("every problem names its line, column and key path", () => {
  test.each([
    [
      "a zone",
      "America/Los_Angeles",
      "America/Los_Angelos",
      '10:11: records.booking.zone must be a time zone by its IANA name, such as America/Los_Angeles, but is "America/Los_Angelos"; did you mean "America/Los_Angeles"?',
    ],
    ["an offset for a zone", "America/Los_Angeles", '"-07:00"', "zone must be a time zone by its IANA name"],
    ["an abbreviation for a zone", "America/Los_Angeles", "EST", "zone must be a time zone by its IANA name"],
    [
      "an unknown field in a derivation",
      "start + 3h",
      "strat + 3h",
      '13:12: records.booking.fields.end derives from no field: "strat"; did you mean "start"?',
    ],
    [
      "a derivation without a time",
      "start - 30m",
      "start - soon",
      'fields.arrival.derive must be FIELD + TIME or FIELD - TIME in whole minutes, such as start - 30m, but is "start - soon"',
    ],
    ["a derivation in seconds", "start + 3h", "start + 90s", "fields.end must be FIELD + TIME or FIELD - TIME in whole minutes"],
    [
      "a derivation from a person",
      "start + 3h",
      "guest + 3h",
      "fields.end derives from guest, which is no datetime, date or time but a person",
    ],
    [
      "a derived person",
      "{ derive: start - 30m,",
      "{ derive: start - 30m, type: person,",
      "fields.arrival.type must be datetime, date or time",
    ],
    ["a circle of one", "end: start + 3h", "end: end + 3h", "fields.end derives from itself: end from end"],
    [
      "a circle of two",
      "{ type: datetime, authority: record }",
      "arrival + 30m",
      "fields.start derives from itself: start from arrival from start",
    ],
    [
      "a mover from nowhere",
      "moves-with: start",
      "moves-with: begin",
      'fields.cutoff.moves-with names no field: "begin"; known here: start, end',
    ],
    ["two derivations", "moves-with: start", "moves-with: start, derive: start + 2d", "fields.cutoff.moves-with stands beside derive"],
    [
      "a type",
      "guest: person",
      "guest: persn",
      'fields.guest is neither a type nor a derivation such as start + 3h: "persn"; did you mean "person"?',
    ],
    ["a type in a map", "type: datetime, auth", "type: datetme, auth", "fields.start.type must be one of"],
    ["a field of no type", "{ type: datetime, authority", "{ authority", "fields.start needs a type"],
    ["an unknown key of a field", "words: [", "word: [", 'fields.arrival.word is not a known key; did you mean "words"?'],
    ["words that are no list", "words: [arrive, boarding]", "words: arrive", 'fields.arrival.words must be a list, but is "arrive"'],
    [
      "an authority that is no system",
      "authority: record",
      "authority: recrd",
      'fields.start.authority names no system: "recrd"; did you mean "record"?',
    ],
    [
      "an authority that keeps no such field",
      "moves-with: start }",
      "moves-with: start, authority: record }",
      "fields.cutoff.authority is record, which keeps no cutoff: add it to records.booking.systems.record.fields",
    ],
    ["a key that is no field", "keys: [code,", "keys: [coed,", 'identity.keys[0] names no field: "coed"; did you mean "code"?'],
    ["evidence that is no field", "match: [guest,", "match: [gast,", 'identity.match[0] names no field: "gast"'],
    [
      "a one-to-one that is no system",
      "[record, calendar]",
      "[record, calender]",
      'identity.one-to-one[1] names no system: "calender"; did you mean "calendar"?',
    ],
    ["a table without a key", "        key: guest_code\n", "", "systems.record needs `key`"],
    ["a key of three attributes", "key: guest_code", "key: [a, b, c]", "systems.record.key must be one attribute, or two"],
    [
      "a key of an unknown type",
      "key: guest_code",
      "key: guest_code:B",
      "systems.record.key must be an attribute's name, or NAME:N for a number",
    ],
    ["pages without match", '        match: "g/*.html"\n', "", "systems.pages needs `match`"],
    ["a glob", 'match: "g/*.html"', 'match: "/g/*.html"', "systems.pages.match begins with a slash"],
    ["a path", '["/g/{name}",', '["g/{name}",', "systems.pages.paths[0] must be a path that begins with a slash"],
    ["a path of an unknown field", '"/g/{code}"', '"/g/{coda}"', 'systems.pages.paths[1] names no field: {coda}; did you mean "code"?'],
    [
      "an unknown target",
      "target: production",
      "target: prodution",
      'systems.pages.target names no target: "prodution"; did you mean "production"?',
    ],
    ["neither store nor target", "        target: production\n", "", "systems.pages must have exactly one of store and target"],
    [
      "a target's own store",
      "target: production",
      "store: s3://harbor-pages/x",
      "systems.pages.store lies inside the store of the target production; write `target: production`",
    ],
    ["belay's state", "target: production", "store: s3://harbor-state", "systems.pages.store contains belay's state"],
    [
      "a CDN beside a target",
      "target: production",
      "target: production\n        cdn: cloudfront:E2",
      "systems.pages.cdn is the target's own",
    ],
    ["an unknown scheme", "dynamodb:crew-dispatch", "mongodb:crew", "systems.record.store must be s3://BUCKET/PREFIX"],
    ["a table's name", "dynamodb:crew-dispatch", "dynamodb:crew dispatch", "systems.record.store does not name a table"],
    [
      "an unknown field of a system",
      "guest: guest_name",
      "gest: guest_name",
      'systems.record.fields.gest names no field of this kind; did you mean "guest"?',
    ],
    [
      "half a split field",
      "{ date: charter_date, time: start_time }",
      "{ date: charter_date }",
      "systems.record.fields.start needs either `at`, or `date` and `time`",
    ],
    [
      "a split field that is no datetime",
      "guest: guest_name",
      "guest: { date: a, time: b }",
      "systems.record.fields.guest.date is only for a datetime",
    ],
    [
      "a place on a page",
      "script:CUTOFF_UTC",
      "scipt:CUTOFF_UTC",
      'systems.pages.fields.cutoff must be json-ld:NAME, microdata:NAME, attribute:NAME, script:NAME, meta:NAME, title, text, key, but is "scipt:CUTOFF_UTC"; did you mean "script"?',
    ],
    [
      "a page's key as a whole",
      'code: { at: key, as: "g/{code}.html" }',
      "code: key",
      "systems.pages.fields.code is the page's path; say with `as`",
    ],
    ["a template without its field", 'as: "g/{code}.html"', 'as: "g/{guest}.html"', "systems.pages.fields.code.as must hold {code}"],
    [
      "a template of an unknown field",
      'as: "g/{code}.html"',
      'as: "g/{cod}-{code}.html"',
      'fields.code.as names no field: {cod}; did you mean "code"?',
    ],
    [
      "a key that means nothing there",
      "user: crew,",
      "user: crew, match: x,",
      "systems.calendar.match means nothing for a CalDAV collection",
    ],
    ["a user without a password", ", password: env:CALDAV_PASSWORD", "", "systems.calendar has a user and no password"],
    ["a calendar over an open line", "caldav:https:", "caldav:http:", "systems.calendar.store must begin with https://"],
    ["a lag", "lag: 2h", "lag: 2 hours", 'systems.feed.lag must be a length of time such as 30s, 15m, 2h, 1d or 1d2h, but is "2 hours"'],
    ["a link of an unknown field", "owner/{reference}", "owner/{ref}", "systems.listing.manual.link names no field: {ref}"],
    [
      "a task by script",
      "https://market.example.com/owner/{reference}",
      "javascript:alert(1)",
      "systems.listing.manual.link needs an address",
    ],
    ["a pointer that is none", "record.page_slug -> pages", "record page_slug pages", "pointers[0] must be SYSTEM.PLACE -> SYSTEM"],
    ["a pointer to no system", "-> pages", "-> page", 'pointers[0] names no system: "page"; did you mean "pages"?'],
    ["a pointer from what cannot be written", "record.page_slug", "feed.URL", "pointers[0] begins in feed, which is read-only"],
    ["a pointer to itself", "-> pages", "-> record", "pointers[0] leads from record to itself"],
    ["a pointer from no place", "record.page_slug", "calendar.url", "pointers[0] has a place that must be a property in capitals"],
    ["a look too often", "every: 30s", "every: 1s", 'watch.every must be 5s or longer, but is "1s"'],
    ["a system called newest", "      feed: {", "      newest: {", "systems.newest cannot name a system"],
    ["an unknown key of a system", "lag: 2h", "lagg: 2h", 'systems.feed.lagg is not a known key; did you mean "lag"?'],
  ])("%s", (_, from, to, problem) => {
    const found = problemsOf(changed(from, to));
    expect(found).toContain(problem);
    expect(found).not.toContain("problems");
  });

  test("a kind that nothing tells apart is refused", () => {
    const found = problemsOf('records: { a: { zone: UTC, fields: { b: text }, systems: { c: { store: "web:https://c.example.com/" } } } }');
    expect(found).toContain("records.a.identity leaves nothing to tell records by");
  });

  test("two systems may not hold the same objects", () => {
    expect(again('again: { store: "dynamodb:crew-dispatch", key: a, fields: { code: a } }')).toContain(
      "systems.again.store is the store of records.booking.systems.record",
    );
    expect(again('again: { store: "dynamodb:crew-dispatch", region: eu-west-1, key: a, fields: { code: a } }')).toBe("no problem");
    expect(again('again: { target: production, match: ["h/*", "g/*.html"] }')).toContain(
      "systems.again.target holds the same pages as records.booking.systems.pages",
    );
    expect(again('again: { target: production, match: "h/*" }')).toBe("no problem");
    expect(again('one: { store: s3://b-old, match: "g/*" }\n      two: { store: s3://b-old/g, match: "*" }')).toContain(
      "systems.two.store holds the same pages as records.booking.systems.one",
    );
  });

  test("a target's name that two sites have asks for the site", () => {
    const text = `version: 1
sites: { a: { root: a, targets: { live: { store: s3://tide-a } } }, b: { root: b, targets: { live: { store: s3://tide-b } } } }
records: { x: { zone: UTC, fields: { k: key }, systems: { p: { target: live, match: "*" } } } }
`;
    expect(() => parseConfig(text, "/w/belay.yaml")).toThrow("records.x.systems.p.target could be a/live or b/live; write which");
  });
});

describe("a secret is never read from the file, nor repeated", () => {
  test.each([
    ["a password", "env:CALDAV_PASSWORD", "hunter2", "systems.calendar.password must be env:NAME"],
    [
      "a password in an address",
      "https://cal.example.org/crew/",
      "https://me:hunter2@cal.example.org/",
      "systems.calendar.store must not hold credentials",
    ],
    [
      "a private feed",
      "webcal://cal.example.org/crew.ics",
      "https://cal.example.com/ical/a/private-deadbeefhunter2/basic.ics",
      "systems.feed.store has an address that may be a secret",
    ],
    [
      "a feed with a token",
      "webcal://cal.example.org/crew.ics",
      "https://cal.example.com/a.ics?s=hunter2",
      "systems.feed.store has an address that may be a secret",
    ],
  ])("%s", (_, from, to, problem) => {
    const found = problemsOf(changed(from, to));
    expect(found).toContain(problem);
    expect(found).not.toContain("hunter2");
  });
});
