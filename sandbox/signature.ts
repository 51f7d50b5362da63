/** AWS Signature Version 4: who asks, and whether that account may. By "Signing AWS API requests" in the IAM User Guide. */

import { createHmac, hash } from "node:crypto";
import { stringToSign } from "./s3/canonical-request.ts";
import { isForDynamo } from "./dynamodb/operation-name.ts";
import { isForCloudFront, operationOf } from "./s3/operation-of.ts";
import { collected } from "./s3/request-body.ts";
import { decodedOr, targetOf } from "./s3/s3-operation.ts";
import { serviceError } from "./s3/service-error.ts";
import { claimOf, Refusal, type Claim } from "./s3/signature-claim.ts";
import { copySourceName } from "./s3/write-object.ts";
import { childText, readXml } from "./s3/xml.ts";
import type { Clock, SandboxHandler, SandboxRequest } from "./wire.ts";

export interface Account {
  readonly secret: string;
  /** Its credentials have run out: every request is answered with ExpiredToken. */
  readonly expired?: boolean;
  /**
   * What this account may not do. The key is decoded, and a CloudFront request's path in its place. Asked also for what lies
   * within a request: the source of a copy is a GetObject, each key of DeleteObjects a DeleteObject.
   */
  readonly denies?: (operation: string, key: string, bucket: string) => boolean;
}

export interface SignatureOptions {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly region: string;
  readonly clock: Clock;
}

/** S3 User Guide: how far the clocks may be apart. */
const skewMaxMs = 15 * 60_000;

/** Lets through what is signed by an account that may do it. The bodies of S3 requests are left to S3, which compares them with what was signed. */
export function signed(handler: SandboxHandler, options: SignatureOptions): SandboxHandler {
  const keys = new Map<string, Buffer>();
  return async (request) => {
    try {
      const claim = claimOf(request);
      if (!claim) throw anonymous(request);
      const account = accountOf(claim, request, options);
      checkScope(claim, request, options.region);
      checkTime(claim, options.clock.now());
      checkHeaders(claim, request);
      const passed = await checkSignature(request, claim, signingKey(claim, account, keys));
      if (account.expired === true) throw expired(request);
      return await handler(account.denies ? await permitted(passed, account.denies) : passed);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message, details } = error;
      return serviceError(request, { status, code, message, details, nowMs: options.clock.now() });
    }
  };
}

function anonymous(request: SandboxRequest): Refusal {
  if (isForDynamo(request)) return new Refusal(400, "MissingAuthenticationTokenException", "Request is missing Authentication Token");
  if (isForCloudFront(request)) return new Refusal(403, "MissingAuthenticationToken", "Missing Authentication Token");
  return new Refusal(403, "AccessDenied", "Access Denied");
}

function expired(request: SandboxRequest): Refusal {
  if (isForDynamo(request)) return new Refusal(400, "ExpiredTokenException", "The security token included in the request is expired");
  return new Refusal(isForCloudFront(request) ? 403 : 400, "ExpiredToken", "The provided token has expired.");
}

function accountOf({ accessKeyId }: Claim, request: SandboxRequest, { accounts }: SignatureOptions): Account {
  const account = accounts.get(accessKeyId);
  if (account) return account;
  if (isForDynamo(request)) throw new Refusal(400, "UnrecognizedClientException", "The security token included in the request is invalid.");
  if (isForCloudFront(request)) throw new Refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
  throw new Refusal(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
    AWSAccessKeyId: accessKeyId,
  });
}

function checkScope({ region, service }: Claim, request: SandboxRequest, expectedRegion: string): void {
  const expectedService = isForDynamo(request) ? "dynamodb" : isForCloudFront(request) ? "cloudfront" : "s3";
  if (region !== expectedRegion) {
    const message = `The authorization header is malformed; the region '${region}' is wrong; expecting '${expectedRegion}'`;
    throw new Refusal(400, "AuthorizationHeaderMalformed", message, { Region: expectedRegion });
  }
  if (service !== expectedService) {
    const message = `The authorization header is malformed; incorrect service "${service}". This endpoint belongs to "${expectedService}".`;
    throw new Refusal(400, "AuthorizationHeaderMalformed", message);
  }
}

const isoTime = (atMs: number): string => new Date(atMs).toISOString().replace(/\.\d{3}/u, "");

function checkTime({ atMs, stamp, expiresSeconds }: Claim, nowMs: number): void {
  const ServerTime = isoTime(nowMs);
  if (expiresSeconds === undefined) {
    if (Math.abs(nowMs - atMs) <= skewMaxMs) return;
    throw new Refusal(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", {
      RequestTime: stamp,
      ServerTime,
      MaxAllowedSkewMilliseconds: String(skewMaxMs),
    });
  }
  if (atMs > nowMs + skewMaxMs) throw new Refusal(403, "AccessDenied", "Request is not yet valid", { ServerTime });
  const endMs = atMs + expiresSeconds * 1000;
  if (nowMs > endMs) throw new Refusal(403, "AccessDenied", "Request has expired", { Expires: isoTime(endMs), ServerTime });
}

/** The host and everything that AWS gives a meaning must be signed, or somebody on the way could have added it. */
function checkHeaders({ signedHeaders, expiresSeconds }: Claim, request: SandboxRequest): void {
  const names = Object.keys(request.headers).filter((name) => name === "host" || name.startsWith("x-amz-"));
  const unsigned = names.filter(
    (name) => !signedHeaders.includes(name) && !(expiresSeconds !== undefined && name === "x-amz-content-sha256"),
  );
  if (unsigned.length > 0 || !signedHeaders.includes("host")) {
    const HeadersNotSigned = unsigned.length > 0 ? unsigned.join(", ") : "host";
    throw new Refusal(403, "AccessDenied", "There were headers present in the request which were not signed", { HeadersNotSigned });
  }
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}

/** A key serves one account for one day, so a few are enough to remember. */
const keysMax = 64;

function signingKey({ accessKeyId, day, region, service }: Claim, { secret }: Account, keys: Map<string, Buffer>): Buffer {
  const name = JSON.stringify([accessKeyId, secret, day, region, service]);
  const known = keys.get(name);
  if (known) return known;
  const key = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, day));
  if (keys.size >= keysMax) keys.clear();
  keys.set(name, key);
  return key;
}

/** The request, to be read again where its body had to be read for the signature. Throws where the signature is another one. */
async function checkSignature(request: SandboxRequest, claim: Claim, key: Buffer): Promise<SandboxRequest> {
  let passed = request;
  let payload = request.headers["x-amz-content-sha256"];
  // Only S3 takes a client's word for the digest of its body.
  if (isForCloudFront(request) || isForDynamo(request)) {
    const bytes = await collected(request);
    passed = { ...request, body: () => once(bytes) };
    payload = hash("sha256", bytes, "hex");
  } else if (claim.expiresSeconds !== undefined) {
    payload ??= "UNSIGNED-PAYLOAD";
  }
  if (payload === undefined) throw new Refusal(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  const text = stringToSign(request, claim, payload);
  if (hmac(key, text).toString("hex") === claim.signature) return passed;
  const message = "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
  throw new Refusal(403, "SignatureDoesNotMatch", message, {
    AWSAccessKeyId: claim.accessKeyId,
    StringToSign: text,
    SignatureProvided: claim.signature,
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}

/** The request, if none of what it would do is denied. */
async function permitted(request: SandboxRequest, denies: NonNullable<Account["denies"]>): Promise<SandboxRequest> {
  const operation = operationOf(request);
  const target = targetOf(request);
  const bucket = decodedOr(target.bucket);
  const key = isForCloudFront(request) ? request.path : decodedOr(target.encodedKey);
  const source = copySourceName(request.headers["x-amz-copy-source"] ?? "");
  let passed = request;
  let isDenied = denies(operation, key, bucket) || (source !== undefined && denies("GetObject", source.key, source.bucket));
  if (operation === "DeleteObjects") {
    const bytes = await collected(request);
    passed = { ...request, body: () => once(bytes) };
    const objects = readXml(bytes, "Delete")?.children.get("Object") ?? [];
    isDenied ||= objects.some((object) => denies("DeleteObject", childText(object, "Key") ?? "", bucket));
  }
  if (isDenied && isForDynamo(request)) {
    const message = `User is not authorized to perform: dynamodb:${operation} because no identity-based policy allows it`;
    throw new Refusal(400, "AccessDeniedException", message);
  }
  if (isDenied) throw new Refusal(403, "AccessDenied", "Access Denied");
  return passed;
}
