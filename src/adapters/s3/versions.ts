/** What a bucket keeps of its past. */

import type { CallOptions, Reading, StoredVersion, Versions } from "../../ports/store.ts";
import { childText, type XmlNode } from "../shared/aws/xml.ts";
import { askForPage, nameIn, unreadable } from "./bucket-page.ts";
import { readSaying, type Saying } from "./object-headers.ts";
import { readObject } from "./read-object.ts";
import { bareEtag, secondOf } from "./revision.ts";
import { requireKey, type S3Place } from "./s3-place.ts";

/** An entry of ListObjectVersions. */
export interface KeptVersion extends StoredVersion {
  /** Empty for a deletion. */
  readonly etag: string;
  readonly second: number;
}

const pageMax = 1000;
const pagesMax = 100;

/** Versions of a bucket's objects, by its own version ids. */
export function versionsOf(place: S3Place): Versions {
  return {
    areKept: async (options) => await areVersionsKept(place, options),
    async list(key, options) {
      requireKey(key);
      const found: StoredVersion[] = [];
      for await (const { etag, second: _, ...version } of eachVersion(place, key, options)) {
        if (found.length >= options.limit) break;
        found.push({ ...version, ...(etag !== "" && { etag }) });
      }
      return found;
    },
    async read({ key, id, isObject }, options): Promise<Reading | undefined> {
      requireKey(key);
      if (!isObject) return undefined;
      return (await readObject(place, key, { ...options, versionId: id }))?.reading;
    },
    look: async (version, options) => (version.isObject ? await lookAt(place, version, options) : undefined),
  };
}

/** One HEAD. A version that is gone and a bucket that is gone look the same: HEAD tells no more. */
async function lookAt(place: S3Place, { key, id }: StoredVersion, options: CallOptions): Promise<Saying | undefined> {
  requireKey(key);
  const ask = { action: "s3:GetObjectVersion", method: "HEAD", key, isRepeatable: true, query: { versionId: id } } as const;
  const answer = await place.ask(ask, options);
  if (answer.status !== 200 && answer.status !== 404 && answer.status !== 405) throw await place.errorOf(answer, ask);
  answer.discard();
  return answer.status === 200 ? readSaying(answer.headers) : undefined;
}

async function areVersionsKept(place: S3Place, options: CallOptions): Promise<boolean> {
  const ask = { action: "s3:GetBucketVersioning", query: { versioning: "" } } as const;
  // moto calls it by the second name.
  const page = await askForPage(place, ask, ["VersioningConfiguration", "GetBucketVersioningResponse"], options);
  return childText(page, "Status") === "Enabled";
}

/** Every version and deletion of exactly this key, newest first. At most `limit` are asked for at a time. */
export async function* eachVersion(
  place: S3Place,
  key: string,
  { signal, limit }: CallOptions & { readonly limit: number },
): AsyncGenerator<KeptVersion, void, undefined> {
  const name = place.inBucket(key);
  let markers: Readonly<Record<string, string>> = {};
  for (let page = 0; page < pagesMax; page += 1) {
    const query = {
      versions: "",
      "encoding-type": "url",
      "max-keys": String(Math.min(Math.max(limit, 1), pageMax)),
      prefix: name,
      ...markers,
    };
    const root = await askForPage(place, { action: "s3:ListBucketVersions", query }, "ListVersionsResult", { signal });
    for (const node of root.children.filter(isEntryOf(root, name))) {
      const version = readVersion(key, node);
      if (!version) throw await unreadable(place, `a version of ${name} lacks its id, ETag, time or size`);
      yield version;
    }
    if (childText(root, "IsTruncated") !== "true") return;
    const nextName = nameIn(root, childText(root, "NextKeyMarker") ?? "") ?? "";
    if (nextName === "") throw await unreadable(place, "there are more versions, but it does not say how to go on");
    // The next page begins with another name, so all of this one are told.
    if (nextName !== name) return;
    const versionId = childText(root, "NextVersionIdMarker") ?? "";
    markers = { "key-marker": nextName, ...(versionId !== "" && { "version-id-marker": versionId }) };
  }
}

/** Names that only begin with this one come after all of its versions. */
const isEntryOf =
  (page: XmlNode, name: string) =>
  (node: XmlNode): boolean =>
    (node.name === "Version" || node.name === "DeleteMarker") && nameIn(page, childText(node, "Key") ?? "") === name;

function readVersion(key: string, node: XmlNode): KeptVersion | undefined {
  const isObject = node.name === "Version";
  const id = childText(node, "VersionId") ?? "";
  const etag = isObject ? (bareEtag(childText(node, "ETag")) ?? "") : "";
  const second = secondOf(childText(node, "LastModified"));
  const sizeBytes = isObject ? Number(childText(node, "Size") ?? Number.NaN) : 0;
  if (id === "" || second === undefined || Number.isNaN(sizeBytes) || (isObject && etag === "")) return undefined;
  return { key, id, sizeBytes, modifiedAtMs: second * 1000, isObject, etag, second };
}
