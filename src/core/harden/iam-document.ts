/** Policy documents of IAM and S3, as they are written. */

import type { Json } from "../canonical-json.ts";

/** One name or several; a list of one is written as the name alone, as S3 gives it back. */
export type Names = string | readonly string[];

/** Operators, with the keys that each compares. All of them must hold. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Names>>>>;

export interface IamStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Bucket policies and trust policies name one; policies of a role or a user do not. */
  readonly Principal?: "*" | Readonly<Record<string, Names>>;
  readonly Action?: Names;
  readonly NotAction?: Names;
  readonly Resource?: Names;
  readonly Condition?: Conditions;
}

export interface IamDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly IamStatement[];
}

export function namesOf(list: readonly string[]): Names {
  const [first, ...others] = list;
  return first !== undefined && others.length === 0 ? first : list;
}

/** Statements that speak of nothing are left out: a target without a distribution has nothing to purge. */
export const documentOf = (statements: readonly IamStatement[]): IamDocument => ({
  Version: "2012-10-17",
  Statement: statements.filter(({ Resource }) => Resource === undefined || typeof Resource === "string" || Resource.length > 0),
});

/** A JSON value as one, which `JSON.parse` does not say of what it gives; `undefined` for anything else. */
export function jsonValue(value: unknown): Json | undefined {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((item: unknown) => jsonValue(item) ?? null);
  if (typeof value !== "object") return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, held]: [string, unknown]) => [key, jsonValue(held) ?? null]));
}

export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);
