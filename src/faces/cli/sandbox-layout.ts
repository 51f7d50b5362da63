/** Which buckets and distributions a sandbox is made with: as the options say, as belay.yaml says, or three to begin with. */

import type { Config } from "../../config/config.ts";
import { parseStore, type StoreAddress } from "../../config/store-address.ts";
import { BelayError } from "../../core/belay-error.ts";
import { urlPathPrefix, type Target } from "../../core/site.ts";
import { plain, shellWord } from "./plain-text.ts";
import { listOf, type Words } from "./words.ts";

export interface LaidBucket {
  readonly name: string;
  readonly versioning: boolean;
}

export interface LaidDistribution {
  readonly id: string;
  readonly bucket: string;
  /** Begins with a slash and ends without one. */
  readonly originPath?: string;
  /** Fixed by belay.yaml, whose `url` names it. */
  readonly port?: number;
}

/** A target whose pages a deploy would fetch elsewhere than from the sandbox. */
export interface StrayUrl {
  readonly target: string;
  readonly url: string;
  /** The distribution that shows the target's pages here; absent where it has none. */
  readonly distribution?: string;
}

export interface Layout {
  readonly buckets: readonly LaidBucket[];
  readonly distributions: readonly LaidDistribution[];
  /** The address of a record that a new belay.yaml may name. */
  readonly state?: string;
  readonly strayUrls: readonly StrayUrl[];
  /** Whether it was read from a belay.yaml. */
  readonly isConfigured: boolean;
}

const beginning: Layout = {
  buckets: [
    { name: "example-staging", versioning: true },
    { name: "example-production", versioning: true },
    { name: "example-state", versioning: false },
  ],
  distributions: [
    { id: "ESTAGING", bucket: "example-staging" },
    { id: "EPRODUCTION", bucket: "example-production" },
  ],
  state: "s3://example-state/belay",
  strayUrls: [],
  isConfigured: false,
};

/** `config` is asked for only where the options name no bucket. */
export async function layoutFor(words: Words, config: () => Promise<Config | undefined>): Promise<Layout> {
  const [buckets, distributions] = [listOf(words, "bucket"), listOf(words, "distribution")];
  if (buckets.length + distributions.length > 0) return layoutOfOptions(buckets, distributions);
  const found = await config();
  const layout = found && layoutOfConfig(found);
  // A site of folders only has nothing here, and would find an empty sandbox.
  return layout && layout.buckets.length > 0 ? layout : beginning;
}

function layoutOfOptions(bucketTexts: readonly string[], distributionTexts: readonly string[]): Layout {
  const buckets = new Map(bucketTexts.map((text) => bucketFrom(text)).map((bucket) => [bucket.name, bucket]));
  const distributions = distributionTexts.map((text) => distributionFrom(text));
  const twice = distributions.find(({ id }, at) => distributions.findIndex((other) => other.id === id) < at);
  if (twice) {
    throw new BelayError("usage", `--distribution names ${twice.id} twice.`, "Give each distribution an id of its own.");
  }
  for (const { bucket } of distributions) if (!buckets.has(bucket)) buckets.set(bucket, { name: bucket, versioning: true });
  return { buckets: [...buckets.values()], distributions, strayUrls: [], isConfigured: false };
}

function bucketFrom(text: string): LaidBucket {
  const [name = "", kind, ...more] = text.split(":");
  if (more.length === 0 && (kind === undefined || kind === "unversioned") && isBucketName(name))
    return { name, versioning: kind === undefined };
  throw new BelayError(
    "usage",
    `--bucket takes NAME or NAME:unversioned, and ${shellWord(text)} is neither. A name has 3 to 63 lower-case letters, digits, dots and hyphens.`,
    "belay sandbox --bucket example-staging --bucket example-state:unversioned",
  );
}

function distributionFrom(text: string): LaidDistribution {
  const [, id = "", place = ""] = /^(?:cloudfront:)?([A-Z0-9]+)=(?:s3:\/\/)?(.+)$/u.exec(text) ?? [];
  const address = parseStore(`s3://${place}`, "/");
  if (id !== "" && typeof address !== "string" && address.kind === "s3" && isBucketName(address.bucket)) return behind(id, address);
  throw new BelayError(
    "usage",
    `--distribution takes ID=BUCKET or ID=BUCKET/FOLDER, the id in capitals and digits, and ${shellWord(text)} is neither.`,
    "belay sandbox --distribution ESTAGING=example-staging",
  );
}

/** S3 User Guide, "General purpose bucket naming rules". */
function isBucketName(name: string): boolean {
  const address = parseStore(`s3://${name}`, "/");
  return typeof address !== "string" && !name.includes("/") && !name.includes("..") && !/^\d+(?:\.\d+){3}$/u.test(name);
}

type BucketAddress = Extract<StoreAddress, { readonly kind: "s3" }>;

function behind(id: string, { bucket, prefix }: BucketAddress, urlPath = ""): LaidDistribution {
  const folder = prefix === "" ? "" : `/${prefix}`;
  // A visitor's path follows the origin's, so what the target's address has of the folder is left out here.
  const originPath = folder.endsWith(urlPath) ? folder.slice(0, folder.length - urlPath.length) : folder;
  return { id, bucket, ...(originPath === "" ? {} : { originPath }) };
}

function layoutOfConfig({ sites, stateStore }: Config): Layout {
  const buckets = new Map<string, LaidBucket>();
  const distributions: LaidDistribution[] = [];
  const strayUrls: StrayUrl[] = [];
  for (const target of sites.flatMap(({ targets }) => targets)) {
    const address = bucketAddress(target.store);
    if (!address) continue;
    requireName(address.bucket);
    const { versioning: isKept = false } = buckets.get(address.bucket) ?? {};
    buckets.set(address.bucket, { name: address.bucket, versioning: isKept || target.unversioned === undefined });
    const distribution = distributionOf(target, address);
    if (distribution) distributions.push(distribution);
    if (target.url !== undefined && portOf(target) === undefined)
      strayUrls.push({ target: target.name, url: target.url, ...(distribution ? { distribution: distribution.id } : {}) });
  }
  const state = bucketAddress(stateStore)?.bucket;
  if (state !== undefined) requireName(state);
  if (state !== undefined && !buckets.has(state)) buckets.set(state, { name: state, versioning: false });
  return { buckets: [...buckets.values()], distributions, strayUrls, isConfigured: true };
}

function bucketAddress(store: string): BucketAddress | undefined {
  const address = parseStore(store, "/");
  return typeof address !== "string" && address.kind === "s3" ? address : undefined;
}

function requireName(bucket: string): void {
  if (isBucketName(bucket)) return;
  throw new BelayError("usage", `belay.yaml names the bucket ${plain(bucket)}, which no S3 would make.`, "Correct the name in belay.yaml.");
}

function distributionOf(target: Target, address: BucketAddress): LaidDistribution | undefined {
  const [, id] = /^cloudfront:(.+)$/u.exec(target.cdn ?? "") ?? [];
  if (id === undefined) return undefined;
  const port = portOf(target);
  return { ...behind(id, address, decoded(urlPathPrefix(target))), ...(port === undefined ? {} : { port }) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The port that a target's address names on this machine, where the sandbox can listen on it. */
function portOf({ url }: Target): number | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "http:" || !["127.0.0.1", "localhost"].includes(hostname)) return undefined;
  return port === "" ? 80 : Number(port);
}

/** The distributions, each with its port: the one that is fixed, else the next after the sandbox's own; 0 lets the machine choose. */
export function withPorts(
  distributions: readonly LaidDistribution[],
  port: number,
): readonly (LaidDistribution & { readonly port: number })[] {
  const taken = new Set([port]);
  for (const { id, port: fixed } of distributions) {
    if (fixed === undefined) continue;
    if (taken.has(fixed)) throw sharedPort(id, fixed, fixed === port);
    taken.add(fixed);
  }
  let next = port;
  return distributions.map((distribution) => {
    if (distribution.port !== undefined) return { ...distribution, port: distribution.port };
    if (port === 0) return { ...distribution, port };
    do next += 1;
    while (taken.has(next));
    if (next > portMax) throw tooHigh(port);
    return { ...distribution, port: next };
  });
}

const portMax = 65_535;

const tooHigh = (port: number): BelayError =>
  new BelayError("usage", `After port ${port} there is no room for the ports of the distributions.`, "belay sandbox --port 9070");

const sharedPort = (id: string, port: number, isOwn: boolean): BelayError =>
  new BelayError(
    "usage",
    `belay.yaml's url gives port ${port} to ${id}, and ${isOwn ? "the sandbox itself has it" : "another target has it"}.`,
    isOwn ? `belay sandbox --port ${port < 60_000 ? port + 100 : port - 100}` : "Give each target's url a port of its own in belay.yaml.",
  );
