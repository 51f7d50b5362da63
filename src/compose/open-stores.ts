/** From an address in belay.yaml to its store. What speaks to AWS is loaded only where a bucket is named. */

import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { StoreName } from "../core/brand.ts";
import type { Site } from "../core/site.ts";
import type { Store } from "../ports/store.ts";
import { folderTarget, plainStore } from "./open-folder.ts";
import { published } from "./site-rules.ts";
import type { Surroundings } from "./surroundings.ts";

export const isBucket = (name: StoreName): boolean => name.startsWith("s3://");

/** Opens each target's store once. */
export function openTargets(site: Site, about: Surroundings): (name: StoreName) => Promise<Store> {
  const opened = new Map<StoreName, Promise<Store>>();
  const open = async (name: StoreName): Promise<Store> => {
    if (!isBucket(name)) return folderTarget(site, name, about.local);
    const { openBucket } = await import("./open-bucket.ts");
    // A bucket that is no target holds logs, for example: what belay.yaml ignores is said of the site's own keys.
    const filter = site.targets.some((target) => target.store === name) ? { isPublished: published(site).isPublished } : {};
    return openBucket(name, { watchesHeaders: true, ...filter }, about);
  };
  return async (name) => {
    const opening = opened.get(name) ?? open(name);
    opened.set(name, opening);
    return await opening;
  };
}

/** Where ledger, vault and leases live. */
export async function openState({ stateStore: name }: Config, about: Surroundings): Promise<Store> {
  if (isBucket(name)) {
    const { openBucket } = await import("./open-bucket.ts");
    return openBucket(name, { watchesHeaders: false }, about);
  }
  const root = name.slice("dir:".length);
  return plainStore(root, { scratch: join(root, "scratch", "state") });
}
