import { describe, expect, test } from "vitest";

import type { Config } from "./config.ts";
import { guardScopeOf } from "./guard-scope.ts";
import { parseConfig } from "./load-config.ts";

const scopeOf = (text: string): ReturnType<typeof guardScopeOf> =>
  guardScopeOf(parseConfig(`version: 1\n${text}`, "/work/tide/belay.yaml"));

const whole = scopeOf(`state: s3://tide-state/belay
site:
  root: site
  targets:
    staging: { store: "s3://tide-sites/preview", cdn: "cloudfront:E1STAGING", guard: false }
    production: { store: "s3://tide-sites/www", cdn: "cloudfront:E2PROD", after: staging }
    mirror: { store: "dir:../mirror" }
guard:
  aliases: { tide-ap-abc-s3alias: tide-sites }
  access-points: { "arn:aws:s3:eu-west-1:111122223333:accesspoint/tide": tide-sites }
  mounts: { /mnt/sites: tide-sites, /mnt/www/: "s3://tide-sites/www", /mnt/preview: "s3://tide-sites/preview" }
records:
  booking:
    zone: America/Los_Angeles
    fields: { code: key, start: datetime }
    systems:
      table: { store: "dynamodb:berths", key: [code], fields: { code: code, start: start } }
      calendar: { store: "caldav:https://cal.example.com/dav/tide/", fields: { start: DTSTART } }
      google: { store: "google-calendar:tide@group.calendar.google.com", key-file: env:TIDE_KEY, fields: { start: start.dateTime } }
      pages: { store: "s3://tide-guests", cdn: "cloudfront:E3GUESTS", match: "*.html" }
`);

const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);

describe("guarded is every store and system of belay.yaml", () => {
  test("buckets with their part, under every name of them", () => {
    const www = { label: "production", target: "production", prefix: "www/", except: [] };
    expect(whole.buckets).toEqual([
      { name: "tide-sites", ...www },
      { name: "tide-guests", label: "booking pages", prefix: "", except: [] },
      { name: "tide-state", label: "state", prefix: "belay/", except: [] },
      { name: "tide-ap-abc-s3alias", ...www },
      { name: "arn:aws:s3:eu-west-1:111122223333:accesspoint/tide", ...www },
    ]);
  });

  test("distributions, tables and calendars", () => {
    expect(names(whole.distributions)).toEqual(["E2PROD", "E3GUESTS"]);
    expect(whole.tables).toEqual([{ name: "berths", label: "booking table" }]);
    expect(names(whole.urls)).toEqual([
      "https://cal.example.com/dav/tide",
      "https://www.googleapis.com/calendar/v3/calendars/tide@group.calendar.google.com",
      "https://www.googleapis.com/calendar/v3/calendars/tide%40group.calendar.google.com",
    ]);
  });

  test("folders: dir: targets, and of mounts the part that is guarded", () => {
    expect(whole.folders).toEqual([
      { name: "/work/mirror", label: "mirror", target: "mirror" },
      { name: "/mnt/sites/www", label: "production", target: "production" },
      { name: "/mnt/www", label: "production", target: "production" },
    ]);
  });

  test("sites with what visitors see, and the state that is a folder", () => {
    expect(whole.sites).toEqual([
      {
        name: "default",
        root: "/work/tide/site",
        liveTargets: ["production", "mirror"],
        targets: ["staging", "production", "mirror"],
        guardedTargets: ["production", "mirror"],
        after: { production: "staging" },
      },
    ]);
    expect(whole.stateFolders).toEqual(["/work/tide/.belay"]);
    expect(whole.hasRecords).toBe(true);
  });
});

const read = (target: string): Config => parseConfig(`version: 1\nsite: { root: site, targets: { ${target} } }`, "/work/tide/belay.yaml");

test("an unguarded target inside a guarded bucket is left out of it", () => {
  const config = read('production: { store: "s3://tide-sites" }');
  const inside = read('preview: { store: "s3://tide-sites/preview", guard: false }');
  // belay.yaml may not nest targets; the guard does not rely on it.
  expect(guardScopeOf({ ...config, sites: [...config.sites, ...inside.sites] }).buckets).toEqual([
    { name: "tide-sites", label: "default/production", target: "production", prefix: "", except: ["preview/"] },
  ]);
});

test("several sites have labels that tell them apart", () => {
  const scope = scopeOf(`sites:
  shop: { root: shop, targets: { live: { store: "s3://tide-shop" } } }
  blog: { root: blog, targets: { live: { store: "dir:/srv/blog" } } }
`);
  expect(scope.buckets.map(({ label }) => label)).toEqual(["shop/live"]);
  expect(scope.folders).toEqual([{ name: "/srv/blog", label: "blog/live", target: "live" }]);
});

test("a staging target without a word about guard is guarded, but no page is seen live there", () => {
  const scope = scopeOf(`site:
  root: site
  targets: { staging: { store: "s3://tide-staging" }, production: { store: "s3://tide-prod", after: staging } }
`);
  expect(names(scope.buckets)).toEqual(["tide-staging", "tide-prod"]);
  expect(scope.sites[0]).toMatchObject({ liveTargets: ["production"], guardedTargets: ["staging", "production"] });
});

test("state elsewhere on disk is guarded beside the local one", () => {
  expect(scopeOf(`state: /srv/belay\nsite: { root: site, targets: { staging: { store: "s3://tide-staging" } } }`).stateFolders).toEqual([
    "/work/tide/.belay",
    "/srv/belay",
  ]);
});
