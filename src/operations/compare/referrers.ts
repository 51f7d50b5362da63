import { references } from "../../codecs/html-page/references.ts";
import { bytesOf, type Body } from "../../core/body.ts";
import type { Known } from "../../core/deploy/deploy-facts.ts";
import { isPage } from "../../core/paths/key.ts";
import type { Store } from "../../ports/store.ts";
import { concurrently } from "../concurrently.ts";
import { findBytes, rememberedBytesMax } from "./seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface ReferrerRequest {
  readonly assets: ReadonlySet<string>;
  /** Those of the assets that are gone here: the pages that named them no longer do. */
  readonly removed: ReadonlySet<string>;
  /** Changed and removed pages, as they are live. */
  readonly livePages: readonly { readonly path: string; readonly live: Known }[];
  /** Where they are live. */
  readonly store: Store;
}

/** Two pages are shared as much as two hundred are. */
const referrersMax = 2;

/**
 * For each asset, pages that refer to it: those of the working copy and, where the asset is gone here, live ones that this
 * working copy changes or removes. All of them where there are fewer than two, else two or more.
 */
export async function findReferrers(
  bench: Workbench,
  { assets, removed, livePages, store }: ReferrerRequest,
  context: Context,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const referrers = new Map<string, Set<string>>([...assets].map((asset) => [asset, new Set()]));
  const search = (wanted: Iterable<string>): Search =>
    new Search(new Map([...wanted].map((asset) => [asset, referrers.get(asset) ?? new Set()])));
  const gone = search(removed);
  await concurrently(livePages, bench.concurrency, async ({ path, live }) => {
    if (gone.isOver || live.sizeBytes > rememberedBytesMax) return;
    await gone.look(path, await findBytes(bench, live.digest, [{ store, path }], context));
  });
  const here = search(assets);
  const pages: string[] = [];
  if (!here.isOver) {
    for await (const observed of bench.folder.list("", context)) {
      if (isPage(observed.key) && observed.sizeBytes <= rememberedBytesMax) pages.push(observed.key);
    }
  }
  await concurrently(pages, bench.concurrency, async (page) => {
    if (!here.isOver) await here.look(page, (await bench.folder.read(page, context))?.body);
  });
  return new Map([...referrers].map(([asset, found]) => [asset, [...found]]));
}

const decoder = new TextDecoder();

/** Pages looked at one by one, until every asset has referrers enough. */
class Search {
  /** Only assets that still lack referrers. */
  readonly #open: Map<string, Set<string>>;

  constructor(wanted: ReadonlyMap<string, Set<string>>) {
    this.#open = new Map([...wanted].filter(([, found]) => found.size < referrersMax));
  }

  get isOver(): boolean {
    return this.#open.size === 0;
  }

  /** A page whose bytes hold no asset's name is not parsed. */
  async look(page: string, body: Body | undefined): Promise<void> {
    if (!body) return;
    const bytes = await bytesOf(body);
    const text = decoder.decode(bytes);
    if (![...this.#open.keys()].some((asset) => mayName(text, asset))) return;
    for (const asset of references(bytes, page)) {
      const found = this.#open.get(asset)?.add(page);
      if (found && found.size >= referrersMax) this.#open.delete(asset);
    }
  }
}

/** Percent-encoded references hide a name; a name that would be encoded is looked for by parsing. */
function mayName(text: string, asset: string): boolean {
  const name = asset.slice(asset.lastIndexOf("/") + 1);
  return encodeURIComponent(name) !== name || text.includes(name);
}
