/** Buckets of the server in hand: making them, opening them as belay does, and a hand that knows nothing of belay. */

import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { openS3Store, type CanaryCache } from "../../../src/adapters/s3/s3-store.ts";
import { connectS3 } from "../../../src/adapters/shared/aws/connect.ts";
import { encodePath } from "../../../src/adapters/shared/aws/encode-path.ts";
import { answerText } from "../../../src/adapters/shared/aws/read-answer.ts";
import type { Wire, WireAnswer, WireBody, WireRequest } from "../../../src/adapters/shared/aws/wire.ts";
import { sha256 } from "../../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../../src/core/brand.ts";
import type { Runtime } from "../../../src/ports/runtime.ts";
import type { CallOptions, Store } from "../../../src/ports/store.ts";
import { server, type BucketKind } from "./server.ts";

export const live: CallOptions = { signal: new AbortController().signal };

export const runtime: Runtime = {
  now: () => Date.now(),
  sleep: async (ms, signal) => await pause(ms, undefined, { signal }),
  nonce: () => randomBytes(8).toString("hex"),
  sha256,
};

const connect = async (bucket: string): Promise<Wire> => await connectS3(bucket, { env: server.env, now: () => Date.now() });

export const bodyFor = (content: Uint8Array | string): WireBody => {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    sizeBytes: bytes.byteLength,
    sha256: sha256(bytes),
    async *open() {
      yield bytes;
    },
  };
};

/** Sends one request and expects a success; the answer's body is left to the caller. */
export async function done(wire: Wire, request: WireRequest): Promise<WireAnswer> {
  const answer = await wire.send(request, live);
  if (answer.status >= 300) throw new Error(`${request.method} ${request.path} answered ${answer.status}: ${await answerText(answer)}`);
  return answer;
}

const versioning =
  '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>';
let made = 0;

/** A fresh bucket of a name of its own. */
export async function makeBucket(kind: BucketKind = "plain"): Promise<string> {
  made += 1;
  const bucket = `harbor-${process.pid}-${Date.now().toString(36)}-${made}`;
  const wire = await connect(bucket);
  (await done(wire, { method: "PUT", path: "/" })).discard();
  if (kind === "versioned")
    (await done(wire, { method: "PUT", path: "/", query: { versioning: "" }, body: bodyFor(versioning) })).discard();
  return bucket;
}

/** One finding for each bucket of this process, as `.belay/cache` keeps it for one machine. */
const findings = new Map<string, unknown>();
const canaryOf = (bucket: string): CanaryCache => ({
  load: async () => await Promise.resolve(findings.get(bucket)),
  save: async (value) => {
    await Promise.resolve(findings.set(bucket, value));
  },
});

export interface Opening {
  readonly prefix?: string;
  /** False for state, true for a target. */
  readonly watchesHeaders: boolean;
}

/** A store with a connection and a memory of its own, as another process would have it. */
export const openBucketStore = (bucket: string, { prefix = "", watchesHeaders }: Opening): Store =>
  openS3Store({
    name: asStoreName(`s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`),
    bucket,
    prefix,
    wire: async () => await connect(bucket),
    runtime,
    canary: canaryOf(bucket),
    watchesHeaders,
    sourceOf: (name) => {
      const [, source, folder = ""] = /^s3:\/\/([^/]+)\/?(.*)$/u.exec(name) ?? [];
      return source === undefined ? undefined : { bucket: source, prefix: folder, wire: async () => await connect(source) };
    },
  });

/** Writes or, without content, deletes, asking nobody. `key` is the whole one, any prefix included. */
export async function asStranger(bucket: string, key: string, content: Uint8Array | string | undefined): Promise<void> {
  const path = encodePath(key);
  const request: WireRequest = content === undefined ? { method: "DELETE", path } : { method: "PUT", path, body: bodyFor(content) };
  (await done(await connect(bucket), request)).discard();
}

/** Every name in a bucket as the server itself lists it (at most a page of them), or of every version of it. */
export async function namesIn(bucket: string, query: Readonly<Record<string, string>> = { "list-type": "2" }): Promise<string[]> {
  const listing = await answerText(await done(await connect(bucket), { method: "GET", path: "/", query }));
  return [...listing.matchAll(/<Key>([^<]*)<\/Key>/gu)].map(([, name = ""]) => name);
}
