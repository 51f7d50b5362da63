/**
 * The library: operations and types for those who build their own tools. What is exported here, and only that, is held to semantic
 * versioning; the report of it is docs/api/belay.api.md.
 */

// What a set-up says, and what every operation works with.
export { BelayError, type ErrorCode } from "./core/belay-error.ts";
export type { Digest, PlanId, Revision, StoreName } from "./core/brand.ts";
export type { FeatureToken, Limits, Site, Target } from "./core/site.ts";
export type { Config } from "./config/config.ts";
export { parseConfig } from "./config/load-config.ts";
export { findConfig } from "./config/find-config.ts";
export { openWorkbench, type WorkbenchOptions } from "./compose/open-workbench.ts";
export { openRecords } from "./compose/open-records.ts";
export type { Context, Progress, Workbench } from "./operations/workbench.ts";
export type { RecordsBench } from "./operations/records/records-bench.ts";

// The ledger and what it adds up to.
export type { Actor, Entry, Exception } from "./core/ledger/entry.ts";
export type { LedgerState, Release, TargetState, Warning } from "./core/ledger/fold.ts";

// Plans: data that is read, kept, approved and applied.
export type { PageLoss, Term } from "./core/page-terms.ts";
export type { Change, Check, IdentifiedPlan, Plan, Proof, Refusal, StalePath, Step, TokenResult, Wave } from "./core/plan/plan.ts";
export { makePlan, savePlan } from "./operations/plan.ts";

// Day by day: see what is live, take it over, publish, promote.
export { adopt, type Adopted } from "./operations/adopt.ts";
export { targetNamed, type ApplyResult } from "./operations/apply/apply.ts";
export { status, type StatusResult } from "./operations/compare/status.ts";
export { diff, type FileDiff } from "./operations/compare/diff.ts";
export { pull, type PullResult } from "./operations/pull.ts";
export { applySaved, deploy, type Confirm, type DeployResult } from "./operations/deploy.ts";
export { promote, type PromoteRequest } from "./operations/promote/promote.ts";
export { verify, type VerifyRequest, type VerifyResult } from "./operations/verify/verify.ts";
export { approve, type ApproveRequest, type ApproveResult, type AskToSign } from "./operations/approve/approve.ts";

// After a crash, and the way back.
export { resume, type ResumeResult } from "./operations/apply/resume.ts";
export { restore } from "./operations/way-back/restore.ts";
export { rollback, type RollbackResult } from "./operations/way-back/rollback.ts";
export { listSnapshots, type Snapshot } from "./operations/way-back/snapshots.ts";
export { sweep, type SweepResult } from "./operations/way-back/sweep.ts";

// Who changed what, and what holds for those who come next.
export { log, type LogRequest, type LogResult } from "./operations/history/log.ts";
export { blame, type BlameRequest, type BlameResult } from "./operations/history/blame.ts";
export { addWarning, listWarnings, resolveWarning, type NewWarning, type OpenWarnings } from "./operations/warn.ts";
export { checkTokens } from "./operations/tokens.ts";
export { doctor, type DoctorRequest, type DoctorResult } from "./operations/doctor/doctor.ts";

// Records: one entity in many systems.
export type { Claim, Entity, Sighting } from "./core/records/claim.ts";
export type { Decision } from "./core/records/decision.ts";
export type { Finding, Matrix } from "./core/records/matrix.ts";
export type { ManualTask } from "./core/records/task.ts";
export type { Moment, Value } from "./core/records/value.ts";
export { audit, type Audit, type AuditRequest } from "./operations/records/audit.ts";
export { applyReconcile, reconcile, type AskField, type ReconcileRequest, type ReconcileResult } from "./operations/records/reconcile.ts";
export { findRecord, type Findings } from "./operations/records/find-record.ts";
export { claimRecord, releaseClaim, type ClaimRequest, type ClaimResult } from "./operations/records/claim-record.ts";
export { watch, type WatchEnd, type WatchRequest } from "./operations/records/watch.ts";
