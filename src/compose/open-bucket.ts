import { openS3Store } from "../adapters/s3/s3-store.ts";
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
  const address = parseStore(name, "/");
  invariant(typeof address !== "string" && address.kind === "s3", "belay.yaml was checked before its stores are opened");
  const { bucket, prefix } = address;
  const { env, concurrency, runtime } = about;
  return openS3Store({
    name,
    bucket,
    prefix,
    runtime,
    wire: async () => await connectS3(bucket, { env, concurrency, now: () => runtime.now() }),
    canary: jsonCache("canary", placeOf(name, about), about),
    ...use,
  });
}
