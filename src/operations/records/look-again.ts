/** What was written is read back: each object says what was decided, or nothing that comes after it begins. */

import { bytesOf } from "../../core/body.ts";
import type { Wave } from "../../core/plan/plan.ts";
import { saidBy } from "../../core/records/cell-values.ts";
import type { Claim } from "../../core/records/claim.ts";
import { claimsOf } from "../../core/records/claims/claims-of.ts";
import { compareValues, showValue } from "../../core/records/compare-values.ts";
import type { Decision } from "../../core/records/decision.ts";
import { isOneOfSeveral } from "../../core/records/edits-for.ts";
import { fieldNamed, systemNamed, type RecordSystem } from "../../core/records/kind.ts";
import type { RecordAddress, RecordEdit } from "../../core/records/records-part.ts";
import type { Reading } from "../../ports/store.ts";
import type { Context } from "../workbench.ts";
import { placeOfSystem, type Carrying, type PartAt, type Stop } from "./carrying.ts";
import { knownFor, saidBefore } from "./draft-known.ts";
import type { RecordsBench } from "./records-bench.ts";
import { aboutOf } from "./sight-document.ts";

/** Each wave is seen to say what was decided before the next begins. */
export async function lookAgain({ records, part, parts }: Carrying, wave: Wave, context: Context): Promise<Stop | undefined> {
  if (wave.name !== "corrections") return undefined;
  for (const { change } of wave.steps) {
    const reach = part.reach.find(({ at }) => at.store === change.at.store && at.key === change.at.key);
    const system = reach && systemNamed(records.kind, reach.system);
    if (!reach || !system || change.kind === "delete") continue;
    const { bench } = await placeOfSystem(records, reach);
    const reading = await (await bench.storeOf(change.at.store)).read(change.at.key, context);
    const at: PartAt = { wave: wave.name, target: reach.target };
    if (!reading) return { kind: "unseen", parts, at, key: change.at.key, says: "nothing: it is gone" };
    const says = await saysOtherwise({ records, part }, { system, at: change.at, reading });
    if (says !== undefined) return { kind: "unseen", parts, at, key: change.at.key, says };
  }
  return undefined;
}

interface Seen {
  readonly system: RecordSystem;
  readonly at: RecordAddress;
  readonly reading: Reading;
}

/** What an object says instead of what was decided about the fields that are edited there. */
export async function saysOtherwise(
  { records, part }: Pick<Carrying, "records" | "part">,
  { system, at, reading }: Seen,
): Promise<string | undefined> {
  const read = records.codecOf(system).read(await bytesOf(reading.body), reading.observed.headers ?? {});
  if (read.kind === "unreadable") return read.why;
  const isHere = (edit: RecordEdit): boolean => edit.at.key === at.key && edit.system === system.name;
  const edited = part.edits.filter(isHere).flatMap(({ field }) => field.split(", "));
  // What stays as it is says what it said, in its own place: the same words elsewhere in the object stay by nobody's word.
  const staying = part.mentions.filter(
    ({ at: { store, key }, verdict }) => store === at.store && key === at.key && verdict === "justified",
  );
  const left = new Set(staying.map(({ where, raw }) => placed(where, raw)));
  const decisions = part.decisions.filter(({ field }) => edited.includes(field));
  const { parts } = read.document;
  // Of several events in one object, which one is meant is not known here.
  if (parts.length !== 1) return undefined;
  for (const one of parts) {
    const said = saidBefore(records.kind, decisions, part.edits.filter(isHere));
    const about = aboutOf({ kind: records.kind, system, ...knownFor(records.kind, system, said) });
    const claims = claimsOf(read.document, one, about).claims.filter(
      (claim) => !left.has(placed(claim.place.label, claim.raw)) && !decisions.some((decision) => isOther(claim, decision, records)),
    );
    const wrong = firstWrong(saidBy({ claims }, records.kind), decisions, records);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const isOther = (claim: Claim, decision: Decision, { kind }: RecordsBench): boolean =>
  claim.field === decision.field && isOneOfSeveral(claim, decision, fieldNamed(kind, claim.field)?.type);

const placed = (where: string, raw: string): string => `${where} ${raw.trim()}`;

function firstWrong(said: ReturnType<typeof saidBy>, decisions: readonly Decision[], { kind }: RecordsBench): string | undefined {
  for (const { field, value } of decisions) {
    const found = said.get(field);
    const type = kind.fields.find(({ name }) => name === field)?.type;
    if (found?.isInner) return `several things about ${field}`;
    if (found?.value && compareValues(found.value, value, type) === "differs") return `${field} ${showValue(found.value)}`;
  }
  return undefined;
}
