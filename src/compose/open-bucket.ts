import { openS3Store, type SourceBucket } from "../adapters/s3/s3-store.ts";
import { connectS3 } from "../adapters/shared/aws/connect.ts";
import { parseStore } from "../config/store-address.ts";
import { invariant } from "../core/belay-error.ts";
import type { StoreName } from "../core/brand.ts";
import type { Store } from "../ports/store.ts";
import { jsonCache } from "./json-cache.ts";
import { placeOf, type Surroundings } from "./surroundings.ts";

export interface BucketUse {
  /** Headers are somebody's work too: at a target they are looked at before or after a write, in state there are none. */
  readonly watchesHeaders: boolean;
  readonly isPublished?: (key: string) => boolean;
}

/** Nothing is sent before the first call. */
export function openBucket(name: StoreName, use: BucketUse, about: Surroundings): Store {
  const own = bucketOf(name, about);
  invariant(own !== undefined, "belay.yaml was checked before its stores are opened");
  return openS3Store({
    name,
    ...own,
    runtime: about.runtime,
    // One environment names one endpoint and one account's credentials, so every other bucket is within reach of a copy.
    sourceOf: (source) => bucketOf(source, about),
    canary: jsonCache("canary", placeOf(name, about), about),
    ...use,
  });
}

/** `undefined` for a store that is no bucket. */
function bucketOf(name: StoreName, { env, concurrency, runtime }: Surroundings): SourceBucket | undefined {
  const address = parseStore(name, "/");
  if (typeof address === "string" || address.kind !== "s3") return undefined;
  const { bucket, prefix } = address;
  return { bucket, prefix, wire: async () => await connectS3(bucket, { env, concurrency, now: () => runtime.now() }) };
}
