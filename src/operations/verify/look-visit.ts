/** One look at one page as a visitor, and what it says. */

import { references } from "../../codecs/html-page/references.ts";
import { isPage, urlPathOf } from "../../core/paths/key.ts";
import type { Target } from "../../core/site.ts";
import { judgeSight, type Judgement, type Promised } from "../../core/verify/judge-sight.ts";
import type { Sight } from "../../ports/probe.ts";
import type { Store } from "../../ports/store.ts";
import type { FoundToken, Wanted } from "./look-request.ts";
import { bodyBytesMax, tokensServed } from "./look-for-tokens.ts";
import type { Context, Workbench } from "../workbench.ts";

/** One address under which a page is asked for. */
export interface Visit {
  readonly file: Wanted;
  readonly url: string;
  /** The site's front door, which not every server answers with its index page. */
  readonly isFrontDoor: boolean;
}

export interface Visited extends Judgement {
  readonly file: Wanted;
  readonly url: string;
  /** Without its body. */
  readonly sight: Sight;
  readonly tokens: readonly FoundToken[];
  /** Site paths that the page refers to. */
  readonly references: readonly string[];
}

const indexName = "index.html";

/**
 * Where visitors find a page: at its own address first. The index page of the whole site also at the address without a
 * name, which caches keep apart. None of an asset, nor where the target has no address.
 */
export function visitsOf(file: Wanted, { url: base }: Target): Visit[] {
  if (base === undefined || !isPage(file.path)) return [];
  const own: Visit = { file, url: `${base}${urlPathOf(file.path)}`, isFrontDoor: false };
  return file.path === indexName && file.content ? [own, { file, url: `${base}/`, isFrontDoor: true }] : [own];
}

/** Looks once. */
export async function visitOnce(
  bench: Workbench,
  { target, store, visit }: { readonly target: Target; readonly store: Store; readonly visit: Visit },
  context: Context,
): Promise<Visited> {
  const { file, url, isFrontDoor } = visit;
  const sight = await bench.probe.look(url, { signal: context.signal, keepBytesMax: bodyBytesMax });
  const about = { file, url, sight: withoutBody(sight) };
  const judgement = judgeSight(sight, promisedOf(file, target));
  if (isFrontDoor) return { ...about, ...ofFrontDoor(judgement, sight), tokens: [], references: [] };
  const tokens = await tokensServed(bench, { file, store, sight }, context);
  const body = sight.kind === "seen" && judgement.outcome === "good" ? sight.body : undefined;
  return { ...about, ...judgement, tokens, references: body ? references(body, file.path) : [] };
}

/** Bodies are large and looks are many. */
function withoutBody(sight: Sight): Sight {
  if (sight.kind === "unreachable") return sight;
  const { body: _, ...rest } = sight;
  return rest;
}

/** Whether the front door opens at all is the server's affair; where it does, it shows the page. */
function ofFrontDoor(judgement: Judgement, sight: Sight): Judgement {
  if (sight.kind === "unreachable" || sight.status !== 200) return { outcome: "good", problems: [], mayPass: false };
  return { ...judgement, problems: judgement.problems.map((problem) => `at /: ${problem}`) };
}

/**
 * A bucket hands out the headers that it was told. A folder's are the business of the web server in front of it, so there
 * only what makes a page a page is compared.
 */
function promisedOf({ path, content }: Wanted, { store }: Target): Promised {
  if (content === undefined) return {};
  const shared: Promised = { digest: content.digest, isHtml: isPage(path) };
  if (store.startsWith("dir:")) return shared;
  const [contentType, cacheControl] = [content.headers["content-type"], content.headers["cache-control"]];
  return {
    ...shared,
    ...(contentType === undefined ? {} : { contentType }),
    ...(cacheControl === undefined ? {} : { cacheControl }),
  };
}
