/** A bucket as an edge and the sandbox itself ask it: not signed, not counted and not made to fail. */

import type { SandboxHandler, SandboxResponse } from "../wire.ts";
import type { OriginObject } from "./open-edge.ts";

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** One request without headers, query or body to an S3 that is not behind `signed`. */
export const askBucket = (s3: SandboxHandler, method: "GET" | "HEAD", path: string): Promise<SandboxResponse> =>
  s3({ method, path, query: new URLSearchParams(), headers: {}, body: nothing });

/** All bytes of a body; none where there is no body. */
export async function bytesOf({ body }: Pick<SandboxResponse, "body">): Promise<Buffer> {
  if (body === undefined || body instanceof Uint8Array) return Buffer.from(body ?? []);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Headers that belong to one reply of the bucket, and not to its object. */
const ofOneReply = new Set(["content-length", "date", "x-amz-request-id"]);

/** Reads current objects for an edge. Whatever is not 200 is a missing object to it. */
export const bucketOrigin =
  (s3: SandboxHandler) =>
  async (bucket: string, key: string): Promise<OriginObject | undefined> => {
    // Without a key the request would be a listing.
    if (key === "") return undefined;
    const answer = await askBucket(s3, "GET", `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`);
    if (answer.status !== 200) return undefined;
    const headers = Object.entries(answer.headers).filter(([name]) => !ofOneReply.has(name));
    return { bytes: await bytesOf(answer), headers: Object.fromEntries(headers) };
  };
