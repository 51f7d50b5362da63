/** The demo's own S3 and CloudFront, and two working copies that belong to them. Nothing of it leaves this process and its folder. */

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Sandbox, SandboxOptions } from "../../../sandbox/start-sandbox.ts";
import { urlPathOf } from "../../core/paths/key.ts";
import type { DemoCase, Feature, SiteFile } from "./demo-case.ts";
import type { WorkingCopy } from "./world.ts";
import { tokenLines } from "./world.ts";

export type Place = "staging" | "production";

/** The buckets and distributions are named as those of `belay sandbox` are. */
export const bucketOf: Readonly<Record<Place | "state", string>> = {
  staging: "example-staging",
  production: "example-production",
  state: "example-state",
};
export const distributionOf: Readonly<Record<Place, string>> = { staging: "ESTAGING", production: "EPRODUCTION" };

/** Short, so that nobody waits for it; long enough that a deploy which does not wait is told from one that does. */
const settleMs = 300;
/** What lies beside the page: enough to look like a site, little enough to be quick with anybody's pages. */
const filesMax = 20;
const fileBytesMax = 256 * 1024;

export type StartSandbox = (options: SandboxOptions) => Promise<Sandbox>;

export interface Cloud {
  readonly root: string;
  readonly home: string;
  readonly sandbox: Sandbox;
  /** The page of the story in a working copy. */
  pagePath(name: WorkingCopy): string;
  /** Where visitors find the page. */
  url(place: Place): string;
  /** The page as the bucket holds it; empty where it holds none. */
  stored(place: Place): string;
  /** One digest over every object of a bucket: its bytes, its headers and the version that S3 gave it. */
  digest(place: Place): string;
  /** Writes belay.yaml, the same for both working copies, with these features as its tokens. */
  promise(features: readonly Feature[]): Promise<void>;
  /** Writes belay.yaml so that a person who looks around afterwards is told what became of the buckets. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface CloudOptions {
  /** Made here, with the working copies below it. */
  readonly root: string;
  readonly home: string;
  readonly demoCase: DemoCase;
  readonly startSandbox: StartSandbox;
}

/** Starts an empty cloud, and puts the files beside the page into the studio's copy. */
export async function openCloud({ root, home, demoCase, startSandbox }: CloudOptions): Promise<Cloud> {
  const files = await fewOf(demoCase.files);
  const places = ["staging", "production"] as const;
  for (const name of ["studio", "laptop"]) await mkdir(join(root, name, "public"), { recursive: true });
  for (const file of files) {
    const path = join(root, "studio", "public", file.key);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(file.path, path);
  }
  const sandbox = await startSandbox({
    buckets: Object.values(bucketOf).map((name) => ({ name, versioning: true })),
    distributions: places.map((place) => ({ id: distributionOf[place], bucket: bucketOf[place] })),
    settleMs,
  });
  const edgeUrl = (place: Place): string => sandbox.edges.get(distributionOf[place])?.url ?? "";
  const configure = async (text: string): Promise<void> => {
    for (const name of ["studio", "laptop"]) await writeFile(join(root, name, "belay.yaml"), text);
  };
  const { page } = demoCase;
  const config = (features: readonly Feature[], url?: (place: Place) => string): string => configText(tokenLines(page, features), url);
  return {
    root,
    home,
    sandbox,
    pagePath: (name) => join(root, name, "public", page),
    url: (place) => `${edgeUrl(place)}${urlPathOf(page)}`,
    stored: (place) => Buffer.from(sandbox.s3.get(bucketOf[place], page)?.bytes ?? []).toString("utf8"),
    digest: (place) => {
      const hash = createHash("sha256").update(String(sandbox.s3.objectCount(bucketOf[place])));
      for (const key of [page, ...files.map((file) => file.key)]) {
        const object = sandbox.s3.get(bucketOf[place], key);
        hash.update(JSON.stringify([key, object?.etag, object?.headers, object?.versionId])).update(object?.bytes ?? "");
      }
      return hash.digest("hex");
    },
    promise: (features) => configure(config(features, edgeUrl)),
    settle: () => configure(`# These buckets were in the demo's memory, and ended with it.\n${config(demoCase.features)}`),
    close: () => sandbox.close(),
  };
}

async function fewOf(files: readonly SiteFile[]): Promise<SiteFile[]> {
  const few: SiteFile[] = [];
  for (const file of files) {
    if (few.length === filesMax) break;
    const { size } = await stat(file.path);
    if (size <= fileBytesMax) few.push(file);
  }
  return few;
}

function configText(tokens: readonly string[], url?: (place: Place) => string): string {
  const target = (place: Place): string[] => [
    `    ${place}:`,
    `      store: s3://${bucketOf[place]}`,
    `      cdn: cloudfront:${distributionOf[place]}`,
    ...(url ? [`      url: ${url(place)}`] : []),
  ];
  const lines = [
    "version: 1",
    `state: s3://${bucketOf.state}`,
    "site:",
    "  root: public",
    "  targets:",
    ...target("staging"),
    ...target("production"),
    "      after: staging",
    ...tokens,
  ];
  return `${lines.join("\n")}\n`;
}

/** Puts a version of the page into a working copy. */
export async function writePage(cloud: Cloud, name: WorkingCopy, text: string): Promise<void> {
  await mkdir(dirname(cloud.pagePath(name)), { recursive: true });
  await writeFile(cloud.pagePath(name), text);
}

export const readPage = (cloud: Cloud, name: WorkingCopy): Promise<string> => readFile(cloud.pagePath(name), "utf8");
