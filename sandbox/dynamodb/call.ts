/** What the operations are called with, and how they read their parameters. */

import { readAttribute, readItem, type Item } from "./attribute.ts";
import { DynamoError, invalid } from "./dynamo-error.ts";
import type { Substitutes } from "./expression-words.ts";
import type { Table, TableDefinition } from "./table.ts";

/** Something that happened, as it is remembered. */
export type Event =
  | { readonly kind: "table-created"; readonly definition: TableDefinition }
  | { readonly kind: "table-deleted"; readonly table: string }
  | { readonly kind: "item-put"; readonly table: string; readonly item: Item }
  | { readonly kind: "item-removed"; readonly table: string; readonly key: Item };

export interface Service {
  readonly tables: ReadonlyMap<string, Table>;
  readonly region: string;
  /** Remembers and makes a change. */
  commit(event: Event, atMs: number): void;
}

/** A request whose body has arrived. From here to the answer nothing else happens in the sandbox. */
export interface Call {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
}

export type Operation = (service: Service, call: Call) => Record<string, unknown>;

export function tableOf(service: Service, { parameters }: Call): Table {
  const name = textIn(parameters, "TableName") ?? "";
  const table = service.tables.get(/^arn:.*:table\/(.+)$/u.exec(name)?.[1] ?? name);
  if (!table) throw new DynamoError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
  return table;
}

export function textIn(parameters: Call["parameters"], name: string): string | undefined {
  const value = parameters[name];
  if (value !== undefined && typeof value !== "string") throw new DynamoError("SerializationException", `${name} is no string`);
  return value;
}

export function countIn(parameters: Call["parameters"], name: string): number | undefined {
  const value = parameters[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1)
    throw invalid(
      `1 validation error detected: Value '${JSON.stringify(value)}' at '${name}' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  return value;
}

export const itemIn = (parameters: Call["parameters"], name: string): Item | undefined =>
  parameters[name] === undefined ? undefined : readItem(parameters[name]);

export function requiredItem(parameters: Call["parameters"], name: string): Item {
  const item = itemIn(parameters, name);
  if (!item) throw invalid(`1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`);
  return item;
}

/** Placeholders of names and values. */
export function substitutesIn({ parameters }: Call): Substitutes {
  const names = Object.entries(objectIn(parameters, "ExpressionAttributeNames"));
  const values = Object.entries(objectIn(parameters, "ExpressionAttributeValues"));
  return {
    names: new Map(names.map(([name, value]) => [name, String(value)])),
    values: new Map(values.map(([name, value]) => [name, readAttribute(value)])),
    used: new Set(),
  };
}

function objectIn(parameters: Call["parameters"], name: string): object {
  const value = parameters[name] ?? {};
  if (typeof value !== "object" || value === null) throw new DynamoError("SerializationException", `${name} is no map`);
  return value;
}

/** Throws where a placeholder was given that no expression uses. Call it once all expressions have been read. */
export function requireAllUsed({ names, values, used }: Substitutes): void {
  for (const [kind, placeholders] of [
    ["Names", names],
    ["Values", values],
  ] as const) {
    const idle = [...placeholders.keys()].filter((name) => !used.has(name));
    if (idle.length > 0) throw invalid(`Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${idle.join(", ")}}`);
  }
}
