/** The one artefact that every write goes through, whatever asked for it. */

import type { Digest, PlanId, Revision, StoreName } from "../brand.ts";
import type { PageLoss } from "../page-terms.ts";
import type { RecordsPart } from "../records/records-part.ts";

/** HTTP header names in lower case to values; what the store should say beside the bytes. */
export type Headers = Readonly<Record<string, string>>;

/** What identifies a version of an object: its bytes and its headers. */
export interface Content {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly headers: Headers;
}

/** Written beside an object by belay, read back to tell whose write is live. */
export interface Provenance {
  readonly plan: PlanId;
  readonly release: string;
  /** Of the bytes that were written; where live's differ, somebody else has written since. */
  readonly digest: Digest;
  /** Digest of the content that this one replaced. */
  readonly parent?: Digest;
  /** Full commit hash of the working copy, where it is in git. */
  readonly commit?: string;
  readonly actor: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** One object as a store reported it. Absent fields were not reported; they are never guessed. */
export interface Observed {
  readonly key: string;
  readonly revision: Revision;
  readonly sizeBytes: number;
  /** Present only when the store can prove which bytes it holds. */
  readonly digest?: Digest;
  /** Milliseconds since the epoch, by the store's clock. */
  readonly modifiedAtMs?: number;
  /** Present only when this report includes headers; `{}` then means none are set. */
  readonly headers?: Headers;
  readonly provenance?: Provenance;
  /** Who owns the object, where the store knows and belay did not write it; a claim, not proof. */
  readonly owner?: string;
}

export interface Address {
  readonly store: StoreName;
  readonly key: string;
}

export interface Absent {
  readonly kind: "absent";
}
export interface Unchanged {
  readonly kind: "unchanged";
  readonly revision: Revision;
}
export type Expectation = Absent | Unchanged;

/** A blind overwrite or a blind delete cannot be written down. `prior` is what the vault must hold before the first write. */
export interface Create {
  readonly kind: "create";
  readonly at: Address;
  readonly expect: Absent;
  readonly content: Content;
}
export interface Replace {
  readonly kind: "replace";
  readonly at: Address;
  readonly expect: Unchanged;
  readonly content: Content;
  readonly prior: Content;
}
export interface Delete {
  readonly kind: "delete";
  readonly at: Address;
  readonly expect: Unchanged;
  readonly prior: Content;
}
export type Write = Create | Replace;
export type Change = Write | Delete;

/** Where a step's bytes lie when they are not the working copy's: another store, pinned to one revision of it. */
export interface Source extends Address {
  readonly revision: Revision;
}

export interface Step {
  readonly change: Change;
  /** One clause for people: "live is 1 version behind", "removed here". */
  readonly because: string;
  /** Present where the bytes are taken from another target: nothing but this revision of it is written. */
  readonly from?: Source;
  /**
   * By target that comes after this one: the content of the path there that these bytes were made from, as the working copy
   * had seen it. What was never seen there is not replaced by a promotion.
   */
  readonly saw?: Readonly<Record<string, Digest>>;
}

/** What must hold once a wave has landed, read from the store or, with a URL, as a visitor gets it. */
export interface Check {
  readonly at: Address;
  /** Absent where the object must be gone. */
  readonly digest?: Digest;
  readonly url?: string;
}

/** Steps of one wave may land in any order; a wave's purges and checks come before the next wave. */
export interface Wave {
  readonly name: "assets" | "pages" | "deletes" | "corrections" | "pointers" | "redirects";
  readonly steps: readonly Step[];
  /** Paths to purge at the target's CDN, as visitors ask for them, each beginning with `/`. */
  readonly purge: readonly string[];
  /** How many exact paths the wildcards in `purge` stand for, where there were too many to name. */
  readonly purgeStandsFor?: number;
  readonly checks: readonly Check[];
}

export type RuleName = "D1" | "D2" | "D3" | "D4" | "D5" | "D6" | "D7" | "D8" | "R3" | "R6" | "R7" | "R9" | "limits";

/** Why a plan may not be applied, for which paths, and the way on. */
export interface Refusal {
  readonly rule: RuleName;
  /** Kebab-case and stable: scripts may match it. */
  readonly code: string;
  readonly paths: readonly string[];
  readonly message: string;
  /** A command that can be pasted, or the one sentence that says what a person does. */
  readonly remedy: string;
  /** For a stale path: what this deploy would do to the live page. One per path, in order. */
  readonly stale?: readonly StalePath[];
}

/** The evidence behind a D1 or D8 refusal of one path. */
export interface StalePath {
  readonly path: string;
  readonly lineage: "behind" | "diverged" | "unknown";
  /** How many versions live is ahead of these bytes, where that can be proven. */
  readonly versionsBehind?: number;
  readonly local?: Digest;
  readonly live?: Digest;
  readonly base?: Digest;
  readonly liveSizeBytes?: number;
  readonly localSizeBytes?: number;
  /** Who wrote live and when, as far as it is known; `how` says how far to trust it. */
  readonly written?: { readonly by: string; readonly at: string; readonly how: "belay" | "git" | "store"; readonly through?: string };
  /** Which earlier version local is, for example `release r3` or `commit 1a2b3c4`. */
  readonly localIs?: string;
  /** The release of this target that took these very bytes off live: `restore --from` it brings them back on purpose. */
  readonly replacedBy?: string;
  readonly loss?: PageLoss;
}

/** The six lines of rule D6, as values. */
export interface Proof {
  readonly local: Digest | "nothing";
  readonly live: Digest | "nothing";
  readonly diff: { readonly added: number; readonly removed: number; readonly files: number; readonly binary: number };
  readonly tokens: readonly TokenResult[];
  /** An invalidation id, or why there is none yet. */
  readonly stagingInvalidation: string;
  readonly productionInvalidation: string;
}

export type TokenState = "ok" | "missing" | "resurrected" | "absent-file";
export interface TokenResult {
  readonly name: string;
  readonly path: string;
  readonly local: TokenState;
  readonly live: TokenState;
}

/** The ledger entry that a plan was made on: the target's last started, ended or baseline entry. */
export interface Basis {
  readonly seq: number;
  readonly hash: string;
}

/** A change of the stage before, as a promotion takes it. */
export interface PromotedChange {
  /** Its release on the stage: what `promote --change` takes. */
  readonly id: string;
  readonly title: string;
  readonly by: string;
  /** Full commit hash that its bytes came from, where it was deployed from a clean checkout. */
  readonly commit?: string;
  /** What the stage's CDN called its purges; absent where there is no CDN. */
  readonly invalidation?: string;
}

/** Whose approval a plan waits for (decision 17). */
export interface ApprovalNeeds {
  /** How many people; each signs with a key of their own. */
  readonly count: number;
  /** `security-key`: a touch is part of the signature. */
  readonly keys: "security-key" | "any";
  /** `others`: not whoever brought the changes or starts the plan. */
  readonly approvers: "anyone" | "others";
}

/** A moment to go back to: when a release had ended, or before it began. */
export interface WayBack {
  readonly when: "after" | "before";
  readonly release: string;
}

export interface Plan {
  readonly format: 1;
  /** For people. Apply never branches on it. */
  readonly intent: "deploy" | "restore" | "rollback" | "promote" | "sweep" | "reconcile";
  readonly site: string;
  readonly target: string;
  readonly store: StoreName;
  /** The name of the one logical change (D3). */
  readonly title: string;
  readonly basis: Basis | null;
  readonly waves: readonly Wave[];
  readonly refusals: readonly Refusal[];
  readonly proof: Proof;
  /** Digest of targets, approvals, tokens and signers as configured when the plan was made. */
  readonly policy: Digest;
  /** What a promotion takes along. */
  readonly changes?: readonly PromotedChange[];
  /** Merges that nobody watched and that an approval of this plan covers. */
  readonly merges?: readonly string[];
  /** Absent where nobody has to approve. It starts only with so many approvals of exactly this plan. */
  readonly needs?: ApprovalNeeds;
  /** Why a person takes it past the approval of others (decision 21). */
  readonly emergency?: string;
  /** Of a rollback or restore: which moment it goes back to. */
  readonly back?: WayBack;
  /** Assets that this plan leaves although they came later: pages in visitors' caches may still refer to them. */
  readonly stays?: readonly string[];
  /**
   * Of a reconcile: what was decided and how pages are edited. Its steps lie in several stores, and each of its waves is carried
   * out by plans for one target each, which name it in `carries`.
   */
  readonly records?: RecordsPart;
  /** The reconcile that this plan carries out a part of: approval of that one is approval of this one. */
  readonly carries?: { readonly plan: PlanId; readonly wave: number };
}

/** A plan with its id: the digest of its canonical JSON. */
export interface IdentifiedPlan {
  readonly id: PlanId;
  readonly plan: Plan;
}

/** All steps of a plan in wave order. */
export const stepsOf = (plan: Plan): Step[] => plan.waves.flatMap((wave) => wave.steps);
