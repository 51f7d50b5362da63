import type { Digest, PlanId, Revision } from "../brand.ts";
import type { Headers } from "../plan/plan.ts";
import type { RecordEntryBody } from "./record-entry.ts";

/** Who did it. `claimed` is what git or the environment says; nothing in production rests on it. */
export interface Actor {
  readonly name: string;
  /** As git says it, where it does: tells whether somebody who signs is the same person. */
  readonly email?: string | undefined;
  readonly kind: "person" | "agent" | "ci" | "unknown";
  readonly proof: "claimed" | "verified";
  /** For example `git user.email`, `GITHUB_ACTOR`, `--by`. */
  readonly from: string;
}

/** What an apply could not settle or left to a stranger. */
export interface Exception {
  readonly path: string;
  readonly what: "left-to-stranger" | "not-put-back";
  readonly found?: Digest;
}

/** One object as somebody else left it. Its bytes and those it replaced are in the vault, where they could be had. */
export interface OutOfBandWrite {
  readonly path: string;
  /** Absent where the object is gone. */
  readonly found?: Digest;
  readonly headers?: Headers;
  readonly sizeBytes?: number;
  /** What belay had left there. */
  readonly prior?: Digest;
  /** ISO 8601, UTC, by the store's clock. */
  readonly at?: string;
  /** As far as the store or a log tells; a claim. */
  readonly by?: string;
  /** The store's own name of the version. */
  readonly version?: string;
  /** Which bytes are not in the vault: too large, or nowhere to be had. */
  readonly unkept?: readonly ("found" | "prior")[];
}

export type EntryBody = SiteEntryBody | ({ readonly actor: Actor } & RecordEntryBody);

/** Of targets, of people and of the site. */
export type SiteEntryBody = { readonly actor: Actor } & (
  | {
      readonly kind: "baseline";
      readonly site: string;
      readonly target: string;
      readonly files: number;
      readonly same: number;
      readonly tokens: readonly string[];
      /** In the vault: a `Manifest` of what was live, so that whatever replaces it later knows what it was. */
      readonly manifest?: Digest;
      /** Of a production target: the policy in force from here on, where none was approved yet. */
      readonly policy?: Digest;
    }
  /** `plan` is in the vault. `release` names what the target will hold when this has ended as applied. */
  | {
      readonly kind: "started";
      readonly site: string;
      readonly target: string;
      readonly plan: PlanId;
      readonly intent: string;
      readonly title: string;
      readonly release: string;
      readonly files: number;
      readonly commit?: string;
      readonly tokens: readonly string[];
      /** Of a production target: the policy that it was planned under. */
      readonly policy?: Digest;
      /** Sequence numbers of the approvals that it uses up. */
      readonly approvals?: readonly number[];
      readonly emergency?: string;
      /** The reconcile that it carries out a wave of. */
      readonly carries?: PlanId;
    }
  | {
      readonly kind: "adopted";
      readonly site: string;
      readonly target: string;
      readonly plan: PlanId /** Whether nothing that earlier owners have sent can still arrive. */;
      readonly isQuiet: boolean;
      readonly why: string;
    }
  /** Its owner has stopped without an end and sends nothing more. `isInFlight`: a write of unknown fate may still land. */
  | {
      readonly kind: "left";
      readonly site: string;
      readonly target: string;
      readonly plan: PlanId;
      readonly why: string;
      readonly isInFlight: boolean;
    }
  | { readonly kind: "undoing"; readonly site: string; readonly target: string; readonly plan: PlanId; readonly why: string }
  | {
      readonly kind: "ended";
      readonly site: string;
      readonly target: string;
      readonly plan: PlanId;
      readonly as: "applied" | "stopped" | "undone";
      readonly release: string;
      readonly exceptions: readonly Exception[];
      readonly stagingInvalidation: string;
      readonly productionInvalidation: string;
      readonly snapshot?: string;
      /** What each write was acknowledged with, by path: here, or in the vault where there are many. */
      readonly revisions?: readonly (readonly [path: string, revision: Revision])[] | Digest;
    }
  | {
      readonly kind: "warned";
      readonly site: string;
      /** The target that it is about; absent where it is about every target. */
      readonly target?: string;
      readonly warning: string;
      readonly paths: readonly string[];
      readonly text: string;
    }
  /** `paths` are those that the evidence covers; the warning is closed once all of its paths are. */
  | {
      readonly kind: "resolved";
      readonly site: string;
      readonly warning: string;
      readonly paths: readonly string[];
      readonly how: "pull" | "person";
      readonly why: string;
    }
  /** A merge that nobody watched: production waits for a person's look at it (decision 5). */
  | {
      readonly kind: "merged";
      readonly site: string;
      readonly target: string;
      readonly paths: readonly string[];
      readonly attended: boolean;
    }
  /** What visitors got was looked at. `document` is a `Verification` in the vault. */
  | {
      readonly kind: "verified";
      readonly site: string;
      readonly target: string;
      readonly document: Digest;
      readonly files: number;
      readonly outcome: "good" | "bad" | "unknown";
      /** A person's own look, in their words. */
      readonly note?: string;
    }
  /** A person's signature under one plan (decision 17): over `approvalMessage`, checked again wherever it counts. */
  | {
      readonly kind: "approved";
      readonly site: string;
      readonly target: string;
      readonly plan: PlanId;
      /** As the allowed_signers file names them. */
      readonly signer: string;
      /** `SHA256:` and the key's fingerprint. */
      readonly key: string;
      /** ISO 8601, UTC. */
      readonly expires: string;
      /** Armored SSH signature. */
      readonly signature: string;
    }
  /** From here on this policy binds. `policy` is the digest of a document in the vault. Unsigned where nobody could sign yet. */
  | {
      readonly kind: "policy-approved";
      readonly site: string;
      readonly policy: Digest;
      readonly why: string;
      readonly signed?: { readonly signer: string; readonly key: string; readonly expires: string; readonly signature: string };
    }
  /** Content that belay did not write, found live. It opens the warning that it names, on its paths. */
  | {
      readonly kind: "out-of-band";
      readonly site: string;
      readonly target: string;
      readonly warning: string;
      readonly writes: readonly OutOfBandWrite[];
    }
  /** People were told that they are needed. `about` names the occasion, so that nobody is told of one thing twice. */
  | {
      readonly kind: "notified";
      readonly site: string;
      readonly target?: string;
      readonly about: string;
      readonly channels: readonly { readonly channel: string; readonly outcome: "delivered" | "failed" }[];
    }
  /** A bucket's settings were written. `prior` and `policy` are its policies before and after, in the vault. */
  | {
      readonly kind: "hardened";
      readonly site: string;
      readonly bucket: string;
      readonly settings: readonly string[];
      /** `stopped`: a setting was not as it had been shown, or its fate is not known; `settings` are those that stand. */
      readonly as: "applied" | "stopped";
      readonly prior?: Digest;
      readonly policy?: Digest;
    }
  | { readonly kind: "token-retired"; readonly site: string; readonly token: string; readonly why: string }
);

/** One link of the chain. `prev` is the SHA-256 of the bytes of the entry before, or 64 zeros for the first. */
export type Entry = EntryBody & {
  readonly format: 1;
  /** 1 for the first entry. */
  readonly seq: number;
  /** ISO 8601, UTC, by the writer's clock. */
  readonly at: string;
  readonly prev: string;
  /** Drawn by the writer, so that it knows its own entry after a lost reply. */
  readonly nonce: string;
};

/** The newest entry; `seq` 0 and `noHash` where there is none. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
}

export const noHash: string = "0".repeat(64);
export const emptyHead: LedgerHead = { seq: 0, hash: noHash };
