/**
 * A door before the sandbox that enforces the policies its buckets hold, as AWS documents it: the sandbox keeps policies and enforces none.
 * Requests pass as if over TLS. A copy under such a policy is answered by the strictest of AWS's pages: 403 without a condition, 501 with one.
 */

import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { bytesOf } from "../../../sandbox/edge/bucket-origin.ts";
import type { Sandbox } from "../../../sandbox/start-sandbox.ts";
import { decisionOf, type PolicyRequest } from "../../support/policy-evaluator.ts";

export interface Denied {
  readonly by: string;
  readonly action: string;
  readonly key: string;
  readonly sids: readonly string[];
}

export interface WalledCloud {
  readonly endpoint: string;
  /** Every request that a policy held off. */
  readonly denied: Denied[];
  /** Writes and deletes of objects that passed, as `PutObject bucket/key`. */
  readonly passed: string[];
  close(): Promise<void>;
}

/** An access key's id, as an ARN of the sandbox. */
export const arnOf = (id: string): string => `arn:aws:iam::000000000000:user/${id}`;

export async function openWalledCloud(sandbox: Sandbox): Promise<WalledCloud> {
  const denied: Denied[] = [];
  const passed: string[] = [];
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const about = meaningOf(incoming);
    const policy = about && (await policyOf(sandbox, about.bucket));
    if (about && policy !== undefined) {
      const { denied: sids } = decisionOf(policy, about.request);
      if (sids.length > 0) {
        denied.push({ by: about.by, action: about.request.action, key: about.key, sids });
        return refuse(incoming, outgoing, 403, "AccessDenied");
      }
      if (about.isCopy) return refuse(incoming, outgoing, 501, "NotImplemented");
    }
    if (about && /PutObject|DeleteObject/u.test(about.request.action)) {
      passed.push(`${about.request.action.slice("s3:".length)} ${about.bucket}/${about.key}`);
    }
    pass(sandbox, incoming, outgoing);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    denied,
    passed,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Meaning {
  readonly by: string;
  readonly bucket: string;
  readonly key: string;
  readonly isCopy: boolean;
  readonly request: PolicyRequest;
}

const settings: Readonly<Record<string, string>> = {
  policy: "BucketPolicy",
  versioning: "BucketVersioning",
  publicAccessBlock: "BucketPublicAccessBlock",
  logging: "BucketLogging",
};

/** What a request asks for in IAM's words; `undefined` for what is no request to a bucket. */
function meaningOf({ method = "", url = "", headers }: IncomingMessage): Meaning | undefined {
  const { pathname, searchParams: query } = new URL(url, "http://sandbox");
  const [, by = "", service] = /Credential=([^/]+)\/.*\/(\w+)\/aws4_request/u.exec(headers.authorization ?? "") ?? [];
  const [bucket = "", ...rest] = decodeURIComponent(pathname).slice(1).split("/");
  if (service !== "s3" || bucket === "") return undefined;
  const key = rest.join("/");
  const action = `s3:${key === "" ? bucketAction(method, query) : objectAction(method, query)}`;
  const resource = `arn:aws:s3:::${bucket}${key === "" ? "" : `/${key}`}`;
  const isPart = query.has("uploads") || query.has("partNumber");
  const isCopy = headers["x-amz-copy-source"] !== undefined && !isPart;
  const keys = { "aws:SecureTransport": "true", "s3:ObjectCreationOperation": String(!isPart), ...conditionsIn(headers) };
  return { by, bucket, key, isCopy, request: { principal: arnOf(by), action, resource, keys } };
}

function conditionsIn(headers: IncomingMessage["headers"]): Record<string, string> {
  const found = (["if-match", "if-none-match"] as const).flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[`s3:${name}`, value] as const];
  });
  return Object.fromEntries(found);
}

function bucketAction(method: string, query: URLSearchParams): string {
  const setting = Object.entries(settings).find(([name]) => query.has(name))?.[1];
  if (setting !== undefined) return `${method === "GET" ? "Get" : method === "PUT" ? "Put" : "Delete"}${setting}`;
  return query.has("versions") ? "ListBucketVersions" : "ListBucket";
}

function objectAction(method: string, query: URLSearchParams): string {
  const version = query.has("versionId") ? "Version" : "";
  if (method === "GET" || method === "HEAD") return `GetObject${version}`;
  if (method === "DELETE") return query.has("uploadId") ? "AbortMultipartUpload" : `DeleteObject${version}`;
  return "PutObject";
}

const nothing = async function* nothing(): AsyncGenerator<Uint8Array> {};

async function policyOf({ s3 }: Sandbox, bucket: string): Promise<unknown> {
  const query = new URLSearchParams({ policy: "" });
  const answer = await s3.handle({ method: "GET", path: `/${bucket}`, query, headers: {}, body: nothing });
  if (answer.status !== 200) return undefined;
  const policy: unknown = JSON.parse((await bytesOf(answer)).toString("utf8"));
  return policy;
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, status: number, code: string): void {
  incoming.resume();
  outgoing.writeHead(status, { "content-type": "application/xml" });
  outgoing.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>held off by a policy</Message></Error>`);
}

/** The name in `Host` is signed, so it stays what the client wrote. */
function pass({ endpoint }: Sandbox, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { hostname, port } = new URL(endpoint);
  const onward = ask({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answered) => {
    outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}
