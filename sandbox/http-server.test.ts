import { execFile, execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faulty, openFaults, type Faults } from "./faults.ts";
import { listen, type Listening } from "./http-server.ts";
import { seeded } from "./s3/ask.ts";
import { openS3, type S3Service } from "./s3/open-s3.ts";
import { signed } from "./signature.ts";

const clock = { now: () => Date.now() };

let s3: S3Service;
let faults: Faults;
let plain: Listening;
let guarded: Listening;
const seen: string[] = [];

beforeEach(async () => {
  s3 = openS3({ clock, random: seeded(10) });
  s3.createBucket("harbour", { versioning: true });
  faults = openFaults({ clock, random: seeded(11) });
  const handle = faulty(s3.handle, faults);
  plain = await listen(handle, { port: 0, onRequest: ({ method, path }) => seen.push(`${method} ${path}`) });
  const accounts = new Map([["ALICE", { secret: "not+a/secret" }]]);
  guarded = await listen(signed(handle, { accounts, region: "eu-central-1", clock }), { port: 0 });
});
afterEach(async () => {
  await plain.close();
  await guarded.close();
});

const url = (path: string): string => `http://127.0.0.1:${plain.port}${path}`;

const send = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let isContinued = false;
    const outgoing = request(url(path), { method: "PUT", headers: { expect: "100-continue", "content-length": 5 } }, (incoming) => {
      incoming.resume().on("end", () => resolve(`${incoming.statusCode} ${isContinued}`));
    });
    outgoing.on("continue", () => {
      isContinued = true;
      outgoing.end("bytes");
    });
    outgoing.on("error", reject);
    outgoing.flushHeaders();
  });

describe("over HTTP", () => {
  test("bodies go both ways, HEAD has none and tells the length all the same", async () => {
    const body = Buffer.alloc(300_000, "harbour ");
    const put = await fetch(url("/harbour/%C3%BC"), { method: "PUT", body });
    expect([put.status, put.headers.get("etag")]).toEqual([200, `"${hash("md5", body)}"`]);
    expect(Buffer.from(await (await fetch(url("/harbour/%C3%BC"))).arrayBuffer()).equals(body)).toBe(true);
    const head = await fetch(url("/harbour/%C3%BC"), { method: "HEAD" });
    expect([head.headers.get("content-length"), await head.text()]).toEqual(["300000", ""]);
    expect(seen).toContain("HEAD /harbour/%C3%BC");
    const missing = await fetch(url("/harbour/none"));
    expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining("<Code>NoSuchKey</Code>")]);
  });

  test("a client that awaits 100-continue is told to go on, and an answer without it comes at once", async () => {
    expect(await send("/harbour/a")).toBe("200 true");
    faults.add({ action: { kind: "status", status: 503 } });
    expect(await send("/harbour/b")).toBe("503 false");
  });

  test("one connection serves one request after another", async () => {
    const answers = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(plain.port, "127.0.0.1");
      socket.on("error", reject);
      socket.on("data", (chunk) => {
        const isFirst = text === "";
        text += chunk.toString();
        if (isFirst) socket.end("HEAD /harbour/a HTTP/1.1\r\nHost: localhost\r\n\r\n");
      });
      socket.on("close", () => resolve(text));
      socket.write("PUT /harbour/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
    });
    expect(answers.match(/HTTP\/1\.1 \d+/gu)).toEqual(["HTTP/1.1 200", "HTTP/1.1 200"]);
    expect(answers).toMatch(/content-length: 1\r\n/iu);
  });

  test("a client that goes away within its body has written nothing", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(plain.port, "127.0.0.1");
      socket.write("PUT /harbour/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf", () => socket.destroy());
      socket.on("close", () => resolve());
    });
    await fetch(url("/harbour/b"), { method: "PUT", body: "x" });
    expect(s3.get("harbour", "a")).toBeUndefined();
  });

  test("a reset is a cut connection, with or without the first half of the body", async () => {
    s3.put("harbour", "a", Buffer.alloc(100_000, "x"));
    faults.add({ operation: "GetObject", action: { kind: "break-body" } });
    faults.add({ operation: "PutObject", action: { kind: "lose-reply" } });
    const got = await fetch(url("/harbour/a"));
    expect(got.headers.get("content-length")).toBe("100000");
    await expect(got.arrayBuffer()).rejects.toBeInstanceOf(TypeError);
    await expect(fetch(url("/harbour/b"), { method: "PUT", body: "x" })).rejects.toBeInstanceOf(TypeError);
    expect(s3.get("harbour", "b")).toBeDefined();
  });

  test("a handler's bug is answered with 500", async () => {
    const broken = await listen(() => Promise.reject(new Error("a bug")), { port: 0 });
    const answer = await fetch(`http://127.0.0.1:${broken.port}/`);
    expect([answer.status, await answer.text()]).toEqual([500, "a bug\n"]);
    await broken.close();
  });
});

function hasAws(): boolean {
  try {
    execFileSync("aws", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasAws())("needs the aws CLI", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbox-aws-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function aws(...words: readonly string[]): Promise<{ code: number; out: string; error: string }> {
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      AWS_ACCESS_KEY_ID: "ALICE",
      AWS_SECRET_ACCESS_KEY: "not+a/secret",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
      AWS_PAGER: "",
    };
    try {
      const { stdout } = await promisify(execFile)("aws", ["--endpoint-url", `http://127.0.0.1:${guarded.port}`, ...words], {
        env,
        cwd: folder,
      });
      return { code: 0, out: stdout, error: "" };
    } catch (error) {
      if (typeof error === "object" && error !== null && "stderr" in error && "code" in error) {
        return { code: Number(error.code), out: "", error: String(error.stderr) };
      }
      throw error;
    }
  }

  test("cp, sync and rm move what they say, in parts where a file is large", async () => {
    mkdirSync(join(folder, "site", "ü b"), { recursive: true });
    writeFileSync(join(folder, "site", "index.html"), "<p>hello</p>");
    writeFileSync(join(folder, "site", "ü b", "a+b&c.css"), "p{}");
    writeFileSync(join(folder, "large.bin"), Buffer.alloc(20 * 1024 * 1024, "large "));
    expect(await aws("s3", "cp", "large.bin", "s3://harbour/large.bin")).toMatchObject({ code: 0 });
    expect(s3.get("harbour", "large.bin")?.etag).toMatch(/-3"$/u);
    expect(await aws("s3", "cp", "s3://harbour/large.bin", "back.bin")).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "back.bin")).equals(readFileSync(join(folder, "large.bin")))).toBe(true);
    expect(await aws("s3", "sync", "site", "s3://harbour/site", "--cache-control", "max-age=60")).toMatchObject({ code: 0 });
    expect(s3.get("harbour", "site/ü b/a+b&c.css")?.headers).toMatchObject({ "content-type": "text/css", "cache-control": "max-age=60" });
    expect((await aws("s3", "sync", "site", "s3://harbour/site")).out).toBe("");
    expect(await aws("s3", "sync", "s3://harbour/site", "again")).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "again", "ü b", "a+b&c.css"), "utf8")).toBe("p{}");
    expect(await aws("s3", "rm", "--recursive", "s3://harbour/site")).toMatchObject({ code: 0 });
    expect(s3.objectCount("harbour")).toBe(1);
  });

  test("conditions, versions and wrong credentials are understood", async () => {
    writeFileSync(join(folder, "a"), "one");
    const put = ["s3api", "put-object", "--bucket", "harbour", "--key", "a", "--body", "a"];
    expect(await aws(...put, "--if-none-match", "*")).toMatchObject({ code: 0 });
    expect(await aws(...put, "--if-none-match", "*")).toMatchObject({ error: expect.stringContaining("PreconditionFailed") });
    expect(await aws(...put, "--if-match", hash("md5", "one"))).toMatchObject({ code: 0 });
    expect(await aws("s3api", "delete-object", "--bucket", "harbour", "--key", "a")).toMatchObject({ code: 0 });
    const listed: unknown = JSON.parse((await aws("s3api", "list-object-versions", "--bucket", "harbour")).out);
    expect(listed).toMatchObject({
      Versions: [
        { Key: "a", IsLatest: false, Size: 3 },
        { Key: "a", IsLatest: false },
      ],
      DeleteMarkers: [{ Key: "a", IsLatest: true }],
    });
    const located = await aws("s3api", "head-bucket", "--bucket", "harbour", "--region", "us-east-1");
    expect(located.code).not.toBe(0);
  });
});
