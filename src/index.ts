/** The library: operations and types for those who build their own tools. */

export { BelayError, type ErrorCode } from "./core/belay-error.ts";
export type { Digest, PlanId, Revision, StoreName } from "./core/brand.ts";
export type { Actor, Entry, Exception } from "./core/ledger/entry.ts";
export type { LedgerState, Release, TargetState, Warning } from "./core/ledger/fold.ts";
export type { PageLoss, Term } from "./core/page-terms.ts";
export type { Change, Check, IdentifiedPlan, Plan, Proof, Refusal, StalePath, Step, TokenResult, Wave } from "./core/plan/plan.ts";
export type { FeatureToken, Limits, Site, Target } from "./core/site.ts";
export type { Config } from "./config/config.ts";
export { parseConfig } from "./config/load-config.ts";
export { openWorkbench, type WorkbenchOptions } from "./compose/open-workbench.ts";
export { adopt, type Adopted } from "./operations/adopt.ts";
export { targetNamed, type ApplyResult } from "./operations/apply/apply.ts";
export { applySaved, deploy, type Confirm, type DeployResult } from "./operations/deploy.ts";
export { diff, type FileDiff } from "./operations/compare/diff.ts";
export { log, type LogResult } from "./operations/history/log.ts";
export { makePlan, savePlan } from "./operations/plan.ts";
export { pull, type PullResult } from "./operations/pull.ts";
export { restore } from "./operations/way-back/restore.ts";
export { resume, type ResumeResult } from "./operations/apply/resume.ts";
export { rollback, type RollbackResult } from "./operations/way-back/rollback.ts";
export { listSnapshots, type Snapshot } from "./operations/way-back/snapshots.ts";
export { status, type StatusResult } from "./operations/compare/status.ts";
export { sweep, type SweepResult } from "./operations/way-back/sweep.ts";
export type { Context, Progress, Workbench } from "./operations/workbench.ts";
