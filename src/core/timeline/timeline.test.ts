import { describe, expect, test } from "vitest";
import { asDigest, asStoreName, type Digest } from "../brand.ts";
import type { Entry } from "../ledger/entry.ts";
import type { Provenance } from "../plan/plan.ts";
import type { Target } from "../site.ts";
import { joinTimeline } from "./join-timeline.ts";
import { judgeVersions, type PlacedEvent, type RecordedWrite, type SeenVersion } from "./judge-versions.ts";
import { pathsOfUrl } from "./paths-of-url.ts";

const digest = (digit: string): Digest => asDigest(digit.repeat(64));
const minute = 60_000;

const write = (more: Partial<RecordedWrite> = {}): RecordedWrite => ({
  target: "production",
  path: "index.html",
  plan: digest("a"),
  release: "r3",
  kind: "replace",
  digest: digest("1"),
  as: "applied",
  fromMs: 10 * minute,
  toMs: 11 * minute,
  ...more,
});
const named = (more: Partial<Provenance> = {}): Provenance => ({
  plan: digest("a"),
  release: "r3",
  digest: digest("1"),
  actor: "ines",
  at: "2031-05-20T14:02:00Z",
  ...more,
});
const version = (more: Partial<SeenVersion> = {}): SeenVersion => ({
  target: "production",
  path: "index.html",
  id: "v1",
  atMs: 10.5 * minute,
  isObject: true,
  sizeBytes: 12,
  ...more,
});
const handsOf = (versions: readonly SeenVersion[], writes: readonly RecordedWrite[] = [write()]): string[] =>
  judgeVersions(versions, { writes, sinceMs: 5 * minute }).map(({ hand, release, copyOf }) =>
    [hand, release, copyOf].filter(Boolean).join(" "),
  );

describe("whose a version is", () => {
  test("belay's where it names a write that the ledger has", () => {
    expect(handsOf([version({ provenance: named() })])).toEqual(["belay r3"]);
  });

  test("another hand's where it names none, or one that the ledger does not have", () => {
    expect(handsOf([version()])).toEqual(["out-of-band"]);
    for (const forged of [{ plan: digest("f") }, { release: "r4" }, { digest: digest("2") }]) {
      expect(handsOf([version({ provenance: named(forged) })])).toEqual(["out-of-band"]);
    }
  });

  test("from before belay where the record had not begun", () => {
    expect(handsOf([version({ atMs: 4 * minute })])).toEqual(["before-belay"]);
  });

  test("another hand's where an object was copied back with its name tag; the first that bears it is belay's", () => {
    const copied = version({ id: "v9", atMs: 30 * minute, provenance: named() });
    expect(handsOf([copied, version({ provenance: named() })])).toEqual(["out-of-band r3", "belay r3"]);
  });

  test("belay's twice where a write was sent again within its own time", () => {
    expect(handsOf([version({ id: "v2", atMs: 10.6 * minute, provenance: named() }), version({ provenance: named() })])).toEqual([
      "belay r3",
      "belay r3",
    ]);
  });

  test("a time of whole seconds stands behind what was replaced, within its second and no further", () => {
    const ends = write({ toMs: 10.5 * minute + 400 });
    const order = (atMs: number): number | undefined =>
      judgeVersions([version({ id: "v2", atMs }), version({ provenance: named() })], { writes: [ends], sinceMs: 0 })[0]?.orderMs;
    expect(order(10.5 * minute)).toBe(ends.toMs + 1);
    expect(order(10.5 * minute + 2000)).toBe(10.5 * minute + 2000);
    expect(order(10.5 * minute - 1000)).toBe(10.5 * minute - 1);
    expect(order(10.5 * minute + 20)).toBe(10.5 * minute + 20);
  });

  test("a deletion is belay's while a release deletes there, and another hand's at any other time", () => {
    const { digest: _digest, ...deleting } = write({ kind: "delete" });
    const gone = version({ isObject: false });
    expect(handsOf([gone], [deleting])).toEqual(["belay r3"]);
    expect(handsOf([{ ...gone, atMs: 12 * minute }], [deleting])).toEqual(["out-of-band"]);
    expect(handsOf([gone], [write()])).toEqual(["out-of-band"]);
  });

  test("what a stopped plan put back carries no name, and is belay's by its time", () => {
    expect(handsOf([version()], [write({ as: "stopped" })])).toEqual(["belay r3"]);
    expect(handsOf([version({ atMs: 12 * minute })], [write({ as: "stopped" })])).toEqual(["out-of-band"]);
  });
});

const placed = (more: Partial<PlacedEvent["event"]> = {}): PlacedEvent => ({
  target: "production",
  path: "index.html",
  event: { source: "cloudtrail", atMs: 20 * minute, bucket: "b", names: ["index.html"], deed: "put", operation: "PutObject", ...more },
});
const found: Entry = {
  format: 1,
  seq: 5,
  at: new Date(25 * minute).toISOString(),
  prev: "0".repeat(64),
  nonce: "n",
  actor: { name: "ines", kind: "person", proof: "claimed", from: "test" },
  kind: "out-of-band",
  site: "default",
  target: "production",
  warning: "w1",
  writes: [{ path: "index.html", found: digest("2"), at: new Date(20 * minute).toISOString(), version: "v2" }],
};
const stranger = judgeVersions([version({ id: "v2", atMs: 20 * minute, etag: "e2" })], { writes: [], sinceMs: 0 });
const join = (events: readonly PlacedEvent[], more: Partial<Parameters<typeof joinTimeline>[0]> = {}): ReturnType<typeof joinTimeline> =>
  joinTimeline({ entries: [], versions: stranger, writes: [write()], events, sinceMs: new Map([["production", 5 * minute]]), ...more });

describe("one timeline", () => {
  test("a caller is joined by version, by entity tag and time, or by time alone, within two seconds", () => {
    for (const [event, isJoined] of [
      [placed({ versionId: "v2", atMs: 40 * minute }), true],
      [placed({ versionId: "v3" }), false],
      [placed({ etag: "e2", atMs: 20 * minute + 1500 }), true],
      [placed({ etag: "e3" }), false],
      [placed({ atMs: 20 * minute - 2000 }), true],
      [placed({ atMs: 20 * minute - 2001 }), false],
      [placed({ deed: "delete" }), false],
    ] as const) {
      const { moments, matched } = join([event]);
      expect({ matched, callers: moments.find(({ kind }) => kind === "version") }).toMatchObject({
        matched: isJoined ? 1 : 0,
        callers: { callers: isJoined ? [event.event] : [] },
      });
    }
  });

  test("the caller is named at the entry of what was found, too", () => {
    const { moments } = join([placed({ versionId: "v2" })], { entries: [found] });
    expect(moments).toMatchObject([
      { kind: "entry", seq: 5, callers: [{ path: "index.html", event: { versionId: "v2" } }] },
      { kind: "version", version: { id: "v2" } },
    ]);
  });

  test("a call that no version tells of stands out, but for belay's own and for what was before it", () => {
    const [own, earlier, later] = [placed({ atMs: 10.5 * minute }), placed({ atMs: minute }), placed({ atMs: 50 * minute })];
    const { moments, matched } = join([own, earlier, later], { versions: [] });
    expect(moments).toMatchObject([
      { kind: "write", hand: "out-of-band", atMs: 50 * minute },
      { kind: "write", hand: "before-belay", atMs: minute },
    ]);
    expect(matched).toBe(1);
  });

  test("two logs that tell of one call are one moment, by the one that names the caller best", () => {
    const { moments } = join([placed({ source: "access-log", atMs: 50 * minute + 800 }), placed({ atMs: 50 * minute })], { versions: [] });
    expect(moments).toMatchObject([{ kind: "write", placed: { event: { source: "cloudtrail" } } }]);
    expect(moments).toHaveLength(1);
  });

  test("belay's own versions are told by their entries alone", () => {
    const own = judgeVersions([version({ provenance: named() })], { writes: [write()], sinceMs: 0 });
    expect(join([], { versions: own }).moments).toEqual([]);
  });

  test("entries keep the ledger's order where a writer's clock was behind", () => {
    const entries = [found, { ...found, seq: 6, at: new Date(19 * minute).toISOString() }];
    expect(join([], { entries }).moments.map((moment) => (moment.kind === "entry" ? moment.seq : moment.kind))).toEqual([6, 5, "version"]);
  });
});

describe("the path of a URL", () => {
  const target: Target = {
    name: "production",
    store: asStoreName("s3://harbour"),
    url: "https://harbour.example/docs",
    approvals: 0,
    keys: "any",
    approvers: "anyone",
    guard: true,
  };
  test.each([
    ["https://harbour.example/docs/", ["index.html"]],
    ["https://harbour.example/docs", ["index.html"]],
    ["https://harbour.example/docs/tides/?utm=1#top", ["tides/index.html"]],
    ["https://HARBOUR.example/docs/t%C3%A9.html", ["té.html", "té.html/index.html"]],
    ["https://harbour.example/docs/100%.html", ["100%.html", "100%.html/index.html"]],
  ])("%s", (url, paths) => {
    expect(pathsOfUrl(target, url)).toEqual(paths);
  });

  test.each(["https://other.example/docs/", "https://harbour.example/docsy/", "https://harbour.example/"])("%s is another's", (url) => {
    expect(pathsOfUrl(target, url)).toBeUndefined();
  });
});
