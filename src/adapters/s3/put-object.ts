import { createHash } from "node:crypto";
import type { CallOptions } from "../../ports/store.ts";
import type { WireBody } from "../shared/aws/wire.ts";
import { bareEtag, secondOf } from "./revision.ts";
import type { Ask, S3Place } from "./s3-place.ts";
import { versionIdIn } from "./sight-of.ts";
import { sendWrite, type Missed } from "./write-landing.ts";

type Headers = Readonly<Record<string, string>>;

/** One conditional write of one object. */
export interface Put {
  readonly key: string;
  readonly headers: Headers;
  /** `if-none-match` or `if-match`: there is no write without one. */
  readonly condition: Headers;
}

/** What the answer told of the object that landed. */
export interface Landed {
  readonly kind: "landed";
  readonly etag: string;
  /** The server's clock at the answer, seconds since the epoch. */
  readonly second?: number;
  /** Present where the bucket keeps versions. */
  readonly versionId?: string;
  /** Whether LastModified is the time at which an upload was begun, not the one of the answer. */
  readonly isInParts?: boolean;
}

/** `withheld`: the caller may not write any more, so nothing was sent. */
export type PutLanding = Landed | Missed | { readonly kind: "withheld" };

/** Sends the body in one request, with its SHA-256 as S3 checks it. The body must throw before its end where its bytes are wrong. */
export async function putObject(place: S3Place, put: Put, body: WireBody, options: CallOptions): Promise<PutLanding> {
  const ask = {
    action: "s3:PutObject",
    method: "PUT",
    key: put.key,
    headers: { ...put.headers, ...put.condition, "x-amz-checksum-sha256": Buffer.from(body.sha256, "hex").toString("base64") },
    body,
  } as const satisfies Omit<Ask, "isRepeatable">;
  const landing = await sendWrite(place, ask, options);
  if (landing.kind !== "landed") return landing;
  landing.answer.discard();
  return landedAs(landing.answer.headers, landing.answer.headers["etag"]);
}

/** A success, as far as its answer tells it. Without an ETag nobody knows what landed. */
export function landedAs(headers: Headers, etag: string | undefined): PutLanding {
  const bare = bareEtag(etag);
  if (bare === undefined) return { kind: "unknown", cause: new Error("the server reported a success without an ETag") };
  const second = secondOf(headers["date"]);
  const versionId = versionIdIn(headers);
  return {
    kind: "landed",
    etag: bare,
    ...(second !== undefined && { second }),
    ...(versionId !== undefined && versionId !== "null" && { versionId }),
  };
}

/** Whether S3's ETag of these bytes, where it is their MD5, is the one given: then only the time tells the two writes apart. */
export const hasEtag = (bytes: Uint8Array, etag: string): boolean => createHash("md5").update(bytes).digest("hex") === etag;

/** A body of bytes that are in memory. */
export const wireBodyOf = (bytes: Uint8Array, sha256: string): WireBody => ({
  sizeBytes: bytes.byteLength,
  sha256,
  async *open() {
    yield bytes;
  },
});
