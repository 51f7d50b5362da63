import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startSandbox } from "./start-sandbox.ts";
import type { Sandbox, SandboxOptions } from "./start-sandbox.ts";

const started: Sandbox[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A sandbox with a bucket and an edge, or what is asked for besides. */
async function harbour(options: SandboxOptions = {}): Promise<Sandbox & { readonly url: string }> {
  const sandbox = await startSandbox({
    buckets: [{ name: "harbour-site", versioning: true }],
    distributions: [{ id: "EHARBOUR", bucket: "harbour-site", aliases: ["harbour.example"] }],
    ...options,
  });
  started.push(sandbox);
  return { ...sandbox, url: sandbox.edges.get("EHARBOUR")?.url ?? "" };
}

const portOf = ({ url }: { readonly url: string }): number => Number(new URL(url).port);

const page = (text: string): Uint8Array => Buffer.from(text);

async function visit(url: string, init: RequestInit = {}): Promise<{ status: number; text: string; cache: string | null }> {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text(), cache: response.headers.get("x-cache") };
}

/** What the control door answers, as text of its JSON. */
async function control(sandbox: Sandbox, path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const { status, text } = await visit(`${sandbox.endpoint}/_sandbox${path}`, init);
  return { status, text };
}

function hasAws(): boolean {
  try {
    execFileSync("aws", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real aws CLI, with no configuration but the sandbox's. */
function aws(sandbox: Sandbox, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const clean = { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  return new Promise((resolve) => {
    const finished = (error: Error | null, stdout: string, stderr: string): void =>
      resolve({ status: error ? 1 : 0, stdout: stdout.trim(), stderr: stderr.trim() });
    execFile("aws", args, { env: { ...clean, ...sandbox.env, ...env } }, finished);
  });
}

describe("a sandbox", () => {
  test("serves each distribution from its bucket, on a port of its own, with the object's headers", async () => {
    const sandbox = await harbour();
    sandbox.s3.put("harbour-site", "dock/café.html", page("<h1>Dock</h1>"), {
      "content-type": "text/html; charset=utf-8",
      "x-amz-meta-keeper": "Zoë",
    });
    const response = await fetch(`${sandbox.url}/dock/caf%C3%A9.html`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("<h1>Dock</h1>");
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("x-amz-meta-keeper")).toMatch(/^=\?UTF-8\?B\?/u);
    expect(response.headers.get("x-amz-version-id")).toMatch(/^\S{32}$/u);
    const head = await fetch(`${sandbox.url}/dock/caf%C3%A9.html`, { method: "HEAD" });
    expect([head.headers.get("content-length"), head.headers.get("x-cache")]).toEqual(["13", "Hit from cloudfront"]);
    expect((await visit(`${sandbox.url}/missing.html`)).status).toBe(403);
  });

  test("lists nobody's bucket through an edge", async () => {
    const sandbox = await harbour({ distributions: [{ id: "EHARBOUR", bucket: "harbour-site", defaultRootObject: "" }] });
    sandbox.s3.put("harbour-site", "secret.txt", page("x"));
    expect(await visit(`${sandbox.url}/`)).toMatchObject({ status: 403 });
    expect((await visit(`${sandbox.url}/`)).text).not.toContain("secret");
  });

  test("refuses what is not signed, at each of its services", async () => {
    const sandbox = await harbour();
    expect((await visit(`${sandbox.endpoint}/harbour-site/index.html`)).status).toBe(403);
    expect((await visit(`${sandbox.endpoint}/2020-05-31/distribution`)).status).toBe(403);
  });

  test("says what it holds and what was asked, and counts its own looks at the bucket for nothing", async () => {
    const sandbox = await harbour();
    sandbox.s3.put("harbour-site", "index.html", page("home"));
    await visit(`${sandbox.url}/`);
    await visit(`${sandbox.endpoint}/harbour-site/index.html`);
    const distribution = {
      id: "EHARBOUR",
      bucket: "harbour-site",
      originPath: "",
      aliases: ["harbour.example"],
      url: sandbox.url,
      invalidations: 0,
    };
    expect(JSON.parse((await control(sandbox, "")).text)).toEqual({
      region: "us-east-1",
      buckets: [{ name: "harbour-site", objects: 1 }],
      distributions: [distribution],
      tables: [],
    });
    expect(JSON.parse((await control(sandbox, "/requests")).text)).toMatchObject({ operations: { GetObject: 1 } });
  });

  test("keeps its buckets in a folder, and its distributions nowhere but in the options", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
    folders.push(folder);
    const first = await harbour({ folder });
    first.s3.put("harbour-site", "index.html", page("home"));
    await first.close();
    const second = await harbour({ folder, buckets: [{ name: "harbour-site", versioning: true }] });
    expect(await visit(`${second.url}/`)).toMatchObject({ status: 200, text: "home" });
    await second.close();
    const third = await harbour({ folder, distributions: [] });
    expect(third.cloudfront.distributions()).toEqual([]);
    expect(third.s3.objectCount("harbour-site")).toBe(1);
  });

  test("leaves nothing running where a port is taken", async () => {
    const [sandbox, gone] = [await harbour(), await harbour()];
    await gone.close();
    const free = { id: "EFREE", bucket: "harbour-site", port: portOf(gone) };
    const taken = { id: "ETAKEN", bucket: "harbour-site", port: portOf(sandbox) };
    await expect(startSandbox({ distributions: [free, taken] })).rejects.toThrow("EADDRINUSE");
    // Its first edge had found its port: had it stayed, nobody else could have that port now.
    const next = await harbour({ distributions: [free] });
    expect(next.edges.get("EFREE")?.url).toBe(gone.url);
  });

  test("can be closed twice, and is gone then", async () => {
    const sandbox = await harbour();
    await sandbox.close();
    await sandbox.close();
    await expect(fetch(sandbox.endpoint)).rejects.toThrow("fetch failed");
    await expect(fetch(sandbox.url)).rejects.toThrow("fetch failed");
  });
});

describe.skipIf(!hasAws())("the aws CLI against a sandbox (needs the aws CLI)", () => {
  test("shows visitors the old page until its invalidation takes effect, and the same reference purges once", async () => {
    // The clock stands still where the test does not move it, so that a slow machine changes nothing.
    let nowMs = Date.now();
    const sandbox = await harbour({ clock: { now: () => nowMs }, settleMs: 60_000 });
    const create = (paths: string): Promise<Run> => {
      const batch = `{"Paths":{"Quantity":1,"Items":["${paths}"]},"CallerReference":"r1"}`;
      return aws(sandbox, [
        "cloudfront",
        "create-invalidation",
        "--distribution-id",
        "EHARBOUR",
        "--invalidation-batch",
        batch,
        "--query",
        "Invalidation.[Id,Status]",
        "--output",
        "text",
      ]);
    };
    sandbox.s3.put("harbour-site", "dir/page.html", page("old"));
    expect((await visit(`${sandbox.url}/dir/page.html`)).text).toBe("old");
    sandbox.s3.put("harbour-site", "dir/page.html", page("new"));
    const [id = "", status] = (await create("/dir/*")).stdout.split("\t");
    expect(status).toBe("InProgress");
    expect(await visit(`${sandbox.url}/dir/page.html`)).toMatchObject({ text: "old", cache: "Hit from cloudfront" });

    const again = await create("/dir/*");
    expect(again.stdout.split("\t")[0]).toBe(id);
    const other = await create("/other");
    expect(other.stderr).toContain("(InvalidArgument)");

    const [made] = sandbox.cloudfront.invalidations("EHARBOUR");
    nowMs = (made?.effectiveAtMs ?? 0) - 1;
    expect((await visit(`${sandbox.url}/dir/page.html`)).text).toBe("old");
    nowMs += 1;
    expect(await visit(`${sandbox.url}/dir/page.html`)).toMatchObject({ text: "new", cache: "Miss from cloudfront" });
    nowMs = made?.completedAtMs ?? 0;
    const asked = ["cloudfront", "get-invalidation", "--distribution-id", "EHARBOUR", "--id", id];
    expect((await aws(sandbox, [...asked, "--query", "Invalidation.Status", "--output", "text"])).stdout).toBe("Completed");
    expect(sandbox.cloudfront.invalidations("EHARBOUR")).toHaveLength(1);
    expect(sandbox.log.snapshot().operations).toMatchObject({ CreateInvalidation: 3, GetInvalidation: 1 });
  });

  test("lists distributions with their buckets, whatever the region of the buckets", async () => {
    const sandbox = await harbour({ region: "eu-central-1" });
    const query = "DistributionList.Items[].[Id,Origins.Items[0].DomainName,Aliases.Items[0]]";
    const listed = await aws(sandbox, ["cloudfront", "list-distributions", "--query", query, "--output", "text"]);
    expect(listed.stdout.split("\t")).toEqual(["EHARBOUR", "harbour-site.s3.eu-central-1.amazonaws.com", "harbour.example"]);
    const config = ["cloudfront", "get-distribution-config", "--id", "EHARBOUR", "--query", "DistributionConfig.DefaultRootObject"];
    expect((await aws(sandbox, [...config, "--output", "text"])).stdout).toBe("index.html");
  });

  test("is told of a distribution that does not exist", async () => {
    const sandbox = await harbour();
    const args = ["cloudfront", "create-invalidation", "--distribution-id", "ENOBODY", "--paths", "/*"];
    expect((await aws(sandbox, args)).stderr).toContain("(NoSuchDistribution)");
  });

  test("creates a distribution that has an edge at once", async () => {
    const sandbox = await harbour();
    sandbox.s3.put("harbour-site", "start.html", page("started"));
    const origin = ["--origin-domain-name", "harbour-site.s3.amazonaws.com", "--default-root-object", "start.html"];
    const created = await aws(sandbox, ["cloudfront", "create-distribution", ...origin, "--query", "Distribution.Id", "--output", "text"]);
    const url = sandbox.edges.get(created.stdout)?.url ?? "";
    expect(await visit(`${url}/`)).toMatchObject({ status: 200, text: "started" });
  });

  test("is told who it is, unless its secret is another or its credentials have expired", async () => {
    const accounts = new Map([["guest", { secret: "s", expired: true }]]);
    const sandbox = await harbour({ region: "eu-central-1", accounts });
    const args = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"];
    const runs = await Promise.all([
      aws(sandbox, args),
      aws(sandbox, args, { AWS_SECRET_ACCESS_KEY: "wrong" }),
      aws(sandbox, args, { AWS_ACCESS_KEY_ID: "nobody" }),
      aws(sandbox, args, { AWS_ACCESS_KEY_ID: "guest", AWS_SECRET_ACCESS_KEY: "s" }),
    ]);
    expect(runs.map(({ stdout, stderr }) => (stdout === "" ? /\((\w+)\)/u.exec(stderr)?.[1] : stdout))).toEqual([
      "arn:aws:iam::000000000000:user/sandbox",
      "SignatureDoesNotMatch",
      "InvalidClientTokenId",
      "ExpiredToken",
    ]);
  });

  test("meets the faults that the control door was told", async () => {
    const sandbox = await harbour();
    const rule = { operation: "ListDistributions", times: 1, action: { kind: "status", status: 403, code: "AccessDenied" } };
    expect(await control(sandbox, "/faults", { method: "POST", body: JSON.stringify(rule) })).toMatchObject({ status: 201 });
    expect((await aws(sandbox, ["cloudfront", "list-distributions"])).stderr).toContain("(AccessDenied)");
    expect(sandbox.faults.rules()).toEqual([]);
  });
});
