/** `belay harden` with the real command line: what it shows, what it writes, and that belay works behind its own walls. */

import { EventEmitter, once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as v from "valibot";
import { bytesOf } from "../../sandbox/edge/bucket-origin.ts";
import { hardenBucket } from "../../src/adapters/inspect/harden-bucket.ts";
import { connectS3 } from "../../src/adapters/shared/aws/connect.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { openCliWorld } from "../cli/cli-world.ts";
import { openBucketGround, type BucketCase, type BucketGround, type Env } from "./support/bucket-ground.ts";
import { arnOf, openWalledCloud, type WalledCloud } from "./support/walled-cloud.ts";

const member = { id: "member", secret: "member-secret" };
const publisher = { id: "publisher", secret: "publisher-secret" };
const agent = { id: "agent", secret: "agent-secret" };
const denies = (...asked: Parameters<BucketGround["account"]["denies"]>): boolean => ground.account.denies(...asked);
const accounts = new Map([member, publisher, agent].map(({ id, secret }) => [id, { secret, denies }] as const));
const named = ["--person", arnOf("member"), "--publisher", arnOf("publisher"), "--agent", arnOf("agent")];

const changesSchema = v.array(v.object({ bucket: v.string(), setting: v.string(), diff: v.optional(v.string()) }));
const planSchema = v.object({
  format: v.literal(1),
  id: v.string(),
  bucket: v.string(),
  changes: changesSchema,
  refusals: v.array(v.object({ code: v.string(), remedy: v.string() })),
  outcome: v.string(),
  written: v.array(v.object({ bucket: v.string(), setting: v.string() })),
});
const planIn = (stdout: string): v.InferOutput<typeof planSchema> => v.parse(planSchema, JSON.parse(stdout));

let ground: BucketGround;
let one: BucketCase;
let bucket: string;
let count = 0;
beforeAll(async () => {
  ground = await openBucketGround({ accounts });
});
afterAll(async () => {
  await ground.close();
});

const nothing = async function* nothing(): AsyncGenerator<Uint8Array> {};
const setting = async (of: string, name: string): Promise<string | undefined> => {
  const query = new URLSearchParams({ [name]: "" });
  const answer = await ground.sandbox.s3.handle({ method: "GET", path: `/${of}`, query, headers: {}, body: nothing });
  return answer.status === 200 ? (await bytesOf(answer)).toString("utf8") : undefined;
};
const putSetting = async (of: string, name: string, document: string): Promise<void> => {
  const body = async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(document);
  };
  const query = new URLSearchParams({ [name]: "" });
  expect((await ground.sandbox.s3.handle({ method: "PUT", path: `/${of}`, query, headers: {}, body })).status).toBeLessThan(300);
};
const readByCdn = {
  Sid: "AllowCloudFront",
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
  Resource: "*",
};
const stranger = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...readByCdn, Sid: "Meanwhile" }] });

beforeEach(async () => {
  count += 1;
  bucket = `pier-walls-${count}`;
  ground.sandbox.s3.createBucket(bucket, { versioning: false });
  ground.sandbox.cloudfront.createDistribution({ id: `E0WALL${count}`, bucket });
  const production = `production: { store: "s3://${bucket}", cdn: "cloudfront:E0WALL${count}", after: staging, unversioned: "until it is hardened" }`;
  one = await ground.open({ versioning: true, isBare: true, targets: [production] });
  await putSetting(bucket, "policy", JSON.stringify({ Version: "2012-10-17", Statement: [readByCdn] }));
});

/** Looks at the plan, then confirms it by its id. */
async function harden(words: readonly string[], env: Env = {}): Promise<v.InferOutput<typeof planSchema>> {
  const seen = planIn((await one.run(["harden", ...words, "--apply", "--json"], { env })).stdout);
  const ran = await one.run(["harden", ...words, "--apply", "--confirm", seen.id, "--json"], { env });
  expect({ exit: ran.exit, told: ran.told }).toMatchObject({ exit: 0 });
  return planIn(ran.stdout);
}

describe("production", () => {
  it("is shown before anything is written: what is, what is to be, and what the walls do not hold", async () => {
    const ran = await one.run(["harden", "production", ...named]);
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toMatch(/versioning +never on +→ +on/u);
    expect(ran.stdout).toContain("1 statement of others stays as it is: AllowCloudFront");
    expect(ran.stdout).toMatch(/^\+ +"Sid": "BelayProductionConditionalWrites"/mu);
    expect(ran.stdout).not.toMatch(/^-(?!-).*AllowCloudFront/mu);
    expect(ran.stdout).toMatch(/What these walls do not hold[\s\S]*root user[\s\S]*CopyObject/u);
    expect(ran.stdout).toMatch(/next: belay harden production .*--apply/u);
    const prose = ran.stdout.split("\n").filter((line) => !/^[ +-]? {2,}|^[+-]/u.test(line) && !line.includes("next:"));
    expect(prose.filter((line) => line.length > 80)).toEqual([]);
    expect(await setting(bucket, "policy")).toContain("AllowCloudFront");
    expect(await setting(bucket, "policy")).not.toContain("Belay");
  });

  it("is written once somebody confirms that plan, recorded, and found in order the second time", async () => {
    const done = await harden(["production", ...named]);
    expect(done).toMatchObject({
      outcome: "applied",
      written: [
        { bucket, setting: "versioning" },
        { bucket, setting: "policy" },
      ],
    });
    expect(await setting(bucket, "versioning")).toContain("<Status>Enabled</Status>");
    const policy = v.parse(v.object({ Statement: v.array(v.looseObject({})) }), JSON.parse((await setting(bucket, "policy")) ?? ""));
    expect(policy.Statement[0]).toEqual(readByCdn);
    const again = await one.run(["harden", "production", "--apply"]);
    expect({ exit: again.exit, out: again.stdout.trim() }).toEqual({
      exit: 0,
      out: `Bucket ${bucket} stands as it should: nothing to do.`,
    });
    const log = await one.run(["log", "--json"]);
    const { entries } = v.parse(v.looseObject({ entries: v.array(v.looseObject({})) }), JSON.parse(log.stdout));
    expect(entries.filter(({ kind }) => kind === "hardened")).toMatchObject([
      { bucket, settings: ["versioning", "policy"], as: "applied" },
    ]);
    expect((await one.run(["log"])).stdout).toContain(`hardened bucket ${bucket}`);
  });

  it("is not written where another plan was confirmed, where nobody can be asked, or by an agent", async () => {
    const wrong = await one.run(["harden", "production", ...named, "--apply", "--confirm", "0123456789"]);
    expect(wrong).toMatchObject({ exit: 2, stderr: expect.stringContaining("--confirm") });
    expect(await one.run(["harden", "production", ...named, "--apply"])).toMatchObject({ exit: 2 });
    const { id } = planIn((await one.run(["harden", "production", ...named, "--apply", "--json"])).stdout);
    const byAgent = await one.run(["harden", "production", ...named, "--apply", "--confirm", id], { env: { CLAUDECODE: "1" } });
    expect(byAgent).toMatchObject({ exit: 8, stderr: expect.stringContaining("no agent changes them") });
    expect(await setting(bucket, "policy")).not.toContain("Belay");
  });

  it("that somebody changes while the question stands is a conflict, and theirs stays", async () => {
    const typing = new PassThrough();
    const asked = new EventEmitter();
    const isAsked = once(asked, "question");
    const onText = (text: string): void => {
      if (text.includes("[y/N]")) asked.emit("question");
    };
    const running = one.run(["harden", "production", ...named, "--apply"], { typing, onText });
    await isAsked;
    await putSetting(bucket, "policy", stranger);
    typing.write("y\n");
    const ran = await running;
    expect(ran).toMatchObject({ exit: 4, stderr: expect.stringContaining("is not what the plan shows any more") });
    expect(await setting(bucket, "policy")).toBe(stranger);
    expect(await setting(bucket, "versioning")).not.toContain("Enabled");
  });

  it("whose policy somebody writes over at once is a conflict that says what was written before", async () => {
    const { id } = planIn((await one.run(["harden", "production", ...named, "--apply", "--json"])).stdout);
    let hasWritten = false;
    ground.account.denies = (operation) => {
      if (operation === "PutBucketPolicy") hasWritten = true;
      if (operation === "GetBucketPolicy" && hasWritten) {
        hasWritten = false;
        // The look that follows the write waits until somebody else's has landed.
        ground.sandbox.faults.add({ operation, times: 1, action: { kind: "delay", ms: 200 } });
        void putSetting(bucket, "policy", stranger);
      }
      return false;
    };
    const ran = await one.run(["harden", "production", ...named, "--apply", "--confirm", id]);
    ground.calm();
    expect(ran).toMatchObject({ exit: 4, stderr: expect.stringContaining("is not what was written") });
    expect(ran.stderr.replaceAll(/\s+/gu, " ")).toContain("Written before it: versioning.");
    expect(await setting(bucket, "policy")).toBe(stranger);
  });

  it("is settled by a look where the answer to a write is lost, and unsettled where the request was", async () => {
    const { id } = planIn((await one.run(["harden", "production", ...named, "--apply", "--json"])).stdout);
    ground.fault({ operation: "PutBucketPolicy", times: 1, action: { kind: "lose-reply" } });
    expect(planIn((await one.run(["harden", "production", ...named, "--apply", "--confirm", id, "--json"])).stdout).outcome).toBe(
      "applied",
    );
    ground.calm();
    await putSetting(bucket, "policy", stranger);
    const next = planIn((await one.run(["harden", "production", ...named, "--apply", "--json"])).stdout).id;
    ground.fault({ operation: "PutBucketPolicy", action: { kind: "lose-request" } });
    const ran = await one.run(["harden", "production", ...named, "--apply", "--confirm", next, "--json"]);
    ground.calm();
    expect({ exit: ran.exit, outcome: planIn(ran.stdout).outcome }).toEqual({ exit: 5, outcome: "unsettled" });
    expect(await setting(bucket, "policy")).toBe(stranger);
  });

  it("that may be written in part only says so, and the record has what was written", async () => {
    const { id } = planIn((await one.run(["harden", "production", ...named, "--apply", "--json"])).stdout);
    ground.account.denies = (operation) => operation === "PutBucketPolicy";
    const ran = await one.run(["harden", "production", ...named, "--apply", "--confirm", id]);
    ground.calm();
    expect(ran).toMatchObject({ exit: 2, stderr: expect.stringContaining("s3:PutBucketPolicy") });
    expect((await one.run(["log"])).stdout).toContain(`began to harden bucket ${bucket}: versioning`);
  });

  it("that would lock out whoever asks, or names nobody, is refused", async () => {
    const locked = planIn((await one.run(["harden", "production", "--person", arnOf("somebody"), "--apply", "--json"])).stdout);
    expect(locked).toMatchObject({
      outcome: "refused",
      refusals: [{ code: "caller-locked-out", remedy: `Name yourself too: --person ${arnOf("member")}` }],
    });
    const bare = await one.run(["harden", "production", "--apply"]);
    expect(bare).toMatchObject({ exit: 3, stderr: expect.stringContaining("placeholders") });
    expect(await setting(bucket, "policy")).not.toContain("Belay");
  });

  it("with a policy that nobody can read is left alone", async () => {
    await putSetting(bucket, "policy", '{"Statement":[7]}');
    const ran = planIn((await one.run(["harden", "production", ...named, "--apply", "--json"])).stdout);
    expect(ran.refusals.map(({ code }) => code)).toEqual(["policy-unreadable"]);
  });

  it("is closed to the public behind its CDN, and not where visitors come to the bucket itself", async () => {
    await putSetting(bucket, "publicAccessBlock", "<PublicAccessBlockConfiguration></PublicAccessBlockConfiguration>");
    await putSetting(one.site, "publicAccessBlock", "<PublicAccessBlockConfiguration></PublicAccessBlockConfiguration>");
    const settingsOf = async (target: string): Promise<string[]> =>
      planIn((await one.run(["harden", target, ...named, "--apply", "--json"])).stdout).changes.map((change) => change.setting);
    expect(await settingsOf("staging")).not.toContain("public-access-block");
    const ran = await one.run(["harden", "staging", ...named]);
    expect(ran.stdout.replaceAll(/\s+/gu, " ")).toContain("Public access is not blocked, since staging names no CDN");
  });
});

it("a policy that the server takes for none is an error, and no doubt", async () => {
  const setup = { env: { ...ground.sandbox.env }, runtime: { now: () => Date.now(), sleep: async (): Promise<void> => undefined, sha256 } };
  const before = await setting(bucket, "policy");
  await expect(hardenBucket(bucket, setup).putPolicy("{", { signal: new AbortController().signal })).rejects.toMatchObject({
    code: "not-supported",
    message: expect.stringContaining("MalformedPolicy"),
  });
  expect(await setting(bucket, "policy")).toBe(before);
});

describe("access logs", () => {
  it("go to a bucket of their own, whose policy lets S3 write them, and never among the pages", async () => {
    const logs = `pier-logs-${count}`;
    ground.sandbox.s3.createBucket(logs, { versioning: false });
    const done = await harden(["production", ...named, "--logs", `s3://${logs}/production`]);
    expect(done.written.map((change) => `${change.setting} ${change.bucket}`)).toEqual([
      `versioning ${bucket}`,
      `policy ${logs}`,
      `logging ${bucket}`,
      `policy ${bucket}`,
    ]);
    expect(await setting(bucket, "logging")).toContain(`<TargetBucket>${logs}</TargetBucket><TargetPrefix>production/</TargetPrefix>`);
    expect(await setting(logs, "policy")).toContain("logging.s3.amazonaws.com");
    for (const place of [bucket, one.site, `${one.state}/belay`]) {
      expect(await one.run(["harden", "production", ...named, "--logs", `s3://${place}`])).toMatchObject({ exit: 2 });
    }
  });
});

describe("documents", () => {
  it("are written beside one another, and a file that differs is never overwritten", async () => {
    const out = join(ground.folder, `walls-${count}`);
    const ran = await one.run(["harden", ...named, "--repository", "example/site", "--out", out]);
    expect({ exit: ran.exit, told: ran.told }).toMatchObject({ exit: 0 });
    expect(readdirSync(out).toSorted()).toEqual(
      [
        ...[one.site, bucket, one.state].map((name) => `bucket-policy-${name}.json`),
        "role-agent.json",
        "role-person.json",
        "role-publisher.json",
        "trust-publisher.json",
      ].toSorted(),
    );
    expect(readFileSync(join(out, "trust-publisher.json"), "utf8")).toContain("repo:example/site:environment:production");
    expect(await one.run(["harden", ...named, "--repository", "example/site", "--out", out])).toMatchObject({ exit: 0 });
    writeFileSync(join(out, "role-agent.json"), "mine");
    expect(await one.run(["harden", ...named, "--repository", "example/site", "--out", out])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("left as it is"),
    });
    expect(readFileSync(join(out, "role-agent.json"), "utf8")).toBe("mine");
  });

  it("come as Terraform on stdout alone, and in JSON with everything else", async () => {
    const terraform = await one.run(["harden", "production", ...named, "--terraform"]);
    expect(terraform.stdout).toMatch(/^terraform \{[\s\S]*resource "aws_s3_bucket_policy" "belay_pier_walls_/u);
    expect(terraform.stdout).toContain("AllowCloudFront");
    const json = v.parse(
      v.looseObject({
        format: v.literal(1),
        buckets: v.array(v.looseObject({ bucket: v.string() })),
        terraform: v.string(),
        uncovered: v.array(v.looseObject({})),
      }),
      JSON.parse((await one.run(["harden", ...named, "--json"])).stdout),
    );
    expect(json.buckets.map((each) => each.bucket)).toEqual([one.site, bucket, one.state]);
    expect(json.uncovered.length).toBeGreaterThan(5);
  });

  it("a target in a folder has no policy, says so without a question to AWS, and cannot be applied", async () => {
    const world = await openCliWorld();
    try {
      const ran = await world.run("studio", ["harden"]);
      expect(ran).toMatchObject({ exit: 0, stdout: expect.stringContaining("where no policy can be put") });
      expect(await world.run("studio", ["harden", "staging", "--apply"])).toMatchObject({ exit: 2 });
    } finally {
      await world.close();
    }
  });
});

describe("behind the walls", () => {
  let cloud: WalledCloud;
  const as = ({ id, secret }: typeof member): Env => ({
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
  });
  beforeEach(async () => {
    cloud = await openWalledCloud(ground.sandbox);
    for (const subject of ["staging", "production", "--state"]) await harden([subject, ...named]);
    return async () => {
      await cloud.close();
    };
  });

  it("an agent deploys to staging, replaces, deletes and looks back; only canaries are left uncleared", async () => {
    for (const text of ["<p>one</p>\n", "<p>two</p>\n"]) {
      one.put("index.html", text);
      const ran = await one.run(["deploy", "staging", "--yes"], { env: as(agent) });
      expect({ exit: ran.exit, told: ran.told }).toMatchObject({ exit: 0 });
    }
    expect(await one.live()).toEqual(expect.objectContaining({ "index.html": "<p>two</p>\n" }));
    expect(await one.run(["restore", "staging", "index.html", "--yes"], { env: as(agent) })).toMatchObject({ exit: 0 });
    expect(cloud.passed).toContain(`PutObject ${one.site}/index.html`);
    expect(cloud.denied.filter(({ key }) => !key.includes(".belay-canary/"))).toEqual([]);
  });

  it("a publisher promotes to production although copies are refused there", async () => {
    one.put("index.html", "<p>one</p>\n");
    expect(await one.run(["deploy", "staging", "--yes"], { env: as(agent) })).toMatchObject({ exit: 0 });
    const seen = v.parse(
      v.looseObject({ id: v.string() }),
      JSON.parse((await one.run(["promote", "production", "--json"], { env: as(publisher) })).stdout),
    );
    const ran = await one.run(["promote", "production", "--confirm", seen.id], { env: as(publisher) });
    expect({ exit: ran.exit, told: ran.told }).toMatchObject({ exit: 0 });
    expect(Buffer.from(ground.sandbox.s3.get(bucket, "index.html")?.bytes ?? []).toString("utf8")).toBe("<p>one</p>\n");
    expect(cloud.denied.filter(({ key }) => !key.includes(".belay-canary/"))).toEqual([]);
  });

  it("another tool overwrites nothing, and an agent reaches production by none", async () => {
    const put = async (who: typeof member, condition: Readonly<Record<string, string>>): Promise<number> => {
      const wire = await connectS3(bucket, { env: { ...ground.sandbox.env, ...as(who) }, now: () => Date.now() });
      const bytes = Buffer.from("<p>blind</p>");
      const body = {
        sizeBytes: bytes.byteLength,
        sha256: sha256(bytes),
        open: async function* open() {
          yield bytes;
        },
      };
      const answer = await wire.send(
        { method: "PUT", path: "/index.html", headers: condition, body },
        { signal: new AbortController().signal },
      );
      answer.discard();
      return answer.status;
    };
    expect(await put(publisher, {})).toBe(403);
    expect(await put(member, {})).toBe(403);
    expect(await put(agent, { "if-none-match": "*" })).toBe(403);
    expect(await put(publisher, { "if-none-match": "*" })).toBe(200);
    expect(cloud.denied.map(({ by, sids }) => `${by}: ${sids.join(" ")}`)).toEqual([
      "publisher: BelayProductionConditionalWrites",
      "member: BelayProductionConditionalWrites",
      "agent: BelayProductionWriters",
    ]);
  });

  it("an agent that belay takes for a person still cannot take a wall down", async () => {
    const words = ["harden", "production", ...named, "--person", arnOf("agent"), "--apply"];
    const { id } = planIn((await one.run([...words, "--json"], { env: as(agent) })).stdout);
    const ran = await one.run([...words, "--confirm", id], { env: as(agent) });
    expect(ran).toMatchObject({ exit: 2, stderr: expect.stringContaining("s3:PutBucketPolicy") });
    const held = cloud.denied.filter(({ key }) => !key.includes(".belay-canary/"));
    expect(held).toMatchObject([{ by: "agent", action: "s3:PutBucketPolicy", sids: ["BelaySettings"] }]);
  });
});
