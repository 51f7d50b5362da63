/** What several working copies of a simulation reach: the live site, or the shared state. */

import type { Digest } from "../../src/core/brand.ts";
import type { Headers } from "../../src/core/plan/plan.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { Store } from "../../src/ports/store.ts";
import type { Process } from "./scheduler.ts";

/** Chances per call, or per request where a call is made of several. */
export interface Faults {
  readonly crash: number;
  readonly lost: number;
  readonly error: number;
  readonly conflict: number;
  readonly pause: number;
  /** A request or its answer takes long on its way. Only where calls are made of requests. */
  readonly late: number;
  /** A process dies in the very request that changes the site. Only where calls are made of requests. */
  readonly lastWrite: number;
  /** An answer's body ends in its middle. Only where calls are made of requests. */
  readonly cut: number;
}

export const noFaults: Faults = { crash: 0, lost: 0, error: 0, conflict: 0, pause: 0, late: 0, lastWrite: 0, cut: 0 };

/** Requests older than this are dropped by the server: what belay's tenure counts on. */
export const requestTimeoutMs = 30_000;

export interface Version {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  /** As a store reports them: without belay's own notes. */
  readonly headers: Headers;
}

/** A write that belay made, as it landed. */
export interface Landed {
  readonly process: Process;
  readonly key: string;
  readonly before: Version | undefined;
  readonly after: Version | undefined;
  /** The place itself keeps what was replaced. */
  readonly isKeptThere?: boolean;
  /** A store's own repair: it has found that it went over a version unseen, and brings exactly that version back. */
  readonly isRepair?: boolean;
}

/** Objects that many processes reach, each through a store of its own. */
export interface SharedPlace {
  faults: Faults;
  /** `copy` names the working copy that the process runs in: what is kept on its disk outlives the process. */
  open(process: Process, about: { readonly copy: string; readonly runtime: Runtime }): Store;
  force(hand: StrangersHand): Promise<void>;
  /** What stands there now, as a stranger sees it. */
  look(key: string): Promise<Pick<Version, "bytes" | "headers"> | undefined>;
}

/** A write, or a delete without bytes, that asks nobody. */
export interface StrangersHand {
  readonly key: string;
  readonly bytes: Uint8Array | undefined;
  readonly headers: Headers;
  /** Called in the very step in which it lands. */
  readonly landed: () => void;
}
