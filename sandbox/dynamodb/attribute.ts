/** Attributes as DynamoDB takes, compares and measures them. By its Developer Guide: "Supported data types", "Item sizes and formats". */

import { DynamoError, invalid } from "./dynamo-error.ts";
import { compareDecimals, parseDecimal, spellDecimal } from "./decimal.ts";

export type AttributeType = "S" | "N" | "B" | "BOOL" | "NULL" | "M" | "L" | "SS" | "NS" | "BS";

/** One attribute, whatever its type: which fields hold something follows from `type`. */
export interface Attribute {
  readonly type: AttributeType;
  /** S, N, B. */
  readonly text: string;
  /** SS, NS, BS. */
  readonly members: readonly string[];
  readonly list: readonly Attribute[];
  readonly map: ReadonlyMap<string, Attribute>;
  /** BOOL. */
  readonly flag: boolean;
}

export type Item = ReadonlyMap<string, Attribute>;

const empty = { text: "", members: [], list: [], map: new Map<string, Attribute>(), flag: false } as const;
export const made = (type: AttributeType, parts: Partial<Omit<Attribute, "type">> = {}): Attribute => ({ ...empty, ...parts, type });

const depthMax = 32;
const typeWords = new Set<string>(["S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"]);
const isType = (word: string): word is AttributeType => typeWords.has(word);

/** A map of attributes from JSON. Throws a ValidationException or SerializationException as DynamoDB does. */
export function readItem(value: unknown, depth = 0): Item {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new DynamoError("SerializationException", "Start of structure or map found where not expected.");
  return new Map(Object.entries(value).map(([name, held]) => [name, readAttribute(held, depth)]));
}

export function readAttribute(value: unknown, depth = 0): Attribute {
  if (depth > depthMax) throw invalid("Nesting Levels have exceeded supported limits");
  if (typeof value !== "object" || value === null) throw new DynamoError("SerializationException", "Unexpected value type in payload");
  const [only, ...more] = Object.entries(value);
  if (!only || !isType(only[0])) throw invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  if (more.length > 0)
    throw invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
  return typed(only[0], only[1], depth);
}

function typed(type: AttributeType, held: unknown, depth: number): Attribute {
  switch (type) {
    case "M":
      return made(type, { map: readItem(held, depth + 1) });
    case "L":
      return made(type, { list: arrayOf(held).map((each) => readAttribute(each, depth + 1)) });
    case "BOOL":
    case "NULL":
      return flag(type, held);
    case "S":
    case "N":
    case "B":
      return made(type, { text: scalar(type, textOf(held)) });
    case "SS":
    case "NS":
    case "BS":
      return made(type, { members: setMembers(type, arrayOf(held)) });
  }
}

function flag(type: "BOOL" | "NULL", held: unknown): Attribute {
  if (typeof held !== "boolean") throw wrongShape();
  if (type === "NULL" && !held)
    throw invalid("One or more parameter values were invalid: Null attribute value types must have the value of true");
  return made(type, { flag: held });
}

function textOf(held: unknown): string {
  if (typeof held !== "string") throw wrongShape();
  return held;
}

function arrayOf(held: unknown): readonly unknown[] {
  if (!Array.isArray(held)) throw wrongShape();
  return held;
}

const wrongShape = (): DynamoError => new DynamoError("SerializationException", "Unexpected value type in payload");

function scalar(type: "S" | "N" | "B", text: string): string {
  if (type === "N") return spellDecimal(parseDecimal(text));
  if (type === "B" && Buffer.from(text, "base64").toString("base64") !== text)
    throw new DynamoError("SerializationException", "Invalid base64 in a binary value");
  return text;
}

function setMembers(type: "SS" | "NS" | "BS", held: readonly unknown[]): string[] {
  const members = held.map((each) => scalar(type === "SS" ? "S" : type === "NS" ? "N" : "B", textOf(each)));
  if (members.length === 0) throw invalid("One or more parameter values were invalid: An set may not be empty");
  if (new Set(members).size < members.length)
    throw invalid("One or more parameter values were invalid: Input collection contains duplicates.");
  return members;
}

/** As it goes over the wire. */
function writeAttribute(value: Attribute): Record<string, unknown> {
  switch (value.type) {
    case "M":
      return { M: writeItem(value.map) };
    case "L":
      return { L: value.list.map(writeAttribute) };
    case "BOOL":
      return { BOOL: value.flag };
    case "NULL":
      return { NULL: true };
    case "S":
    case "N":
    case "B":
      return { [value.type]: value.text };
    case "SS":
    case "NS":
    case "BS":
      return { [value.type]: value.members };
  }
}

export const writeItem = (item: Item): Record<string, unknown> =>
  Object.fromEntries([...item].map(([name, value]) => [name, writeAttribute(value)]));

/** Deep equality, as `=` has it: sets whatever their order, numbers by their value. */
export function areEqual(one: Attribute, other: Attribute): boolean {
  if (one.type !== other.type) return false;
  if (one.type === "M") {
    if (one.map.size !== other.map.size) return false;
    return [...one.map].every(([name, value]) => {
      const second = other.map.get(name);
      return second !== undefined && areEqual(value, second);
    });
  }
  if (one.type === "L") {
    if (one.list.length !== other.list.length) return false;
    return one.list.every((value, at) => {
      const second = other.list[at];
      return second !== undefined && areEqual(value, second);
    });
  }
  if (one.members.length !== other.members.length || !one.members.every((member) => other.members.includes(member))) return false;
  return one.text === other.text && one.flag === other.flag;
}

/** Below, at or above zero; `undefined` where `<` has no meaning between the two. */
export function compared(one: Attribute, other: Attribute): number | undefined {
  if (one.type !== other.type) return undefined;
  if (one.type === "N") return compareDecimals(parseDecimal(one.text), parseDecimal(other.text));
  if (one.type === "S") return Buffer.compare(Buffer.from(one.text), Buffer.from(other.text));
  return one.type === "B" ? Buffer.compare(Buffer.from(one.text, "base64"), Buffer.from(other.text, "base64")) : undefined;
}

const textBytes = (type: AttributeType, text: string): number => {
  if (type.startsWith("B")) return Buffer.from(text, "base64").byteLength;
  return type.startsWith("N") ? Math.ceil(text.replaceAll(/[-.]/gu, "").length / 2) + 1 : Buffer.byteLength(text);
};

export function attributeBytes(value: Attribute): number {
  switch (value.type) {
    case "M":
      return 3 + [...value.map].reduce((sum, [name, held]) => sum + 1 + Buffer.byteLength(name) + attributeBytes(held), 0);
    case "L":
      return 3 + value.list.reduce((sum, held) => sum + 1 + attributeBytes(held), 0);
    case "BOOL":
    case "NULL":
      return 1;
    case "S":
    case "N":
    case "B":
      return textBytes(value.type, value.text);
    case "SS":
    case "NS":
    case "BS":
      return value.members.reduce((sum, member) => sum + textBytes(value.type, member), 0);
  }
}

export const itemBytes = (item: Item): number =>
  [...item].reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + attributeBytes(value), 0);
