/** The invalidations of one distribution. No timer runs: what has happened is read off the clock when somebody asks. */

import type { Clock } from "../wire.ts";
import { CloudFrontError } from "./cloudfront-error.ts";
import { coverageOf, isInvalidationPath, isWildcard } from "./invalidation-paths.ts";
import { randomId } from "./random-id.ts";

/** Paths without a wildcard that may be in progress at once, for one distribution (developer guide, "Invalidation limits"). */
const pathsInProgressMax = 3000;
/** Paths with a wildcard that may be in progress at once; counted apart from the others. */
const wildcardsInProgressMax = 15;

export interface InvalidationBatch {
  readonly callerReference: string;
  readonly paths: readonly string[];
}

/** One invalidation. All instants are milliseconds since the epoch. */
export interface Invalidation extends InvalidationBatch {
  readonly id: string;
  readonly createdAtMs: number;
  /** From then on the edge fetches the paths anew. Never after `completedAtMs`, and nothing outside tells when it is. */
  readonly effectiveAtMs: number;
  readonly completedAtMs: number;
}

export interface Invalidations {
  /**
   * Begins an invalidation, or returns the one that the same reference began. Throws `InvalidArgument` for bad paths and for a
   * reference that stood with other paths, `TooManyInvalidationsInProgress` beyond the limits.
   */
  create(batch: InvalidationBatch): Invalidation;
  find(id: string): Invalidation | undefined;
  /** Newest first. */
  all(): readonly Invalidation[];
  inProgress(): readonly Invalidation[];
  isInProgress(invalidation: Invalidation): boolean;
  /** Whether an invalidation that covers this decoded path took effect since the instant, and by now. */
  isPurged(decodedPath: string, sinceMs: number): boolean;
}

export interface InvalidationsOptions {
  readonly clock: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  /** From creation to completion. */
  readonly settleMs: number;
}

function checkBatch(batch: InvalidationBatch): void {
  if (batch.callerReference === "") throw new CloudFrontError(400, "InvalidArgument", "An invalidation needs a caller reference.");
  if (batch.paths.length === 0) throw new CloudFrontError(400, "InvalidArgument", "An invalidation needs at least one path.");
  const wrong = batch.paths.find((path) => !isInvalidationPath(path));
  if (wrong !== undefined) {
    throw new CloudFrontError(400, "InvalidArgument", `Your request contains one or more invalid invalidation paths: ${wrong}`);
  }
}

/** Which paths, and in which order: a repeated request has to repeat its list. */
const isSameBatch = (one: InvalidationBatch, other: InvalidationBatch): boolean =>
  one.paths.length === other.paths.length && one.paths.every((path, at) => path === other.paths[at]);

function checkLimits(inProgress: readonly InvalidationBatch[], batch: InvalidationBatch): void {
  const all = [...inProgress, batch].flatMap((each) => each.paths);
  const wildcards = all.filter(isWildcard).length;
  if (wildcards > wildcardsInProgressMax || all.length - wildcards > pathsInProgressMax) {
    throw new CloudFrontError(400, "TooManyInvalidationsInProgress", "Too many paths are being invalidated for this distribution.");
  }
}

/** An empty book of invalidations for one distribution. */
export function openInvalidations({ clock, random, settleMs }: InvalidationsOptions): Invalidations {
  const newestLast: Invalidation[] = [];
  const byReference = new Map<string, Invalidation>();
  const coverage = new Map<Invalidation, (decoded: string) => boolean>();
  const isInProgress = (invalidation: Invalidation): boolean => clock.now() < invalidation.completedAtMs;
  const inProgress = (): readonly Invalidation[] => newestLast.filter(isInProgress);

  const begin = (batch: InvalidationBatch): Invalidation => {
    const createdAtMs = clock.now();
    const begun: Invalidation = {
      callerReference: batch.callerReference,
      paths: [...batch.paths],
      // The count keeps two apart even where a simulation draws the same numbers again.
      id: `I${randomId(9, random)}${newestLast.length.toString(36).toUpperCase().padStart(4, "0")}`,
      createdAtMs,
      effectiveAtMs: createdAtMs + Math.round(random() * settleMs),
      completedAtMs: createdAtMs + settleMs,
    };
    newestLast.push(begun);
    byReference.set(begun.callerReference, begun);
    coverage.set(begun, coverageOf(begun.paths));
    return begun;
  };

  return {
    create(batch) {
      checkBatch(batch);
      const earlier = byReference.get(batch.callerReference);
      if (earlier) {
        if (isSameBatch(earlier, batch)) return earlier;
        // The service's documents call this InvalidationBatchAlreadyExists; what clients are sent is InvalidArgument with these words.
        const message =
          "Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.";
        throw new CloudFrontError(400, "InvalidArgument", message);
      }
      checkLimits(inProgress(), batch);
      return begin(batch);
    },
    find: (id) => newestLast.find((each) => each.id === id),
    all: () => newestLast.toReversed(),
    inProgress,
    isInProgress,
    isPurged(path, sinceMs) {
      const nowMs = clock.now();
      for (let at = newestLast.length - 1; at >= 0; at -= 1) {
        const each = newestLast[at];
        // They are kept in order of creation and all take equally long: the ones before this have ended earlier still.
        if (!each || each.completedAtMs < sinceMs) return false;
        // An entry fetched in the same millisecond may be older than the purge: fetching once too often is the safe error.
        if (each.effectiveAtMs <= nowMs && each.effectiveAtMs >= sinceMs && coverage.get(each)?.(path) === true) return true;
      }
      return false;
    },
  };
}
