/** What a watcher may do alone: carry a change that authority decides, in the places that say otherwise, and nothing else. */

import type { Change, Plan, Wave } from "../plan/plan.ts";
import { saidBy } from "./cell-values.ts";
import type { Sighting } from "./claim.ts";
import { compareValues } from "./compare-values.ts";
import type { Decision, Question } from "./decision.ts";
import { fieldNamed, type RecordKind } from "./kind.ts";

export interface Correction {
  readonly kind: RecordKind;
  readonly plan: Plan;
  readonly questions: readonly Question[];
}

/** Why a person has to do it, one clause each; empty where the authority rules of belay.yaml cover all of it. */
export function whyNotAlone({ kind, plan, questions }: Correction): readonly string[] {
  const { refusals, needs, records: part } = plan;
  const why = [
    ...questions.map(whyOpen),
    ...refusals.map(({ message }) => message),
    ...(needs ? [`${plan.target} needs the approval of ${needs.count === 1 ? "a person" : `${needs.count} people`}`] : []),
    ...((part?.survivors.length ?? 0) > 0 ? ["a duplicate would be replaced"] : []),
    ...plan.waves.flatMap(({ name, steps }) => steps.flatMap(({ change }) => whyMoreThanText(name, change))),
    ...fieldsWithout(kind, plan).map((field) => `belay.yaml names no authority for its ${field}`),
  ];
  return [...new Set(why)];
}

const whyOpen = ({ about, name }: Question): string =>
  about === "field" ? `nobody has decided its ${name}` : `${name} has it more than once: one page has to be chosen`;

/** Anything but an object's own text with other values in it. */
function whyMoreThanText(wave: Wave["name"], { kind, at }: Change): readonly string[] {
  if (kind === "delete") return [`${at.key} would be deleted`];
  if (kind === "create") return [`${at.key} would be made`];
  return wave === "corrections" ? [] : [`${at.key} would point elsewhere`];
}

/** Fields that the plan writes and that no authority decides. */
function fieldsWithout(kind: RecordKind, { records: part }: Plan): readonly string[] {
  const fields = new Set((part?.edits ?? []).flatMap(({ field }) => field.split(", ")));
  return [...fields].filter((field) => {
    const decision = part?.decisions.find((one) => one.field === field);
    return !isOfAuthority(kind, field, decision);
  });
}

/** A system, or the newest change with proof, decides the field; or it follows by rule from one of which that holds. */
function isOfAuthority(kind: RecordKind, name: string, decision: Decision | undefined): boolean {
  if (!decision || decision.how === "person") return false;
  const seen = new Set<string>();
  for (let field = fieldNamed(kind, name); field && !seen.has(field.name); field = fieldNamed(kind, field.derivation?.from ?? "")) {
    if (field.authority.kind !== "ask") return true;
    // What is written of it follows from another field only where the rule decided it.
    if (field.derivation === undefined) return false;
    seen.add(field.name);
  }
  return false;
}

/** Whether an object says otherwise than what was decided: while it is not due to show that, neither is news. */
export function contradicts(sighting: Pick<Sighting, "claims">, decisions: readonly Decision[], kind: RecordKind): boolean {
  const said = saidBy(sighting, kind);
  return decisions.some(({ field, value }) => {
    const found = said.get(field)?.value;
    return found !== undefined && compareValues(found, value, fieldNamed(kind, field)?.type) === "differs";
  });
}
