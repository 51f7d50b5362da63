/** Local and live made one: by three-way merge over a proven ancestor, else by conflict markers (decision 1). */

import { mergeText, type MergeOutcome } from "../../codecs/text-merge/merge-text.ts";
import { twoWayConflict } from "../../codecs/text-merge/two-way-conflict.ts";
import { bytesOf, type Body } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import { placeIn } from "../../core/lineage/place-in-history.ts";
import type { Reading } from "../../ports/store.ts";
import type { Compared, Comparison } from "./compare.ts";
import { findBytes, rememberedBytesMax } from "./seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

export type MergeWay = MergeOutcome;

export async function mergeSides(
  bench: Workbench,
  comparison: Comparison,
  { compared, live }: { readonly compared: Compared; readonly live: Reading },
  context: Context,
): Promise<MergeWay> {
  const { path, local } = compared;
  if (!local || Math.max(local.sizeBytes, live.body.sizeBytes) > rememberedBytesMax) return { kind: "not-text" };
  const mine = await findBytes(bench, local.digest, [{ store: bench.folder, path }], context);
  if (!mine) return { kind: "not-text" };
  const ancestor = await findAncestor(bench, comparison, compared, context);
  const [localBytes, liveBytes] = await Promise.all([bytesOf(mine), bytesOf(live.body)]);
  const labels = { base: "last seen", live: comparison.observation.target.name };
  if (!ancestor) return twoWayConflict({ local: localBytes, live: liveBytes, labels });
  return mergeText({ base: await bytesOf(ancestor), local: localBytes, live: liveBytes, labels });
}

/** What both sides were made from: the base here, or bytes seen at another target that live has gone on from. */
async function findAncestor(
  bench: Workbench,
  comparison: Comparison,
  { path, base, live }: Compared,
  context: Context,
): Promise<Body | undefined> {
  if (base) return findBytes(bench, base.digest, [], context);
  const versions = (await comparison.history()).inLedger(path).map((version) => version.digest);
  const livePlace = placeIn(versions, live?.digest);
  if (!livePlace) return undefined;
  const others = bench.site.targets.filter((target) => target.name !== comparison.observation.target.name);
  const seen: { readonly digest: Digest; readonly newest: number }[] = [];
  for (const entries of await Promise.all(others.map((target) => bench.base.load(target.name, [path], context)))) {
    const digest = entries.get(path)?.digest;
    const place = placeIn(versions, digest);
    if (digest !== undefined && place && place.newest > livePlace.newest) seen.push({ digest, newest: place.newest });
  }
  const [nearest] = seen.toSorted((left, right) => left.newest - right.newest);
  return nearest && findBytes(bench, nearest.digest, [], context);
}
