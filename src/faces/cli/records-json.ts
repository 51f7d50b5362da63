/** Records in `--json`. Field names are a contract: add, never rename. */

import { errorFields } from "./answer.ts";
import { planFields } from "./plan-json.ts";
import type { KnownTask } from "../../core/ledger/fold-records.ts";
import type { IdentifiedPlan } from "../../core/plan/plan.ts";
import type { Claim, Sighting } from "../../core/records/claim.ts";
import type { Cell, Row } from "../../core/records/matrix.ts";
import type { AuditedRecord, SystemSummary } from "../../operations/records/audit.ts";
import type { RecordTimeline } from "../../operations/records/timeline.ts";

export const systemFields = ({ system, objects, read, unreadable, failure, isAttested }: SystemSummary): Record<string, unknown> => ({
  system,
  objects,
  read,
  unreadable,
  ...(isAttested && { attested: true }),
  ...(failure && errorFields(failure)),
});

/** One record with all its evidence. */
export function recordFields({ matrix, decided, isConsistent }: AuditedRecord, timeline?: RecordTimeline): Record<string, unknown> {
  const { entity } = matrix;
  return {
    record: entity.id,
    consistent: isConsistent,
    rows: matrix.rows.map(rowFields),
    sightings: entity.sightings.map(sightingFields),
    links: entity.links,
    doubts: entity.doubts,
    findings: matrix.findings,
    decisions: decided.decisions,
    questions: decided.questions,
    ...(timeline && { timeline: timeline.moments, gaps: timeline.gaps }),
  };
}

const rowFields = ({ field, state, value, because, cells }: Row): Record<string, unknown> => ({
  field,
  state,
  value,
  because,
  cells: cells.map(cellFields),
});

const cellFields = ({ sighting, verdict, value, claims }: Cell): Record<string, unknown> => ({
  sighting,
  verdict,
  value,
  claims: claims.map(claimFields),
});

const claimFields = ({ raw, value, readings, place, spans, because, settledBy, role }: Claim): Record<string, unknown> => ({
  raw,
  value,
  readings,
  where: { medium: place.medium, name: place.name, label: place.label },
  spans,
  because,
  settledBy,
  role,
});

const sightingFields = ({
  id,
  system,
  at,
  part,
  revision,
  isTemplate,
  changedAt,
  by,
  sequence,
  points,
  unexplained,
}: Sighting): Record<string, unknown> => ({
  id,
  system,
  store: at.store,
  key: at.key,
  part,
  revision,
  template: isTemplate === true,
  changedAt,
  by,
  sequence,
  points,
  unexplained: unexplained.map(({ raw, place, justification, readings }) => ({ raw, where: place.label, justification, readings })),
});

/** A reconcile: the plan's own fields, and what was decided. */
export const reconcileFields = (identified: IdentifiedPlan): Record<string, unknown> => ({
  ...planFields(identified),
  waves: identified.plan.waves.map(({ name, steps, purge, checks }) => ({ wave: name, steps: steps.length, purge, checks })),
  records: identified.plan.records,
});

export const taskFields = ({ task, state }: KnownTask): Record<string, unknown> => ({ ...task, ...state });
