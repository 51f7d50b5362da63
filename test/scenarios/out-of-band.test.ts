/** A stranger writes to the bucket with plain requests: the command line notices, names, keeps and leads on. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bytesOf } from "../../sandbox/edge/bucket-origin.ts";
import { keysIn, openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { sha256 } from "./support/ground.ts";
import { answerOf, type Ran } from "./support/run-belay.ts";

let ground: BucketGround;

beforeAll(async () => {
  ground = await openBucketGround();
});
afterAll(async () => {
  await ground.close();
});
afterEach(() => {
  ground.calm();
});

const [ours, theirs] = ["<p>one</p>\n", "<p>one</p>\n<p>the crew was here</p>\n"];

/** A request as any S3 client sends it, past belay. */
async function request(one: BucketCase, method: "PUT" | "DELETE", key: string, text = ""): Promise<void> {
  const { s3 } = ground.sandbox;
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  };
  const headers = {
    "content-length": String(Buffer.byteLength(text)),
    "content-type": "text/html",
    "x-amz-meta-deployed-by": "harbour crew",
  };
  const answer = await s3.handle({ method, path: `/${one.site}/${key}`, query: new URLSearchParams(), headers, body });
  expect(Math.floor(answer.status / 100)).toBe(2);
}

const stateHolds = async (one: BucketCase, text: string): Promise<boolean> =>
  (await keysIn(ground.sandbox, one.state)).some((key) => key.endsWith(`/${sha256(text)}`));

async function versionNow(one: BucketCase, key: string): Promise<string | undefined> {
  const query = new URLSearchParams({ versions: "", prefix: key });
  const answer = await ground.sandbox.s3.handle({ method: "GET", path: `/${one.site}`, query, headers: {}, body: nothing });
  return /<VersionId>([^<]+)</u.exec((await bytesOf(answer)).toString("utf8"))?.[1];
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const json = async (one: BucketCase, ...words: readonly string[]): Promise<Ran> => await one.run([...words, "--json"]);

describe("an out-of-band write", () => {
  test("stands out in the next status, whole or by path, is on record once, and both bytes are kept", async () => {
    const one = await ground.open({ versioning: true });
    await request(one, "PUT", "index.html", theirs);
    const { exit, stdout } = await one.run(["status", "staging"]);
    expect(exit).toBe(0);
    expect(stdout).toContain("✖ 1 path on staging written by another hand than belay's");
    expect(stdout).toMatch(/index\.html {2}replaced, \d+ \w+ [\d:]+, by harbour crew \(claimed\)/u);
    expect(stdout).toContain(`now ${sha256(theirs).slice(0, 8)}, was ${sha256(ours).slice(0, 8)}; kept in the vault`);
    expect(stdout).toContain("belay log index.html --target staging");
    expect(stdout.split("\n").every((line) => line.length <= 80)).toBe(true);
    const again = await json(one, "status", "staging", "index.html");
    expect(answerOf(again, "outOfBand", "writes")).toMatchObject([
      { path: "index.html", found: sha256(theirs), prior: sha256(ours), isNew: false },
    ]);
    const warning = answerOf(again, "outOfBand", "writes", 0, "warning");
    expect(answerOf(again, "warnings")).toMatchObject([{ id: warning, target: "staging", paths: ["index.html"] }]);
    expect([await stateHolds(one, theirs), await stateHolds(one, ours)]).toEqual([true, true]);
    const entries = answerOf(await json(one, "log"), "entries");
    expect(Array.isArray(entries) && entries.filter(({ kind }) => kind === "out-of-band")).toHaveLength(1);
  });

  test("that deleted a page is named, with the time of the deletion", async () => {
    const one = await ground.open({ versioning: true });
    await request(one, "DELETE", "index.html");
    const told = await json(one, "status", "staging");
    expect(answerOf(told, "outOfBand", "writes")).toMatchObject([
      { path: "index.html", prior: sha256(ours), at: expect.stringMatching(/^20/u), version: expect.any(String) },
    ]);
    expect((await one.run(["log", "index.html"])).stdout).toMatch(/! .*deleted index\.html at staging past belay/u);
  });

  test("is settled by a pull of it from there, after which a deploy goes out", async () => {
    const one = await ground.open({ versioning: true });
    await request(one, "PUT", "index.html", theirs);
    await one.run(["status", "staging"]);
    const pulled = await one.run(["pull", "staging", "index.html"]);
    expect(pulled.stdout).toMatch(/warning w[0-9a-f]{6} is settled by this pull/u);
    expect(readFileSync(join(one.siteFolder(), "index.html"), "utf8")).toBe(theirs);
    one.put("index.html", `${theirs}<p>and we are too</p>\n`);
    await one.deploy();
    expect(answerOf(await json(one, "status", "staging"), "outOfBand")).toEqual({ writes: [] });
  });

  test("costs an unchanged site no request: a status of it is one listing of the bucket", async () => {
    const one = await ground.open({ isBare: true });
    for (let index = 0; index < 120; index += 1) one.put(`page-${index}.html`, `<p>${index}</p>\n`);
    await one.deploy();
    const asked: string[] = [];
    ground.faultOn(({ operation, bucket }) => {
      if (bucket === one.site) asked.push(operation);
      return undefined;
    });
    expect((await one.run(["status", "staging"])).exit).toBe(0);
    expect(asked).toEqual(["ListObjectsV2"]);
  });

  test("is told where the record may only be read, and why it is not on record", async () => {
    const one = await ground.open({ versioning: true });
    await request(one, "PUT", "index.html", theirs);
    ground.account.denies = (operation, _key, bucket) => bucket === one.state && operation === "PutObject";
    const ran = await one.run(["status", "staging"]);
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toContain("written by another hand");
    expect(ran.stdout).toMatch(/could not be looked up or recorded/u);
    ground.calm();
    expect(answerOf(await json(one, "status", "staging"), "outOfBand", "writes")).toHaveLength(1);
  });
});

describe("belay log", () => {
  const caller = "arn:aws:sts::111122223333:assumed-role/HarbourCrew/night-shift";

  const trail = (one: BucketCase, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
    eventSource: "s3.amazonaws.com",
    eventName: "PutObject",
    eventTime: new Date().toISOString(),
    userIdentity: { arn: caller, accessKeyId: "ASIAEXAMPLEEXAMPLE00" },
    sourceIPAddress: "203.0.113.9",
    userAgent: "[aws-cli/2.15.0]",
    requestParameters: { bucketName: one.site, key: "index.html" },
    ...more,
  });

  test("names the caller from a packed CloudTrail file, from a folder, and from a bucket", async () => {
    const one = await ground.open({ versioning: true });
    await request(one, "PUT", "index.html", theirs);
    const record = trail(one, { responseElements: { "x-amz-version-id": await versionNow(one, "index.html") } });
    const packed = gzipSync(JSON.stringify({ Records: [record] }));
    const logs = join(one.siteFolder(), "..", "logs", "2031", "trail.json.gz");
    mkdirSync(dirname(logs), { recursive: true });
    writeFileSync(logs, packed);
    ground.sandbox.s3.createBucket("pier-logs", { versioning: false });
    ground.sandbox.s3.put("pier-logs", "AWSLogs/1111/CloudTrail/trail.json.gz", packed);
    for (const place of ["logs/2031/trail.json.gz", "logs", "s3://pier-logs/AWSLogs/1111/Cloud"]) {
      const { exit, stdout, stderr } = await one.run(["log", "index.html", "--events", place]);
      expect({ exit, stderr }).toMatchObject({
        exit: 0,
        stderr: expect.stringContaining("1 file of records: 1 write to this site, 1 of them known"),
      });
      const flat = stdout.replaceAll(/\s+/gu, " ");
      expect(flat).toMatch(/! [^!]*harbour crew wrote index\.html at staging past belay/u);
      expect(flat).toContain(`called by ${caller} with “aws-cli/2.15.0” from 203.0.113.9 (by CloudTrail)`);
      expect(flat).not.toContain("ASIA");
    }
    const told = await json(one, "log", "index.html", "--events", "logs");
    expect(answerOf(told, "timeline")).toMatchObject([
      { kind: "entry", callers: [{ path: "index.html", caller }] },
      { kind: "version", hand: "out-of-band", path: "index.html", owner: "harbour crew", callers: [{ source: "cloudtrail", caller }] },
      { kind: "entry", seq: 2 },
      { kind: "entry", seq: 1 },
    ]);
    expect(answerOf(told, "events")).toEqual({ files: 1, events: 1, matched: 1, broken: 0, isCut: false });
  });

  test("counts what is broken in a log, and says that a packed file ends too early", async () => {
    const one = await ground.open({ versioning: true });
    const packed = gzipSync(JSON.stringify({ Records: [trail(one), trail(one)] }));
    mkdirSync(join(one.siteFolder(), "..", "logs"));
    writeFileSync(join(one.siteFolder(), "..", "logs", "cut.json.gz"), packed.subarray(0, packed.byteLength - 12));
    writeFileSync(join(one.siteFolder(), "..", "logs", "lines.log"), "this is no line of a log\n");
    const { exit, stderr } = await one.run(["log", "--events", "logs"]);
    expect(exit).toBe(0);
    expect(stderr).toMatch(/records could not be read/u);
    expect(stderr.replaceAll(/\s+/gu, " ")).toContain("cut.json.gz could not be read to its end");
  });

  test("of a place without records says so", async () => {
    const one = await ground.open();
    expect(await one.run(["log", "--events", "nowhere"])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("There are no records at nowhere"),
    });
    expect(await one.run(["log", "--since", "yesterday"])).toMatchObject({ exit: 2 });
  });

  test("--verbose shows the six lines of a release's proof", async () => {
    const one = await ground.open();
    const { stdout } = await one.run(["log", "--verbose"]);
    for (const label of ["local", "live", "diff", "tokens", "staging invalidation", "production invalidation"])
      expect(stdout).toContain(`  ${label} `);
    expect((await one.run(["log"])).stdout).not.toContain("production invalidation");
  });
});

describe("belay blame", () => {
  test("leads from a URL to the deploy and to the stranger, line by line and in JSON", async () => {
    const one = await ground.open({ versioning: true });
    // Nothing is looked at under this address, which leads nowhere.
    const config = join(one.siteFolder(), "..", "belay.yaml");
    writeFileSync(config, readFileSync(config, "utf8").replace("    staging:\n", "    staging:\n      url: https://pier.example/docs\n"));
    await request(one, "PUT", "index.html", theirs);
    const { exit, stdout } = await one.run(["blame", "https://pier.example/docs/?utm=1"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^r1 .*Wren .*1│ <p>one<\/p>$/mu);
    expect(stdout).toMatch(/^! no deploy .*harbour crew .*2│ <p>the crew was here<\/p>$/mu);
    expect(stdout.split("\n").every((line) => line.length <= 80)).toBe(true);
    const matched = await one.run(["blame", "index.html", "--match", "crew"]);
    expect(matched.stdout.replaceAll(/\s+/gu, " ")).toMatch(
      /no deploy: written at staging past belay, .* by harbour crew \(warning w[0-9a-f]{6}\)/u,
    );
    expect(matched.stdout).not.toContain("<p>one</p>");
    const told = await json(one, "blame", "index.html", "--line", "1");
    expect(JSON.parse(told.stdout)).toMatchObject({
      format: 1,
      target: "staging",
      path: "index.html",
      lineCount: 2,
      ranges: [{ from: 1, to: 1, origin: { kind: "release", release: "r1", by: "Wren", intent: "deploy" }, maybe: [] }],
      lines: [{ number: 1, text: "<p>one</p>" }],
    });
    expect(await one.run(["blame", "https://other.example/"])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("the address of no target"),
    });
    expect(await one.run(["blame", "index.html", "--line", "3"])).toMatchObject({ exit: 2 });
  });
});
