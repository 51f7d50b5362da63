/** What a belay.yaml says, typed: everything resolved, nothing read from disk or network. */

import type { StoreName } from "../core/brand.ts";
import type { RecordKind } from "../core/records/kind.ts";
import type { Site } from "../core/site.ts";

/** Other names of guarded stores, to the store they lead to. */
export interface GuardNames {
  /** Access point aliases and other names that stand where a bucket's name may. */
  readonly aliases: ReadonlyMap<string, StoreName>;
  /** Access point names and ARNs. */
  readonly accessPoints: ReadonlyMap<string, StoreName>;
  /** Absolute folders. */
  readonly mounts: ReadonlyMap<string, StoreName>;
}

/** `env:NAME` throughout, except that a webhook may be an address. */
export interface Notify {
  readonly webhook?: string;
  readonly slack?: string;
  readonly command?: string;
}

export interface Config {
  /** Where it was read from, as the caller named it. */
  readonly file: string;
  /** Absolute path of belay.yaml's folder; every relative path in it counts from here. */
  readonly folder: string;
  /** As belay.yaml spells it; `.belay` where it does not. */
  readonly state: string;
  /** The same place as the address of a store. */
  readonly stateStore: StoreName;
  /** At least one, in the order of belay.yaml. */
  readonly sites: readonly Site[];
  readonly guard: GuardNames;
  readonly notify: Notify;
  /** Path of an allowed_signers file, as belay.yaml spells it. */
  readonly signers?: string;
  /** In the order of belay.yaml; empty where it has no `records:`. */
  readonly records: readonly RecordKind[];
  /** Every target's store in a spelling that is the same on every machine. */
  readonly portableStores: ReadonlyMap<StoreName, string>;
}

/** The folder, beside belay.yaml, that always holds this working copy's base and caches. */
export const localStateFolder = ".belay";
