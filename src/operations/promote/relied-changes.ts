/** Changes whose new files a chosen one refers to: without them its pages would lack pictures and styles (D3). */

import { cssReferences } from "../../codecs/html-page/css-references.ts";
import { references } from "../../codecs/html-page/references.ts";
import { bytesOf } from "../../core/body.ts";
import type { PromotionFacts } from "../../core/deploy/rules/d2-promotion.ts";
import { isPage } from "../../core/paths/key.ts";
import { isRemembered } from "../compare/seen-bytes.ts";
import { concurrently } from "../concurrently.ts";
import type { Context, Workbench } from "../workbench.ts";
import type { Chosen } from "./chosen-changes.ts";
import type { PendingPath } from "./pending-changes.ts";

/**
 * `view` is a workbench whose folder is the stage. Looks for assets that are left behind and that the target has nothing of,
 * where pages and style sheets of the change name them by address. What a script puts together is not found.
 */
export async function reliedChanges(view: Workbench, { paths, left, there }: Chosen, context: Context): Promise<PromotionFacts["relies"]> {
  const lacking = new Map(
    left
      .filter(({ path, content }) => content && !isPage(path) && there.at.get(path)?.content === undefined)
      .map((pending) => [pending.path, pending]),
  );
  if (lacking.size === 0) return [];
  const named = await concurrently(paths, view.concurrency, async (pending) => await referencesOf(view, pending, context));
  const relied = new Map<string, { id: string; title: string; paths: string[] }>();
  for (const path of new Set(named.flat())) {
    const owner = lacking.get(path)?.owner;
    if (!owner) continue;
    const known = relied.get(owner.id) ?? { id: owner.id, title: owner.title, paths: [] };
    relied.set(owner.id, known);
    known.paths.push(path);
  }
  return [...relied.values()];
}

const isStyle = (path: string): boolean => /\.css$/iu.test(path);

async function referencesOf(view: Workbench, { path, content }: PendingPath, context: Context): Promise<readonly string[]> {
  if (!content || !(isPage(path) || isStyle(path)) || !isRemembered(path, content.sizeBytes)) return [];
  const reading = await view.folder.read(path, context);
  if (!reading) return [];
  const bytes = await bytesOf(reading.body);
  return isPage(path) ? references(bytes, path) : cssReferences(bytes, path);
}
