/** Buckets of the project's own sandbox for tests: in this process with a clock that the test moves, or behind real HTTP. */

import { setTimeout as pause } from "node:timers/promises";
import { openS3Store, type S3StoreOptions, type SourceBucket } from "../../src/adapters/s3/s3-store.ts";
import { connectS3 } from "../../src/adapters/shared/aws/connect.ts";
import { encodeQuery } from "../../src/adapters/shared/aws/encode-path.ts";
import { WireFailure, type Wire, type WireAnswer, type WireRequest } from "../../src/adapters/shared/aws/wire.ts";
import { sha256 } from "../../src/adapters/shared/sha256.ts";
import { asStoreName } from "../../src/core/brand.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { Store } from "../../src/ports/store.ts";
import { ConnectionReset, faulty, openFaults, operationOf, type Faults } from "../../sandbox/faults.ts";
import { listen } from "../../sandbox/http-server.ts";
import { openS3, type S3Options, type S3Service } from "../../sandbox/s3/open-s3.ts";
import type { SandboxHandler, SandboxRequest, SandboxResponse } from "../../sandbox/wire.ts";
import { randomFrom } from "../support/random-from.ts";

export const bucketName = "harbor-site";
/** Beside it at the same service: what the other takes its bytes from. */
export const stageName = "harbor-stage";
export const startMs: number = Date.UTC(2026, 4, 20, 12, 0, 0, 300);

/** `bucket` is `bucketName` unless given. Every store can copy from every other bucket here. */
export type BucketStoreOptions = Partial<Omit<S3StoreOptions, "name" | "wire" | "runtime">>;

export interface TestBucket {
  readonly s3: S3Service;
  readonly faults: Faults;
  /** Operations in the order in which they arrived, canary included. */
  readonly operations: string[];
  readonly runtime: Runtime;
  /** Milliseconds by which `sleep` has moved the clock, each call. */
  readonly slept: number[];
  /** Milliseconds. */
  pass(ms: number): void;
  /** Called before each request is handled, with its operation. */
  before: (operation: string, request: SandboxRequest) => void | Promise<void>;
  /** What stores opened from here on speak through. */
  wire: Wire;
  /** Another process's store, where called again. */
  open(options?: BucketStoreOptions): Store;
}

let drawn = 0;
const nonce = (): string => {
  drawn += 1;
  return drawn.toString(16).padStart(16, "0");
};

/** A canary cache that remembers nothing. */
const forgetful: S3StoreOptions["canary"] = { load: () => Promise.resolve(undefined), save: () => Promise.resolve() };

/** The service as the sandbox serves it, with its name in the `server` header. */
const named =
  (handler: SandboxHandler): SandboxHandler =>
  async (request) => {
    const response = await handler(request);
    return { ...response, headers: { server: "belay-sandbox", ...response.headers } };
  };

export function openTestBucket(options: { readonly versioning?: boolean } & Pick<S3Options, "folder"> = {}): TestBucket {
  let nowMs = startMs;
  const clock = { now: () => nowMs };
  const random = randomFrom(1);
  const s3 = openS3({ clock, random, ...(options.folder !== undefined && { folder: options.folder }) });
  for (const name of [bucketName, stageName]) s3.createBucket(name, { versioning: options.versioning ?? false });
  const faults = openFaults({ clock, random, sleep: async () => await Promise.resolve() });
  const slept: number[] = [];
  const operations: string[] = [];
  const runtime: Runtime = {
    now: clock.now,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      nowMs += ms;
      await Promise.resolve();
    },
    nonce,
    sha256,
  };
  const handler = faulty(named(s3.handle), faults);
  const watched: SandboxHandler = async (request) => {
    const operation = operationOf(request);
    operations.push(operation);
    await bucket.before(operation, request);
    return await handler(request);
  };
  const wireOf = (name: string): Wire => (name === bucketName ? bucket.wire : wireTo(watched, name));
  const bucket: TestBucket = {
    s3,
    faults,
    operations,
    runtime,
    slept,
    before: () => undefined,
    pass: (ms) => {
      nowMs += ms;
    },
    wire: wireTo(watched, bucketName),
    open: (given = {}) => openAt(given, runtime, (name) => Promise.resolve(wireOf(name))),
  };
  return bucket;
}

function openAt(given: BucketStoreOptions, runtime: Runtime, wireOf: (bucket: string) => Promise<Wire>): Store {
  const { bucket = bucketName, prefix = "" } = given;
  return openS3Store({
    name: asStoreName(`s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`),
    runtime,
    canary: forgetful,
    watchesHeaders: true,
    sourceOf: (name) => bucketAt(name, wireOf),
    ...given,
    bucket,
    prefix,
    wire: async () => await wireOf(bucket),
  });
}

function bucketAt(name: string, wireOf: (bucket: string) => Promise<Wire>): SourceBucket | undefined {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/u.exec(name) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix, wire: async () => await wireOf(bucket) };
}

/** The handler as a wire to one bucket, without a socket. */
function wireTo(handler: SandboxHandler, bucket: string): Wire {
  return {
    base: `http://in.process/${bucket}`,
    isAws: false,
    send: async (request, { signal }) => {
      signal.throwIfAborted();
      try {
        return answerOf(await handler(requestOf(bucket, request)), request.method === "HEAD");
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

function requestOf(bucket: string, { method, path, query, headers = {}, body }: WireRequest): SandboxRequest {
  return {
    method,
    path: `/${bucket}${path}`,
    query: new URLSearchParams(encodeQuery(query)),
    headers: {
      host: "in.process",
      ...headers,
      ...(body && { "content-length": String(body.sizeBytes), "x-amz-content-sha256": body.sha256 }),
    },
    body: () => body?.open() ?? none(),
  };
}

function answerOf({ status, headers, body }: SandboxResponse, isHead: boolean): WireAnswer {
  const bytes = body instanceof Uint8Array ? once(body) : (body?.() ?? none());
  return { status, headers, body: isHead ? none() : translated(bytes), discard: () => undefined };
}

async function* none(): AsyncGenerator<Uint8Array> {}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* translated(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw failureOf(error);
  }
}

const failureOf = (error: unknown): unknown =>
  error instanceof ConnectionReset ? new WireFailure(error.message, error.isSent, { cause: error }) : error;

export interface ServedBucket {
  readonly s3: S3Service;
  readonly faults: Faults;
  readonly runtime: Runtime;
  open(options?: BucketStoreOptions): Store;
  close(): Promise<void>;
}

export interface ServeOptions extends Pick<S3Options, "folder"> {
  readonly versioning?: boolean;
  /** Stands between the socket and the service. */
  readonly around?: (handler: SandboxHandler) => SandboxHandler;
}

/** The same behind a socket on the loopback address, by the machine's own clock, spoken to as AWS is. */
export async function serveTestBucket(options: ServeOptions = {}): Promise<ServedBucket> {
  const { versioning = false, around = (handler) => handler } = options;
  const clock = { now: () => Date.now() };
  const s3 = openS3({ clock, random: Math.random, ...(options.folder !== undefined && { folder: options.folder }) });
  for (const name of [bucketName, stageName]) s3.createBucket(name, { versioning });
  const faults = openFaults({ clock, random: Math.random });
  const server = await listen(around(faulty(named(s3.handle), faults)), { port: 0 });
  const env = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${server.port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox-secret",
  };
  const runtime: Runtime = {
    now: clock.now,
    sleep: async (ms, signal) => await pause(ms, undefined, { signal }),
    nonce,
    sha256,
  };
  return {
    s3,
    faults,
    runtime,
    open: (given = {}) => openAt(given, runtime, async (name) => await connectS3(name, { env, now: clock.now })),
    close: async () => {
      await server.close();
      s3.close();
    },
  };
}
