/** What all listings share: names in their wire form, common prefixes, continuation. */

import type { Call } from "./cloud.ts";
import { isoSeconds } from "./cloud.ts";
import { S3Error } from "./s3-error.ts";
import { leaf } from "./xml.ts";

export interface ListingRequest {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** A name as the answer spells it. */
  readonly spell: (name: string) => string;
  readonly isEncoded: boolean;
}

/** Prefix, delimiter and encoding of a listing. */
export function listingRequest(call: Call): ListingRequest {
  const { query } = call.request;
  const encoding = query.get("encoding-type");
  if (encoding !== null && encoding !== "url") {
    throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request", {
      details: { ArgumentName: "encoding-type", ArgumentValue: encoding },
    });
  }
  const isEncoded = encoding === "url";
  const spell = isEncoded ? urlEncoded : (name: string): string => name;
  return { prefix: query.get("prefix") ?? "", delimiter: query.get("delimiter") ?? "", spell, isEncoded };
}

/** `encoding-type=url`: as in a form, with slashes left as they are. */
function urlEncoded(name: string): string {
  if (/^[\w./-]*$/u.test(name)) return name;
  return encodeURIComponent(name)
    .replaceAll(/[!'()~]/gu, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+");
}

/** The common prefix that a key disappears behind, if the delimiter makes one. */
export function commonPrefixOf(key: string, { prefix, delimiter }: ListingRequest): string | undefined {
  if (delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

/** The elements that every listing repeats from its request. */
export function echoXml(request: ListingRequest, names: Readonly<Record<string, string>>, maxKeys: number): string {
  const echoed = Object.entries(names).map(([name, value]) => leaf(name, request.spell(value)));
  const delimiter = request.delimiter === "" ? "" : leaf("Delimiter", request.spell(request.delimiter));
  return `${echoed.join("")}${leaf("MaxKeys", maxKeys)}${delimiter}${request.isEncoded ? leaf("EncodingType", "url") : ""}`;
}

export function commonPrefixXml(request: ListingRequest, prefix: string): string {
  return `<CommonPrefixes>${leaf("Prefix", request.spell(prefix))}</CommonPrefixes>`;
}

/** Time, ETag, size and class of a version, in S3's order. The ETag is in quotes. */
export function contentXml(version: { readonly modifiedAtMs: number; readonly etag: string; readonly sizeBytes: number }): string {
  const etag = `&quot;${version.etag.slice(1, -1)}&quot;`;
  return `<LastModified>${isoSeconds(version.modifiedAtMs)}</LastModified><ETag>${etag}</ETag><Size>${version.sizeBytes}</Size><StorageClass>STANDARD</StorageClass>`;
}
