/** `belay doctor` on folders and on the sandbox: what is unsafe, what cannot be told, and how it ends. */

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as v from "valibot";
import { openCliWorld, type CliWorld, type Finished } from "../cli/cli-world.ts";
import { openBucketGround, type BucketCase, type BucketGround } from "./support/bucket-ground.ts";

const findingSchema = v.object({
  id: v.string(),
  severity: v.picklist(["unsafe", "warning", "note", "ok"]),
  about: v.string(),
  target: v.exactOptional(v.string()),
  message: v.string(),
  evidence: v.exactOptional(v.string()),
  remedy: v.exactOptional(v.string()),
  untold: v.exactOptional(v.string()),
});
const answerSchema = v.object({
  format: v.literal(1),
  site: v.string(),
  findings: v.array(findingSchema),
  summary: v.object({ unsafe: v.number(), warning: v.number(), note: v.number(), ok: v.number() }),
});
type Answer = v.InferOutput<typeof answerSchema>;

function answerIn({ stdout }: Pick<Finished, "stdout">): Answer {
  const parsed = v.safeParse(answerSchema, JSON.parse(stdout));
  if (!parsed.success) throw new Error(`this is no answer of doctor: ${stdout}`);
  return parsed.output;
}
const found = ({ findings }: Answer, id: string, target?: string): Answer["findings"][number] | undefined =>
  findings.find((one) => one.id === id && (target === undefined || one.target === target));
const severityOf = (answer: Answer, id: string, target?: string): string | undefined => found(answer, id, target)?.severity;

const hasGit = spawnSync("git", ["--version"], { stdio: "ignore" }).status === 0;

function git(cwd: string, ...words: readonly string[]): void {
  const ran = spawnSync("git", ["-c", "user.name=Wren", "-c", "user.email=wren@example.com", ...words], { cwd, encoding: "utf8" });
  expect({ status: ran.status, told: ran.stderr }).toMatchObject({ status: 0 });
}

describe("on folders", () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await openCliWorld();
  });
  afterAll(async () => {
    await world.close();
  });

  it("nothing is unsafe, no question goes to a network, and it ends well", async () => {
    const ran = await world.run("studio", ["doctor", "--json"]);
    const answer = answerIn(ran);
    expect(ran.exit).toBe(0);
    expect(answer.findings.filter(({ severity }) => severity === "unsafe")).toEqual([]);
    expect(severityOf(answer, "state-chain")).toBe("ok");
    expect(severityOf(answer, "open-plan")).toBe("ok");
    expect(answer.findings.filter(({ about }) => about === "credentials")).toEqual([]);
    expect(answer.findings.length).toBe(Object.values(answer.summary).reduce((sum, count) => sum + count, 0));
  });

  it("tells people the worst first in 80 columns, and what is fine only when asked", async () => {
    await world.write("studio/.claude/settings.json", "{}");
    const [short, long] = [await world.run("studio", ["doctor"]), await world.run("studio", ["doctor", "--verbose"])];
    expect(short.stdout).not.toContain("Fine");
    expect(short.stdout).toMatch(/Notes[\s\S]*\.claude[\s\S]*nothing unsafe, \d+ warnings?, \d+ notes?, \d+ fine/u);
    expect(long.stdout).toMatch(/Fine[\s\S]*✓ state: The record is whole/u);
    expect(`${short.stdout}${long.stdout}`.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("a broken belay.yaml is told as everywhere, and ends as a mistake in the configuration", async () => {
    await world.write("broken/belay.yaml", "version: 1\nsite: { root: public, targets: { live: { stor: dir:x } } }\n");
    const ran = await world.run("broken", ["doctor"]);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain("stor");
  });

  it("a record that was tampered with is unsafe", async () => {
    await world.write("laptop/public/index.html", "<p>low tide</p>\n");
    expect(await world.run("laptop", ["deploy", "staging", "--yes"])).toMatchObject({ exit: 0 });
    const ledger = join(world.root, "state", "ledger");
    const names = spawnSync("find", [ledger, "-type", "f"], { encoding: "utf8" }).stdout.trim().split("\n").toSorted();
    const first = names[0] ?? "";
    const text = await world.read(first.slice(world.root.length + 1));
    writeFileSync(first, text.replace("staging", "stagine"));
    const ran = await world.run("laptop", ["doctor", "--json"]);
    writeFileSync(first, text);
    expect(ran.exit).toBe(3);
    expect(severityOf(answerIn(ran), "state-chain")).toBe("unsafe");
    expect(severityOf(answerIn(await world.run("laptop", ["doctor", "--json"])), "state-chain")).toBe("ok");
  });

  it.skipIf(!hasGit)("needs git: a shallow clone and a .belay that git would take are warned of", async () => {
    const [origin, clone] = [join(world.root, "origin"), join(world.root, "clone")];
    mkdirSync(origin);
    git(origin, "init", "-q");
    await world.write("origin/belay.yaml", "version: 1\nsite: { root: public, targets: { live: { store: dir:../srv/cloned } } }\n");
    for (const tide of ["high", "low"]) {
      await world.write("origin/public/index.html", `<p>${tide}</p>\n`);
      git(origin, "add", ".");
      git(origin, "commit", "-q", "-m", tide);
    }
    git(world.root, "clone", "-q", "--depth", "1", `file://${origin}`, "clone");
    const shallow = answerIn(await world.run("clone", ["doctor", "--json"]));
    expect([severityOf(shallow, "git-depth"), severityOf(shallow, "state-ignored")]).toEqual(["warning", "warning"]);
    await world.write("clone/.gitignore", ".belay/\n");
    git(clone, "fetch", "-q", "--unshallow");
    const whole = answerIn(await world.run("clone", ["doctor", "--json"]));
    expect([severityOf(whole, "git-depth"), severityOf(whole, "state-ignored")]).toEqual(["ok", "ok"]);
  });
});

describe("on the sandbox", () => {
  let ground: BucketGround;
  let one: BucketCase;
  const production = (name: string): string => `production: { store: "s3://${name}", cdn: "cloudfront:E0PIER${count}", after: staging }`;
  let bucket: string;
  let count = 0;
  beforeAll(async () => {
    ground = await openBucketGround();
  });
  afterAll(async () => {
    await ground.close();
  });
  beforeEach(async () => {
    count += 1;
    bucket = `pier-production-${count}`;
    ground.sandbox.s3.createBucket(bucket, { versioning: true });
    ground.sandbox.cloudfront.createDistribution({ id: `E0PIER${count}`, bucket });
    one = await ground.open({ versioning: true, isBare: true, targets: [production(bucket)] });
  });
  afterEach(() => {
    ground.calm();
  });

  const doctor = async (
    ...words: readonly string[]
  ): Promise<{ readonly exit: number | null; readonly answer: Answer; readonly told: string }> => {
    const ran = await one.run(["doctor", ...words, "--json"]);
    return { exit: ran.exit, answer: answerIn(ran), told: ran.told };
  };
  const put = async (setting: string, document: string): Promise<void> => {
    const query = new URLSearchParams({ [setting]: "" });
    const body = async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(document);
    };
    const answer = await ground.sandbox.s3.handle({ method: "PUT", path: `/${bucket}`, query, headers: {}, body });
    expect(answer.status).toBeLessThan(300);
  };
  const policy = async (...statements: readonly object[]): Promise<void> => {
    await put("policy", JSON.stringify({ Version: "2012-10-17", Statement: statements }));
  };
  const anybody = { Effect: "Allow", Principal: "*" };

  it("a sound bucket has nothing unsafe, and nothing in it is touched", async () => {
    const { exit, answer, told } = await doctor("production");
    expect({ exit, told }).toMatchObject({ exit: 0 });
    for (const id of [
      "bucket-exists",
      "bucket-versioning",
      "bucket-public-access-block",
      "bucket-acl",
      "distribution-origin",
      "clock",
      "state-bucket",
    ]) {
      expect([id, severityOf(answer, id)]).toEqual([id, "ok"]);
    }
    expect(severityOf(answer, "bucket-conditional-writes")).toBe("warning");
    expect(found(answer, "bucket-preconditions")).toMatchObject({ severity: "note", remedy: "belay doctor production --probe" });
    expect(ground.sandbox.s3.objectCount(bucket)).toBe(0);
    const writes = Object.keys(ground.sandbox.log.snapshot().operations ?? {}).filter((name) => name.startsWith("PutObject"));
    expect(writes).toEqual([]);
  });

  it("--probe tries the bucket out, leaves nothing behind, and is remembered", async () => {
    expect(severityOf((await doctor("production", "--probe")).answer, "bucket-preconditions")).toBe("ok");
    expect(ground.sandbox.s3.objectCount(bucket)).toBe(0);
    expect(severityOf((await doctor("production")).answer, "bucket-preconditions")).toBe("ok");
  });

  it("a policy that lets anybody write is unsafe and ends as refused", async () => {
    await policy({ ...anybody, Action: "s3:Put*", Resource: `arn:aws:s3:::${bucket}/uploads/*` });
    const { exit, answer } = await doctor("production");
    expect(exit).toBe(3);
    expect(found(answer, "bucket-public-write")).toMatchObject({ severity: "unsafe", evidence: expect.stringContaining("s3:PutObject") });
  });

  it("a policy that refuses what carries no condition is fine, and belay's own writes pass it", async () => {
    const refusal = { Effect: "Deny", Principal: "*", Resource: `arn:aws:s3:::${bucket}/*` };
    await policy(
      {
        ...refusal,
        Action: "s3:PutObject",
        Condition: { Null: { "s3:if-match": "true", "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
      },
      { ...refusal, Action: "s3:DeleteObject", Condition: { Null: { "s3:if-match": "true" } } },
    );
    const { answer } = await doctor("production");
    expect(severityOf(answer, "bucket-conditional-writes")).toBe("ok");
    expect(found(answer, "bucket-own-writes")).toBeUndefined();
  });

  it("grants to strangers, a hasty lifecycle and logs among the pages are told", async () => {
    await put("ownershipControls", "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>");
    await put(
      "publicAccessBlock",
      "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>",
    );
    const group = "http://acs.amazonaws.com/groups/global/AllUsers";
    await put(
      "acl",
      `<AccessControlPolicy><AccessControlList><Grant><Grantee><URI>${group}</URI></Grantee><Permission>WRITE</Permission></Grant></AccessControlList></AccessControlPolicy>`,
    );
    const expiry = "<NoncurrentVersionExpiration><NoncurrentDays>7</NoncurrentDays></NoncurrentVersionExpiration>";
    await put(
      "lifecycle",
      `<LifecycleConfiguration><Rule><ID>tidy</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>${expiry}</Rule></LifecycleConfiguration>`,
    );
    await put(
      "logging",
      `<BucketLoggingStatus><LoggingEnabled><TargetBucket>${bucket}</TargetBucket><TargetPrefix>logs/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>`,
    );
    const { answer } = await doctor("production");
    expect(found(answer, "bucket-acl")).toMatchObject({ severity: "unsafe", evidence: "WRITE to everyone" });
    expect(found(answer, "bucket-public-access-block")).toMatchObject({
      evidence: "off: IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets",
    });
    expect(found(answer, "bucket-lifecycle")).toMatchObject({ severity: "warning", evidence: "tidy: 7 days" });
    expect(severityOf(answer, "bucket-logging")).toBe("warning");
  });

  it("production without versions is unsafe", async () => {
    const bare = `pier-bare-${count}`;
    ground.sandbox.s3.createBucket(bare, { versioning: false });
    one = await ground.open({ isBare: true, targets: [`production: { store: "s3://${bare}", after: staging }`] });
    const { exit, answer } = await doctor();
    expect(exit).toBe(3);
    expect(severityOf(answer, "bucket-versioning", "production")).toBe("unsafe");
    expect(severityOf(answer, "bucket-versioning", "staging")).toBe("warning");
  });

  it("a bucket and a distribution that are not there are unsafe, and nothing more is asked of the bucket", async () => {
    one = await ground.open({
      isBare: true,
      targets: ['production: { store: "s3://nobodys-pier", cdn: "cloudfront:ENOBODY", after: staging }'],
    });
    const { exit, answer } = await doctor("production");
    expect(exit).toBe(3);
    expect(answer.findings.filter(({ severity }) => severity === "unsafe").map(({ id }) => id)).toEqual(["bucket-exists", "distribution"]);
    expect(found(answer, "bucket-versioning")).toBeUndefined();
  });

  it("what is denied is a note that names the permission, and never fine", async () => {
    ground.account.denies = (operation) =>
      operation.startsWith("GetBucket") || operation.startsWith("GetPublic") || operation === "SimulatePrincipalPolicy";
    const { exit, answer } = await doctor("production");
    expect(exit).toBe(0);
    for (const id of [
      "bucket-versioning",
      "bucket-policy",
      "bucket-public-access-block",
      "bucket-acl",
      "bucket-logging",
      "bucket-lifecycle",
      "credentials-bypass",
    ]) {
      expect(found(answer, id)).toMatchObject({ id, severity: "note", untold: expect.stringContaining("not allowed") });
    }
    expect(found(answer, "bucket-policy")?.remedy).toContain("s3:GetBucketPolicy");
    const people = await one.run(["doctor", "production"]);
    expect(people.stdout).toMatch(/checks could not be made, because/u);
  });

  it("credentials that can lift the walls are warned of, and those that cannot are fine", async () => {
    expect(found((await doctor("production")).answer, "credentials-bypass")).toMatchObject({
      severity: "warning",
      evidence: expect.stringContaining("s3:PutBucketPolicy"),
    });
    ground.account.denies = (operation) => /^(?:Put|Delete)Bucket|^DeleteObjectVersion|^UpdateDistribution/u.test(operation);
    expect(severityOf((await doctor("production")).answer, "credentials-bypass")).toBe("ok");
  });

  it("an agent with credentials for production is warned of", async () => {
    const ran = await one.run(["doctor", "production", "--json"], { env: { CLAUDECODE: "1" } });
    expect(severityOf(answerIn(ran), "credentials-agent")).toBe("warning");
  });

  it("a clock that is off is told: unsafe by minutes, a warning by half of one", async () => {
    ground.clock.aheadMs = 45_000;
    expect(severityOf((await doctor("production")).answer, "clock")).toBe("warning");
    ground.clock.aheadMs = 7 * 60_000;
    expect(found((await doctor("production")).answer, "clock")).toMatchObject({
      severity: "unsafe",
      message: expect.stringContaining("behind"),
    });
  });

  it("a state that strangers may read is unsafe", async () => {
    bucket = one.state;
    await policy({ ...anybody, Action: "s3:GetObject", Resource: `arn:aws:s3:::${one.state}/*` });
    expect(found((await doctor("production")).answer, "state-private")).toMatchObject({ severity: "unsafe", evidence: "s3:GetObject" });
  });

  it("without a network every question is a note, and it ends within its time", async () => {
    const begun = Date.now();
    const ran = await one.run(["doctor", "--json"], { env: { AWS_ENDPOINT_URL: "http://127.0.0.1:9" } });
    const answer = answerIn(ran);
    expect(ran.exit).toBe(0);
    expect(severityOf(answer, "state-reachable")).toBe("note");
    expect(found(answer, "bucket-exists", "production")).toMatchObject({ severity: "note", untold: expect.stringContaining("refused") });
    expect(answer.findings.filter(({ severity, about }) => severity === "ok" && about === "state").map(({ id }) => id)).toEqual([
      "state-shared",
    ]);
    expect(Date.now() - begun).toBeLessThan(25_000);
  });

  it("without credentials it says so once for people", async () => {
    const ran = await one.run(["doctor", "production"], { env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" } });
    expect(ran.exit).toBe(0);
    expect(ran.stdout.replaceAll(/\s+/gu, " ")).toMatch(/production: \d+ checks could not be made, because no AWS credentials were found/u);
  });
});
