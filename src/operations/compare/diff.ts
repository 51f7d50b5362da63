/** `belay diff`: what differs between live and here, as unified diffs; with `base`, between what was last seen and each side. */

import { unifiedDiff } from "../../codecs/text-diff/unified-diff.ts";
import { bytesOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import type { Target } from "../../core/site.ts";
import { compare, type Compared } from "./compare.ts";
import { observe, type Observation, type Selection } from "./observe.ts";
import { findBytes, isRemembered } from "./seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

export interface FileDiff {
  readonly path: string;
  readonly lineage: Compared["lineage"]["kind"];
  /** `live→local`, or with `base` also `base→live` and `base→local`. */
  readonly sides: string;
  /** Unified diff; empty where `binary`. */
  readonly text: string;
  readonly isBinary: boolean;
}

export interface DiffRequest {
  readonly target: Target;
  readonly selection: Selection;
  readonly withBase: boolean;
}

export async function diff(bench: Workbench, { target, selection, withBase }: DiffRequest, context: Context): Promise<FileDiff[]> {
  const observation = await observe(bench, target, selection, context);
  const { paths } = await compare(bench, observation, context);
  const diffs: FileDiff[] = [];
  for (const compared of paths.filter(({ lineage }) => lineage.kind !== "same")) {
    const { path, local, live, base, lineage } = compared;
    const read = async (side: Sized | undefined): Promise<Side["bytes"]> => await readSide(bench, observation, { path, side }, context);
    const here: Side = { name: `local/${path}`, bytes: await read(local) };
    const there: Side = { name: `${target.name}/${path}`, bytes: await read(live) };
    const seen: Side | undefined = withBase && base ? { name: `base/${path}`, bytes: await read(base) } : undefined;
    const pairs = seen
      ? ([
          ["base→live", seen, there],
          ["base→local", seen, here],
        ] as const)
      : ([["live→local", there, here]] as const);
    for (const [sides, from, to] of pairs) diffs.push({ path, lineage: lineage.kind, sides, ...textOf(from, to) });
  }
  return diffs;
}

interface Sized {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

async function readSide(
  bench: Workbench,
  { store }: Observation,
  { path, side }: { readonly path: string; readonly side: Sized | undefined },
  context: Context,
): Promise<Side["bytes"]> {
  if (!side) return undefined;
  if (!isRemembered(path, side.sizeBytes)) return "binary";
  const body = await findBytes(
    bench,
    side.digest,
    [
      { store: bench.folder, path },
      { store, path },
    ],
    context,
  );
  return body ? await bytesOf(body) : "binary";
}

interface Side {
  readonly name: string;
  readonly bytes: Uint8Array | "binary" | undefined;
}

function textOf(from: Side, to: Side): { text: string; isBinary: boolean } {
  if (from.bytes === "binary" || to.bytes === "binary") return { text: "", isBinary: true };
  return { text: unifiedDiff({ before: from.bytes, after: to.bytes, beforeName: from.name, afterName: to.name }), isBinary: false };
}
