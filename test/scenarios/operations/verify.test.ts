/** `belay verify` in memory: what counts as seen, as wrong and as untold, and what is recorded of it. */

import { describe, expect, test } from "vitest";
import type { Entry } from "../../../src/core/ledger/entry.ts";
import { targetState } from "../../../src/core/ledger/fold.ts";
import type { Content } from "../../../src/core/plan/plan.ts";
import type { FeatureToken, Target } from "../../../src/core/site.ts";
import type { VerifiedFile } from "../../../src/core/verify/verification.ts";
import { lookAt } from "../../../src/operations/verify/look-at.ts";
import { openVerification, verify, type VerifyRequest, type VerifyResult } from "../../../src/operations/verify/verify.ts";
import type { Browser, Look } from "../../../src/ports/browser.ts";
import type { LookOptions, Probe, Sight } from "../../../src/ports/probe.ts";
import { digestOfText, MemoryWorld, type MemoryCopy } from "../memory-bench.ts";

const url = "https://staging.example";
const encoder = new TextEncoder();

/** What stands between a store and its visitors. */
interface Front {
  /** What visitors get in place of what the store holds, by path; `/` is the front door. */
  readonly shows: Map<string, Sight | string>;
  /** Addresses as they were asked for. */
  readonly asked: string[];
  headers: Readonly<Record<string, string>>;
}

const seen = (text: string, more: Partial<Extract<Sight, { kind: "seen" }>> = {}): Sight => ({
  kind: "seen",
  status: 200,
  digest: digestOfText(text),
  headers: { "content-type": "text/html" },
  body: encoder.encode(text),
  ...more,
});

interface Options {
  readonly tokens?: readonly FeatureToken[];
  readonly hasNext?: boolean;
  readonly isAddressless?: boolean;
}

interface Ground {
  readonly world: MemoryWorld;
  readonly ines: MemoryCopy;
  readonly front: Front;
}

/** Staging with an address of its own; production after it where that is asked for. */
function open({ tokens = [], hasNext = false, isAddressless = false }: Options = {}): Ground {
  const world = new MemoryWorld({
    site: { tokens },
    staging: isAddressless ? {} : { url },
    production: hasNext ? { after: "staging" } : {},
  });
  const front: Front = { shows: new Map(), asked: [], headers: { "content-type": "text/html" } };
  const look = async (address: string): Promise<Sight> => {
    front.asked.push(address);
    const named = decodeURIComponent(address.slice(url.length + 1));
    const path = named === "" ? "index.html" : named;
    const shown = front.shows.get(named === "" ? "/" : path) ?? (await world.liveText("staging", path));
    if (shown === undefined) return seen("not found", { status: 404 });
    return typeof shown === "string" ? seen(shown, { headers: front.headers }) : shown;
  };
  return { world, ines: world.copy("ines", { look }), front };
}

const request = (world: MemoryWorld, more: Partial<VerifyRequest> = {}): VerifyRequest => ({
  target: world.staging,
  selection: undefined,
  isAll: false,
  withinMs: 30_000,
  wantsBrowser: false,
  ...more,
});

const verified = async ({ world, ines }: Ground, more: Partial<VerifyRequest> = {}): Promise<VerifyResult> =>
  await verify(ines.bench, request(world, more), ines.context);

async function published(ground: Ground, files: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) ground.ines.edit(path, text);
  expect((await ground.ines.deploy()).kind).toBe("applied");
  ground.front.asked.length = 0;
}

/** A target that may be deployed to directly. */
function withoutAfter({ name, store, approvals, keys, approvers, guard }: Target): Target {
  return { name, store, approvals, keys, approvers, guard };
}

const fileAt = ({ verification }: VerifyResult, path: string): VerifiedFile | undefined =>
  verification.files.find((file) => file.path === path);

describe("a target that shows what it should", () => {
  test("is good, bound to digests and revisions, recorded, and asked for once a page", async () => {
    const ground = open();
    await published(ground, { "a.html": "a", "b.html": "b", "style.css": "css" });
    const result = await verified(ground);
    expect(result.verification).toMatchObject({ outcome: "good", target: "staging" });
    const revision = (await ground.world.live.staging.read("a.html", ground.ines.context))?.observed.revision;
    expect(fileAt(result, "a.html")).toEqual({
      path: "a.html",
      digest: digestOfText("a"),
      revision,
      url: `${url}/a.html`,
      outcome: "good",
      problems: [],
      got: { status: 200, digest: digestOfText("a"), contentType: "text/html" },
    });
    expect(ground.front.asked.toSorted()).toEqual([`${url}/a.html`, `${url}/b.html`]);
    const state = targetState(await ground.ines.ledger(), "default", "staging");
    expect(state.verified).toMatchObject({ seq: result.seq, document: result.document, outcome: "good" });
    expect(await openVerification(ground.ines.bench, result.document, ground.ines.context)).toEqual(result.verification);
  });

  test("is looked at in its store where it has no address, and the answer has no address either", async () => {
    const ground = open({ isAddressless: true });
    await published(ground, { "a.html": "a" });
    const good = await verified(ground);
    expect(fileAt(good, "a.html")).toMatchObject({ outcome: "good", digest: digestOfText("a") });
    expect(fileAt(good, "a.html")).not.toHaveProperty("url");
    ground.world.stranger("staging", "a.html", "theirs");
    const bad = await verified(ground);
    expect(bad.verification.outcome).toBe("bad");
    expect(fileAt(bad, "a.html")?.problems).toEqual([`the store holds other bytes (${digestOfText("theirs").slice(0, 12)})`]);
  });

  test("is also asked for at its front door, where the index page may be kept apart", async () => {
    const ground = open();
    await published(ground, { "index.html": "home" });
    expect((await verified(ground)).verification.outcome).toBe("good");
    expect(ground.front.asked.toSorted()).toEqual([`${url}/`, `${url}/index.html`]);
    ground.front.shows.set("/", seen("old home", { cache: "hit" }));
    expect(fileAt(await verified(ground), "index.html")).toMatchObject({
      outcome: "bad",
      problems: [expect.stringMatching(/^at \/: other bytes/u)],
      got: { digest: digestOfText("home") },
    });
    // Not every server answers there.
    ground.front.shows.set("/", seen("", { status: 403 }));
    expect((await verified(ground)).verification.outcome).toBe("good");
  });
});

describe("what is wrong", () => {
  test("an edge that still serves the old page is waited for, and bad only once the time is up", async () => {
    const ground = open();
    await published(ground, { "a.html": "new" });
    ground.front.shows.set("a.html", seen("old", { cache: "hit" }));
    const { world } = ground;
    const beganMs = world.nowMs;
    const bad = await verified(ground);
    expect(bad.verification.outcome).toBe("bad");
    expect(fileAt(bad, "a.html")?.problems).toEqual([`other bytes (${digestOfText("old").slice(0, 12)}, from a cache)`]);
    expect(world.nowMs - beganMs).toBe(30_000);
    expect(ground.front.asked.length).toBeGreaterThan(5);
    expect(ground.front.asked.length).toBeLessThan(20);
    expect(targetState(await ground.ines.ledger(), "default", "staging").verified).toMatchObject({ seq: bad.seq, outcome: "bad" });
  });

  test("status 500 and then the page is good, after as many looks as it took", async () => {
    const ground = open();
    await published(ground, { "a.html": "a", "b.html": "b" });
    const failing = [seen("oops", { status: 500 }), seen("busy", { status: 503 })];
    const shows = ground.front.shows.get.bind(ground.front.shows);
    ground.front.shows.get = (path) => (path === "a.html" ? (failing.shift() ?? shows(path)) : shows(path));
    expect((await verified(ground)).verification.outcome).toBe("good");
    expect(ground.front.asked.filter((address) => address.endsWith("a.html"))).toHaveLength(3);
    expect(ground.front.asked.filter((address) => address.endsWith("b.html"))).toHaveLength(1);
  });

  test("a server that nobody reaches is unknown, not bad, and is recorded as that", async () => {
    const ground = open();
    await published(ground, { "a.html": "a", "b.html": "b" });
    ground.front.shows.set("a.html", { kind: "unreachable", cause: "the server refused the connection" });
    const unknown = await verified(ground);
    expect(unknown.verification.outcome).toBe("unknown");
    expect(fileAt(unknown, "a.html")).toMatchObject({ outcome: "unknown", problems: ["the server refused the connection"] });
    ground.front.shows.set("b.html", seen("theirs"));
    expect((await verified(ground)).verification.outcome).toBe("bad");
  });

  test("a redirect to another host is not asked for again and again", async () => {
    const ground = open();
    await published(ground, { "a.html": "a" });
    ground.front.shows.set("a.html", { kind: "unreachable", cause: "it redirects to another host, b.example", isFinal: true });
    expect((await verified(ground)).verification.outcome).toBe("unknown");
    expect(ground.front.asked).toHaveLength(1);
  });

  test("the store that somebody wrote to is bad although a cache still shows the right page", async () => {
    const ground = open();
    await published(ground, { "a.html": "a" });
    ground.front.shows.set("a.html", seen("a"));
    ground.world.stranger("staging", "a.html", "theirs");
    const bad = await verified(ground);
    expect(fileAt(bad, "a.html")).toMatchObject({ outcome: "bad", problems: [expect.stringContaining("the store holds other bytes")] });
    expect(fileAt(bad, "a.html")).not.toHaveProperty("revision");
  });

  test("a page that browsers would take for a download is bad", async () => {
    const ground = open();
    await published(ground, { "a.html": "a" });
    ground.front.headers = { "content-type": "application/octet-stream" };
    expect(fileAt(await verified(ground), "a.html")?.problems[0]).toMatch(/^content type application\/octet-stream/u);
  });

  test("a deleted page must be gone for visitors too", async () => {
    const ground = open();
    await published(ground, { "a.html": "a", "b.html": "b" });
    await published(ground, { "b.html": undefined });
    expect(fileAt(await verified(ground, { selection: ["b.html"] }), "b.html")).toMatchObject({ outcome: "good" });
    ground.front.shows.set("b.html", seen("b", { cache: "hit" }));
    expect(fileAt(await verified(ground, { selection: ["b.html"] }), "b.html")).toMatchObject({
      outcome: "bad",
      problems: ["status 200 for a deleted page"],
    });
  });

  test("feature tokens are looked for in what visitors get, and a broken one is bad", async () => {
    const tokens = [
      { name: "TIDES", file: "a.html", rule: "contains", text: "tide table" },
      { name: "OLD_LINE", file: "a.html", rule: "absent", text: "old line" },
    ] as const;
    const ground = open({ tokens });
    await published(ground, { "a.html": "the tide table" });
    expect((await verified(ground)).verification.tokens).toEqual([
      { name: "TIDES", path: "a.html", state: "ok" },
      { name: "OLD_LINE", path: "a.html", state: "ok" },
    ]);
    ground.front.shows.set("a.html", seen("the old line"));
    const bad = await verified(ground, { withinMs: 0 });
    expect(bad.verification.tokens.map(({ state }) => state)).toEqual(["missing", "resurrected"]);
    expect(fileAt(bad, "a.html")?.problems).toContain("feature token TIDES is missing");
    // Too large to be handed over, but known by its digest.
    ground.front.shows.set("a.html", { kind: "seen", status: 200, digest: digestOfText("the tide table"), headers: {} });
    expect((await verified(ground)).verification.tokens.map(({ state }) => state)).toEqual(["ok", "ok"]);
  });

  test("an asset that a page refers to and that does not answer is bad, once it is one that should be there", async () => {
    const ground = open();
    await published(ground, { "a.html": '<link href="style.css"><img src="never-ours.png">', "style.css": "css" });
    const options: LookOptions[] = [];
    const { probe } = ground.ines.bench;
    const look: Probe["look"] = async (address, asked) => {
      if (address.endsWith(".css")) options.push(asked);
      return await probe.look(address, asked);
    };
    const watched = { ...ground.ines.bench, probe: { look } };
    expect((await verify(watched, request(ground.world), ground.ines.context)).verification.outcome).toBe("good");
    expect(options).toMatchObject([{ isHeadOnly: true }]);
    ground.front.shows.set("style.css", seen("", { status: 403 }));
    expect(fileAt(await verified(ground, { withinMs: 0 }), "a.html")).toMatchObject({
      outcome: "bad",
      problems: ["refers to style.css, which answers with status 403"],
    });
  });
});

describe("what is looked at", () => {
  test("is what the next target has not taken, assets included; else every page", async () => {
    const ground = open({ hasNext: true });
    const { world, ines } = ground;
    await published(ground, { "a.html": "a", "b.html": "b", "style.css": "css" });
    expect((await verified(ground)).scope).toMatchObject({ kind: "all" });
    const direct = withoutAfter(world.production);
    const taken = world.copy("ci", { site: { targets: [world.staging, direct] } });
    for (const [path, text] of [
      ["a.html", "a"],
      ["b.html", "b"],
      ["style.css", "css"],
    ] as const)
      taken.edit(path, text);
    expect((await taken.deploy(direct)).kind).toBe("applied");
    expect((await verified(ground)).scope).toMatchObject({ kind: "all" });
    await published(ground, { "b.html": "b 2", "style.css": "css 2" });
    const changed = await verified(ground);
    expect(changed.scope).toMatchObject({ kind: "changed", next: { name: "production" } });
    expect(changed.verification.files.map(({ path }) => path)).toEqual(["b.html", "style.css"]);
    expect(await ines.entryKinds()).toContain("verified");
  });

  test("is what was named, files and folders; a path that nothing is on record for is refused", async () => {
    const ground = open();
    await published(ground, { "a.html": "a", "docs/one.html": "1", "docs/two.html": "2" });
    const named = async (...selection: readonly string[]): Promise<string[]> =>
      (await verified(ground, { selection })).verification.files.map(({ path }) => path);
    expect(await named("docs/")).toEqual(["docs/one.html", "docs/two.html"]);
    expect(await named("docs", "a.html")).toEqual(["a.html", "docs/one.html", "docs/two.html"]);
    await expect(named("missing.html")).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("missing.html") });
  });

  test("is bounded unless all are asked for, and what was left out is told", async () => {
    const ground = open();
    await published(ground, Object.fromEntries(Array.from({ length: 205 }, (_, at) => [`page-${at}.html`, `${at}`])));
    const some = await verified(ground);
    expect(some.scope.leftOut).toBe(5);
    expect(some.verification.files).toHaveLength(200);
    const all = await verified(ground, { isAll: true });
    expect(all.scope.leftOut).toBe(0);
    expect(all.verification.files).toHaveLength(205);
  });

  test("is nothing where nothing is on record", async () => {
    await expect(verified(open())).rejects.toMatchObject({ code: "usage", message: expect.stringContaining("Nothing is on record") });
  });
});

test("a person's note is recorded beside the outcome and turns nothing good", async () => {
  const ground = open();
  await published(ground, { "a.html": "a" });
  ground.front.shows.set("a.html", seen("old"));
  const { seq } = await verified(ground, { withinMs: 0, note: " looks fine to me " });
  const entries: Entry[] = [];
  for await (const entry of ground.ines.bench.ledger.entries(ground.ines.context)) entries.push(entry);
  expect(entries[0]).toMatchObject({ seq, kind: "verified", outcome: "bad", note: "looks fine to me", files: 1 });
  await expect(verified(ground, { note: "  " })).rejects.toMatchObject({ code: "usage" });
  await expect(verified(ground, { note: "x".repeat(2001) })).rejects.toMatchObject({ code: "usage" });
});

const content = (text: string): Content => ({ digest: digestOfText(text), sizeBytes: text.length, headers: {} });

test("lookAt gives a file for each that was asked for, in their order", async () => {
  const ground = open();
  await published(ground, { "a.html": "a", "b.html": "b" });
  const files = [
    { path: "b.html", content: content("b") },
    { path: "a.html", content: content("not this") },
    { path: "gone.html", content: undefined },
  ];
  const looked = await lookAt(ground.ines.bench, { target: ground.world.staging, files, withinMs: 0 }, ground.ines.context);
  expect(looked.map(({ path, outcome }) => `${path} ${outcome}`)).toEqual(["b.html good", "a.html bad", "gone.html good"]);
});

const page = (address: string, more: Partial<Extract<Look, { kind: "seen" }>["page"]> = {}): Look => ({
  kind: "seen",
  page: {
    url: address,
    screenshot: encoder.encode(`picture of ${address}`),
    title: "Tides",
    consoleErrors: [],
    failedRequests: [],
    links: [],
    ...more,
  },
});
const browserOf = (show: (address: string, widthPx: number) => Look): Browser => ({
  look: async (urls, widthPx) => await Promise.resolve(urls.map((address) => show(address, widthPx))),
});
const shown = async (ground: Ground, browser: Browser): Promise<VerifyResult> =>
  await verify({ ...ground.ines.bench, browser }, request(ground.world, { wantsBrowser: true, withinMs: 0 }), ground.ines.context);

describe("a look in a browser", () => {
  test("keeps pictures of each page at each width, and at a second look those of the first beside them", async () => {
    const ground = open();
    await published(ground, { "a.html": "a" });
    const first = await shown(
      ground,
      browserOf((address, widthPx) => page(`${address} ${widthPx}`)),
    );
    const looks = first.verification.looks ?? [];
    expect(looks.map(({ path, widthPx }) => `${path} ${widthPx}`)).toEqual(["a.html 1280", "a.html 390"]);
    const [{ screenshot } = { screenshot: undefined }] = looks;
    expect(screenshot).toBe(digestOfText(`picture of ${url}/a.html 1280`));
    expect(screenshot && (await ground.ines.bench.vault.open(screenshot, ground.ines.context))).toBeDefined();
    const second = await shown(
      ground,
      browserOf((address) => page(address)),
    );
    expect(second.verification.looks?.[0]).toMatchObject({ before: screenshot, beforeFrom: first.verification.at });
  });

  test("tells complaints and broken links once, which decide nothing", async () => {
    const ground = open();
    await published(ground, { "a.html": "a" });
    const troubled = {
      consoleErrors: ["no tide table"],
      failedRequests: [{ url: "https://other.example/x.js", cause: "status 404" }],
      links: [`${url}/missing.html`, `${url}/a.html`],
    };
    const result = await shown(
      ground,
      browserOf((address) => page(address, troubled)),
    );
    expect(result.verification.outcome).toBe("good");
    expect(result.verification.looks?.map(({ problems }) => problems)).toEqual([
      [
        "the console says: no tide table",
        "did not get https://other.example/x.js: status 404",
        `broken link ${url}/missing.html: status 404`,
      ],
      [],
    ]);
  });

  test("that a page was not shown leaves the outcome unknown, whatever its bytes are", async () => {
    const ground = open();
    await published(ground, { "a.html": "a" });
    const result = await shown(
      ground,
      browserOf((address) => ({ kind: "unseen", url: address, cause: "it was too slow" })),
    );
    expect(result.verification.outcome).toBe("unknown");
    expect(result.verification.looks?.[0]?.problems).toEqual(["the browser could not show it: it was too slow"]);
  });

  test("is refused before anything else where there is no address, or no browser", async () => {
    const addressless = open({ isAddressless: true });
    await published(addressless, { "a.html": "a" });
    await expect(
      shown(
        addressless,
        browserOf((address) => page(address)),
      ),
    ).rejects.toMatchObject({ code: "usage" });
    const ground = open();
    await published(ground, { "a.html": "a" });
    await expect(shown(ground, { look: async () => await Promise.reject(new Error("no browser")) })).rejects.toThrow("no browser");
    expect(ground.front.asked).toEqual([]);
    expect(await ground.ines.entryKinds()).not.toContain("verified");
  });
});
