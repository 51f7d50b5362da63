import { references } from "../codecs/html-page/references.ts";
import { bytesOf } from "../core/body.ts";
import { isPage } from "../core/paths/key.ts";
import { concurrently } from "./concurrently.ts";
import { rememberedBytesMax } from "./seen-bytes.ts";
import type { Context, Workbench } from "./workbench.ts";

/** For each asset, the pages of the working copy that refer to it. A page whose bytes do not hold the asset's name is not parsed. */
export async function findReferrers(
  bench: Workbench,
  assets: ReadonlySet<string>,
  context: Context,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const pages: string[] = [];
  for await (const observed of bench.folder.list("", context)) {
    if (isPage(observed.key) && observed.sizeBytes <= rememberedBytesMax) pages.push(observed.key);
  }
  const referrers = new Map<string, string[]>([...assets].map((asset) => [asset, []]));
  const names = [...assets].map((asset) => new TextEncoder().encode(asset.slice(asset.lastIndexOf("/") + 1)));
  await concurrently(pages, bench.concurrency, async (page) => {
    const reading = await bench.folder.read(page, context);
    if (!reading) return;
    const bytes = await bytesOf(reading.body);
    if (!names.some((name) => holds(bytes, name))) return;
    for (const asset of new Set(references(bytes, page))) referrers.get(asset)?.push(page);
  });
  return referrers;
}

const decoder = new TextDecoder();

/** Percent-encoded references hide a name; a name that would be encoded is looked for by parsing. */
function holds(bytes: Uint8Array, name: Uint8Array): boolean {
  const text = decoder.decode(name);
  return encodeURIComponent(text) !== text || decoder.decode(bytes).includes(text);
}
