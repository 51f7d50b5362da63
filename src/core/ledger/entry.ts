import type { Digest, PlanId } from "../brand.ts";

/** Who did it. `claimed` is what git or the environment says; nothing in production rests on it. */
export interface Actor {
  readonly name: string;
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

export type EntryBody = { readonly actor: Actor } & (
  | {
      readonly kind: "baseline";
      readonly site: string;
      readonly target: string;
      readonly files: number;
      readonly same: number;
      readonly tokens: readonly string[];
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
    }
  | { readonly kind: "warned"; readonly site: string; readonly warning: string; readonly paths: readonly string[]; readonly text: string }
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
