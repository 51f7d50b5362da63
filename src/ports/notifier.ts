import type { PlanId } from "../core/brand.ts";
import type { Proof } from "../core/plan/plan.ts";
import type { CallOptions } from "./store.ts";

/** Why a person is needed, and what they should run. Texts from outside are plain: no control characters. */
export interface Notice {
  readonly reason:
    | "live-is-ahead"
    | "approval-missing"
    | "merge-not-looked-at"
    | "out-of-band"
    | "emergency"
    | "policy-changed"
    | "unsettled";
  readonly site: string;
  readonly target: string;
  /** One line. */
  readonly subject: string;
  /** What happened, a line each. */
  readonly lines: readonly string[];
  readonly paths: readonly string[];
  readonly proof?: Proof;
  readonly plan?: PlanId;
  /** Commands that a person runs, in order. */
  readonly run: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who stopped here, as they claim. */
  readonly by: string;
}

export interface Delivery {
  /** `webhook`, `slack` or `command`. */
  readonly channel: string;
  readonly outcome: "delivered" | "failed";
  /** Why it failed, without addresses or secrets. */
  readonly cause?: string;
}

/** Tells people that they are needed. Never throws for a channel that fails: that is an outcome. */
export interface Notifier {
  /** Whether any channel is configured. */
  readonly isConfigured: boolean;
  /** Every channel once, each with its own retries, within a few seconds. */
  notify(notice: Notice, options: CallOptions): Promise<readonly Delivery[]>;
}
