/** Folders as stores: the working copy, folder targets, state. */

import { join } from "node:path";
import { openDigestCache } from "../adapters/disk/digest-cache.ts";
import { openDiskStore } from "../adapters/disk/disk-store.ts";
import { scratchBeside } from "../adapters/disk/root-folder.ts";
import { sha256OfText } from "../adapters/shared/sha256.ts";
import { asStoreName, type StoreName } from "../core/brand.ts";
import type { Site } from "../core/site.ts";
import type { Store } from "../ports/store.ts";
import { published } from "./site-rules.ts";

/** What is not published is not there, also when it is named: `belay deploy staging .env` finds no such file. */
function publishedOnly(store: Store, isListed: (key: string) => boolean): Store {
  return {
    name: store.name,
    guarantees: async (options) => await store.guarantees(options),
    list: (prefix, options) => store.list(prefix, options),
    read: async (key, options) => (isListed(key) ? await store.read(key, options) : undefined),
    write: async (request, options) => await store.write(request, options),
    remove: async (request, options) => await store.remove(request, options),
  };
}

/** The working copy. */
export function siteFolder(site: Site, local: string): Store {
  const filters = published(site);
  const store = openDiskStore({
    name: asStoreName(`dir:${site.root}`),
    root: site.root,
    scratch: join(local, "scratch", "site"),
    keepsHeaders: false,
    digestCache: openDigestCache({ file: join(local, "cache", `${site.name}.site`), folder: site.root }),
    ...filters,
  });
  return publishedOnly(store, filters.isPublished);
}

/** A folder that visitors are served from. */
export function folderTarget(site: Site, name: StoreName, local: string): Store {
  const root = name.slice("dir:".length);
  return openDiskStore({
    name,
    root,
    scratch: scratchBeside(root),
    keepsHeaders: true,
    mayBeAbsent: true,
    digestCache: openDigestCache({ file: join(local, "cache", `${site.name}.${sha256OfText(root).slice(0, 16)}`), folder: root }),
    ...published(site),
  });
}

export interface PlainOptions {
  /** A folder of its own: two stores that shared one would wait for each other's lock. */
  readonly scratch: string;
  readonly isDurable?: boolean;
}

/** A folder of belay's own. */
export const plainStore = (root: string, { scratch, isDurable = true }: PlainOptions): Store =>
  openDiskStore({ name: asStoreName(`dir:${root}`), root, scratch, keepsHeaders: false, mayBeAbsent: true, isDurable });
