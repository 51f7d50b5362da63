/** Keys and types of a belay.yaml, told as clauses that follow a key path. */

import * as v from "valibot";

import { described, suggestion, type KeyPath, type Report } from "./problem.ts";
import type { RawConfig } from "./raw-config.ts";
import { configSchema } from "./schema.ts";

const words: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  record: "a map",
};
/** Past these keys a wrong value may be a secret in the wrong place, and error messages end in logs. */
const secretKeys: ReadonlySet<string | number> = new Set([
  "notify",
  "url",
  "password",
  "token",
  "key-file",
  "client-id",
  "client-secret",
  "refresh-token",
]);

/** The typed value of a belay.yaml, or `undefined` after at least one report. */
export const checkShape = (value: unknown, report: Report): RawConfig | undefined => checkAgainst(configSchema, value, report);

/** The same for any file of ours. Its schema is made of what belay.yaml's is made of. */
export function checkAgainst<Typed>(schema: v.GenericSchema<Typed>, value: unknown, report: Report): Typed | undefined {
  const lists: KeyPath[] = [];
  const strays: KeyPath[] = [];
  reportStrays(schema, value, { path: [], report, strays, lists });
  const result = v.safeParse(schema, value);
  if (result.success) return strays.length + lists.length === 0 ? result.output : undefined;
  for (const { issue, path } of result.issues.flatMap((one) => openedUnion(one, []))) {
    const last = issue.path?.at(-1);
    // The schema takes a list for a map with numbers as keys; that is told above, once.
    if (lists.some((list) => list.every((key, at) => key === path[at]))) continue;
    // Unknown keys are told above, all of them: the schema stops at the first of each map.
    if (issue.type === "strict_object" && issue.expected === "never") continue;
    if (issue.type === "strict_object" && issue.expected !== "Object") report(path, "is missing", "key");
    else if (last?.origin === "key") report(path, `must be ${phrase(issue)}`, "key");
    else report(path, `must be ${phrase(issue)}, but ${found(path, issue.input)}`);
  }
  return undefined;
}

/** A value that fits no choice of a union, yet is of one choice's kind: what that one says, rather than that none fits. */
function openedUnion(issue: v.BaseIssue<unknown>, above: KeyPath): { readonly issue: v.BaseIssue<unknown>; readonly path: KeyPath }[] {
  const path = [...above, ...keyPath(issue)];
  const inner = issue.type === "union" ? (issue.issues ?? []).filter((one) => one.path !== undefined) : [];
  return inner.length === 0 ? [{ issue, path }] : inner.flatMap((one) => openedUnion(one, path));
}

function keyPath(issue: v.BaseIssue<unknown>): KeyPath {
  return (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
}

function phrase(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object") return "a map";
  if (issue.type === "picklist") return `one of ${(issue.expected ?? "").replace(/[()]/gu, "").replaceAll(" | ", ", ")}`;
  return words[issue.type] ?? issue.message;
}

function found(path: KeyPath, input: unknown): string {
  if (path.some((key) => secretKeys.has(key))) return `is ${typeof input === "string" ? "other text" : described(input)}`;
  if (typeof input === "object" && input !== null && !Array.isArray(input))
    return Object.keys(input).length === 0 ? "is empty" : "is a map";
  return `is ${described(input)}`;
}

interface Walk {
  readonly path: KeyPath;
  readonly report: Report;
  /** Receives the path of every unknown key. */
  readonly strays: KeyPath[];
  /** Receives the path of every list that stands where a map must. */
  readonly lists: KeyPath[];
}

/** Reports every unknown key of every map, and every list in a map's place. */
function reportStrays(schema: v.GenericSchema, value: unknown, walk: Walk): void {
  if (isOptional(schema)) return reportStrays(schema.wrapped, value, walk);
  if (isUnion(schema)) return reportStraysInUnion(schema.options, value, walk);
  if (Array.isArray(value)) return reportStraysInList(schema, value, walk);
  if (typeof value !== "object" || value === null) return;
  for (const [key, held] of Object.entries(value)) {
    const path = [...walk.path, key];
    if (isRecord(schema)) reportStrays(schema.value, held, { ...walk, path });
    if (!isStrict(schema)) continue;
    const entry = Object.hasOwn(schema.entries, key) ? schema.entries[key] : undefined;
    if (entry === undefined) {
      walk.strays.push(path);
      walk.report(path, unknownKey(key, schema.entries), "key");
    } else reportStrays(entry, held, { ...walk, path });
  }
}

/** Only the choices of the value's own kind can have keys that it lacks. */
function reportStraysInUnion(options: readonly v.GenericSchema[], value: unknown, walk: Walk): void {
  const fitting = options.filter((option) => (Array.isArray(value) ? isList(option) : isStrict(option) || isRecord(option)));
  for (const option of fitting) reportStrays(option, value, walk);
}

function reportStraysInList(schema: v.GenericSchema, list: readonly unknown[], walk: Walk): void {
  if (isList(schema)) for (const [at, item] of list.entries()) reportStrays(schema.item, item, { ...walk, path: [...walk.path, at] });
  if (!isStrict(schema) && !isRecord(schema)) return;
  walk.lists.push(walk.path);
  walk.report(walk.path, "must be a map, but is a list");
}

function unknownKey(key: string, entries: Readonly<Record<string, v.GenericSchema>>): string {
  const site = entries["site"];
  const siteSchema = site !== undefined && isOptional(site) ? site.wrapped : undefined;
  const belongs = siteSchema !== undefined && isStrict(siteSchema) && Object.hasOwn(siteSchema.entries, key);
  return belongs ? "is not a known key here; it belongs under site" : `is not a known key; ${suggestion(key, Object.keys(entries))}`;
}

const isOptional = (schema: v.GenericSchema): schema is v.ExactOptionalSchema<v.GenericSchema, undefined> =>
  schema.type === "exact_optional";
const isUnion = (schema: v.GenericSchema): schema is v.UnionSchema<v.GenericSchema[], undefined> => schema.type === "union";
const isList = (schema: v.GenericSchema): schema is v.ArraySchema<v.GenericSchema, undefined> => schema.type === "array";
const isRecord = (schema: v.GenericSchema): schema is v.RecordSchema<v.GenericSchema<string>, v.GenericSchema, undefined> =>
  schema.type === "record";
const isStrict = (schema: v.GenericSchema): schema is v.StrictObjectSchema<Readonly<Record<string, v.GenericSchema>>, undefined> =>
  schema.type === "strict_object";
