/** What every operation works with: one site, its stores and its state. Made by compose/, or by a simulation. */

import type { Actor } from "../core/ledger/entry.ts";
import type { Digest, Revision, StoreName } from "../core/brand.ts";
import type { KnownRecord } from "../core/records/known-record.ts";
import type { Headers } from "../core/plan/plan.ts";
import type { Site, Target } from "../core/site.ts";
import type { BaseBook } from "../ports/base-book.ts";
import type { Browser } from "../ports/browser.ts";
import type { Edge } from "../ports/edge.ts";
import type { Hardener } from "../ports/hardener.ts";
import type { Inspector } from "../ports/inspector.ts";
import type { Leaser } from "../ports/leaser.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { LookBook } from "../ports/look-book.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { Probe } from "../ports/probe.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { SourceHistory } from "../ports/source-history.ts";
import type { Signer } from "../ports/signer.ts";
import type { CallOptions, Store } from "../ports/store.ts";
import type { Vault } from "../ports/vault.ts";

export interface Workbench {
  readonly site: Site;
  /** Digest of what belay.yaml says about targets, approvals and tokens. */
  readonly policy: Digest;
  readonly actor: Actor;
  /** The working copy: only published keys are listed and read. */
  readonly folder: Store;
  /** A target's store; throws `not-supported` where this version has no adapter for it. */
  readonly storeOf: (name: StoreName) => Promise<Store>;
  readonly edgeOf: (target: Target) => Promise<Edge | undefined>;
  readonly ledger: Ledger;
  readonly leaser: Leaser;
  /** Whether record, vault and leases are where every machine that reaches the target's bucket finds them. */
  readonly isStateShared: boolean;
  /** Shared and durable: what was overwritten, and plans. */
  readonly vault: Vault;
  /** This machine's own: bytes that were seen live, for merges and page terms. May forget; never lies. */
  readonly seenBytes: Vault;
  readonly base: BaseBook;
  /** Looks at live, for the guard of coding agents; absent where there is none. */
  readonly looks?: LookBook;
  readonly history: SourceHistory;
  readonly probe: Probe;
  /** How the set-up itself stands; opened by the commands that ask. */
  readonly inspector: () => Promise<Inspector>;
  /** Writes the settings of buckets; opened by `harden --apply` alone. */
  readonly hardener: () => Promise<Hardener>;
  readonly browser: Browser;
  readonly notifier: Notifier;
  readonly signer: Signer;
  /** Text of the allowed_signers file; `undefined` where belay.yaml names none. Part of the policy. */
  readonly signers: string | undefined;
  /** The policy that `policy` is the digest of, for the vault. */
  readonly policyDocument: Uint8Array;
  readonly runtime: Runtime;
  /** Plain files of what was overwritten in production (D5): a folder of this machine. */
  readonly snapshots: Store;
  /** Headers that belay.yaml asks for at a key. */
  readonly headersFor: (key: string) => Headers;
  /** Headers that an object gets at a target where neither belay.yaml nor live says anything. */
  readonly defaultHeadersFor: (target: Target, key: string) => Headers;
  /** Whether a key differs at a target by design (`except:`) and is left alone there. */
  readonly isExcepted: (target: string, key: string) => boolean;
  /** How many store calls of one operation run at once. */
  readonly concurrency: number;
  /** What is known of records whose pages are about to be made (R9); absent where belay.yaml has no `records:`. */
  readonly pageRecords?: PageRecords;
}

/** A page that a plan would create. */
export interface CreatedPage {
  readonly key: string;
  readonly headers: Headers;
  /** `undefined` where it is gone. */
  readonly read: (context: Context) => Promise<{ readonly bytes: Uint8Array; readonly revision: Revision } | undefined>;
}

export interface CreatedPages {
  readonly site: string;
  readonly target: Target;
  readonly targets: readonly Target[];
  readonly pages: readonly CreatedPage[];
  /** Keys that the same plan deletes. */
  readonly removed: readonly string[];
}

export interface PageRecords {
  /** What stands against creating these pages. Looks at systems only where one of the pages may hold a record; throws where their pages cannot be looked at. */
  ofCreated(request: CreatedPages, context: Context): Promise<readonly KnownRecord[]>;
  /** These pages have been made: claims on their records are over. */
  areMade(request: Omit<CreatedPages, "removed">, context: Context): Promise<void>;
}

/** A step forward, for whoever watches. `total` is absent while it is not known. */
export interface Progress {
  readonly phase:
    | "observing"
    | "comparing"
    | "looking"
    | "keeping"
    | "writing"
    | "purging"
    | "checking"
    | "putting back"
    | "waiting"
    | "merging"
    | "attacking";
  readonly done: number;
  readonly total?: number;
  readonly path?: string;
}

export interface Context extends CallOptions {
  readonly report: (progress: Progress) => void;
  /** A person watches and can answer: a terminal, and no agent behind it. */
  readonly isAttended: boolean;
}
