/** A bucket's present policy with belay's statements in it: everybody else's stay as they are. */

import { canonicalJson, type Json } from "../canonical-json.ts";
import { isList, jsonValue, type IamStatement } from "./iam-document.ts";

type Fields = Readonly<Record<string, Json | undefined>>;

export interface MergedPolicy {
  /** As S3 is to have it, in one line; the present text itself where nothing of it would change. */
  readonly text: string;
  readonly document: Json;
  /** Whether it says something else than what is there. */
  readonly isChanged: boolean;
  /** What others had put there, in its order. */
  readonly kept: readonly Fields[];
}

/** S3 User Guide, "Bucket policies for Amazon S3". Bytes. */
export const policyBytesMax: number = 20 * 1024;

/**
 * `own` are the Sids that these statements go by: what has one of them and is not wanted any more goes. A policy keeps its `Version`,
 * since another one gives variables in other people's statements another meaning. `undefined` where the present text is no policy.
 */
export function mergePolicy(
  present: string | undefined,
  wanted: readonly IamStatement[],
  own: ReadonlySet<string> = new Set(wanted.map(({ Sid }) => Sid)),
): MergedPolicy | undefined {
  const fields = present === undefined ? { Version: "2012-10-17", Statement: [] } : fieldsOf(parsed(present));
  const given = fields?.["Statement"];
  if (!fields || given === undefined) return undefined;
  const before: readonly (Fields | undefined)[] = (isList(given) ? given : [given]).map(fieldsOf);
  const statements = before.filter((statement) => statement !== undefined);
  if (statements.length < before.length) return undefined;
  const left = new Map(wanted.map((statement) => [statement.Sid, fieldsOf(jsonValue(statement)) ?? {}]));
  const after = statements.flatMap((statement): readonly Fields[] => {
    const sid = statement["Sid"];
    if (typeof sid !== "string" || !own.has(sid)) return [statement];
    const next = left.get(sid);
    left.delete(sid);
    // What says the same stays as S3 spells it: a diff shows what changes and nothing else.
    return next === undefined ? [] : [isSame(statement, next) ? statement : next];
  });
  const all = [...after, ...left.values()];
  const isChanged = present === undefined ? all.length > 0 : !sameStatements(statements, all);
  const document: Json = isChanged ? { ...fields, Statement: all } : { ...fields };
  return {
    text: isChanged || present === undefined ? JSON.stringify(document) : present,
    document,
    isChanged,
    kept: statements.filter((statement) => typeof statement["Sid"] !== "string" || !own.has(statement["Sid"])),
  };
}

/** Whether two policies say the same, however they are spelled. */
export function samePolicy(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return one === other;
  const [left, right] = [fieldsOf(parsed(one)), fieldsOf(parsed(other))];
  return left !== undefined && right !== undefined && spelled(left) === spelled(right);
}

/** A policy over lines, for eyes and for a diff; as it is where it cannot be read. */
export function policyLines(text: string | undefined): string {
  if (text === undefined) return "";
  const value = parsed(text);
  return value === undefined ? `${text}\n` : `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The statement of that Sid, where there is one. */
export function statementOf(text: string | undefined, sid: string): Fields | undefined {
  const given = text === undefined ? undefined : fieldsOf(parsed(text))?.["Statement"];
  const statements = isList(given) ? given : [given];
  return statements.map(fieldsOf).find((statement) => statement?.["Sid"] === sid);
}

/** Every ARN that a statement of ours leaves out of its denial. */
export function exemptedBy(statement: Fields | undefined): readonly string[] {
  const condition = fieldsOf(statement?.["Condition"]);
  const arns = fieldsOf(condition?.["ArnNotLike"])?.["aws:PrincipalArn"];
  return (isList(arns) ? arns : [arns]).filter((arn) => typeof arn === "string");
}

const sameStatements = (before: readonly Fields[], after: readonly Fields[]): boolean =>
  before.length === after.length && before.every((statement, at) => isSame(statement, after[at] ?? {}));

const isSame = (one: Fields, other: Fields): boolean => spelled(one) === spelled(other);

/** One spelling of all those that mean the same: a list of one is its item, the order in a list means nothing, `true` is "true". */
const spelled = (value: Fields): string => canonicalJson(normal(value, ""));

/** Of these the order means nothing, and neither does whether one item stands in a list. */
const sets = /^(?:Action|NotAction|Resource|NotResource)$/u;

function normal(value: Json | undefined, key: string): Json | undefined {
  if (isList(value)) {
    const items = value.map((item) => normal(item, key) ?? null);
    const isStatements = key === "Statement";
    const sorted = isStatements ? items : items.toSorted((left, right) => (canonicalJson(left) < canonicalJson(right) ? -1 : 1));
    return sorted.length === 1 && !isStatements ? sorted[0] : sorted;
  }
  const fields = fieldsOf(value);
  if (fields) return Object.fromEntries(Object.entries(fields).map(([name, held]) => [name, normal(listed(name, held), name)]));
  if (sets.test(key) && typeof value === "string") return key.endsWith("Action") ? value.toLowerCase() : value;
  return typeof value === "boolean" || typeof value === "number" ? String(value) : value;
}

/** A policy of one statement may hold it without a list. */
const listed = (name: string, held: Json | undefined): Json | undefined =>
  name === "Statement" && !isList(held) && held !== undefined ? [held] : held;

function fieldsOf(value: Json | undefined): Fields | undefined {
  return typeof value === "object" && value !== null && !isList(value) ? value : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return jsonValue(JSON.parse(text));
  } catch {
    return undefined;
  }
}
