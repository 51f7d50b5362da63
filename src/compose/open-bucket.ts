import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openS3Store, type CanaryCache } from "../adapters/s3/s3-store.ts";
import { connectS3 } from "../adapters/shared/aws/connect.ts";
import { sha256OfText } from "../adapters/shared/sha256.ts";
import { parseStore } from "../config/store-address.ts";
import { invariant } from "../core/belay-error.ts";
import type { StoreName } from "../core/brand.ts";
import type { Store } from "../ports/store.ts";
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
    canary: canaryFile(name, about),
    ...use,
  });
}

/** What a bucket was found to keep stands in one file per place; a file that cannot be read or written costs a few requests. */
function canaryFile(name: StoreName, about: Surroundings): CanaryCache {
  const folder = join(about.local, "cache");
  const file = join(folder, `canary.${sha256OfText(placeOf(name, about)).slice(0, 16)}.json`);
  return {
    load: async () => {
      try {
        const found: unknown = JSON.parse(await readFile(file, "utf8"));
        return found;
      } catch {
        return undefined;
      }
    },
    save: async (value) => {
      try {
        await mkdir(folder, { recursive: true });
        const temporary = `${file}.${process.pid}`;
        await writeFile(temporary, JSON.stringify(value));
        await rename(temporary, file);
      } catch {
        // The next command asks the bucket again.
      }
    },
  };
}
