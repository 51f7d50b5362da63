/** The addresses of stores in belay.yaml: what they mean, and whether two of them meet. */

import { relative, resolve } from "node:path";

import { asStoreName, type StoreName } from "../core/brand.ts";

/** A prefix carries no slash at its ends; an empty one is the whole bucket. */
export type StoreAddress =
  | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string }
  | { readonly kind: "dir"; readonly path: string };

const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u;
const prefixBytesMax = 512;
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/u;

/** Reads `s3://bucket[/prefix]` or `dir:path`, the path from `folder` on; a string is the clause that says what is wrong. */
export function parseStore(spelling: string, folder: string): StoreAddress | string {
  if (spelling.startsWith("s3://")) return parseBucket(spelling.slice("s3://".length));
  if (spelling.startsWith("dir:")) return parseFolder(spelling.slice("dir:".length), folder);
  return "must be s3://bucket, s3://bucket/prefix or dir:path";
}

/** Like `parseStore`, but a spelling without a scheme is a folder too. */
export function parseState(spelling: string, folder: string): StoreAddress | string {
  if (spelling.startsWith("s3://") || spelling.startsWith("dir:")) return parseStore(spelling, folder);
  if (/^[a-z][a-z0-9+.-]*:/iu.test(spelling)) return "must be a folder or s3://bucket/prefix";
  return parseFolder(spelling, folder);
}

function parseBucket(rest: string): StoreAddress | string {
  const [bucket = "", ...parts] = rest.split("/");
  // An access point hides which bucket it leads to, so two targets that share a bucket could not be told.
  if (rest.startsWith("arn:") || bucket.endsWith("-s3alias")) return "names an access point; name the bucket itself";
  if (!bucketPattern.test(bucket)) return "does not name a bucket: 3 to 63 lower-case letters, digits, dots and hyphens";
  if (parts.at(-1) === "") parts.pop();
  const prefix = parts.join("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "has an empty, `.` or `..` segment in its prefix";
  if (/[\\?#]/u.test(prefix) || controls.test(prefix)) return "has a prefix with a backslash, `?`, `#` or control character";
  if (new TextEncoder().encode(prefix).byteLength > prefixBytesMax) return `has a prefix longer than ${prefixBytesMax} bytes`;
  return { kind: "s3", bucket, prefix: prefix.normalize("NFC") };
}

function parseFolder(spelling: string, folder: string): StoreAddress | string {
  const problem = folderProblem(spelling);
  return problem ?? { kind: "dir", path: resolve(folder, spelling) };
}

/** Why a text is no folder, as a clause; `undefined` where it is one. */
export function folderProblem(spelling: string): string | undefined {
  if (spelling.trim() === "") return "must name a folder";
  if (spelling === "~" || spelling.startsWith("~/")) return "begins with `~`, which is not expanded; write the path out";
  if (controls.test(spelling)) return "holds a control character";
  return undefined;
}

/** The one spelling of a store: `s3://bucket/prefix` or `dir:` with an absolute path. */
export const storeName = (address: StoreAddress): StoreName =>
  asStoreName(
    address.kind === "dir" ? `dir:${address.path}` : `s3://${address.bucket}${address.prefix === "" ? "" : `/${address.prefix}`}`,
  );

/** A spelling that is the same on every machine: folders count from belay.yaml's folder unless they were written absolute. */
export function portableSpelling(spelling: string, folder: string): string {
  const address = parseStore(spelling, folder);
  if (typeof address === "string") return spelling;
  if (address.kind === "s3" || spelling.startsWith("dir:/")) return storeName(address);
  return `dir:${relative(folder, address.path) || "."}`;
}

/** How the first lies to the second; `undefined` where they are apart. Folders count by their spelling: links are not followed. */
export function meeting(first: StoreAddress, second: StoreAddress): "is" | "lies inside" | "contains" | undefined {
  if (first.kind === "s3") {
    return second.kind === "s3" && first.bucket === second.bucket ? nesting(first.prefix, second.prefix) : undefined;
  }
  return second.kind === "dir" ? nesting(folded(first.path), folded(second.path)) : undefined;
}

// Many disks do not tell case and normal form apart, so neither does the question whether two folders are one.
const folded = (path: string): string =>
  path
    .normalize("NFC")
    .toLowerCase()
    .replace(/^\/|\/$/gu, "");

function nesting(first: string, second: string): "is" | "lies inside" | "contains" | undefined {
  if (first === second) return "is";
  if (second === "" || first.startsWith(`${second}/`)) return "lies inside";
  return first === "" || second.startsWith(`${first}/`) ? "contains" : undefined;
}
