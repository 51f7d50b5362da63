/** A cloud of one's own on loopback ports: S3, CloudFront with its edges, DynamoDB, and STS's word on who one is. */

import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { Distribution, DistributionSettings } from "./cloudfront/distribution.ts";
import { accountId } from "./cloudfront/documents.ts";
import { openCloudFront } from "./cloudfront/open-cloudfront.ts";
import type { CloudFrontService } from "./cloudfront/open-cloudfront.ts";
import { randomId } from "./cloudfront/random-id.ts";
import { branch, leaf } from "./cloudfront/xml.ts";
import { openCalDav, type CalDavService, type CalendarSettings } from "./caldav/open-caldav.ts";
import { isForCalDav } from "./caldav/operation-name.ts";
import { controlDoor, isControl } from "./control.ts";
import type { SandboxSummary } from "./control.ts";
import { openDynamo, type DynamoService, type NewTable } from "./dynamodb/open-dynamodb.ts";
import { isForDynamo } from "./dynamodb/operation-name.ts";
import { withSubject } from "./dynamodb/subject.ts";
import { askBucket, bucketOrigin, bytesOf } from "./edge/bucket-origin.ts";
import { openEdge } from "./edge/open-edge.ts";
import { faulty, openFaults } from "./faults.ts";
import type { FaultRule, Faults } from "./faults.ts";
import { listen } from "./http-server.ts";
import { iamDoor } from "./iam-door.ts";
import type { Listening } from "./http-server.ts";
import { openMarketplace, type MarketplaceOptions, type MarketplaceService } from "./marketplace/open-marketplace.ts";
import { openRequestLog } from "./request-log.ts";
import type { RequestLog } from "./request-log.ts";
import { stringToSign } from "./s3/canonical-request.ts";
import { openS3 } from "./s3/open-s3.ts";
import type { S3Service } from "./s3/open-s3.ts";
import { claimOf, Refusal } from "./s3/signature-claim.ts";
import { signed } from "./signature.ts";
import type { Account } from "./signature.ts";
import type { Clock, SandboxHandler, SandboxRequest, SandboxResponse } from "./wire.ts";

export interface SandboxOptions {
  /** 0, or nothing, for any that is free. */
  readonly port?: number;
  /** Buckets survive there. Without it, everything is in memory; distributions always are. */
  readonly folder?: string;
  /** `sandbox` unless given. */
  readonly accessKeyId?: string;
  /** `sandbox-secret` unless given. */
  readonly secretAccessKey?: string;
  /** Further accounts by access key id, to try out what is denied or has expired. */
  readonly accounts?: ReadonlyMap<string, Account>;
  /** `us-east-1` unless given. CloudFront may be signed for that one as well. */
  readonly region?: string;
  /** Made where they do not exist yet; one that the folder holds already stays as it is. */
  readonly buckets?: readonly { readonly name: string; readonly versioning: boolean }[];
  /** Below `/_caldav/home/`, with `accessKeyId` and `secretAccessKey` as user and password. Always in memory. */
  readonly calendars?: readonly (CalendarSettings & { readonly name: string })[];
  /** Made where they do not exist yet. */
  readonly tables?: readonly NewTable[];
  /** Each gets an edge on a port of its own. */
  readonly distributions?: readonly (DistributionSettings & { readonly port?: number })[];
  /** A site of somebody else's, without an interface for programs, on a port of its own. */
  readonly marketplace?: Omit<MarketplaceOptions, "clock"> & { readonly port?: number };
  /** From an invalidation's creation to its completion, in milliseconds; 800 unless given. */
  readonly settleMs?: number;
  readonly clock?: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random?: () => number;
  /** Rules that hold from the beginning. */
  readonly faults?: readonly FaultRule[];
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, for S3, CloudFront, DynamoDB and STS alike, and for the control door below `/_sandbox`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What makes an AWS SDK or the aws CLI talk to this sandbox and to nothing else. */
  readonly env: Readonly<Record<string, string>>;
  readonly s3: S3Service;
  readonly cloudfront: CloudFrontService;
  readonly dynamodb: DynamoService;
  readonly caldav: CalDavService;
  readonly marketplace?: MarketplaceService & { readonly url: string };
  readonly faults: Faults;
  readonly log: RequestLog;
  /** By the distribution's id. Also of distributions that a request created since. */
  readonly edges: ReadonlyMap<string, { readonly url: string }>;
  /** Ends every connection and lets go of the folder. A second call does nothing more. */
  close(): Promise<void>;
}

const defaults = {
  port: 0,
  accessKeyId: "sandbox",
  secretAccessKey: "sandbox-secret",
  region: "us-east-1",
  clock: { now: (): number => Date.now() },
  random: (): number => Math.random(),
} as const;

async function bucketNames(s3: S3Service): Promise<readonly string[]> {
  const listing = (await bytesOf(await askBucket(s3.handle, "GET", "/"))).toString("utf8");
  return [...listing.matchAll(/<Name>([^<]+)<\/Name>/gu)].map(([, name = ""]) => name);
}

/** The region and the service that a request claims to be signed for; empty where it carries no readable signature. */
function scopeOf({ headers, query }: SandboxRequest): { readonly region: string; readonly service: string } {
  const credential = /Credential=([^,\s]+)/u.exec(headers["authorization"] ?? "")?.[1] ?? query.get("X-Amz-Credential") ?? "";
  const [, region = "", service = ""] = /\/([^/]+)\/([^/]+)\/aws4_request$/u.exec(credential) ?? [];
  return { region, service };
}

const isForCloudFront = (request: SandboxRequest): boolean =>
  request.path.startsWith("/2020-05-31/") || scopeOf(request).service === "cloudfront";

interface IdentityOptions {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The access key id that signed a request to STS. Throws `Refusal` in STS's words. Any region will do: STS is in all of them. */
function callerOf(request: SandboxRequest, body: Buffer, { accounts, clock }: IdentityOptions): string {
  const claim = claimOf(request);
  const account = claim && accounts.get(claim.accessKeyId);
  if (!claim) throw new Refusal(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  if (!account) throw new Refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
  const key = [claim.day, claim.region, claim.service, "aws4_request"].reduce(
    (so: Buffer, part) => createHmac("sha256", so).update(part).digest(),
    Buffer.from(`AWS4${account.secret}`),
  );
  const text = stringToSign(request, claim, hash("sha256", body, "hex"));
  const isSame = timingSafeEqual(createHmac("sha256", key).update(text).digest(), Buffer.from(claim.signature, "hex"));
  const isOfNow = Math.abs(clock.now() - claim.atMs) <= 15 * 60_000;
  if (!isSame || !isOfNow) {
    throw new Refusal(403, "SignatureDoesNotMatch", isSame ? "Signature expired, or not yet current." : "The signature does not match.");
  }
  if (account.expired === true) throw new Refusal(403, "ExpiredToken", "The security token included in the request is expired");
  return claim.accessKeyId;
}

/** STS with the one action that asks who one is. Nobody is denied that one, and no fault strikes it. */
const identityDoor =
  (options: IdentityOptions): SandboxHandler =>
  async (request) => {
    const requestId = randomId(16, options.random).toLowerCase();
    const answer = (status: number, root: string, ...children: readonly string[]): SandboxResponse => ({
      status,
      headers: { "content-type": "text/xml", date: new Date(options.clock.now()).toUTCString(), "x-amzn-requestid": requestId },
      body: Buffer.from(`<${root} xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${children.join("")}</${root}>`),
    });
    try {
      const body = await bytesOf(request.method === "POST" ? { body: request.body } : {});
      const caller = callerOf(request, body, options);
      const action = new URLSearchParams(body.toString("utf8")).get("Action") ?? request.query.get("Action") ?? "";
      if (action !== "GetCallerIdentity") throw new Refusal(400, "InvalidAction", `Could not find operation ${action}.`);
      const arn = `arn:aws:iam::${accountId}:user/${caller}`;
      const who = branch("GetCallerIdentityResult", leaf("Arn", arn), leaf("UserId", caller), leaf("Account", accountId));
      return answer(200, "GetCallerIdentityResponse", who, branch("ResponseMetadata", leaf("RequestId", requestId)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message } = error;
      const said = branch("Error", leaf("Type", "Sender"), leaf("Code", code), leaf("Message", message));
      return answer(status, "ErrorResponse", said, leaf("RequestId", requestId));
    }
  };

/** STS and IAM: who one is, and what one may do. */
function identityDoors(options: IdentityOptions): SandboxHandler {
  const [sts, iam] = [identityDoor(options), iamDoor({ ...options, callerOf })];
  return (request) => (scopeOf(request).service === "iam" ? iam : sts)(request);
}

/** What a request is for, by the path where that is enough, otherwise by the service that it was signed for. */
function frontDoor(
  doors: Readonly<Record<"control" | "caldav" | "cloudfront" | "dynamodb" | "identity" | "s3", SandboxHandler>>,
): SandboxHandler {
  return (request) => {
    if (isControl(request)) return doors.control(request);
    if (isForCalDav(request)) return doors.caldav(request);
    if (isForDynamo(request)) return doors.dynamodb(request);
    if (isForCloudFront(request)) return doors.cloudfront(request);
    const { service } = scopeOf(request);
    return service === "sts" || service === "iam" ? doors.identity(request) : doors.s3(request);
  };
}

const environmentFor = (
  at: Pick<Sandbox, "endpoint" | "accessKeyId" | "secretAccessKey" | "region">,
): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: at.endpoint,
  AWS_ACCESS_KEY_ID: at.accessKeyId,
  AWS_SECRET_ACCESS_KEY: at.secretAccessKey,
  AWS_REGION: at.region,
  AWS_DEFAULT_REGION: at.region,
  AWS_EC2_METADATA_DISABLED: "true",
});

/** The buckets and tables of the options that the folder does not hold already. */
async function makeMissing({ buckets = [], tables = [] }: SandboxOptions, s3: S3Service, dynamodb: DynamoService): Promise<void> {
  for (const { name, versioning } of buckets) {
    if ((await askBucket(s3.handle, "HEAD", `/${name}`)).status !== 200) s3.createBucket(name, { versioning });
  }
  const held = new Set(dynamodb.tables().map(({ name }) => name));
  for (const table of tables) if (!held.has(table.name)) dynamodb.createTable(table);
}

/** The marketplace, where one is asked for. No fault strikes it: faults are those of AWS. */
async function serveMarketplace(
  { marketplace }: SandboxOptions,
  clock: Clock,
  serve: (handler: SandboxHandler, at: number) => Promise<string>,
): Promise<Pick<Sandbox, "marketplace">> {
  if (!marketplace) return {};
  const service = openMarketplace({ ...marketplace, clock });
  return { marketplace: { ...service, url: await serve(service.handle, marketplace.port ?? 0) } };
}

/** Starts a sandbox on 127.0.0.1. Rejects where a port is taken or the folder is damaged, and then leaves nothing running. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port, accessKeyId, secretAccessKey, region, clock, random } = { ...defaults, ...options };
  const open: Listening[] = [];
  const edges = new Map<string, { readonly url: string }>();
  const kept = { clock, random, region, ...(options.folder === undefined ? {} : { folder: options.folder }) };
  const [s3, dynamodb] = [openS3(kept), openDynamo(kept)];
  const caldav = openCalDav({ clock, user: accessKeyId, password: secretAccessKey });
  for (const { name, ...settings } of options.calendars ?? []) caldav.createCalendar(name, settings);
  let isOpen = true;
  const close = async (): Promise<void> => {
    const isFirst = isOpen;
    isOpen = false;
    await Promise.all(open.splice(0).map((each) => each.close()));
    if (!isFirst) return;
    s3.close();
    dynamodb.close();
  };
  const serve = async (handler: SandboxHandler, at: number): Promise<string> => {
    const listening = await listen(handler, { port: at });
    open.push(listening);
    return `http://127.0.0.1:${listening.port}`;
  };
  const origin = bucketOrigin(s3.handle);
  const serveEdge = async (distribution: Distribution, at = 0): Promise<void> => {
    const edge = openEdge({ distribution, origin, clock, random, isPurged: (...asked) => cloudfront.isPurged(...asked) });
    edges.set(distribution.id, { url: await serve(edge.handle, at) });
  };
  const cloudfront = openCloudFront({
    clock,
    random,
    region,
    onCreated: (made) => serveEdge(made),
    ...(options.settleMs === undefined ? {} : { settleMs: options.settleMs }),
  });
  const faults = openFaults({ clock, random });
  for (const rule of options.faults ?? []) faults.add(rule);
  const log = openRequestLog();
  const summary = async (): Promise<SandboxSummary> => ({
    region,
    buckets: (await bucketNames(s3)).map((name) => ({ name, objects: s3.objectCount(name) })),
    distributions: cloudfront.distributions().map(({ id, bucket, originPath, aliases }) => {
      return { id, bucket, originPath, aliases, url: edges.get(id)?.url ?? "", invalidations: cloudfront.invalidations(id).length };
    }),
    tables: dynamodb.tables(),
  });

  const accounts = new Map<string, Account>([[accessKeyId, { secret: secretAccessKey }], ...(options.accounts ?? [])]);
  const counted = (handler: SandboxHandler, at: string): SandboxHandler =>
    log.counted(signed(faulty(handler, faults), { accounts, clock, region: at }));
  const cloudfrontHere = counted(cloudfront.handle, region);
  const cloudfrontThere = counted(cloudfront.handle, "us-east-1");
  const door = frontDoor({
    control: controlDoor({ log, faults, summary }),
    // CloudFront's region is us-east-1, but the aws CLI signs for the user's own where the endpoint is a given one.
    cloudfront: (request) => (scopeOf(request).region === region ? cloudfrontHere : cloudfrontThere)(request),
    identity: log.counted(identityDoors({ accounts, clock, random })),
    caldav: log.counted(faulty(caldav.handle, faults)),
    dynamodb: log.counted(signed(withSubject(faulty(dynamodb.handle, faults)), { accounts, clock, region })),
    s3: counted(s3.handle, region),
  });
  try {
    await makeMissing(options, s3, dynamodb);
    for (const { port: at, ...settings } of options.distributions ?? []) await serveEdge(cloudfront.createDistribution(settings), at);
    const endpoint = await serve(door, port);
    const env = environmentFor({ endpoint, accessKeyId, secretAccessKey, region });
    const market = await serveMarketplace(options, clock, serve);
    return { endpoint, region, accessKeyId, secretAccessKey, env, s3, cloudfront, dynamodb, caldav, faults, log, edges, close, ...market };
  } catch (error) {
    await close();
    throw error;
  }
}
