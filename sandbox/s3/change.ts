/** Everything that can happen to the buckets. What is not one of these changes is not remembered. */

import { Bucket, type Part, type UploadStart, type Version, type Versioning } from "./bucket.ts";

export type Change =
  | { readonly kind: "bucket-created"; readonly bucket: string; readonly atMs: number }
  | { readonly kind: "bucket-deleted"; readonly bucket: string }
  | { readonly kind: "versioning-set"; readonly bucket: string; readonly versioning: Versioning }
  /** `document` is absent where the setting was deleted. */
  | { readonly kind: "setting-put"; readonly bucket: string; readonly setting: string; readonly document?: string }
  | { readonly kind: "version-added"; readonly bucket: string; readonly version: Version }
  | { readonly kind: "version-dropped"; readonly bucket: string; readonly key: string; readonly id: string }
  | { readonly kind: "upload-started"; readonly bucket: string; readonly start: UploadStart }
  | { readonly kind: "part-added"; readonly bucket: string; readonly uploadId: string; readonly part: Part }
  | { readonly kind: "upload-ended"; readonly bucket: string; readonly uploadId: string };

export type Buckets = Map<string, Bucket>;

function existing(buckets: Buckets, name: string): Bucket {
  const bucket = buckets.get(name);
  if (!bucket) throw new Error(`the change concerns bucket ${name}, which does not exist`);
  return bucket;
}

/** Makes one change. The caller has made sure that it is allowed; a bucket that does not exist is a bug or a damaged journal. */
export function makeChange(buckets: Buckets, change: Change): void {
  switch (change.kind) {
    case "bucket-created":
      buckets.set(change.bucket, new Bucket(change.bucket, change.atMs));
      return;
    case "bucket-deleted":
      buckets.delete(change.bucket);
      return;
    case "versioning-set":
      existing(buckets, change.bucket).versioning = change.versioning;
      return;
    case "setting-put":
      if (change.document === undefined) existing(buckets, change.bucket).settings.delete(change.setting);
      else existing(buckets, change.bucket).settings.set(change.setting, change.document);
      return;
    case "version-added":
      existing(buckets, change.bucket).add(change.version);
      return;
    case "version-dropped":
      existing(buckets, change.bucket).drop(change.key, change.id);
      return;
    case "upload-started":
      existing(buckets, change.bucket).uploads.set(change.start.id, { start: change.start, parts: new Map() });
      return;
    case "part-added":
      existing(buckets, change.bucket).uploads.get(change.uploadId)?.parts.set(change.part.number, change.part);
      return;
    case "upload-ended":
      existing(buckets, change.bucket).uploads.delete(change.uploadId);
  }
}
