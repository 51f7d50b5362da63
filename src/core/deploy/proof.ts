/** The six lines of rule D6: what will be written, over what, touching which features. */

import type { Digest, Sha256 } from "../brand.ts";
import { canonicalBytes } from "../canonical-json.ts";
import { compareKeys } from "../paths/key.ts";
import type { Change, Proof, Step, TokenResult } from "../plan/plan.ts";
import { isProduction, type Target } from "../site.ts";
import type { PathFacts } from "./deploy-facts.ts";

interface ProofFacts {
  readonly steps: readonly Step[];
  readonly paths: readonly PathFacts[];
  readonly tokens: readonly TokenResult[];
  readonly target: Target;
  readonly sha256: Sha256;
}

/** Of one file its own hash, of several the hash of their manifest: lines of `digest path`, by key. */
function manifestDigest(files: readonly { readonly path: string; readonly digest: Digest }[], sha256: Sha256): Digest | "nothing" {
  const [only, ...others] = files;
  if (!only) return "nothing";
  if (others.length === 0) return only.digest;
  return sha256(
    canonicalBytes(files.toSorted((left, right) => compareKeys(left.path, right.path)).map(({ path, digest }) => [path, digest])),
  );
}

export function proofOf({ steps, paths, tokens, target, sha256 }: ProofFacts): Proof {
  const changes = steps.map((step) => step.change);
  const touched = new Map(paths.map((path) => [path.path, path]));
  // A file that only live has is left alone: no step touches it.
  const stale = paths.filter((path) => path.stale !== undefined && (path.local !== undefined || path.base !== undefined));
  const after = [...changes.flatMap(contentOf), ...stale.flatMap(localOf)];
  const before = [...changes.flatMap(priorOf), ...stale.flatMap(liveOf)];
  const lines = [...changes.map((change) => touched.get(change.at.key)?.lines), ...stale.map((path) => path.lines)];
  const counted = lines.filter((line) => line !== undefined && line !== "binary");
  return {
    local: manifestDigest(after, sha256),
    live: manifestDigest(before, sha256),
    diff: {
      added: counted.reduce((sum, line) => sum + line.added, 0),
      removed: counted.reduce((sum, line) => sum + line.removed, 0),
      files: changes.length + stale.length,
      binary: lines.filter((line) => line === "binary").length,
    },
    tokens,
    ...invalidationsOf(target),
  };
}

const contentOf = (change: Change): { path: string; digest: Digest }[] =>
  change.kind === "delete" ? [] : [{ path: change.at.key, digest: change.content.digest }];
const priorOf = (change: Change): { path: string; digest: Digest }[] =>
  change.kind === "create" ? [] : [{ path: change.at.key, digest: change.prior.digest }];
const localOf = ({ path, local }: PathFacts): { path: string; digest: Digest }[] => (local ? [{ path, digest: local.digest }] : []);
const liveOf = ({ path, live }: PathFacts): { path: string; digest: Digest }[] => (live ? [{ path, digest: live.digest }] : []);

/** One command touches one target: the other line says so, and stays so. */
function invalidationsOf(target: Target): Pick<Proof, "stagingInvalidation" | "productionInvalidation"> {
  const own = target.cdn === undefined ? "none (no CDN)" : "pending";
  return !isProduction(target)
    ? { stagingInvalidation: own, productionInvalidation: "none (not this target)" }
    : { stagingInvalidation: "none (not this target)", productionInvalidation: own };
}
