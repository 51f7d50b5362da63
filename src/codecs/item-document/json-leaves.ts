/** The scalars of a JSON value with their paths. */

import type { JsonNode } from "./json-text.ts";

export interface Leaf {
  /** `trip.start_time`, `crew[0]`, `["a.b"]` for a name that would read otherwise. Without DynamoDB's types. */
  readonly name: string;
  /** DynamoDB's type: `S`, `N`, `BOOL`, and `SS` or `NS` of a set's member. Absent in plain JSON. */
  readonly type?: string;
  readonly token: Extract<JsonNode, { readonly start: number }>;
}

/** In the order in which they stand. Nulls and binary values say nothing that a person could correct, so they are left out. */
export function leavesOf(root: JsonNode, isTyped: boolean): readonly Leaf[] {
  const leaves: Leaf[] = [];
  if (isTyped) typedMembers(root, "", leaves);
  else plainLeaves(root, "", leaves);
  return leaves;
}

const plainName = /^[^\s.[\]"]+$/u;

const below = (path: string, name: string): string => {
  if (!plainName.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
};

function plainLeaves(node: JsonNode, path: string, leaves: Leaf[]): void {
  if (node.kind === "object") for (const { name, value } of node.members) plainLeaves(value, below(path, name), leaves);
  else if (node.kind === "array") for (const [at, item] of node.items.entries()) plainLeaves(item, `${path}[${at}]`, leaves);
  else if (node.text !== "null" || node.kind === "string") leaves.push({ name: path, token: node });
}

function typedMembers(node: JsonNode, path: string, leaves: Leaf[]): void {
  if (node.kind === "object") for (const { name, value } of node.members) typedValue(value, below(path, name), leaves);
}

/** An attribute: an object whose only member is named for the type. */
function typedValue(node: JsonNode, path: string, leaves: Leaf[]): void {
  const [only] = node.kind === "object" ? node.members : [];
  if (!only) return;
  const { name: type, value } = only;
  if (type === "M") typedMembers(value, path, leaves);
  else if (type === "L" && value.kind === "array")
    for (const [at, item] of value.items.entries()) typedValue(item, `${path}[${at}]`, leaves);
  else if (value.kind === "array") setMembers(value.items, type, path, leaves);
  else if (value.kind !== "object" && type !== "NULL" && type !== "B") leaves.push({ name: path, type, token: value });
}

function setMembers(members: readonly JsonNode[], type: string, path: string, leaves: Leaf[]): void {
  if (type === "BS") return;
  for (const [at, member] of members.entries()) if (member.kind === "string") leaves.push({ name: `${path}[${at}]`, type, token: member });
}
