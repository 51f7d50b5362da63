/** Who asks, and from where. */

export interface Caller {
  readonly arn: string;
  readonly account: string;
  /** `long-lived`: an access key that never expires by itself. */
  readonly key: "long-lived" | "temporary" | "unknown";
}

/** What IAM says that the caller may do. */
export interface Simulated {
  readonly action: string;
  readonly resource: string;
  readonly isAllowed: boolean;
}

export interface WorkingCopyFacts {
  readonly nodeVersion: string;
  readonly hasGit: boolean;
  readonly hasSshKeygen: boolean;
  /** Whether git would take `.belay` into a commit; absent outside a repository. */
  readonly isStateIgnored?: boolean;
  readonly agents: readonly AgentSetup[];
}

/** A coding agent's folder beside belay.yaml. */
export interface AgentSetup {
  /** For example `.claude`. */
  readonly folder: string;
  /** Its settings speak of belay. */
  readonly namesBelay: boolean;
}

/** Who announced to be at work on a target. */
export interface LeaseFacts {
  readonly by: string;
  readonly purpose: string;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
  /** Proven: that process can no longer act. */
  readonly isOwnerDead: boolean;
}
