/** Buckets that cannot be reached, or not by these credentials: one clear error, nothing written, and the next good command works. */

import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/start-sandbox.ts";
import { expectTold, flawsOf } from "./support/bucket-denial.ts";
import { openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";
import { fastTime } from "./support/fast-time.ts";
import { answerOf, expectExit } from "./support/run-belay.ts";

let ground: BucketGround;
let one: BucketCase;
const deploy = ["deploy", "staging", "--yes"];
const status = ["status", "staging"];

beforeAll(async () => {
  ground = await openBucketGround();
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

/** What was in the way is gone: the same deploy goes through. */
async function expectWayFree(): Promise<void> {
  ground.calm();
  await one.deploy();
  expect((await one.live())["index.html"]).toBe("<p>two</p>\n");
}

describe("credentials", () => {
  test("that are nowhere to be found are asked for, by what would bring them", async () => {
    const env = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_EC2_METADATA_DISABLED: "true" };
    const before = await one.everything();
    // The chain reads the environment of its own process as well.
    const shown = await one.start(deploy, { env }).ended;
    expectExit(shown, 2);
    expect(shown.stderr.replaceAll(/\s+/gu, " ")).toMatch(/no AWS credentials were found .* next: .*`aws configure`.*AWS_ACCESS_KEY_ID/u);
    expectTold(shown);
    const answered = await one.start([...status, "--json"], { env }).ended;
    expectExit(answered, 2);
    expect(answerOf(answered, "error", "code")).toBe("credentials-missing");
    expect(await one.everything()).toEqual(before);
    await expectWayFree();
  });

  test("of a profile that no file holds are told with the profiles that there are", async () => {
    const file = join(ground.folder, "credentials");
    writeFileSync(file, "[harbour]\naws_access_key_id = a\naws_secret_access_key = b\n");
    expect(
      await flawsOf(one, deploy, {
        exit: 2,
        code: "credentials-missing",
        says: /names the profile pier, which is in neither AWS file \(there are: harbour\)/u,
        next: /aws configure --profile pier/u,
        env: { AWS_PROFILE: "pier", AWS_SHARED_CREDENTIALS_FILE: file },
      }),
    ).toEqual([]);
    await expectWayFree();
  });

  test("that have expired are told as such, for looking and for writing", async () => {
    const env = { AWS_ACCESS_KEY_ID: "expired", AWS_SECRET_ACCESS_KEY: "expired-secret" };
    for (const words of [deploy, status]) {
      expect(
        await flawsOf(one, words, {
          exit: 2,
          code: "credentials-missing",
          says: /the credentials have expired/u,
          next: /aws sso login.*run the same command again/u,
          env,
        }),
      ).toEqual([]);
    }
    await expectWayFree();
  });

  test("with a wrong secret, or with a key that the server does not know, are not accepted, and none of them is repeated", async () => {
    for (const env of [{ AWS_SECRET_ACCESS_KEY: "wrong-secret" }, { AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: "wrong-secret" }]) {
      expect(
        await flawsOf(one, deploy, {
          exit: 2,
          code: "credentials-missing",
          says: /does not accept these credentials \((?:SignatureDoesNotMatch|InvalidAccessKeyId)(?!.*wrong-secret)/u,
          next: /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/u,
          env,
        }),
      ).toEqual([]);
    }
    await expectWayFree();
  });
});

describe("the place", () => {
  test("in another region is named, with the line that sets it", async () => {
    expect(
      await flawsOf(one, deploy, {
        exit: 2,
        code: "usage",
        says: /is to be reached elsewhere, at us-east-1 \(AuthorizationHeaderMalformed/u,
        next: /export AWS_REGION=us-east-1/u,
        env: { AWS_REGION: "eu-central-1", AWS_DEFAULT_REGION: "eu-central-1" },
      }),
    ).toEqual([]);
    await expectWayFree();
  });

  test("that is down altogether is told with its address, and is no obstacle once it is up", async () => {
    const other = await startSandbox();
    await other.close();
    const env = { AWS_ENDPOINT_URL: other.endpoint };
    const says = new RegExp(`${other.endpoint}/\\S+ did not answer s3:\\w+.*: the connection was refused`, "u");
    const next = /Start that server or correct AWS_ENDPOINT_URL/u;
    expect(await flawsOf(one, ["status", "staging"], { exit: 2, code: "store-unreachable", says, next, env })).toEqual([]);
    // A deploy tries the bucket out first, and is not put off by the first refusal.
    const ran = await one.start(deploy, { env: { ...env, ...fastTime(ground.folder, 20) } }).ended;
    expectExit(ran, 2);
    expectTold(ran);
    expect(ran.stderr.replaceAll(/\s+/gu, " ")).toMatch(says);
    await expectWayFree();
  });
});

describe("a bucket that does not exist", () => {
  test("is no empty one: as a target it is told, and nothing is recorded", async () => {
    const lost = await ground.open({ isBare: true, store: "pier-nowhere" });
    lost.put("index.html", "<p>one</p>\n");
    for (const words of [deploy, status]) {
      expect(
        await flawsOf(lost, words, {
          exit: 2,
          code: "store-missing",
          says: /there is no bucket at \S+\/pier-nowhere/u,
          next: /belay\.yaml.*aws s3api create-bucket/u,
        }),
      ).toEqual([]);
    }
    ground.sandbox.s3.createBucket("pier-nowhere");
    await lost.deploy();
    expect(ground.sandbox.s3.objectCount("pier-nowhere")).toBe(1);
  });

  test("as the state is told, and nothing is written to the target", async () => {
    const lost = await ground.open({ isBare: true, state: "pier-no-state" });
    lost.put("index.html", "<p>one</p>\n");
    expect(
      await flawsOf(lost, deploy, {
        exit: 2,
        code: "store-missing",
        says: /there is no bucket at \S+\/pier-no-state/u,
        next: /aws s3api create-bucket/u,
      }),
    ).toEqual([]);
    expect(await lost.live()).toEqual({});
    ground.sandbox.s3.createBucket("pier-no-state");
    await lost.deploy();
    expect(Object.keys(await lost.live())).toEqual(["index.html"]);
  });
});

const denied = (
  permission: string,
  subject = "",
): { readonly exit: 2; readonly code: string; readonly says: RegExp; readonly next: RegExp } => ({
  exit: 2,
  code: "store-denied",
  says: new RegExp(`s3:${permission}${subject} .*is not allowed \\(AccessDenied`, "u"),
  next: new RegExp(`Allow s3:${permission} there`, "u"),
});

describe("what is not allowed", () => {
  test("writing one key of several: the deploy stops, names it, and what was written is put back", async () => {
    for (let at = 0; at < 12; at += 1) one.put(`page-${at}.html`, `<p>first ${at}</p>\n`);
    one.put("index.html", "<p>one</p>\n");
    await one.deploy();
    for (let at = 0; at < 12; at += 1) one.put(`page-${at}.html`, `<p>second ${at}</p>\n`);
    ground.account.denies = (operation, key) => operation === "PutObject" && key === "page-7.html";
    const before = await one.live();
    const ran = await one.run(deploy);
    expectExit(ran, 2);
    expectTold(ran);
    expect(ran.stderr).toMatch(/s3:PutObject of page-7\.html/u);
    expect(await one.live()).toEqual(before);
    ground.calm();
    // It has ended by itself: there is nothing to resume.
    expectExit(await one.run(["resume"]), 0);
    await one.deploy();
    expect((await one.live())["page-7.html"]).toBe("<p>second 7</p>\n");
  });

  test("reading one key: nothing is taken for absent or seen", async () => {
    one.put("other.html", "<p>other</p>\n");
    await one.deploy();
    ground.account.denies = (operation, key) => operation === "GetObject" && key === "other.html";
    ground.sandbox.s3.put(one.site, "other.html", Buffer.from("<p>a stranger's</p>\n"));
    for (const words of [["pull", "staging"], status]) {
      expect(await flawsOf(one, words, { ...denied("GetObject", " of other\\.html") })).toEqual([]);
    }
    ground.calm();
    expectExit(await one.run(["pull", "staging"]), 0);
  });

  test("listing the target, or listing the state", async () => {
    for (const bucket of [one.site, one.state]) {
      ground.account.denies = (operation, _, of) => operation === "ListObjectsV2" && of === bucket;
      expect(await flawsOf(one, deploy, { ...denied("ListBucket", ` at \\S+/${bucket}`) })).toEqual([]);
    }
    await expectWayFree();
  });

  test("writing the state: nothing is written to the target either", async () => {
    ground.account.denies = (operation, _, bucket) => operation === "PutObject" && bucket === one.state;
    expect(await flawsOf(one, deploy, { ...denied("PutObject") })).toEqual([]);
    await expectWayFree();
  });

  test("writing the ledger alone: the plan is kept, and nothing is written to the target", async () => {
    ground.account.denies = (operation, key) => operation === "PutObject" && key.includes("/ledger/");
    expect(await flawsOf(one, deploy, { ...denied("PutObject", " of belay/ledger/\\S+") })).toEqual([]);
    await expectWayFree();
  });
});

describe("clocks", () => {
  test("that are twenty minutes apart, either way, are set right by the server's answer", async () => {
    for (const aheadMs of [20 * 60_000, -20 * 60_000]) {
      ground.clock.aheadMs = aheadMs;
      one.put("index.html", `<p>${aheadMs}</p>\n`);
      await one.deploy();
      expect((await one.live())["index.html"]).toBe(`<p>${aheadMs}</p>\n`);
    }
  });

  test("about which the server stays of another mind are told, and nothing is written", async () => {
    ground.fault({ action: { kind: "status", status: 403, code: "RequestTimeTooSkewed", message: "The difference is too large." } });
    expect(
      await flawsOf(one, deploy, {
        exit: 2,
        code: "store-unreachable",
        says: /clock of \S+ disagrees|the clocks disagree/u,
        next: /Set this machine's clock \(`date -u` shows it\)/u,
      }),
    ).toEqual([]);
    await expectWayFree();
  });
});
