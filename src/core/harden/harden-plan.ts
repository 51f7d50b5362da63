/** What `harden` would change about one bucket: every setting as it was seen, and as it is to be. */

import type { AccessLogging, PublicAccessBlock, Versioning } from "../doctor/bucket-facts.ts";

export type SettingChange = { readonly bucket: string } & (
  | { readonly setting: "versioning"; readonly now: Versioning["status"]; readonly next: "Enabled" }
  | { readonly setting: "public-access-block"; readonly now: PublicAccessBlock | null; readonly next: PublicAccessBlock }
  | { readonly setting: "logging"; readonly now: AccessLogging | null; readonly next: AccessLogging }
  /** Policies as their JSON text. */
  | { readonly setting: "policy"; readonly now: string | null; readonly next: string }
);

export interface HardenRefusal {
  readonly rule: "harden";
  readonly code: "principals-missing" | "caller-unknown" | "caller-locked-out" | "policy-unreadable" | "policy-too-large";
  readonly paths: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** Its id is the SHA-256 of its canonical JSON. In the order in which its changes are written. */
export interface HardenPlan {
  readonly format: 1;
  readonly intent: "harden";
  readonly site: string;
  readonly bucket: string;
  /** Names of the targets in it; `state` for the record. */
  readonly places: readonly string[];
  readonly changes: readonly SettingChange[];
  readonly refusals: readonly HardenRefusal[];
}

/** Blocks every way by which a list of grants or a policy could open a bucket to strangers. */
export const blocksAll: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

export const isAllBlocked = (found: PublicAccessBlock | undefined | null): boolean =>
  found?.blockPublicAcls === true && found.ignorePublicAcls && found.blockPublicPolicy && found.restrictPublicBuckets;
