import { describe, expect, it } from "vitest";
import { BelayError } from "../../../core/belay-error.ts";
import { type AwsAbout, awsError, type AwsProblem, readAwsError } from "./aws-error.ts";
import { type WireAnswer, WireFailure } from "./wire.ts";

async function* bodyOf(text: string, failure?: Error): AsyncGenerator<Uint8Array> {
  if (text !== "") yield Buffer.from(await Promise.resolve(text));
  if (failure) throw failure;
}

const answer = (status: number, text: string, headers: Record<string, string> = {}): WireAnswer => ({
  status,
  headers,
  body: bodyOf(text),
  discard() {},
});

const about: AwsAbout = {
  wire: { base: "https://tide.s3.eu-central-1.amazonaws.com", isAws: true },
  action: "s3:PutObject",
  subject: "low/tide.html",
};
const elsewhere: AwsAbout = { ...about, wire: { base: "http://127.0.0.1:9000/tide", isAws: false } };
const problem = (status: number, code: string, rest: Partial<AwsProblem> = {}): AwsProblem => ({ status, code, message: "", ...rest });

function meaning(of: AwsProblem | Error, where: AwsAbout = about): BelayError {
  const error = awsError(of, where);
  if (error instanceof BelayError) return error;
  throw error;
}

describe("readAwsError", () => {
  it("reads S3's and CloudFront's documents", async () => {
    const s3 = `<?xml version="1.0"?>\n<Error><Code>RequestTimeTooSkewed</Code><Message>too &lt;far&gt; apart</Message><RequestTime>20261120T093000Z</RequestTime><ServerTime>2026-11-20T10:30:00Z</ServerTime><RequestId>R1</RequestId></Error>`;
    expect(await readAwsError(answer(403, s3, { "x-amz-bucket-region": "eu-west-1" }))).toStrictEqual({
      status: 403,
      code: "RequestTimeTooSkewed",
      message: "too <far> apart",
      region: "eu-west-1",
      requestTime: "20261120T093000Z",
      serverTime: "2026-11-20T10:30:00Z",
      requestId: "R1",
    });
    const cdn = `<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>NoSuchDistribution</Code><Message>none</Message></Error><RequestId>R2</RequestId></ErrorResponse>`;
    expect(await readAwsError(answer(404, cdn))).toStrictEqual({ status: 404, code: "NoSuchDistribution", message: "none" });
  });

  it("leaves empty what an answer does not say, and never throws", async () => {
    const silent = { code: "", message: "" };
    expect(await readAwsError(answer(404, ""))).toStrictEqual({ status: 404, ...silent });
    expect(await readAwsError(answer(502, "<html><body>Bad Gateway</html>"))).toStrictEqual({ status: 502, ...silent });
    expect(await readAwsError(answer(503, "<Error><Code>SlowDown</Code>"))).toStrictEqual({ status: 503, ...silent });
    const broken = { ...answer(500, ""), body: bodyOf("<Error><Code>SlowDown</Code></Error>", new WireFailure("cut", true)) };
    expect(await readAwsError(broken)).toStrictEqual({ status: 500, ...silent });
  });
});

describe("awsError", () => {
  it.each([
    [problem(403, "AccessDenied"), "store-denied", "Allow s3:PutObject"],
    [problem(403, ""), "store-denied", "aws sts get-caller-identity"],
    [problem(403, "InvalidAccessKeyId"), "credentials-missing", "aws configure list"],
    [problem(403, "SignatureDoesNotMatch"), "credentials-missing", "access key and its secret"],
    [problem(400, "ExpiredToken"), "credentials-missing", "aws sso login"],
    [problem(400, "TokenRefreshRequired"), "credentials-missing", "aws sso login"],
    [problem(404, "NoSuchBucket"), "store-missing", "aws s3api create-bucket"],
    [problem(301, "PermanentRedirect", { region: "eu-west-1" }), "usage", "export AWS_REGION=eu-west-1"],
    [problem(301, "PermanentRedirect"), "usage", "AWS_ENDPOINT_URL_S3"],
    [problem(403, "RequestTimeTooSkewed"), "store-unreachable", "date -u"],
    [problem(403, "SignatureDoesNotMatch", { message: "Signature expired: 1 is now earlier than 2" }), "store-unreachable", "date -u"],
    [problem(503, "SlowDown"), "store-unreachable", "Wait a minute"],
    [problem(404, "NoSuchDistribution"), "edge-mismatch", "aws cloudfront list-distributions"],
    [problem(507, ""), "store-full", "Make room"],
    [problem(501, "NotImplemented"), "not-supported", "Use a server"],
    [problem(500, "InternalError"), "store-unreachable", "Wait a minute"],
    [problem(400, "SomethingNew"), "store-unreachable", "Check the endpoint"],
  ])("gives %j the code %s and a remedy with %j", (of, code, remedy) => {
    const error = meaning(of);
    expect(error.code).toBe(code);
    expect(error.remedy).toContain(remedy);
    expect(error.message).toContain(about.wire.base.slice(0, of.code === "NoSuchDistribution" ? 8 : undefined));
  });

  it("names what was done to what where it was not allowed", () => {
    expect(meaning(problem(403, "AccessDenied", { message: "Access Denied." })).message).toBe(
      "s3:PutObject of low/tide.html at https://tide.s3.eu-central-1.amazonaws.com is not allowed (AccessDenied: Access Denied)",
    );
  });

  it("tells both times where the clocks disagree", () => {
    const skewed = problem(403, "RequestTimeTooSkewed", { requestTime: "20261120T093000Z", serverTime: "2026-11-20T10:30:00Z" });
    expect(meaning(skewed).message).toMatch(/20261120T093000Z.*2026-11-20T10:30:00Z/u);
  });

  it("says what became of a connection, and what to do about which server", () => {
    const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9000"), { code: "ECONNREFUSED" });
    const error = meaning(new WireFailure("the connection was refused", false, { cause }), elsewhere);
    expect(error.message).toBe("http://127.0.0.1:9000/tide did not answer s3:PutObject of low/tide.html: the connection was refused");
    expect(error).toMatchObject({ code: "store-unreachable", remedy: expect.stringContaining("AWS_ENDPOINT_URL") });
    const late = meaning(new WireFailure("no answer came within 30 seconds", true));
    expect(late.message).toContain("no answer came within 30 seconds");
    const expired = Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" });
    expect(meaning(new WireFailure("x", false, { cause: expired })).message).toContain("its TLS certificate has expired");
  });

  it("keeps a server's text from steering a terminal or filling it", () => {
    const { message } = meaning(problem(403, "AccessDenied", { message: `\u001b[2J\u202e${"very ".repeat(200)}long` }));
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(message).not.toMatch(/[\u0000-\u001f\u202e]/u);
    expect(message.length).toBeLessThan(500);
  });

  it("gives back what is neither a problem nor a lost connection", () => {
    const bug = new TypeError("a bug");
    expect(awsError(bug, about)).toBe(bug);
  });
});
