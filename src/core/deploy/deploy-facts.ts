/** Everything that planning a deploy looks at. Rules are functions of these facts and of nothing else. */

import type { Digest } from "../brand.ts";
import type { UnseenMerge, Warning } from "../ledger/fold.ts";
import type { BaseEntry } from "../lineage/base.ts";
import type { Lineage } from "../lineage/judge-lineage.ts";
import type { Basis, Headers, Observed, Refusal, StalePath, TokenResult } from "../plan/plan.ts";
import type { Site, Target } from "../site.ts";
import type { KnownRecord } from "../records/known-record.ts";

/** An object of a store whose bytes are known. */
export interface Known extends Observed {
  readonly digest: Digest;
  readonly headers: Headers;
}

export interface LocalFile {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface PathFacts {
  readonly path: string;
  readonly local: LocalFile | undefined;
  readonly live: Known | undefined;
  /** Saved before planning; its revision is the only source of expectations. */
  readonly base: BaseEntry | undefined;
  readonly lineage: Lineage;
  /** Headers that belay.yaml asks for at this path; live's others are kept. */
  readonly headers: Headers;
  /** Headers that an object gets here where neither belay.yaml nor live says anything. */
  readonly defaultHeaders: Headers;
  /** Present where lineage is behind, diverged or unknown. */
  readonly stale?: StalePath;
  /** Lines added and removed against live; `binary` where lines mean nothing. */
  readonly lines?: { readonly added: number; readonly removed: number } | "binary";
  readonly hasConflictMarkers: boolean;
  /** Set where live holds these bytes and no release has brought them: written once more, they can be promoted. */
  readonly isOffRecord?: boolean;
  /** By target that comes after this one: what this working copy has seen there and has made its bytes from. */
  readonly saw?: Readonly<Record<string, Digest>>;
  /** For a changed asset: local pages that refer to it. */
  readonly referrers?: readonly string[];
}

export interface DeployFacts {
  readonly site: Site;
  readonly target: Target;
  /** Name of the logical change, where one was given (`--change`). */
  readonly title: string | undefined;
  /** What to call it otherwise. */
  readonly fallbackTitle: string;
  /** True when paths were named on the command line. */
  readonly isSelection: boolean;
  readonly paths: readonly PathFacts[];
  /** How many publishable files the working copy holds in all; only known when the whole site was looked at. */
  readonly localCount: number | undefined;
  readonly liveCount: number | undefined;
  /** Groups of local keys that one file system or visitor would confuse. */
  readonly collisions: readonly (readonly string[])[];
  readonly isFirstPublish: boolean;
  readonly basis: Basis | null;
  readonly warnings: readonly Warning[];
  readonly unseenMerges: readonly UnseenMerge[];
  readonly tokens: readonly TokenResult[];
  /** Contents that a rollback took off this target: by path, by content, the rollback. */
  readonly tombstones: ReadonlyMap<string, ReadonlyMap<Digest, string>>;
  /** Token names that were in force at the last apply and were not retired since. */
  readonly tokensInForce: readonly string[];
  /** Whether the store itself keeps what is overwritten (D5); `vault` where belay's vault alone does so by design. */
  readonly versioning: "on" | "off" | "vault";
  /** For `unit: commit`: site paths and commits since the last release's commit. */
  readonly sinceRelease:
    | { readonly paths: readonly string[]; readonly commits: readonly { readonly commit: string; readonly subject: string }[] }
    | undefined;
  readonly policy: Digest;
  /** Why belay.yaml as it stands may not decide here: another policy binds this target (decision 18). */
  readonly policyRefusals: readonly Refusal[];
  /** What stands against pages that would be created (R9). */
  readonly knownRecords?: readonly KnownRecord[];
  /** The git clone here holds only part of its history, so the history proves less than it could. */
  readonly isShallow: boolean;
}
