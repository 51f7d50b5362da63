/** What somebody knows of a record that they look for, and how a known record fits it. */

import type { Claim } from "./claim.ts";
import { compareValues, showValue } from "./compare-values.ts";
import { isLikeKey, normalKey } from "./identity/fold-text.ts";
import { alignNames, mayBeSamePerson, nameWords } from "./identity/person-name.ts";
import type { MatchRules, Traits } from "./identity/traits.ts";
import { startField } from "./claims/field-places.ts";
import { dayField } from "./day-and-time.ts";
import type { RecordKind } from "./kind.ts";
import type { Moment, Value } from "./value.ts";

/** By field, what is asked for; several values where any of them will do. */
export type Query = ReadonlyMap<string, readonly Value[]>;

/** What a query needs of a sighting or of its sketch. */
export type Said = readonly (Pick<Claim, "field"> & Partial<Pick<Claim, "value">>)[];

export interface Fit {
  /** One clause each: `guest "Jonah Reed"`. */
  readonly agrees: readonly string[];
  readonly differs: readonly string[];
  /** Fields that were asked for and that nobody says. */
  readonly unsaid: readonly string[];
  /** What agrees names one record: a key, or its day with something else that is compared. */
  readonly isTelling: boolean;
}

/** How the objects of one record, taken together, fit: a field agrees where any of them says it so. */
export function fitOf(query: Query, members: readonly Said[], rules: MatchRules): Fit {
  const agrees: string[] = [];
  const differs: string[] = [];
  const unsaid: string[] = [];
  const named = new Set<string>();
  for (const [field, wanted] of query) {
    const said = members.flatMap((claims) => claims.flatMap((claim) => (claim.field === field && claim.value ? [claim.value] : [])));
    const found = said.map((value) => wanted.map((one) => fits(one, value, field, rules))).flat();
    const shown = `${field} ${wanted.map((one) => `"${showValue(one)}"`).join(" or ")}`;
    if (found.includes("agrees")) {
      agrees.push(shown);
      named.add(field);
    } else if (found.includes("differs")) differs.push(`${shown} is not "${[...new Set(said.map(showValue))].join('", "')}"`);
    else unsaid.push(field);
  }
  const isKey = rules.keys.some((key) => named.has(key));
  const isDay = [rules.start, rules.day].some((field) => field !== undefined && named.has(field));
  return { agrees, differs, unsaid, isTelling: isKey || (isDay && rules.match.some((field) => named.has(field))) };
}

function fits(wanted: Value, said: Value, field: string, rules: MatchRules): "agrees" | "differs" | "unsaid" {
  if (wanted.kind === "moment" && said.kind === "moment") return momentFits(wanted, said);
  const type = rules.typeOf(field);
  if (wanted.kind === "text" && said.kind === "text") {
    if (rules.keys.includes(field) || type === "key") return is(isLikeKey(normalKey(wanted.text), normalKey(said.text)));
    if (type === "person") return is(mayBeSamePerson(alignNames(nameWords(wanted.text), nameWords(said.text))));
  }
  return is(compareValues(wanted, said, type) !== "differs");
}

const is = (holds: boolean): "agrees" | "differs" => (holds ? "agrees" : "differs");

/** Every part that was asked for has to be said. */
function momentFits(wanted: Moment, said: Moment): "agrees" | "differs" | "unsaid" {
  const parts = (["date", "time"] as const).filter((part) => wanted[part] !== undefined);
  if (parts.some((part) => said[part] !== undefined && said[part] !== wanted[part])) return "differs";
  return parts.length > 0 && parts.every((part) => said[part] !== undefined) ? "agrees" : "unsaid";
}

/** A made-up sighting of what is asked for; its id and its system are no configured one's. */
export const queryTraits = (query: Query): Traits => ({ id: "(asked for)", system: "(asked for)", values: query });

/** The field that a word of the command line means: `date` and `time` are parts of the start, unless the kind has fields of these names. */
export function fieldMeant(kind: RecordKind, word: string): { readonly field: string; readonly part?: "date" | "time" } | undefined {
  if (kind.fields.some(({ name }) => name === word)) return { field: word };
  const field = (word === "date" ? dayField(kind) : undefined) ?? startField(kind);
  return field && (word === "date" || word === "time") ? { field: field.name, part: word } : undefined;
}

/** One value more of a query; the day and the time of a moment, given apart, are one. */
export function withValue(query: Query, field: string, value: Value): Query {
  const [known] = query.get(field) ?? [];
  const isSplit = known?.kind === "moment" && value.kind === "moment" && (known.date === undefined) !== (value.date === undefined);
  return new Map([...query, [field, isSplit ? [{ ...known, ...value }] : [...(query.get(field) ?? []), value]]]);
}
