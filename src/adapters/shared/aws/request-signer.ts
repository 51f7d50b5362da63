import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { BelayError } from "../../../core/belay-error.ts";
import type { WireRequest } from "./wire.ts";

/** Keys of AWS; temporary ones have a session token. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Services by the names that requests are signed for. */
export type AwsService = "s3" | "cloudfront" | "dynamodb" | "iam" | "route53" | "sts";

export interface SignerSetup {
  readonly service: AwsService;
  /** Fresh ones at each call, as far as they expire. */
  readonly credentials: () => Promise<AwsCredentials>;
}

/** What a signature is about beside the request. */
export interface SigningTerms {
  readonly url: URL;
  /** Complete and percent-encoded. */
  readonly path: string;
  readonly region: string;
  /** Milliseconds since the epoch, by the server's clock as far as it is known. */
  readonly atMs: number;
}

export type SignRequest = (request: WireRequest, terms: SigningTerms) => Promise<Record<string, string>>;

const emptySha256 = createHash("sha256").digest("hex");
const sendable = /^[\t\u0020-\u007e]*$/u;

/**
 * Signs requests by Signature Version 4 and gives all their headers. The body's given digest is what is signed. Of the
 * given headers, `cache-control` is sent unsigned, as AWS's own clients do. Throws `input-invalid` for a header that HTTP cannot carry.
 */
export function requestSigner({ service, credentials }: SignerSetup): SignRequest {
  const signer = new SignatureV4({
    service,
    region: "us-east-1",
    credentials,
    sha256: NodeSha256,
    // S3 takes the path as it was encoded once; every other service encodes it a second time for the signature.
    uriEscapePath: service !== "s3",
  });
  return async (request, { url, path, region, atMs }) => {
    const { method, query = {}, headers = {}, body } = request;
    requireSendable(headers);
    const signed = await signer.sign(
      {
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path,
        query: { ...query },
        headers: { ...headers, host: url.host, "x-amz-content-sha256": body?.sha256 ?? emptySha256 },
      },
      { signingDate: new Date(atMs), signingRegion: region },
    );
    const length = body?.sizeBytes ?? (method === "PUT" || method === "POST" ? 0 : undefined);
    return { ...signed.headers, ...(length !== undefined && { "content-length": String(length) }), "user-agent": "belay" };
  };
}

function requireSendable(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!sendable.test(value))
      throw new BelayError(
        "input-invalid",
        `the header ${name} holds characters that HTTP cannot carry: ${JSON.stringify(value)}`,
        `Write the value of ${name} with ASCII characters only.`,
      );
  }
}

type Source = string | ArrayBuffer | ArrayBufferView;

const bytesIn = (source: Source): string | Uint8Array => {
  if (typeof source === "string") return source;
  return ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
};

/** SHA-256, keyed or not, in the shape that the signer takes. */
class NodeSha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: Source) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesIn(secret));
  }

  update(chunk: Source): void {
    this.#hash.update(bytesIn(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}
