/** What `belay sandbox` says of itself and of each request. */

import { counted, plain, shellWord } from "./plain-text.ts";
import type { LaidBucket, LaidDistribution, Layout, StrayUrl } from "./sandbox-layout.ts";
import type { Exchange } from "./sandbox-traffic.ts";
import type { View } from "./screen.ts";
import { aligned, cutTo, padTo, widthOf, wrap } from "./text-width.ts";

export interface StandingBucket extends LaidBucket {
  readonly objects: number;
}
export interface StandingEdge extends LaidDistribution {
  readonly url: string;
}

/** A sandbox that listens. */
export interface Standing {
  readonly endpoint: string;
  readonly buckets: readonly StandingBucket[];
  readonly edges: readonly StandingEdge[];
  readonly layout: Layout;
  /** As the user spelt them. */
  readonly faults: readonly string[];
  /** As a person in this folder would type it; absent where everything is in memory. */
  readonly folder: string | undefined;
}

/** Settings that would lead past the sandbox although the variables above are set. */
const leadElsewhere = [
  "AWS_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL_CLOUDFRONT",
  "AWS_ENDPOINT_URL_STS",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
] as const;

/** Lines for another terminal's shell. Of what would lead elsewhere, only that which is set is unset. */
export function exportLines(sandboxEnv: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): string[] {
  const set = leadElsewhere.filter((name) => env[name] !== undefined);
  return [
    ...Object.entries(sandboxEnv).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    ...(set.length > 0 ? [`unset ${set.join(" ")}`] : []),
  ];
}

/** The account for a person: what is here, what it is not, and where it does not fit belay.yaml. */
export function sandboxLines(standing: Standing, view: View): string[] {
  const { endpoint, buckets, edges, layout, faults, folder } = standing;
  const { paint, columns } = view;
  const told = (text: string): string[] => wrap(text, { width: columns, first: "  " });
  const kept = folder === undefined ? "Everything is in memory and gone at the end." : `Buckets stay in ${folder}.`;
  return [
    `${paint.bold("belay sandbox")}  ${endpoint}`,
    ...told(`A pretend S3 and CloudFront. Nothing leaves this machine. ${kept} Ctrl-C ends it.`),
    "",
    ...aligned(
      buckets.map(({ name, versioning, objects }) => [
        "  bucket",
        plain(name),
        versioning ? "versions kept" : "no versions",
        counted(objects, "object"),
      ]),
    ),
    ...aligned(edges.map(({ id, bucket, originPath = "", url }) => ["  edge  ", url, id, plain(`${bucket}${originPath}`)])),
    ...faults.map((spec) => `  fault   ${plain(spec)}`),
    ...strayLines(layout.strayUrls, edges, view),
    ...(layout.isConfigured ? [] : ["", ...told("A belay.yaml for it has these targets:"), ...targetLines(buckets, edges, layout.state)]),
    "",
    ...told("Paste these lines into the terminal that is to use it:"),
  ];
}

function strayLines(strays: readonly StrayUrl[], edges: readonly StandingEdge[], { paint, columns }: View): string[] {
  return strays.flatMap(({ target, url, distribution }) => {
    const edge = edges.find(({ id }) => id === distribution);
    const instead = edge === undefined ? "leave url: out" : `url: ${edge.url}`;
    const told = `${target} has url: ${plain(url)}, which is not this sandbox. A deploy would check the pages there. To rehearse, ${instead}`;
    return ["", ...wrap(told, { width: columns, first: `${paint.yellow("!")} `, rest: "  " })];
  });
}

/** Names that belay.yaml takes; the word after the last hyphen where that tells the buckets apart. */
function targetNames(buckets: readonly string[]): string[] {
  const lasts = buckets.map((bucket) => bucket.split(/[.-]/u).at(-1) ?? "");
  const areApart = new Set(lasts).size === lasts.length && lasts.every((name) => /^[a-z]/u.test(name));
  return areApart ? lasts : buckets.map((bucket) => bucket.replaceAll(".", "-").replace(/^(?=\d)/u, "b"));
}

function targetLines(buckets: readonly StandingBucket[], edges: readonly StandingEdge[], state: string | undefined): string[] {
  const live = buckets.filter(({ name }) => !(state ?? "").startsWith(`s3://${name}/`));
  const names = targetNames(live.map(({ name }) => name));
  const targets = live.flatMap(({ name, versioning }, at) => {
    const edge = edges.find(({ bucket }) => bucket === name);
    const { originPath = "" } = edge ?? {};
    return [
      `        ${names[at] ?? name}:`,
      `          store: s3://${name}${originPath}`,
      ...(edge ? [`          cdn: cloudfront:${edge.id}`, `          url: ${edge.url}`] : []),
      ...(versioning ? [] : ["          unversioned: a rehearsal"]),
    ];
  });
  const record = state === undefined ? [] : [`    state: ${state}`];
  return ["", "    version: 1", ...record, "    site:", "      root: public", "      targets:", ...targets];
}

const methodColumns = 6;
const conditionColumnsMax = 36;

/** One request on one line: what was asked of which object, the answer, and what the request was bound to. */
export function exchangeLine(exchange: Exchange, { columns, paint }: View): string {
  const { method, status, isWhole, conditions } = exchange;
  const answer = status === undefined ? "cut off" : `${status}${isWhole ? "" : " cut off"}`;
  const bound = conditions.length === 0 ? "" : `  ${cutTo(plain(shortTags(conditions.join(" "))), conditionColumnsMax)}`;
  const head = padTo(cutTo(plain(method), methodColumns), methodColumns);
  const subject = cutTo(plain(subjectOf(exchange)), Math.max(columns - widthOf(`${head}    ${answer}${bound}`), 8));
  const isFailure = status === undefined || status >= 400 || !isWhole;
  return `${head}  ${subject}  ${isFailure ? paint.yellow(answer) : answer}${bound}`;
}

/** The first digits are enough to tell one ETag from another. */
const shortTags = (text: string): string => text.replaceAll(/([0-9a-f]{8})[0-9a-f]{8,}(?:-\d+)?/gu, "$1…");

/** How a listing is paged and spelt, and what SDKs add for their own book-keeping. */
const aside = /^(?:x-id|list-type|encoding-type|max-keys|fetch-owner)(?:=|$)/u;

function subjectOf({ path, distribution }: Exchange): string {
  const [place = "", query = ""] = path.split("?", 2);
  const asked = query
    .split("&")
    .filter((part) => part !== "" && !aside.test(part))
    .map((part) => part.replace(/=$/u, ""))
    .join("&");
  const shown = `${decodedOr(place)}${asked === "" ? "" : `?${decodedOr(asked)}`}`;
  if (distribution !== undefined) return `${distribution}${shown}`;
  return shown.replace(/^\/2020-05-31\/distribution\/(?=.)/u, "cloudfront:").replace(/^\/(?=.)/u, "");
}

function decodedOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
