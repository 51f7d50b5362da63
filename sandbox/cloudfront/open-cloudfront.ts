/** CloudFront's API as belay and the aws CLI use it: REST and XML, version 2020-05-31. What it forgets when it ends, its maker makes anew. */

import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "../wire.ts";
import { CloudFrontError } from "./cloudfront-error.ts";
import { distributionOf } from "./distribution.ts";
import type { Distribution, DistributionSettings } from "./distribution.ts";
import * as documents from "./documents.ts";
import { openInvalidations } from "./invalidations.ts";
import type { Invalidation, Invalidations } from "./invalidations.ts";
import { pageOf } from "./page-of.ts";
import { randomId } from "./random-id.ts";
import { readDistributionSettings, readInvalidationBatch } from "./read-body.ts";

export interface CloudFrontOptions {
  readonly clock: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  /** From an invalidation's creation to its completion, in milliseconds; 800 unless given. It takes effect at a moment in between. */
  readonly settleMs?: number;
  /** Where the buckets are; `us-east-1` unless given. */
  readonly region?: string;
  /** Runs before CreateDistribution answers, so that the new distribution has an edge by then. */
  readonly onCreated?: (distribution: Distribution) => Promise<void>;
}

export interface CloudFrontService {
  readonly handle: SandboxHandler;
  /** As an owner would, at once and without a request. Throws for an id or an alias that is taken, and for a bad origin path. */
  createDistribution(settings: DistributionSettings): Distribution;
  distribution(id: string): Distribution | undefined;
  /** In the order of their making. */
  distributions(): readonly Distribution[];
  /** Newest first; none for a distribution that does not exist. */
  invalidations(distributionId: string): readonly Invalidation[];
  /** Whether an invalidation of this distribution that covers the path (percent-decoded) took effect since the instant, and by now. */
  isPurged(distributionId: string, decodedPath: string, sinceMs: number): boolean;
}

interface Standing {
  readonly distribution: Distribution;
  readonly invalidations: Invalidations;
}

const xmlAnswer = (status: number, document: string, headers: Readonly<Record<string, string>> = {}): SandboxResponse => ({
  status,
  headers: { "content-type": "text/xml", ...headers },
  body: Buffer.from(document),
});

const location = (path: string): string => `https://cloudfront.amazonaws.com/2020-05-31/${path}`;

async function createInvalidation(request: SandboxRequest, { distribution, invalidations }: Standing): Promise<SandboxResponse> {
  const made = invalidations.create(await readInvalidationBatch(request));
  return xmlAnswer(201, documents.invalidationDocument(made, invalidations.isInProgress(made)), {
    location: location(`distribution/${distribution.id}/invalidation/${made.id}`),
  });
}

function getInvalidation(id: string, { invalidations }: Standing): SandboxResponse {
  const found = invalidations.find(id);
  if (!found) throw new CloudFrontError(404, "NoSuchInvalidation", "The specified invalidation does not exist.");
  return xmlAnswer(200, documents.invalidationDocument(found, invalidations.isInProgress(found)));
}

function listInvalidations(request: SandboxRequest, { invalidations }: Standing): SandboxResponse {
  const page = pageOf(invalidations.all(), request.query);
  return xmlAnswer(
    200,
    documents.invalidationListDocument(page, (each) => invalidations.isInProgress(each)),
  );
}

function ofDistribution(request: SandboxRequest, standing: Standing, rest: readonly string[]): SandboxResponse | Promise<SandboxResponse> {
  const { distribution, invalidations } = standing;
  const etag = { etag: distribution.etag };
  const [part, id, ...more] = rest;
  const isGet = request.method === "GET";
  if (isGet && part === undefined) {
    return xmlAnswer(200, documents.distributionDocument(distribution, invalidations.inProgress().length), etag);
  }
  if (isGet && part === "config" && id === undefined) return xmlAnswer(200, documents.configDocument(distribution), etag);
  if (part === "invalidation" && more.length === 0) {
    if (isGet && id !== undefined) return getInvalidation(id, standing);
    if (isGet) return listInvalidations(request, standing);
    if (request.method === "POST" && id === undefined) return createInvalidation(request, standing);
  }
  throw new CloudFrontError(501, "NotImplemented", `The sandbox does not know ${request.method} ${request.path}.`);
}

const decodedParts = (path: string): readonly string[] | undefined => {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
};

/** A CloudFront without distributions. */
export function openCloudFront(options: CloudFrontOptions): CloudFrontService {
  const { clock, random, settleMs = 800, region = "us-east-1", onCreated } = options;
  const standing = new Map<string, Standing>();
  const distributions = (): readonly Distribution[] => [...standing.values()].map((each) => each.distribution);

  const createDistribution = (settings: DistributionSettings): Distribution => {
    if (standing.has(settings.id)) throw new Error(`The distribution ${settings.id} exists already.`);
    const distribution = distributionOf(settings, { region, etag: `E${randomId(13, random)}`, nowMs: clock.now() });
    if (distributions().some((each) => each.aliases.some((alias) => distribution.aliases.includes(alias)))) {
      throw new CloudFrontError(409, "CNAMEAlreadyExists", "One or more of the CNAMEs are already associated with another distribution.");
    }
    standing.set(distribution.id, { distribution, invalidations: openInvalidations({ clock, random, settleMs }) });
    return distribution;
  };

  const createByRequest = async (request: SandboxRequest): Promise<SandboxResponse> => {
    const settings = await readDistributionSettings(request);
    if (distributions().some((each) => each.callerReference === settings.callerReference)) {
      throw new CloudFrontError(409, "DistributionAlreadyExists", "The caller reference belongs to another distribution.");
    }
    const made = createDistribution({ ...settings, id: `E${randomId(13, random)}` });
    await onCreated?.(made);
    const headers = { etag: made.etag, location: location(`distribution/${made.id}`) };
    return xmlAnswer(201, documents.distributionDocument(made, 0), headers);
  };

  const answer = (request: SandboxRequest): SandboxResponse | Promise<SandboxResponse> => {
    const [, version, kind, id, ...rest] = decodedParts(request.path.replace(/\/$/u, "")) ?? [];
    if (version === "2020-05-31" && kind === "distribution") {
      if (id === undefined && request.method === "GET") {
        return xmlAnswer(200, documents.distributionListDocument(pageOf(distributions(), request.query)));
      }
      if (id === undefined && request.method === "POST") return createByRequest(request);
      const found = id === undefined ? undefined : standing.get(id);
      if (found) return ofDistribution(request, found, rest);
      if (id !== undefined) throw new CloudFrontError(404, "NoSuchDistribution", "The specified distribution does not exist.");
    }
    throw new CloudFrontError(501, "NotImplemented", `The sandbox does not know ${request.method} ${request.path}.`);
  };

  return {
    async handle(request) {
      const requestId = randomId(16, random).toLowerCase();
      const headers = { "x-amzn-requestid": requestId, date: new Date(clock.now()).toUTCString() };
      try {
        const given = await answer(request);
        return { ...given, headers: { ...headers, ...given.headers } };
      } catch (error) {
        if (!(error instanceof CloudFrontError)) throw error;
        return xmlAnswer(error.status, documents.errorDocument(error.code, error.message, requestId), headers);
      }
    },
    createDistribution,
    distribution: (id) => standing.get(id)?.distribution,
    distributions,
    invalidations: (id) => standing.get(id)?.invalidations.all() ?? [],
    isPurged: (id, decodedPath, sinceMs) => standing.get(id)?.invalidations.isPurged(decodedPath, sinceMs) ?? false,
  };
}
