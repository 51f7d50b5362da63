/** Primary keys as keys of a store: `S2FJLN`, or `mara/2026-05-30` where a table has a sort key. Reversible, and safe as a path. */

import { BelayError } from "../../core/belay-error.ts";
import { keyProblem } from "../../core/paths/key.ts";
import { plainNumber, type AttributeValue, type Item } from "../../core/records/typed-item.ts";
import { plainText } from "../shared/aws/plain-text.ts";

export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/** Reads `name`, `name:N` or `name:B`, partition key first. Throws `config-invalid` for none and for more than two. */
export function keyAttributesOf(texts: readonly string[]): readonly KeyAttribute[] {
  if (texts.length < 1 || texts.length > 2)
    throw new BelayError(
      "config-invalid",
      `a table has a partition key and perhaps a sort key, and \`key:\` names ${texts.length} attributes`,
      "Write `key: [guest_code]` or `key: [guest, date]` for the table in belay.yaml; `aws dynamodb describe-table --table-name TABLE` shows them.",
    );
  return texts.map((text) => {
    const [, name = "", type] = /^(.+?)(?::([SNB]))?$/su.exec(text) ?? [];
    return { name, type: type === "N" || type === "B" ? type : "S" };
  });
}

/** As belay.yaml has them: the type stands only where it is no string. */
export const keyWords = (attributes: readonly KeyAttribute[]): string =>
  `[${attributes.map(({ name, type }) => (type === "S" ? name : `${name}:${type}`)).join(", ")}]`;

/** The key under which an item stands; `undefined` where it lacks a key attribute or its value makes no key (longer than 1,024 bytes). */
export function storeKeyOf(attributes: readonly KeyAttribute[], item: Item): string | undefined {
  const segments: string[] = [];
  for (const { name, type } of attributes) {
    const text = textOf(Object.hasOwn(item, name) ? item[name] : undefined, type);
    if (text === undefined) return undefined;
    segments.push(segmentOf(text));
  }
  const key = segments.join("/");
  return keyProblem(key) === undefined ? key : undefined;
}

function textOf(value: AttributeValue | undefined, type: KeyAttribute["type"]): string | undefined {
  if (value === undefined) return undefined;
  if (type === "S") return "S" in value ? value.S : undefined;
  if (type === "N") return "N" in value ? plainNumber(value.N) : undefined;
  return "B" in value ? value.B : undefined;
}

// oxlint-disable-next-line no-control-regex -- control characters are exactly what no key may hold
const unsafe = /[\u0000-\u001f\u007f-\u009f%/\\]/gu;
const unsafeOrForeign = /[^\u0020-\u007e]|[%/\\]/gu;

/** What a key may hold stands as it is; the rest, and dots that would lead elsewhere, as `%XX` of its UTF-8 bytes. */
function segmentOf(text: string): string {
  if (text === "." || text === "..") return text.replaceAll(".", "%2E");
  return text.replaceAll(text === text.normalize("NFC") ? unsafe : unsafeOrForeign, encodeURIComponent);
}

/** The key attributes that a key stands for. Throws `key-invalid` for a key under which no item of such a table can stand. */
export function primaryKeyOf(attributes: readonly KeyAttribute[], key: string): Item {
  const problem = keyProblem(key);
  if (problem !== undefined) throw invalidKey(key, problem);
  const segments = key.split("/");
  if (segments.length !== attributes.length)
    throw invalidKey(key, `the table's key is ${keyWords(attributes)}, and this has ${segments.length} parts, parted by slashes`);
  const entries = attributes.map(({ name, type }, at) => [name, valueOf(type, decoded(segments[at] ?? "", key))] as const);
  const item: Item = Object.fromEntries(entries);
  // Two spellings of one item would be two keys.
  if (storeKeyOf(attributes, item) !== key) throw invalidKey(key, "belay spells that item's key otherwise");
  return item;
}

function decoded(segment: string, key: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidKey(key, "a percent sign in it begins no character (a percent sign itself is %25)");
  }
}

function valueOf(type: KeyAttribute["type"], text: string): AttributeValue {
  if (type === "N") return { N: text };
  return type === "B" ? { B: text } : { S: text };
}

const invalidKey = (key: string, why: string): BelayError =>
  new BelayError(
    "key-invalid",
    `${JSON.stringify(plainText(key))} cannot be a key because ${why}`,
    "Take the key as `belay audit` shows it.",
  );
