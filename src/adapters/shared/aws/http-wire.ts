import { Agent } from "node:http";
import { Agent as SecureAgent } from "node:https";
import type { SecureContext } from "node:tls";
import type { CallOptions } from "../../../ports/store.ts";
import { encodeQuery } from "./encode-path.ts";
import { type HttpLine, httpExchange, LostConnection } from "./http-exchange.ts";
import { peekError } from "./read-answer.ts";
import { type AwsProblem, problemOf } from "./read-aws-error.ts";
import { type AwsCredentials, type AwsService, requestSigner, type SignRequest } from "./request-signer.ts";
import { SendLimit } from "./send-limit.ts";
import type { Wire, WireAnswer, WireRequest } from "./wire.ts";

/** The longest that one `send` takes up to the answer's headers, and the longest pause while an answer's body flows; milliseconds. */
const requestTimeoutMs = 30_000;

/** Where a service is reached. */
export interface Endpoint {
  readonly url: URL;
  /** Before every request's path: empty, or beginning with a slash and without one at its end. */
  readonly pathPrefix: string;
  readonly isAws: boolean;
}

export interface HttpWireSetup {
  readonly service: AwsService;
  /** What requests are signed for, until AWS names another. */
  readonly region: string;
  readonly endpointOf: (region: string) => Endpoint;
  readonly credentials: () => Promise<AwsCredentials>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The most connections at a time. 64 where left out. */
  readonly concurrency?: number;
  /** `requestTimeoutMs` where left out. */
  readonly timeoutMs?: number;
  /** Instead of node's own certificate authorities. */
  readonly secureContext?: SecureContext;
}

const defaultConcurrency = 64;
// Servers close idle connections after five seconds and more. One that is left alone before that cannot be closed
// under a write, whose outcome would then be unknown.
const idleSocketMs = 4_000;
// What S3 forgives is fifteen minutes, what other services forgive is five.
const skewMsMin = 4 * 60_000;
const skewCodes = new Set(["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"]);
const regionName = /^[a-z]{2,}(?:-[a-z0-9]+)+$/u;
const regionInHost = /(?:^|\.)s3[.-](?:dualstack\.|fips\.)?([a-z]{2,}(?:-[a-z]+)+-\d+)\.amazonaws\.(?:com|com\.cn|eu)$/u;

/** A wire over node's own http client, with connections that are kept alive but never keep the process alive. */
export function openHttpWire(setup: HttpWireSetup): Wire {
  return new HttpWire(setup);
}

class HttpWire implements Wire {
  readonly isAws: boolean;
  readonly #setup: HttpWireSetup;
  readonly #sign: SignRequest;
  readonly #agent: Agent | SecureAgent;
  readonly #timeoutMs: number;
  #region: string;
  /** Of the server's clock, ahead of this machine's; milliseconds. */
  #offsetMs = 0;

  constructor(setup: HttpWireSetup) {
    const { url, isAws } = setup.endpointOf(setup.region);
    const options = { keepAlive: true, maxSockets: setup.concurrency ?? defaultConcurrency, timeout: idleSocketMs };
    this.#setup = setup;
    this.#sign = requestSigner(setup);
    this.#agent = url.protocol === "https:" ? new SecureAgent(options) : new Agent(options);
    this.#timeoutMs = setup.timeoutMs ?? requestTimeoutMs;
    this.#region = setup.region;
    this.isAws = isAws;
  }

  get base(): string {
    const { url, pathPrefix } = this.#setup.endpointOf(this.#region);
    return url.origin + pathPrefix;
  }

  async send(request: WireRequest, { signal }: CallOptions): Promise<WireAnswer> {
    const limit = new SendLimit(request.limitMs ?? this.#timeoutMs, signal);
    const tried = new Set<Correction["of"]>();
    try {
      for (;;) {
        const attempt = await this.#attempt(request, limit, signal);
        const { answer, correction } = await this.#examined(attempt, request);
        if (correction === undefined || tried.has(correction.of)) return answer;
        tried.add(correction.of);
        if (correction.of === "region") this.#region = correction.region;
        else this.#offsetMs = correction.offsetMs;
      }
    } finally {
      limit.end();
    }
  }

  async #attempt(request: WireRequest, limit: SendLimit, signal: AbortSignal): Promise<Attempt> {
    const region = this.#region;
    const { url, pathPrefix } = this.#setup.endpointOf(region);
    const path = pathPrefix + request.path;
    const atMs = this.#setup.now() + this.#offsetMs;
    const headers = await limit.during(
      this.#sign(request, { url, path, region, atMs }),
      () => {},
      () => false,
    );
    const { secureContext } = this.#setup;
    const line: HttpLine = { url, agent: this.#agent, limit, signal, idleMs: this.#timeoutMs, ...(secureContext && { secureContext }) };
    const sent = { method: request.method, path: path + encodeQuery(request.query), headers, ...(request.body && { body: request.body }) };
    try {
      return { answer: await httpExchange(sent, line), region, atMs };
    } catch (error) {
      const isLook = request.method === "GET" || request.method === "HEAD";
      if (!isLook || !(error instanceof LostConnection) || !error.wasReused) throw error;
      return { answer: await httpExchange(sent, { ...line, agent: false }), region, atMs };
    }
  }

  /** The answer, with what it shows to have been wrong with the request. Such answers have changed nothing. */
  async #examined(attempt: Attempt, request: WireRequest): Promise<{ readonly answer: WireAnswer; readonly correction?: Correction }> {
    const { status } = attempt.answer;
    if (status !== 301 && status !== 307 && status !== 400 && status !== 403) return { answer: attempt.answer };
    const { text, answer } = await peekError(attempt.answer);
    const problem = problemOf(answer, text);
    const region = status === 403 ? undefined : this.#rightRegion(problem, attempt.region);
    if (region !== undefined) return { answer, correction: { of: "region", region } };
    const offsetMs = this.#rightOffset(problem, answer.headers["date"], { atMs: attempt.atMs, isHead: request.method === "HEAD" });
    return offsetMs === undefined ? { answer } : { answer, correction: { of: "clock", offsetMs } };
  }

  #rightRegion(problem: AwsProblem, signedFor: string): string | undefined {
    if (!this.isAws || this.#setup.service !== "s3") return undefined;
    const region = problem.region ?? regionInHost.exec(problem.endpoint ?? "")?.[1];
    return region !== undefined && region !== signedFor && regionName.test(region) ? region : undefined;
  }

  #rightOffset(
    problem: AwsProblem,
    date: string | undefined,
    sent: { readonly atMs: number; readonly isHead: boolean },
  ): number | undefined {
    const serverMs = Date.parse(date ?? "");
    if (!Number.isFinite(serverMs)) return undefined;
    const isNamed = skewCodes.has(problem.code) || /^Signature (?:expired|not yet current)/u.test(problem.message);
    const isLikely = sent.isHead && Math.abs(serverMs - sent.atMs) > skewMsMin;
    return isNamed || isLikely ? serverMs - this.#setup.now() : undefined;
  }
}

type Correction = { readonly of: "region"; readonly region: string } | { readonly of: "clock"; readonly offsetMs: number };

/** An answer, with what the request was signed for and at. */
interface Attempt {
  readonly answer: WireAnswer;
  readonly region: string;
  readonly atMs: number;
}
