import { createHmac, hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ask, seeded, verdict, type Question } from "./s3/ask.ts";
import { openS3 } from "./s3/open-s3.ts";
import { signed, type Account } from "./signature.ts";
import type { SandboxHandler } from "./wire.ts";

const nowMs = Date.UTC(2031, 4, 6, 7, 8, 9);
const stamp = "20310506T070809Z";

/**
 * The example "GET Object" of the S3 API reference, "Signature Calculations for the Authorization Header": key, headers
 * and signature are AWS's, published there for checking implementations.
 */
const example = {
  key: "AKIAIOSFODNN7EXAMPLE",
  secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  atMs: Date.UTC(2013, 4, 24),
  signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
};

const hmac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();

interface Signing {
  readonly region?: string;
  readonly secret?: string;
  readonly key?: string;
  readonly at?: string;
}

/** A question with plain path and query, signed by hand. */
function sign(
  { line, headers = {}, body = "" }: Question,
  { region = "eu-central-1", secret = "s", key = "ALICE", at = stamp }: Signing = {},
): Question {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  const all: Record<string, string> = { host: "localhost", "x-amz-content-sha256": hash("sha256", body), "x-amz-date": at, ...headers };
  const names = Object.keys(all).toSorted();
  const canonical = [
    method,
    path,
    query,
    ...names.map((name) => `${name}:${all[name]}`),
    "",
    names.join(";"),
    all["x-amz-content-sha256"],
  ].join("\n");
  const scope = `${at.slice(0, 8)}/${region}/s3/aws4_request`;
  const signingKey = [at.slice(0, 8), region, "s3", "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${secret}`);
  const signature = hmac(Buffer.from(signingKey), `AWS4-HMAC-SHA256\n${at}\n${scope}\n${hash("sha256", canonical)}`).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${key}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { line, headers: { ...all, authorization }, body };
}

function guarded(account: Partial<Account> = {}, region = "eu-central-1"): { handle: SandboxHandler; objects: () => number } {
  const clock = { now: () => nowMs };
  const s3 = openS3({ clock, random: seeded(7) });
  s3.createBucket("harbour");
  const accounts = new Map([["ALICE", { secret: "s", ...account }]]);
  return { handle: signed(s3.handle, { accounts, region, clock }), objects: () => s3.objectCount("harbour") };
}

const put: Question = { line: "PUT /harbour/a", body: "bytes" };

describe("who asks", () => {
  test("AWS's own example is accepted, and refused with one header changed", async () => {
    const handle = signed(async () => ({ status: 200, headers: {} }), {
      accounts: new Map([[example.key, { secret: example.secret }]]),
      region: "us-east-1",
      clock: { now: () => example.atMs },
    });
    const headers = {
      host: "examplebucket.s3.amazonaws.com",
      range: "bytes=0-9",
      "x-amz-content-sha256": hash("sha256", ""),
      "x-amz-date": "20130524T000000Z",
      authorization: `AWS4-HMAC-SHA256 Credential=${example.key}/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=${example.signature}`,
    };
    expect(verdict(await ask(handle, { line: "GET /test.txt", headers }))).toBe("200");
    expect(verdict(await ask(handle, { line: "GET /test.txt", headers: { ...headers, range: "bytes=0-8" } }))).toBe(
      "403 SignatureDoesNotMatch",
    );
  });

  test("a request signed by a known account passes, and nothing else does", async () => {
    const { handle, objects } = guarded();
    expect(verdict(await ask(handle, put))).toBe("403 AccessDenied");
    expect(verdict(await ask(handle, sign(put, { secret: "t" })))).toBe("403 SignatureDoesNotMatch");
    expect(verdict(await ask(handle, sign(put, { key: "BOB" })))).toBe("403 InvalidAccessKeyId");
    expect(verdict(await ask(handle, { ...sign(put), line: "PUT /harbour/b" }))).toBe("403 SignatureDoesNotMatch");
    expect(verdict(await ask(handle, { ...sign(put), body: "other" }))).toBe("400 XAmzContentSHA256Mismatch");
    expect(objects()).toBe(0);
    expect(verdict(await ask(handle, sign(put)))).toBe("200");
    expect(objects()).toBe(1);
  });

  test("headers that mean something to AWS have to be signed", async () => {
    const { handle } = guarded();
    const question = sign(put);
    const headers = { ...question.headers, "x-amz-meta-added": "on the way" };
    const answer = await ask(handle, { ...question, headers });
    expect([verdict(answer), answer.element("HeadersNotSigned")]).toEqual(["403 AccessDenied", "x-amz-meta-added"]);
  });

  test("a wrong region is answered with the right one", async () => {
    const answer = await ask(guarded().handle, sign(put, { region: "us-east-1" }));
    expect([verdict(answer), answer.element("Region")]).toEqual(["400 AuthorizationHeaderMalformed", "eu-central-1"]);
    const garbage = { ...put, headers: { authorization: "Bearer x" } };
    expect(verdict(await ask(guarded().handle, garbage))).toBe("400 AuthorizationHeaderMalformed");
  });

  test("clocks may be fifteen minutes apart and no more, and the server tells its time", async () => {
    const { handle } = guarded();
    expect(verdict(await ask(handle, sign(put, { at: "20310506T065310Z" })))).toBe("200");
    const answer = await ask(handle, sign(put, { at: "20310506T065308Z" }));
    expect([verdict(answer), answer.element("ServerTime")]).toEqual(["403 RequestTimeTooSkewed", "2031-05-06T07:08:09Z"]);
    expect(answer.headers["date"]).toBe("Tue, 06 May 2031 07:08:09 GMT");
  });

  test("expired credentials are told from wrong ones", async () => {
    expect(verdict(await ask(guarded({ expired: true }).handle, sign(put)))).toBe("400 ExpiredToken");
  });

  test("HEAD is refused without a document", async () => {
    expect(await ask(guarded().handle, "HEAD /harbour/a")).toMatchObject({ status: 403, text: "" });
  });
});

const presigned = (at: string): string => {
  const scope = `${at.slice(0, 8)}/eu-central-1/s3/aws4_request`;
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(`ALICE/${scope}`)}&X-Amz-Date=${at}&X-Amz-Expires=60&X-Amz-SignedHeaders=host`;
  const canonical = ["GET", "/harbour/a", query, "host:localhost", "", "host", "UNSIGNED-PAYLOAD"].join("\n");
  const key = [at.slice(0, 8), "eu-central-1", "s3", "aws4_request"].reduce<Buffer | string>(hmac, "AWS4s");
  const signature = hmac(Buffer.from(key), `AWS4-HMAC-SHA256\n${at}\n${scope}\n${hash("sha256", canonical)}`).toString("hex");
  return `GET /harbour/a?${query}&X-Amz-Signature=${signature}`;
};

test("a presigned request holds for its time, and its signature for exactly what was signed", async () => {
  const { handle } = guarded();
  await ask(handle, sign(put));
  const headers = { host: "localhost" };
  expect((await ask(handle, { line: presigned("20310506T070709Z"), headers })).text).toBe("bytes");
  expect((await ask(handle, { line: presigned("20310506T070708Z"), headers })).element("Message")).toBe("Request has expired");
  expect(verdict(await ask(handle, { line: presigned(stamp).replace("/a?", "/b?"), headers }))).toBe("403 SignatureDoesNotMatch");
  expect(verdict(await ask(handle, { line: presigned(stamp).replace("Expires=60", "Expires=61"), headers }))).toBe(
    "403 SignatureDoesNotMatch",
  );
});

test("what an account is denied does not happen, nor inside of a request that does more", async () => {
  const asked: string[] = [];
  const { handle, objects } = guarded({
    denies: (operation, key, bucket) => {
      asked.push(`${operation} ${bucket} ${key}`);
      return key.startsWith("secret") || (operation === "PutObject" && key === "closed");
    },
  });
  expect(verdict(await ask(handle, sign({ line: "PUT /harbour/closed", body: "x" })))).toBe("403 AccessDenied");
  expect(verdict(await ask(handle, sign(put)))).toBe("200");
  expect(verdict(await ask(handle, sign({ line: "PUT /harbour/b", headers: { "x-amz-copy-source": "/harbour/secret%201" } })))).toBe(
    "403 AccessDenied",
  );
  const remove = (keys: readonly string[]): Question => {
    const body = `<Delete>${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join("")}</Delete>`;
    return sign({ line: "POST /harbour?delete=", headers: { "content-md5": hash("md5", body, "base64") }, body });
  };
  expect(verdict(await ask(handle, remove(["a", "secret"])))).toBe("403 AccessDenied");
  expect(objects()).toBe(1);
  expect(verdict(await ask(handle, remove(["a"])))).toBe("200");
  expect(objects()).toBe(0);
  expect(asked).toContain("GetObject harbour secret 1");
});
