/** Servers and connections that fail on the way: what belay says is true, nothing is lost, and it can be gone on with. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FaultRule } from "../../sandbox/faults.ts";
import { expectTold, flawsOf } from "./support/bucket-denial.ts";
import { openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { fastTime } from "./support/fast-time.ts";
import { randomFrom } from "../support/random-from.ts";
import { openLateFailure } from "./support/late-failure.ts";
import { answerOf, expectExit } from "./support/run-belay.ts";

let ground: BucketGround;
let one: BucketCase;
const deploy = ["deploy", "staging", "--yes"];
const rate = 40;

beforeAll(async () => {
  ground = await openBucketGround({ random: randomFrom(20_261_122) });
});
afterAll(async () => {
  await ground.close();
});
beforeEach(async () => {
  one = await ground.open();
  one.put("index.html", "<p>two</p>\n");
});
afterEach(() => {
  ground.calm();
});

interface Standing {
  readonly text: unknown;
  readonly chain: unknown;
  readonly outcome: unknown;
}

/** What is live, whether the record is whole, and what the next deploy finds to do. */
async function standing(): Promise<Standing> {
  const text = (await one.live())["index.html"];
  const log = await one.run(["log", "--json"]);
  const again = await one.run([...deploy, "--json"]);
  return { text, chain: answerOf(log, "chain"), outcome: answerOf(again, "outcome") };
}

/** It is live, recorded as such, and nothing is open or left to do. */
const deployed = (text = "<p>two</p>\n"): Standing => ({ text, chain: "intact", outcome: "nothing-to-do" });

const always = (operation: string, key: string): FaultRule => ({ operation, key, action: { kind: "lose-reply" } });

describe("a listing", () => {
  const strangers = 1001;
  /** Ours come after a thousand of a stranger's that nobody publishes, so they are on the second page. */
  const fill = (): void => {
    for (let at = 0; at < strangers; at += 1) ground.sandbox.s3.put(one.site, `.a/${String(at).padStart(4, "0")}.txt`, Buffer.from("x"));
  };
  const cut = {
    exit: 2,
    code: "store-unreachable",
    says: /did not answer s3:ListBucket|s3:ListBucket at \S+ failed/u,
    next: /run the same command again/u,
  };

  test("that always breaks off in the middle of a page is no listing: nothing is removed, and no part of it is shown", async () => {
    one.put("gone.html", "<p>to be deleted</p>\n");
    await one.deploy();
    rmSync(join(one.siteFolder(), "gone.html"));
    ground.fault({ action: { kind: "drop-listing" } });
    expect(await flawsOf(one, ["status", "staging"], cut)).toEqual([]);
    expect(await flawsOf(one, deploy, cut)).toEqual([]);
    ground.calm();
    await one.deploy();
    expect(Object.keys(await one.live())).toEqual(["index.html"]);
  });

  test("that breaks off between two pages is no shorter one", async () => {
    fill();
    let pages = 0;
    ground.faultOn(({ operation, bucket }) => {
      if (operation !== "ListObjectsV2" || bucket !== one.site) return undefined;
      pages += 1;
      return pages % 2 === 0 || pages > 2 ? { kind: "status", status: 500 } : undefined;
    });
    const ran = await one.run(["status", "staging", "--json"]);
    expect(pages).toBeGreaterThan(2);
    expectExit(ran, 2);
    expect(answerOf(ran, "error", "code")).toBe("store-unreachable");
    expect(answerOf(ran, "objects")).toBeUndefined();
    pages = 0;
    const before = await one.live();
    expectExit(await one.run(deploy), 2);
    expect(await one.live()).toEqual(before);
    ground.calm();
    const whole = await one.run(["status", "staging", "--json"]);
    expectExit(whole, 0);
    expect(answerOf(whole, "summary")).toMatchObject({ ahead: 1, removed: 0 });
  });

  test("that breaks off once is asked for again, and then is whole", async () => {
    fill();
    ground.fault({ action: { kind: "drop-listing" }, times: 3 });
    await one.deploy();
    expect(Object.keys(await one.live())).toHaveLength(strangers + 1);
    expect(await standing()).toEqual(deployed());
  });
});

describe("a server that is busy", () => {
  test("and turns away three requests in ten is waited for", async () => {
    for (let at = 0; at < 20; at += 1) one.put(`page-${at}.html`, `<p>${at}</p>\n`);
    ground.fault({ chance: 0.3, action: { kind: "status", status: 503 } });
    const ran = await one.start(deploy, { env: fastTime(ground.folder, rate) }).ended;
    ground.calm();
    expectExit(ran, 0);
    expect(await standing()).toEqual(deployed());
  });

  test("and turns away all of them is told within two minutes, and nothing is written", async () => {
    const before = await one.everything();
    ground.fault({ action: { kind: "status", status: 503 } });
    const startMs = performance.now();
    const ran = await one.start(deploy, { env: fastTime(ground.folder, rate) }).ended;
    expect(((performance.now() - startMs) * rate) / 1000).toBeLessThan(120);
    expectExit(ran, 2);
    expectTold(ran);
    expect(ran.stderr.replaceAll(/\s+/gu, " ")).toMatch(
      /asks for fewer requests, also after waiting: s3:\w+.*\(SlowDown.*next: Wait a minute/u,
    );
    ground.calm();
    expect(await one.everything()).toEqual(before);
    await one.deploy();
    expect(await standing()).toEqual(deployed());
  });
});

describe("a connection that is reset", () => {
  test("in the middle of a body that is read is made again, or told, and half a page is no page", async () => {
    ground.sandbox.s3.put(one.site, "index.html", Buffer.from("<p>a stranger's</p>\n".repeat(50)));
    ground.fault({ operation: "GetObject", key: "index.html", action: { kind: "break-body" } });
    expect(
      await flawsOf(one, ["pull", "staging", "--take", "live"], {
        exit: 2,
        code: "store-unreachable",
        says: /did not answer s3:GetObject of index\.html/u,
        next: /run the same command again/u,
      }),
    ).toEqual([]);
    ground.calm();
    ground.fault({ operation: "GetObject", key: "index.html", times: 2, action: { kind: "break-body" } });
    expectExit(await one.run(["pull", "staging", "--take", "live"]), 0);
    expect(await standing()).toEqual(deployed("<p>a stranger's</p>\n".repeat(50)));
  });

  test("in the middle of an upload leaves what was there, and the upload is made again", async () => {
    const large = Buffer.alloc(9 * 1024 * 1024, "harbour ");
    one.put("film.bin", large);
    one.put("plan.bin", large.subarray(0, 6 * 1024 * 1024));
    ground.fault(
      { operation: "UploadPart", key: "film.bin", times: 2, action: { kind: "lose-request", isSent: true } },
      { operation: "PutObject", key: "plan.bin", times: 1, action: { kind: "lose-request", isSent: true } },
    );
    await one.deploy();
    expect(ground.sandbox.s3.get(one.site, "film.bin")?.bytes.byteLength).toBe(large.byteLength);
    expect(await standing()).toEqual(deployed());
  });
});

describe("a reply that is lost", () => {
  test.each([
    ["of a page's PUT", always("PutObject", "index.html")],
    ["of an append to the ledger", always("PutObject", "belay/ledger/")],
    ["of what the vault keeps", always("PutObject", "belay/vault/")],
    ["of the lease", always("PutObject", "belay/leases/")],
    ["of giving the lease back", always("DeleteObject", "belay/leases/")],
  ])("%s, each time, is found out by looking", async (_, rule) => {
    ground.fault(rule);
    await one.deploy();
    ground.calm();
    expect(await standing()).toEqual(deployed());
  });

  test("of a DELETE is found out by looking", async () => {
    one.put("old.html", "<p>old</p>\n");
    await one.deploy();
    rmSync(join(one.siteFolder(), "old.html"));
    ground.fault(always("DeleteObject", "old.html"));
    await one.deploy();
    ground.calm();
    expect(Object.keys(await one.live())).toEqual(["index.html"]);
    expect(await standing()).toEqual(deployed());
  });

  test("of the request that completes an upload in parts is found out by looking", async () => {
    one.put("film.bin", Buffer.alloc(9 * 1024 * 1024, 7));
    ground.fault(always("CompleteMultipartUpload", "film.bin"));
    await one.deploy();
    ground.calm();
    expect(ground.sandbox.s3.get(one.site, "film.bin")?.bytes.byteLength).toBe(9 * 1024 * 1024);
    expect(await standing()).toEqual(deployed());
  });

  test("with the request, again and again, is unsettled: deploys wait, and resume finishes it", async () => {
    ground.fault({ operation: "PutObject", key: "index.html", action: { kind: "lose-request", isSent: true } });
    const ran = await one.run(deploy);
    expectExit(ran, 5);
    expectTold(ran);
    expect(ran.stderr).toMatch(/next: belay resume/u);
    ground.calm();
    expect(await flawsOf(one, deploy, { exit: 5, code: "unsettled", says: /has not ended/u, next: /belay resume/u })).toEqual([]);
    // Nothing proves that what was sent is not on its way still, so resume waits as long as it could be.
    const resumed = await one.start(["resume"], { env: fastTime(ground.folder, rate) }).ended;
    expectExit(resumed, 0);
    expect(await standing()).toEqual(deployed());
  });

  test("with the request, and taken back: undo leaves what was there", async () => {
    ground.fault({ operation: "PutObject", key: "index.html", action: { kind: "lose-request", isSent: true } });
    expectExit(await one.run(deploy), 5);
    ground.calm();
    expectExit(await one.start(["undo"], { env: fastTime(ground.folder, rate) }).ended, 0);
    expect((await one.live())["index.html"]).toBe("<p>one</p>\n");
    await one.deploy();
    expect(await standing()).toEqual(deployed());
  });
});

describe("a server in trouble", () => {
  test("that answers the first write of every key with 409 is asked again, and what was expected still holds", async () => {
    const met = new Set<string>();
    one.put("pier.html", "<p>pier</p>\n");
    ground.faultOn(({ operation, key, bucket }) => {
      if (operation !== "PutObject" || met.has(`${bucket}/${key}`)) return undefined;
      met.add(`${bucket}/${key}`);
      return { kind: "status", status: 409 };
    });
    await one.deploy();
    expect(met.size).toBeGreaterThan(4);
    ground.calm();
    expect(await standing()).toEqual(deployed());
  });

  test("that answers 500 and has done nothing is asked again once a look has shown that", async () => {
    ground.fault({ operation: "PutObject", key: "index.html", times: 2, action: { kind: "status", status: 500 } });
    await one.deploy();
    expect(await standing()).toEqual(deployed());
  });

  test("that answers 500 and has done it all the same is believed by a look, not by its answer", async () => {
    let struck = 0;
    const late = await openLateFailure(ground.sandbox.endpoint, (method, path) => {
      const isStruck = method === "PUT" && (path.endsWith("/index.html") || path.includes("/belay/ledger/"));
      if (isStruck) struck += 1;
      return isStruck;
    });
    // Another address is another place, so it is the same one from the beginning.
    const bare = await ground.open({ isBare: true });
    try {
      for (const text of ["<p>created</p>\n", "<p>replaced</p>\n"]) {
        bare.put("index.html", text);
        struck = 0;
        expectExit(await bare.run(deploy, { env: { AWS_ENDPOINT_URL: late.url } }), 0);
        expect(struck).toBeGreaterThan(2);
        expect(await bare.live()).toEqual({ "index.html": text });
      }
    } finally {
      await late.close();
    }
  });
});
