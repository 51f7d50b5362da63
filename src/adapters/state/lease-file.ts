import * as v from "valibot";
import { canonicalBytes } from "../../core/canonical-json.ts";
import type { ProcessIdentity } from "../shared/process-identity.ts";
import { jsonOf } from "./entry-codec.ts";

/** The process that holds a lease, named so that its death can be proven. */
export interface LeaseOwner extends ProcessIdentity {
  /** Who people should ask, for example `ana@example.com`. */
  readonly actor: string;
}

/** What a lease's object says. */
export interface LeaseFile {
  readonly format: 1;
  readonly target: string;
  readonly purpose: string;
  readonly owner: LeaseOwner;
  /** Counts the owners since the lease was last free, from 1. */
  readonly generation: number;
  /** Drawn by the owner, so that it knows its own lease after a lost reply. */
  readonly nonce: string;
  /** Taken over from an owner that may still be at it, or from a dead one that had done so: its own death proves nothing of that one. */
  readonly isUncertain: boolean;
  readonly ttlMs: number;
  /** Milliseconds since the epoch, by the owner's clock. */
  readonly untilMs: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const schema: v.GenericSchema<unknown, LeaseFile> = v.object({
  format: v.literal(1),
  target: v.string(),
  purpose: v.string(),
  owner: v.object({ host: v.string(), bootId: v.string(), pidSpace: v.string(), pid: count, startTime: v.string(), actor: v.string() }),
  generation: count,
  nonce: v.string(),
  isUncertain: v.boolean(),
  ttlMs: count,
  untilMs: count,
});

/** The lease in these bytes, or `undefined` where they cannot be read as one. */
export function parseLease(bytes: Uint8Array): LeaseFile | undefined {
  const parsed = v.safeParse(schema, jsonOf(bytes));
  return parsed.success ? parsed.output : undefined;
}

export const leaseBytes = (file: LeaseFile): Uint8Array => canonicalBytes(file);
// Percent-encoding keeps an odd target name within one segment of the key.
export const leaseKey = (target: string): string => `leases/${encodeURIComponent(target)}.json`;
