/** What belay asks of S3 and CloudFront, counted at the sandbox: the number of requests is what a deploy costs, in time and in money. */

import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { RequestCounts } from "../../sandbox/request-log.ts";
import { startSandbox, type Sandbox } from "../../sandbox/start-sandbox.ts";
import { addCopy, openGround, put, putAll, type Ground } from "./support/ground.ts";
import { belay, expectExit, type Ran } from "./support/run-belay.ts";

const [siteBucket, stateBucket, distribution] = ["harbor-site", "harbor-state", "EHARBOR"];

/** Thousands of requests take their time on a machine that is busy otherwise. */
const patienceMs = 240_000;

interface BucketSite {
  readonly sandbox: Sandbox;
  readonly ground: Ground;
  readonly copy: string;
}

let opened: BucketSite[] = [];

afterEach(async () => {
  for (const { sandbox, ground } of opened) {
    await sandbox.close();
    ground.remove();
  }
  opened = [];
});

const keyOf = (at: number): string => `part-${Math.floor(at / 100)}/page-${at}.html`;
const pageOf = (at: number, words = ""): string => `<!doctype html>\n<title>Tour ${at}</title>\n<p>The harbor, tour ${at}. ${words}</p>\n`;

/** A working copy of so many pages that are live already, with its record in a bucket, and a CDN that is done at once. */
async function openSite(count: number, versioning: boolean): Promise<BucketSite> {
  const sandbox = await startSandbox({
    buckets: [
      { name: siteBucket, versioning },
      { name: stateBucket, versioning: false },
    ],
    distributions: [{ id: distribution, bucket: siteBucket }],
    settleMs: 0,
  });
  const ground = openGround("s3-requests");
  const store = `s3://${siteBucket}\n      cdn: cloudfront:${distribution}`;
  const copy = addCopy(ground, "copy", { sharesState: false, top: `state: s3://${stateBucket}/belay\n`, store });
  const files = Array.from({ length: count }, (_, at) => [keyOf(at), pageOf(at)] as const);
  putAll(join(copy, "public"), new Map(files));
  for (const [key, text] of files) sandbox.s3.put(siteBucket, key, Buffer.from(text), { "content-type": "text/html" });
  opened.push({ sandbox, ground, copy });
  return { sandbox, ground, copy };
}

/** Runs belay, which has to succeed, and answers with what was asked meanwhile, by operation. */
async function asked({ sandbox, copy }: BucketSite, words: readonly string[], told: RegExp): Promise<RequestCounts["operations"]> {
  sandbox.log.reset();
  const ran: Ran = await belay(words, { cwd: copy, env: sandbox.env });
  expectExit(ran, 0);
  expect(ran.stdout).toMatch(told);
  return sandbox.log.snapshot().operations;
}

const sumOf = (counts: RequestCounts["operations"]): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Changes one page and publishes it by its path. */
async function askedForOnePage(site: BucketSite, words: string): Promise<RequestCounts["operations"]> {
  put(join(site.copy, "public"), keyOf(7), pageOf(7, words));
  return await asked(site, ["deploy", "staging", keyOf(7), "--yes"], /applied r\d+ to staging: 1 file/u);
}

describe("status of a site that is the same as live", { timeout: patienceMs }, () => {
  test("takes the lists that S3 makes necessary and one of the record, and nothing else", async () => {
    const site = await openSite(2500, false);
    const first = await asked(site, ["status"], /everything is the same as live \(2500 files\)/u);
    expect(first, "each object is read once, since nobody has seen it").toMatchObject({ GetObject: 2500 });
    const again = await asked(site, ["status"], /everything is the same as live \(2500 files\)/u);
    expect(again).toEqual({ ListObjectsV2: 3 + 1 });
    expect(sumOf(again)).toBeLessThanOrEqual(1.2 * 3 + 5);
  });
});

describe("one changed page, named by its path", { timeout: patienceMs }, () => {
  const common = { ListObjectsV2: 1, GetObject: 2, PutObject: 6, DeleteObject: 1 };
  const purged = { GetDistribution: 1, CreateInvalidation: 1 };
  test.each([
    { versioning: false, kept: "keeps no versions", s3: { ...common, HeadObject: 1, ListObjectVersions: 1 } },
    { versioning: true, kept: "keeps versions", s3: { ...common, ListObjectVersions: 2 } },
  ])("takes the same twelve requests to S3 in a site of 50 and of 1500, where the bucket $kept", async ({ versioning, s3 }) => {
    expect(sumOf(s3)).toBe(12);
    for (const count of [50, 1500]) {
      const site = await openSite(count, versioning);
      await asked(site, ["status"], /everything is the same as live/u);
      // The first deploy finds out what the bucket keeps.
      await askedForOnePage(site, "first edit");
      expect(await askedForOnePage(site, "second edit"), `of ${count}`).toEqual({ ...s3, ...purged });
      expect(Buffer.from(site.sandbox.s3.get(siteBucket, keyOf(7))?.bytes ?? []).toString()).toContain("second edit");
    }
  });
});
