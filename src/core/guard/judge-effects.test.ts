import { describe, expect, test } from "vitest";

import type { Effect, EffectVerb, Place } from "./effect.ts";
import { judgeEffects } from "./judge-effects.ts";
import type { GuardScope } from "./scope.ts";
import { hole } from "./word.ts";

const scope: GuardScope = {
  folder: "/work/tide",
  buckets: [
    { name: "tide-prod", label: "production", target: "production", prefix: "www/", except: [] },
    { name: "tide-state", label: "state", prefix: "", except: [] },
  ],
  distributions: [{ name: "E1", label: "production", target: "production" }],
  tables: [{ name: "berths", label: "booking berths" }],
  urls: [{ name: "https://cal.example.com/dav/tide", label: "booking calendar" }],
  folders: [{ name: "/mnt/tide", label: "production", target: "production" }],
  sites: [
    {
      name: "default",
      root: "/work/tide/site",
      liveTargets: ["production"],
      targets: ["staging", "production"],
      guardedTargets: ["production"],
      after: { production: "staging" },
    },
  ],
  stateFolders: ["/work/tide/.belay", "/srv/state"],
  hasRecords: true,
};

const effect = (verb: EffectVerb, destination: Place, tool = "tool", source?: Place): Effect => ({
  tool,
  verb,
  destination,
  through: [],
  ...(source === undefined ? {} : { source }),
});
const bucket = (name: string, key?: string): Place => ({ kind: "bucket", name, ...(key === undefined ? {} : { key }) });
const judge = (...effects: Effect[]): ReturnType<typeof judgeEffects> => judgeEffects(effects, scope);

describe("a verb that writes", () => {
  test("meets a guarded bucket, distribution, table, address and folder", () => {
    const places: Place[] = [
      bucket("tide-prod", "www/a.html"),
      { kind: "distribution", id: "E1" },
      { kind: "table", name: "berths" },
      { kind: "url", url: "https://CAL.example.com:443/dav/tide/1.ics" },
      { kind: "url", url: "https://tide-prod.s3.amazonaws.com/www/a" },
      { kind: "file", path: "/mnt/tide/a.html" },
      { kind: "infrastructure", about: "bucket = tide-prod" },
    ];
    expect(places.map((place) => judge(effect("write", place)))).toEqual(
      places.map(() => expect.objectContaining({ kind: "deny", code: "guarded-write" })),
    );
  });

  test("passes beside them: other prefixes, other names, other hosts, unknown addresses and folders", () => {
    const places: Place[] = [
      bucket("tide-prod", "logs/a"),
      bucket("tide-prod-2", "www/a"),
      { kind: "distribution", id: "E11" },
      { kind: "table", name: "berths-dev" },
      { kind: "url", url: "https://cal.example.com/dav/tidewater/1.ics" },
      { kind: "url", url: hole },
      { kind: "file", path: `${hole}/a.html` },
      { kind: "file", path: "/mnt/tides/a.html" },
      { kind: "infrastructure", about: "bucket = tide-prod-logs" },
    ];
    expect(places.map((place) => judge(effect("write", place)).kind)).toEqual(places.map(() => "allow"));
  });

  test("is asked for a literal target where its own could be a guarded one", () => {
    const places: Place[] = [
      bucket(hole),
      bucket("tide-prod", `${hole}/a`),
      { kind: "table", name: `berth${hole}` },
      { kind: "file", path: `/mnt/${hole}/a` },
    ];
    expect(places.map((place) => judge(effect("write", place)))).toEqual(
      places.map(() => expect.objectContaining({ kind: "deny", code: "unresolved-destination" })),
    );
  });

  test("that only reads passes everywhere", () => {
    expect(judge(effect("read", bucket("tide-prod", "www/a")), effect("read", { kind: "file", path: "/work/tide/belay.yaml" })).kind).toBe(
      "allow",
    );
  });
});

describe("the most severe objection is the verdict", () => {
  const asks = effect("delegate", { kind: "opaque", about: "a workflow run" }, "gh workflow run");
  const unclear = effect("write", bucket(hole));
  const named = effect("write", bucket("tide-prod", "www/a"));

  test.each([
    [[asks], "delegated"],
    [[asks, unclear], "unresolved-destination"],
    [[unclear, named, asks], "guarded-write"],
  ] as const)("%#", (effects, code) => {
    expect(judge(...effects)).toMatchObject({ code });
  });
});

const possible = (source?: string): unknown =>
  judge(effect("write", bucket(hole, "www/dump.sql"), "aws s3 cp", source === undefined ? undefined : { kind: "file", path: source }));

describe("the answer names the safe way with the real target and path", () => {
  test("of a place that only could be meant, for a file of the site alone: no other file is sent to be published", () => {
    expect(possible("/work/tide/site/a.html")).toMatchObject({ instead: "belay deploy staging a.html" });
    for (const source of [undefined, "/home/ann/dump.sql", "/work/tide/dump.sql"]) {
      expect(possible(source)).toMatchObject({ kind: "deny", code: "unresolved-destination" });
      expect(possible(source)).not.toHaveProperty("instead");
    }
  });

  test("of a first stage the rule is what live holds: a change that goes there goes to the right place", () => {
    const staging = { name: "tide-staging", label: "staging", target: "staging", prefix: "", except: [] };
    const both = { ...scope, buckets: [...scope.buckets, staging] };
    expect(judgeEffects([effect("write", bucket("tide-staging", "a.html"))], both)).toMatchObject({ rule: "D8" });
    expect(judgeEffects([effect("write", bucket("tide-prod", "www/a.html"))], both)).toMatchObject({ rule: "D2" });
  });

  test("of a mirror with deletions it is what the source holds", () => {
    const mirror = effect("delete", { kind: "file", path: "/mnt/tide" }, "rsync --delete", { kind: "file", path: "/work/tide/site" });
    expect(judge(mirror)).toMatchObject({ instead: "belay plan staging" });
    expect(JSON.stringify(judge(mirror))).not.toMatch(/take it out|in \/mnt\/tide/u);
  });

  test.each([
    [
      "a write from the site's folder",
      effect("write", bucket("tide-prod", "www/x"), "t", { kind: "file", path: "/work/tide/site/news/a b.html" }),
      "belay deploy staging 'news/a b.html'",
    ],
    ["a write by key", effect("write", bucket("tide-prod", "www/news/a.html")), "belay deploy staging news/a.html"],
    ["a write of everything", effect("write", bucket("tide-prod")), "belay plan staging"],
    ["a key that would be an option", effect("write", bucket("tide-prod", "www/--yes")), "belay plan staging"],
    ["a delete", effect("delete", bucket("tide-prod", "www/old.html")), "belay plan staging old.html"],
    ["a file in a mount", effect("write", { kind: "file", path: "/mnt/tide/a.html" }), "belay deploy staging a.html"],
    ["an invalidation", effect("purge", { kind: "distribution", id: "E1" }), "belay status production"],
    ["a policy", effect("configure", bucket("tide-prod")), "belay harden production"],
    ["a restore", effect("write", bucket("tide-prod", "www/a"), "aws s3api restore-object"), "belay snapshots production"],
    ["a table of records", effect("write", { kind: "table", name: "berths" }), "belay audit booking"],
  ])("%s", (_what, one, instead) => {
    expect(judge(one)).toMatchObject({ instead });
  });

  test("an unpublished state bucket has no such way", () => {
    expect(judge(effect("write", bucket("tide-state", "x")))).not.toHaveProperty("instead");
  });

  test("one intent has one name, whatever the tool", () => {
    const [first, second] = ["aws s3 cp", "curl PUT"].map((tool) => judge(effect("write", bucket("tide-prod", "www/a"), tool)));
    expect(first).toMatchObject({ intent: "write bucket tide-prod" });
    expect(second).toMatchObject({ intent: "write bucket tide-prod" });
  });
});

describe("files", () => {
  test("taking a folder away takes the guarded one in it along; writing beside it does not", () => {
    expect(judge(effect("delete", { kind: "file", path: "/mnt" })).kind).toBe("deny");
    expect(judge(effect("write", { kind: "file", path: "/mnt" })).kind).toBe("allow");
    expect(judge(effect("delete", { kind: "file", path: "/srv" }))).toMatchObject({ code: "state-touched" });
  });

  test("a made-up time is asked about in the workspace, but not for caches and other folders", () => {
    const time = (path: string): string => judge(effect("configure", { kind: "file", path }, "touch -d")).kind;
    expect([time("/work/tide/site/index.html"), time("/work/tide/.cache/x"), time("/tmp/x")]).toEqual(["ask", "allow", "allow"]);
    expect(judge(effect("configure", { kind: "file", path: "/work/tide/site/index.html" }, "chmod")).kind).toBe("allow");
  });
});

test("control characters of a command do not reach the answer", () => {
  const verdict = judge(effect("write", bucket("tide-prod", `www/${hole}`), "aws \u001b[2J\u202ecp"));
  expect(JSON.stringify(verdict.kind === "allow" ? "" : verdict.what)).not.toMatch(/\\u00|\\u20|\u202e/u);
});

test("infrastructure that cannot be shown to be harmless is denied, with its preview; nothing guarded, nothing denied", () => {
  const apply = effect("write", { kind: "infrastructure", about: `x${hole}` }, "terraform apply");
  expect(judge(apply)).toMatchObject({ kind: "deny", code: "infrastructure", instead: "terraform plan" });
  expect(judgeEffects([apply], { ...scope, buckets: [], distributions: [], tables: [] }).kind).toBe("allow");
});
