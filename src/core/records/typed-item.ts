/** DynamoDB's typed JSON: attributes that each say their type. The one form in which belay holds, hashes and compares an item. */

import { canonicalBytes } from "../canonical-json.ts";

/** One attribute. Numbers are decimal texts and binary values base64, as DynamoDB sends them: neither is ever turned into a float. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };

export type Item = Readonly<Record<string, AttributeValue>>;

/** Developer Guide, "Quotas": nothing nests deeper than 32 levels. */
const depthMax = 32;

/** The item that a JSON value is; `undefined` where it is none. */
export function itemOf(value: unknown, depth = 0): Item | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const attributes: [string, AttributeValue][] = [];
  for (const [name, held] of Object.entries(value)) {
    const attribute = attributeOf(held, depth);
    if (attribute === undefined) return undefined;
    attributes.push([name, attribute]);
  }
  return Object.fromEntries(attributes);
}

function attributeOf(value: unknown, depth: number): AttributeValue | undefined {
  if (typeof value !== "object" || value === null || depth > depthMax) return undefined;
  const [only, ...more] = Object.entries(value);
  if (!only || more.length > 0) return undefined;
  return typedOf(only[0], only[1], depth);
}

function typedOf(type: string, held: unknown, depth: number): AttributeValue | undefined {
  if (type === "M") {
    const item = itemOf(held, depth + 1);
    return item && { M: item };
  }
  if (type === "L") {
    if (!Array.isArray(held)) return undefined;
    const items = held.flatMap((each: unknown) => attributeOf(each, depth + 1) ?? []);
    return items.length === held.length ? { L: items } : undefined;
  }
  if (type === "BOOL") return typeof held === "boolean" ? { BOOL: held } : undefined;
  if (type === "NULL") return held === true ? { NULL: true } : undefined;
  return typeof held === "string" ? textOf(type, held) : setOf(type, held);
}

function textOf(type: string, text: string): AttributeValue | undefined {
  switch (type) {
    case "S":
      return { S: text };
    case "N":
      return { N: text };
    case "B":
      return { B: text };
    default:
      return undefined;
  }
}

function setOf(type: string, held: unknown): AttributeValue | undefined {
  if (!Array.isArray(held)) return undefined;
  const members = held.filter((each: unknown) => typeof each === "string");
  if (members.length !== held.length) return undefined;
  switch (type) {
    case "SS":
      return { SS: members };
    case "NS":
      return { NS: members };
    case "BS":
      return { BS: members };
    default:
      return undefined;
  }
}

/** How the members of a set are spelt where their order says nothing. */
const sorted = (members: readonly string[], spell: (text: string) => string): string[] => members.map(spell).toSorted();
const asItStands = (text: string): string => text;

/** An attribute with every set in code-unit order and, where `spell` is given, every number spelt by it. */
function ordered(value: AttributeValue, spell: (decimal: string) => string): AttributeValue {
  if ("SS" in value) return { SS: sorted(value.SS, asItStands) };
  if ("NS" in value) return { NS: sorted(value.NS, spell) };
  if ("BS" in value) return { BS: sorted(value.BS, asItStands) };
  if ("M" in value) return { M: orderedItem(value.M, spell) };
  if ("L" in value) return { L: value.L.map((each) => ordered(each, spell)) };
  return "N" in value ? { N: spell(value.N) } : value;
}

const orderedItem = (item: Item, spell: (decimal: string) => string): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, ordered(value, spell)]));

/**
 * The bytes of an item: canonical JSON, attributes and members of sets in code-unit order. Equal items give equal bytes,
 * as far as their numbers are spelt alike. `spell` gives numbers another spelling; they stand as they are unless given.
 */
export const itemBytes = (item: Item, spell: (decimal: string) => string = asItStands): Uint8Array =>
  canonicalBytes(orderedItem(item, spell));

const numberShape = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/u;
const digitsMax = 38;
const magnitudeMax = 125;
const magnitudeMin = -130;

/**
 * A number as DynamoDB gives it back: decimal digits without an exponent, without zeros at either end that say nothing.
 * `undefined` for what is no number, has more than 38 digits or is out of range. Source: Developer Guide, "Supported data types", Number.
 */
export function plainNumber(text: string): string | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = numberShape.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const leading = `${whole}${fraction}`.replace(/^0+/u, "");
  const digits = leading.replace(/0+$/u, "");
  if (digits === "") return "0";
  const scale = Number(exponent) - fraction.length + leading.length - digits.length;
  const magnitude = digits.length + scale - 1;
  if (digits.length > digitsMax || magnitude > magnitudeMax || magnitude < magnitudeMin) return undefined;
  return `${sign === "-" ? "-" : ""}${pointed(digits, scale)}`;
}

/** Digits times ten to the power of `scale`. */
function pointed(digits: string, scale: number): string {
  if (scale >= 0) return `${digits}${"0".repeat(scale)}`;
  const point = digits.length + scale;
  return point > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : `0.${"0".repeat(-point)}${digits}`;
}
