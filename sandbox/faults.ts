/** Switches that make a service fail as services do. They stand right before the service, behind the check of signatures. */

import { hash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { isForDynamo } from "./dynamodb/operation-name.ts";
import { operationOf } from "./s3/operation-of.ts";
import { collected } from "./s3/request-body.ts";
import { decodedOr, targetOf } from "./s3/s3-operation.ts";
import { serviceError } from "./s3/service-error.ts";
import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "./wire.ts";

export { operationOf } from "./s3/operation-of.ts";

export type FaultAction =
  /** Answered before the operation runs. The code is the usual one of the status unless given. */
  | { readonly kind: "status"; readonly status: number; readonly code?: string; readonly message?: string }
  /** The operation runs, then the connection is reset. */
  | { readonly kind: "lose-reply" }
  /** Reset before the operation runs; the caller in process is told that nothing was sent, unless `isSent`. */
  | { readonly kind: "lose-request"; readonly isSent?: boolean }
  /** Half of the answer's body is sent under its full length, then the connection is reset. */
  | { readonly kind: "break-body" }
  /** As `break-body`, for listings only: other operations are left alone. */
  | { readonly kind: "drop-listing" }
  | { readonly kind: "delay"; readonly ms: number }
  /** If-Match and If-None-Match have no effect, nor have the ETags of DeleteObjects, as on some servers. */
  | { readonly kind: "ignore-preconditions" };

export interface FaultRule {
  /** Names as `operationOf` gives them; any operation unless given. */
  readonly operation?: string | readonly string[];
  /** What the key contains, decoded; for CloudFront, the path. */
  readonly key?: string;
  /** From 0 to 1; 1 unless given. */
  readonly chance?: number;
  /** How often at most; no bound unless given. */
  readonly times?: number;
  readonly action: FaultAction;
}

/** The connection was cut: no answer came, or only part of one. */
export class ConnectionReset extends Error {
  override readonly name = "ConnectionReset";
  /** False only where the request cannot have reached the service whole. */
  readonly isSent: boolean;

  constructor(isSent: boolean) {
    super(isSent ? "the connection was reset before the answer was complete" : "the connection was reset before the request was sent");
    this.isSent = isSent;
  }
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The rules that can still strike, with what is left of their `times`. */
  rules(): readonly FaultRule[];
  /** What strikes this request. A rule that strikes is used up by one. */
  strike(request: SandboxRequest): readonly FaultAction[];
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface FaultOptions {
  readonly clock: Clock;
  /** From 0 up to 1, as Math.random. Drawn once for each rule that has a chance and fits. */
  readonly random: () => number;
  /** How delays pass; by the machine's timers unless given. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** An empty set of switches. Rules are tried in the order in which they were added, up to the first that decides the answer. */
export function openFaults({ clock, random, sleep = (ms) => pause(ms) }: FaultOptions): Faults {
  let armed: { readonly rule: FaultRule; left: number }[] = [];
  return {
    clock,
    sleep,
    add: (rule) => {
      armed.push({ rule, left: rule.times ?? Infinity });
    },
    clear: () => {
      armed = [];
    },
    rules: () => armed.map(({ rule, left }) => (left === Infinity ? rule : { ...rule, times: left })),
    strike: (request) => {
      const actions: FaultAction[] = [];
      for (const one of armed) {
        if (!isMeant(one.rule, request) || (one.rule.chance !== undefined && random() >= one.rule.chance)) continue;
        one.left -= 1;
        actions.push(one.rule.action);
        if (isDecisive(one.rule.action)) break;
      }
      armed = armed.filter(({ left }) => left > 0);
      return actions;
    },
  };
}

const listings = new Set(["ListObjects", "ListObjectsV2", "ListObjectVersions", "Scan", "GetRecords"]);

function isMeant(rule: FaultRule, request: SandboxRequest): boolean {
  const operation = operationOf(request);
  const names = typeof rule.operation === "string" ? [rule.operation] : rule.operation;
  if (names && !names.includes(operation)) return false;
  if (rule.action.kind === "drop-listing" && !listings.has(operation)) return false;
  return rule.key === undefined || decodedOr(targetOf(request).encodedKey).includes(rule.key);
}

function isDecisive(action: FaultAction): boolean {
  return action.kind !== "delay" && action.kind !== "ignore-preconditions";
}

/**
 * The handler with its faults. Throws `ConnectionReset` where the connection is cut, which `listen` turns into a cut
 * connection. Belongs inside `signed`: it changes requests, which no signature survives.
 */
export function faulty(handler: SandboxHandler, faults: Faults): SandboxHandler {
  return async (request) => {
    let passed = request;
    let decisive: FaultAction | undefined;
    for (const action of faults.strike(request)) {
      if (action.kind === "delay") await faults.sleep(action.ms);
      else if (action.kind === "ignore-preconditions") passed = await withoutPreconditions(passed);
      else decisive = action;
    }
    return decided(decisive, passed, handler, faults);
  };
}

async function decided(
  action: FaultAction | undefined,
  request: SandboxRequest,
  handler: SandboxHandler,
  { clock }: Faults,
): Promise<SandboxResponse> {
  switch (action?.kind) {
    case "status": {
      const { status, message } = action;
      const code = action.code ?? usualCode(request, status);
      return serviceError(request, { status, code, message: message ?? "The sandbox was told to fail here.", nowMs: clock.now() });
    }
    case "lose-request":
      throw new ConnectionReset(action.isSent ?? false);
    case "lose-reply":
      await handler(request);
      throw new ConnectionReset(true);
    case "break-body":
    case "drop-listing":
      return broken(await handler(request));
    case "delay":
    case "ignore-preconditions":
    case undefined:
      return handler(request);
  }
}

const usualCodes: Readonly<Record<number, string>> = {
  400: "InvalidRequest",
  403: "AccessDenied",
  404: "NoSuchKey",
  409: "ConditionalRequestConflict",
  412: "PreconditionFailed",
  429: "Throttling",
  500: "InternalError",
  501: "NotImplemented",
  503: "SlowDown",
};

const usualCode = (request: SandboxRequest, status: number): string =>
  (isForDynamo(request) ? dynamoCodes[status] : usualCodes[status]) ?? "InternalError";

/** DynamoDB says most of it with status 400: name the code for those. */
const dynamoCodes: Readonly<Record<number, string>> = {
  400: "ProvisionedThroughputExceededException",
  429: "ThrottlingException",
  500: "InternalServerError",
  503: "ServiceUnavailable",
};

/** Half of the body, then the cut. An answer without a body is lost as a whole. */
async function broken(response: SandboxResponse): Promise<SandboxResponse> {
  if (response.body === undefined) throw new ConnectionReset(true);
  const chunks: Uint8Array[] = [];
  if (response.body instanceof Uint8Array) chunks.push(response.body);
  else for await (const chunk of response.body()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const half = bytes.subarray(0, bytes.byteLength >>> 1);
  return {
    status: response.status,
    headers: { ...response.headers, "content-length": String(bytes.byteLength) },
    body: async function* body() {
      yield half;
      throw new ConnectionReset(true);
    },
  };
}

const conditions = new Set(["if-match", "if-none-match", "x-amz-copy-source-if-match", "x-amz-copy-source-if-none-match"]);
const integrity = /^(?:x-amz-content-sha256$|content-length$|x-amz-checksum-)/u;

async function withoutPreconditions(request: SandboxRequest): Promise<SandboxRequest> {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !conditions.has(name)));
  if (operationOf(request) !== "DeleteObjects") return { ...request, headers };
  // The body changes, so what was said of it goes; S3 wants a digest all the same.
  const text = Buffer.from(await collected(request)).toString("utf8");
  const bytes = Buffer.from(text.replaceAll(/<ETag>[^<]*<\/ETag>/gu, ""), "utf8");
  const others = Object.fromEntries(Object.entries(headers).filter(([name]) => !integrity.test(name)));
  const body = async function* body(): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  return { ...request, headers: { ...others, "content-md5": hash("md5", bytes, "base64") }, body };
}
