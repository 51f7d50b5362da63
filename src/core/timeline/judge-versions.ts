/** Whose each version of an object is: belay's, from before belay, or another hand's. */

import type { Digest, PlanId } from "../brand.ts";
import type { Change, Provenance } from "../plan/plan.ts";
import type { WriteEvent } from "./write-event.ts";

/** A version of an object at a target, as its store tells of it. */
export interface SeenVersion {
  readonly target: string;
  readonly path: string;
  /** The store's own name of it. */
  readonly id: string;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly atMs: number;
  /** False where it marks a deletion. */
  readonly isObject: boolean;
  readonly sizeBytes: number;
  readonly etag?: string;
  readonly provenance?: Provenance;
  /** Who wrote it, as the object itself claims. */
  readonly owner?: string;
}

/** What a release, or a plan that did not end well, did to a path. */
export interface RecordedWrite {
  readonly target: string;
  readonly path: string;
  readonly plan: PlanId;
  readonly release: string;
  readonly kind: Change["kind"];
  /** Absent for a delete. */
  readonly digest?: Digest;
  readonly as: "applied" | "stopped" | "undone";
  /** From its *started* to its *ended*, in milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface JudgedVersion extends SeenVersion {
  readonly hand: "belay" | "out-of-band" | "before-belay";
  /** The release that wrote it, where belay did. */
  readonly release?: string;
  /** The release whose object somebody copied, name tag and all, onto the path. */
  readonly copyOf?: string;
  /** `atMs`, or as far behind it as a clock of whole seconds leaves open: after what it replaced. */
  readonly orderMs: number;
}

/** Clocks of the ledger's writers and of the store may differ by this much. */
export const clockSlackMs = 5000;

export const isWithin = (atMs: number, { fromMs, toMs }: Pick<RecordedWrite, "fromMs" | "toMs">): boolean =>
  atMs >= fromMs - clockSlackMs && atMs <= toMs + clockSlackMs;

/**
 * `versions` are of one path at one target, newest first, and stay so. What names a release counts as that release's only
 * where the ledger has that write, and only once outside of the time that it took: a copy takes the name tag along.
 * `sinceMs` is when the target's record begins.
 */
export function judgeVersions(
  versions: readonly SeenVersion[],
  { writes, sinceMs }: { readonly writes: readonly RecordedWrite[]; readonly sinceMs: number },
): JudgedVersion[] {
  const claimed = new Set<string>();
  let lastMs = -Infinity;
  const judged = versions.toReversed().map((seen): JudgedVersion => {
    const orderMs = behind(seen.atMs, lastMs);
    const version = { ...seen, orderMs };
    lastMs = Math.max(lastMs, orderMs);
    const own = writes.filter(({ target, path }) => target === version.target && path === version.path);
    const named = own.find((write) => isNamed(version, write));
    const writer =
      named && (isWithin(version.atMs, named) || !claimed.has(named.release)) ? named : own.find((write) => isNameless(version, write));
    if (writer) {
      claimed.add(writer.release);
      if (Number.isFinite(writer.toMs)) lastMs = Math.max(lastMs, writer.toMs);
      return { ...version, hand: "belay", release: writer.release };
    }
    if (version.atMs < sinceMs - clockSlackMs) return { ...version, hand: "before-belay" };
    return { ...version, hand: "out-of-band", ...(named && { copyOf: named.release }) };
  });
  return judged.toReversed();
}

/** A time of whole seconds may mean any moment of its second. */
const behind = (atMs: number, lastMs: number): number => (atMs % 1000 === 0 ? Math.min(Math.max(atMs, lastMs + 1), atMs + 999) : atMs);

const isNamed = ({ provenance }: SeenVersion, { plan, release, digest }: RecordedWrite): boolean =>
  provenance !== undefined && provenance.plan === plan && provenance.release === release && provenance.digest === digest;

/** Deletions carry no name, and neither does what a stopped plan put back: the time in which they happened tells. */
function isNameless({ provenance, isObject, atMs }: SeenVersion, write: RecordedWrite): boolean {
  if (provenance !== undefined || !isWithin(atMs, write)) return false;
  if (write.as === "applied") return !isObject && write.kind === "delete";
  return isObject ? write.kind !== "create" : write.kind !== "replace";
}

/** A record of a caller, with the path and target that it is about. */
export interface PlacedEvent {
  readonly target: string;
  readonly path: string;
  readonly event: WriteEvent;
}

/** A write as a log tells it, and as a store or the ledger does, are one where nothing speaks against it. */
export interface Trace {
  readonly isObject: boolean;
  readonly atMs?: number;
  readonly version?: string;
  readonly etag?: string;
}

/** Listings tell whole seconds, and an upload is logged when it began. */
const sameWriteMs = 2000;

export function isTraceOf({ event }: PlacedEvent, { isObject, atMs, version, etag }: Trace): boolean {
  if (isObject !== (event.deed === "put")) return false;
  if (event.versionId !== undefined && version !== undefined) return event.versionId === version;
  if (event.etag !== undefined && etag !== undefined && event.etag !== etag) return false;
  return atMs !== undefined && Math.abs(event.atMs - atMs) <= sameWriteMs;
}
