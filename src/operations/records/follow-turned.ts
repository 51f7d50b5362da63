/** Where visitors follow a pointer, they get the page that it leads to now: its short codes are purged and looked at (decision 36). */

import type { TurnedPaths } from "../../core/records/records-part.ts";
import { urlPathPrefix, type Target } from "../../core/site.ts";
import { runChecks } from "../apply/check-wave.ts";
import { purge } from "../apply/purge.ts";
import type { Context, Workbench } from "../workbench.ts";
import { placeOfSystem, type Carrying, type PartAt, type Stop } from "./carrying.ts";

/** After the pointers of the whole have turned, also where that was in an earlier run. */
export async function followTurned(carrying: Carrying, context: Context): Promise<Stop | undefined> {
  for (const turned of carrying.part.turned ?? []) {
    const { bench, target } = await placeOfSystem(carrying.records, turned);
    const stop = await followOne(carrying, { turned, bench, target }, context);
    if (stop) return stop;
  }
  return undefined;
}

interface Following {
  readonly turned: TurnedPaths;
  readonly bench: Workbench;
  readonly target: Target;
}

async function followOne({ whole, parts }: Carrying, { turned, bench, target }: Following, context: Context): Promise<Stop | undefined> {
  const { at, digest, paths, site } = turned;
  const where: PartAt = { wave: "pointers", target: target.name };
  const unseen = (says: string): Stop => ({ kind: "unseen", parts, at: where, key: at.key, says });
  if (target.cdn !== undefined) {
    const reference = `belay-${whole.id.slice(0, 16)}-turned-${bench.runtime.sha256(encoder.encode(`${at.store} ${at.key}`)).slice(0, 8)}`;
    const purged = await purge(bench, { target, paths: paths.map((path) => `${urlPathPrefix(target)}${path}`), reference }, context);
    if (purged.kind === "unsettled") return unseen(`what the CDN had before: ${purged.cause}`);
    parts.push({ ...where, site, keys: [at.key], ...(purged.id !== undefined && { invalidation: purged.id }) });
  }
  if (target.url === undefined) return undefined;
  const { url } = target;
  const checks = paths.map((path) => ({ at, digest, url: `${url}${path}` }));
  const store = await bench.storeOf(target.store);
  const verdict = await runChecks(bench, { store, revisions: new Map() }, checks, context);
  if (verdict.kind === "good") return undefined;
  return unseen(verdict.kind === "bad" ? `${verdict.saw} at ${verdict.check.url ?? at.key}` : verdict.cause);
}

const encoder = new TextEncoder();
