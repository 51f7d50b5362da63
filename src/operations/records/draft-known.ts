/** What the systems say of one record, by name: its other copies are looked for where no label introduces them. */

import { speaking } from "../../core/records/cell-values.ts";
import type { Entity, Sighting } from "../../core/records/claim.ts";
import { indexKnown, isSought, type KnownValues } from "../../core/records/claims/known-values.ts";
import { isMoment } from "../../core/records/claims/read-text.ts";
import { compareValues } from "../../core/records/compare-values.ts";
import type { Decision } from "../../core/records/decision.ts";
import { systemNamed, type RecordKind, type RecordSystem } from "../../core/records/kind.ts";
import type { RecordEdit } from "../../core/records/records-part.ts";
import type { Value } from "../../core/records/value.ts";

type FieldValue = readonly [field: string, value: Value];

/** Of this record alone: a name that only other records have stands there for them, and is never corrected. */
export function saidOf(entity: Entity): readonly FieldValue[] {
  return speaking(entity).flatMap(saidIn);
}

const saidIn = ({ claims }: Sighting): readonly FieldValue[] =>
  claims.flatMap(({ field, value, isAddress, isUnlabelled }): FieldValue[] =>
    !value || isAddress === true || isUnlabelled === true ? [] : [[field, value]],
  );

/** A table's fields stand at places of their own: nothing is looked for there. */
export const knownFor = (kind: RecordKind, { medium }: RecordSystem, said: Iterable<FieldValue>): { readonly known?: KnownValues } =>
  medium === "table" ? {} : { known: indexKnown(kind, said) };

/**
 * What was said otherwise than it was decided, by field: names and descriptions, and the moments of places that belay corrects. A moment that
 * only a place of others still says waits for people there, however often the rest is looked at again.
 */
export function oldOf(kind: RecordKind, entity: Entity, decisions: readonly Decision[]): ReadonlyMap<string, readonly Value[]> {
  const old = new Map<string, Value[]>();
  for (const sighting of speaking(entity)) {
    const isCorrected = systemNamed(kind, sighting.system)?.isReadOnly === false;
    for (const [field, value] of saidIn(sighting)) {
      const type = kind.fields.find(({ name }) => name === field)?.type;
      const decision = decisions.find((one) => one.field === field);
      const counts = type !== undefined && (isSought(type) || (isCorrected && isMoment(type)));
      if (counts && decision && compareValues(value, decision.value, type) === "differs")
        old.set(field, [...(old.get(field) ?? []), value]);
    }
  }
  return old;
}

/** What an object is looked at again with: what was decided, and what its edits have replaced. */
export function saidBefore(
  kind: RecordKind,
  decisions: readonly Decision[],
  edits: readonly Pick<RecordEdit, "field" | "before">[],
): readonly FieldValue[] {
  const types = new Map(kind.fields.map(({ name, type }) => [name, type]));
  const isName = (field: string): boolean => isSought(types.get(field) ?? "number");
  return [
    ...decisions.flatMap(({ field, value }): FieldValue[] => (isName(field) ? [[field, value]] : [])),
    ...edits.flatMap(({ field, before }): FieldValue[] => (isName(field) ? [[field, { kind: "text", text: before }]] : [])),
  ];
}
