/** Conditions and updates in DynamoDB's expressions. Names and values go by placeholders, whatever they are. */

import { BelayError } from "../../core/belay-error.ts";
import type { AttributeValue, Item } from "../../core/records/typed-item.ts";
import type { Fields } from "./dynamo-place.ts";
import { isSame } from "./item-sight.ts";

/** Developer Guide, "Quotas": operators and functions of one expression, and its bytes. */
const operatorsMax = 300;
const expressionBytesMax = 4096;

/** Makes placeholders: each name once, each value by itself. */
class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values: AttributeValue[] = [];

  name(name: string): string {
    const known = this.#names.get(name) ?? `#${this.#names.size}`;
    this.#names.set(name, known);
    return known;
  }

  value(value: AttributeValue): string {
    this.#values.push(value);
    return `:${this.#values.length - 1}`;
  }

  fields(): Fields {
    return {
      ...(this.#names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries([...this.#names].map(([name, placeholder]) => [placeholder, name])),
      }),
      ...(this.#values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(this.#values.map((value, at) => [`:${at}`, value])) }),
    };
  }
}

/** What has to hold of the item that is there. */
export interface Terms {
  /** Attributes with exactly these values. */
  readonly equal: Item;
  /** Names that must not be there. */
  readonly absent: readonly string[];
  /** A name that is in every item's key: the item must exist at all. */
  readonly existing: string;
}

export interface Change {
  readonly set: Item;
  readonly remove: readonly string[];
}

/** From one item to another, attribute by attribute. */
export function changeBetween(before: Item, after: Item): Change {
  const set = Object.entries(after).filter(([name, value]) => !Object.hasOwn(before, name) || !isSame(before[name], value));
  return { set: Object.fromEntries(set), remove: Object.keys(before).filter((name) => !Object.hasOwn(after, name)) };
}

/**
 * The parameters of a conditional request: `ConditionExpression`, `UpdateExpression` where there is a change, and the
 * placeholders. Throws `not-supported` for an item with more attributes than one condition can name.
 */
export function expressionsOf(terms: Terms, key: string, change?: Change): Fields {
  const placeholders = new Placeholders();
  const equal = Object.entries(terms.equal).map(([name, value]) => `${placeholders.name(name)}=${placeholders.value(value)}`);
  const absent = terms.absent.map((name) => `attribute_not_exists(${placeholders.name(name)})`);
  const clauses = [`attribute_exists(${placeholders.name(terms.existing)})`, ...equal, ...absent];
  const condition = clauses.join(" AND ");
  if (clauses.length * 2 - 1 > operatorsMax || condition.length > expressionBytesMax) throw tooMany(key, Object.keys(terms.equal).length);
  const update = change && updateOf(change, placeholders);
  return { ConditionExpression: condition, ...(update !== undefined && { UpdateExpression: update }), ...placeholders.fields() };
}

function updateOf({ set, remove }: Change, placeholders: Placeholders): string {
  const sets = Object.entries(set).map(([name, value]) => `${placeholders.name(name)}=${placeholders.value(value)}`);
  const removes = remove.map((name) => placeholders.name(name));
  return [sets.length > 0 ? `SET ${sets.join(",")}` : "", removes.length > 0 ? `REMOVE ${removes.join(",")}` : ""].join(" ").trim();
}

const tooMany = (key: string, count: number): BelayError =>
  new BelayError(
    "not-supported",
    `${key} has ${count} attributes, more than DynamoDB compares in one write, so a change of another hand could not be told`,
    "Name an attribute that changes with every write of an item as `version:` of this system in belay.yaml.",
  );

/** The parameters of a creation: nothing may be there. */
export const absenceOf = (name: string): Fields => ({
  ConditionExpression: "attribute_not_exists(#0)",
  ExpressionAttributeNames: { "#0": name },
});
