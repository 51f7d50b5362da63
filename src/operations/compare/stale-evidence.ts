/** What a refusal of a stale path shows: how far behind, who wrote live, and what the page would lose. */

import { pageLoss } from "../../codecs/html-page/page-loss.ts";
import { bytesOf } from "../../core/body.ts";
import type { Digest } from "../../core/brand.ts";
import type { StalePath } from "../../core/plan/plan.ts";
import type { SourceVersion } from "../../ports/source-history.ts";
import type { Compared, Comparison } from "./compare.ts";
import type { Store } from "../../ports/store.ts";
import { findBytes, rememberedBytesMax } from "./seen-bytes.ts";
import type { Context, Workbench } from "../workbench.ts";

/** Earlier versions that are read to tell what would come back; older ones are not looked at. */
const earlierMax = 8;

/** `undefined` where the path is not stale. */
export async function staleEvidence(
  bench: Workbench,
  comparison: Comparison,
  compared: Compared,
  context: Context,
): Promise<StalePath | undefined> {
  const { path, lineage, local, live } = compared;
  const { kind: stale } = lineage;
  if (!isStale(stale)) return undefined;
  const gitVersions = local && live ? await (await comparison.history()).inGit(path) : [];
  const evidence: Evidence = { bench, comparison, compared, gitVersions, context };
  const written = await writerOf(evidence);
  const loss = await lossOf(evidence);
  const localIs = local && (await nameOf(evidence, local.digest));
  const replacedBy = local && (await comparison.history()).replaced(path, comparison.observation.target.name).get(local.digest);
  return {
    path,
    lineage: stale,
    ...(lineage.versions !== undefined && { versionsBehind: lineage.versions }),
    ...sidesOf(compared),
    ...(written && { written }),
    ...(localIs !== undefined && { localIs }),
    ...(replacedBy !== undefined && { replacedBy }),
    ...(loss && { loss }),
  };
}

const isStale = (kind: Compared["lineage"]["kind"]): kind is StalePath["lineage"] => ["behind", "diverged", "unknown"].includes(kind);

const sidesOf = ({ local, live, base }: Compared): Partial<StalePath> => ({
  ...(local && { local: local.digest, localSizeBytes: local.sizeBytes }),
  ...(live && { live: live.digest, liveSizeBytes: live.sizeBytes }),
  ...(base && { base: base.digest }),
});

interface Evidence {
  readonly bench: Workbench;
  readonly comparison: Comparison;
  readonly compared: Compared;
  readonly gitVersions: readonly SourceVersion[];
  readonly context: Context;
}

/** Belay's own record first, then version control, then what the store says of the object. */
async function writerOf({ bench, comparison, compared, gitVersions, context }: Evidence): Promise<StalePath["written"]> {
  const { path, live } = compared;
  if (!live) return undefined;
  const { provenance } = live;
  if (provenance?.digest === live.digest)
    return { by: provenance.actor, at: provenance.at, how: "belay", through: `release ${provenance.release}` };
  const recorded = (await comparison.history()).inLedger(path).find((version) => version.digest === live.digest && version.release);
  const release = recorded?.release;
  const isElsewhere = recorded !== undefined && recorded.target !== comparison.observation.target.name;
  // The same bytes came to this target by another way: the record tells what they are, not who put them here.
  if (release && isElsewhere && live.modifiedAtMs !== undefined) {
    const at = new Date(live.modifiedAtMs).toISOString();
    return { by: live.owner ?? "unknown", at, how: "store", through: `the bytes of release ${release.id} of ${recorded.target}` };
  }
  if (release) return { by: release.by.name, at: release.at, how: "belay", through: `release ${release.id} of ${recorded.target}` };
  const commit = await commitOf({ bench, gitVersions, context }, live.digest, { store: comparison.observation.store, path });
  if (commit) return { by: commit.author, at: commit.at, how: "git", through: `commit ${commit.commit.slice(0, 7)}` };
  if (live.modifiedAtMs === undefined) return undefined;
  return { by: live.owner ?? "unknown", at: new Date(live.modifiedAtMs).toISOString(), how: "store" };
}

/** The newest commit whose version of the file has these bytes. */
async function commitOf(
  { bench, gitVersions, context }: Pick<Evidence, "bench" | "gitVersions" | "context">,
  digest: Digest,
  place: { readonly store: Store; readonly path: string },
): Promise<SourceVersion | undefined> {
  if (gitVersions.length === 0) return undefined;
  const body = await findBytes(bench, digest, [place], context);
  const contentId = body && bench.history.contentId(await bytesOf(body));
  return gitVersions.find((version) => version.contentId === contentId);
}

async function nameOf(
  { bench, comparison, compared: { path }, gitVersions, context }: Evidence,
  digest: Digest,
): Promise<string | undefined> {
  const version = (await comparison.history()).inLedger(path).find((past) => past.digest === digest);
  if (version) return version.release ? `release ${version.release.id} of ${version.target}` : `what ${version.target} held before belay`;
  const past = (await (await comparison.history()).inStore(path)).find((content) => content.digest === digest);
  if (past) return `what was live on ${dateOf(past.version.modifiedAtMs)}`;
  const commit = await commitOf({ bench, gitVersions, context }, digest, { store: bench.folder, path });
  return commit && `commit ${commit.commit.slice(0, 7)}`;
}

/** `2026-05-20 14:02 UTC` */
const dateOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

async function lossOf({ bench, comparison, compared, gitVersions, context }: Evidence): Promise<StalePath["loss"]> {
  const { path, local, live } = compared;
  if (!local || !live || Math.max(local.sizeBytes, live.sizeBytes) > rememberedBytesMax) return undefined;
  const mine = await findBytes(bench, local.digest, [{ store: bench.folder, path }], context);
  const theirs = await findBytes(bench, live.digest, [{ store: comparison.observation.store, path }], context);
  if (!mine || !theirs) return undefined;
  const tokens = bench.site.tokens.filter((token) => token.file === path);
  const earlier = await earlierVersions(bench, comparison, { path, local: local.digest, live: live.digest, gitVersions }, context);
  return pageLoss({ local: await bytesOf(mine), live: await bytesOf(theirs), earlier, tokens });
}

interface Sides {
  readonly path: string;
  /** Already deployed elsewhere, perhaps: no earlier version of itself. */
  readonly local: Digest;
  readonly live: Digest;
  readonly gitVersions: readonly SourceVersion[];
}

/** Oldest first. Versions that nobody holds any more are left out. */
async function earlierVersions(
  bench: Workbench,
  comparison: Comparison,
  { path, local, live, gitVersions }: Sides,
  context: Context,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }[]> {
  const past = (await comparison.history()).inLedger(path);
  // Only what stood before the present live version: a later one did not take anything off it.
  const versions = past.slice(past.findIndex((version) => version.digest === live) + 1).filter(({ digest }) => digest !== local);
  const found: { name: string; bytes: Uint8Array }[] = [];
  for (const version of versions.slice(0, earlierMax)) {
    const body = await findBytes(bench, version.digest, [], context);
    if (body) found.push({ name: version.release ? `release ${version.release.id}` : "before belay", bytes: await bytesOf(body) });
  }
  if (found.length > 0) return found.toReversed();
  const { versions: kept } = comparison.observation.store;
  const stored = kept ? (await (await comparison.history()).inStore(path)).slice(1, 1 + earlierMax) : [];
  for (const { version } of stored) {
    const reading = version.sizeBytes <= rememberedBytesMax ? await kept?.read(version, context) : undefined;
    if (reading) found.push({ name: `version of ${dateOf(version.modifiedAtMs)}`, bytes: await bytesOf(reading.body) });
  }
  if (found.length > 0) return found.toReversed();
  // Commits after live's, and those of a live that git never held, may never have been published.
  const at = await commitOf({ bench, gitVersions, context }, live, { store: comparison.observation.store, path });
  const older = at ? gitVersions.slice(gitVersions.indexOf(at) + 1) : [];
  for (const version of older.slice(0, earlierMax)) {
    const body = await bench.history.read(version, context);
    found.push({ name: `commit ${version.commit.slice(0, 7)}`, bytes: await bytesOf(body) });
  }
  return found.toReversed();
}
