import type { Digest, PlanId } from "../core/brand.ts";
import type { Proof } from "../core/plan/plan.ts";
import type { CallOptions } from "./store.ts";

/** Why a person is needed, and what they should run. All texts are one line each, without control characters and without secrets. */
export interface Notice {
  readonly reason:
    | "live-is-ahead"
    | "approval-missing"
    | "merge-not-looked-at"
    | "out-of-band"
    | "emergency"
    | "policy-changed"
    | "unsettled"
    /** A record of many systems that a watcher may not correct by itself. */
    | "record-drift"
    /** `belay notify`: nothing has happened. */
    | "test";
  /** The same for one thing that is met again, so that nobody is told of it twice. */
  readonly about: Digest;
  readonly site: string;
  readonly target: string;
  readonly subject: string;
  /** What happened. */
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

/** One way to tell people, without its address. */
export interface Channel {
  readonly channel: "webhook" | "slack" | "command";
  /** `user`: the configuration file of whoever runs belay. */
  readonly from: "belay.yaml" | "user";
}

export interface Delivery extends Channel {
  readonly outcome: "delivered" | "failed";
  /** Why it failed, without addresses or secrets. */
  readonly cause?: string;
}

/** Tells people that they are needed. A channel that fails is an outcome, never an error. */
export interface Notifier {
  /** What is configured; nothing is sent. The user's own file counts as one channel where it cannot be read, which fails then. */
  channels(options: CallOptions): Promise<readonly Channel[]>;
  /** Every channel at once, each with its own tries, within fifteen seconds. */
  notify(notice: Notice, options: CallOptions): Promise<readonly Delivery[]>;
}
