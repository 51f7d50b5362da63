/** Claims of one record side by side: systems across, fields down, and what each cell is worth. */

import { isReadAs, isReadOtherwise, saidBy, speaking, type Said } from "./cell-values.ts";
import type { Entity, Sighting } from "./claim.ts";
import { compareValues } from "./compare-values.ts";
import { wholeDecided, wholeSaid } from "./day-and-time.ts";
import type { Decided } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { derived, moveWith, type Clock } from "./derive.ts";
import type { Field, RecordKind } from "./kind.ts";
import type { Cell, CellVerdict, Finding, Matrix, Row } from "./matrix.ts";
import type { Value } from "./value.ts";

export interface MatrixFacts {
  readonly kind: RecordKind;
  readonly entity: Entity;
  readonly rules: Clock["rules"];
  readonly decided: Decided;
  readonly findings: readonly Finding[];
  /** Sightings whose present value is our own change not yet to be seen there (a feed's lag), by id. */
  readonly pending?: ReadonlySet<string>;
}

export function layMatrix(facts: MatrixFacts): Matrix {
  const { kind, entity, findings } = facts;
  const said = new Map(speaking(entity).map((sighting) => [sighting, saidBy(sighting, kind)]));
  const rows = kind.fields.map((field): Row => {
    const decision = facts.decided.decisions.find((one) => one.field === field.name);
    const cells = [...said].map(([sighting, fields]): Cell => {
      const found = fields.get(field.name);
      const verdict = verdictOf({ field, found, sighting, own: (name) => wholeSaid(fields, name, kind)?.value }, decision, facts);
      return {
        sighting: sighting.id,
        field: field.name,
        verdict,
        claims: found?.claims ?? [],
        ...(found?.value && { value: found.value }),
      };
    });
    return { field: field.name, cells, ...stateOf(cells, decision) };
  });
  return { kind: kind.name, entity, rows, findings };
}

function stateOf(cells: readonly Cell[], decision: Decision | undefined): Pick<Row, "state" | "value" | "because"> {
  if (cells.every(({ verdict }) => verdict === "silent")) return { state: "silent" };
  if (!decision) return { state: "open" };
  const { value, because } = decision;
  const isWrong = cells.some(({ verdict }) => isWrongVerdict.has(verdict));
  return { state: isWrong || decision.how !== "agreed" ? "decided" : "agreed", value, because };
}

interface CellFacts {
  readonly field: Field;
  readonly found: Said | undefined;
  readonly sighting: Sighting;
  readonly own: (field: string) => Value | undefined;
}

function verdictOf({ field, found, sighting, own }: CellFacts, decision: Decision | undefined, facts: MatrixFacts): CellVerdict {
  if (!found) return "silent";
  if (found.isUnreadable) return "unreadable";
  if (found.isInner) return "inner";
  const isOpen = found.value === undefined || found.isAmbiguous;
  if (!decision) return isOpen ? "ambiguous" : "differs";
  if (found.value === undefined || isOpen) return ambiguousVerdict({ field, found, sighting, own }, decision, facts);
  const agreement = compareValues(found.value, decision.value, field.type);
  if (agreement !== "differs") return agreement === "less" ? "less" : "agrees";
  if (facts.pending?.has(sighting.id) === true) return "pending";
  return followsFromWrong(field, found.value, own, facts) ? "derives" : "differs";
}

/** A text of several readings agrees with what was decided where that is one of them, and differs where it is none. */
function ambiguousVerdict(
  { field, found, sighting, own }: CellFacts & { found: Said },
  { value }: Decision,
  facts: MatrixFacts,
): CellVerdict {
  const isOther = found.value !== undefined && compareValues(found.value, value, field.type) === "differs";
  if (!isOther && !isReadOtherwise(found, value, field.type)) return isReadAs(found, value, field.type) ? "agrees" : "ambiguous";
  if (facts.pending?.has(sighting.id) === true) return "pending";
  const readings = found.claims.flatMap((claim) => claim.value ?? claim.readings ?? []);
  return readings.some((reading) => followsFromWrong(field, reading, own, facts)) ? "derives" : "differs";
}

/** It says what the rule makes of the wrong value beside it. */
function followsFromWrong(field: Field, value: Value, own: CellFacts["own"], { kind, rules, decided }: MatrixFacts): boolean {
  const { derivation } = field;
  const from = derivation && own(derivation.from);
  const right = derivation && wholeDecided(decided.decisions, derivation.from, kind);
  if (!from || !right || compareValues(from, right) !== "differs") return false;
  const clock = { zone: kind.zone, rules };
  if (derivation.kind === "offset") {
    const old = derived(derivation, from, clock);
    return old !== undefined && compareValues(old, value, field.type) !== "differs";
  }
  const now = decided.decisions.find((one) => one.field === field.name)?.value;
  const moved = moveWith(value, { old: from, now: right });
  return now !== undefined && moved !== undefined && compareValues(moved, now, field.type) !== "differs";
}

/** Cells that a reconcile would have to change. */
export const wrongCells = ({ rows }: Matrix): readonly Cell[] =>
  rows.flatMap(({ cells }) => cells.filter(({ verdict }) => isWrongVerdict.has(verdict)));

const isWrongVerdict: ReadonlySet<CellVerdict> = new Set<CellVerdict>(["differs", "derives", "inner", "unreadable"]);

export const isConsistent = (matrix: Matrix): boolean =>
  wrongCells(matrix).length === 0 &&
  matrix.rows.every(({ state }) => state !== "open") &&
  matrix.findings.every(({ code }) => !isTrouble.has(code));

/** Another record may be this one too, and nobody has said that they are two: it counts as neither agreeing nor differing, unless it differs by itself. */
export const isDoubtful = ({ findings }: Pick<Matrix, "findings">): boolean => findings.some(({ code }) => code === "doubtful-link");

const isTrouble: ReadonlySet<string> = new Set<Finding["code"]>(["duplicate", "dangling-pointer", "stale-edge-copy"]);
