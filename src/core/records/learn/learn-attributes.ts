/** What an item's attributes are: fields by name and by what pages show, keys by what stands in both, pointers by what names a page. */

import type { FieldType } from "../value.ts";
import { counted, fieldName, nameWords, pageName, tellingSegments, type Example } from "./example.ts";
import type { FieldGuess, Guess, PointerGuess } from "./guess.ts";

/** One attribute with its values, by item. */
export interface Attribute {
  readonly name: string;
  readonly words: readonly string[];
  readonly values: readonly { readonly item: string; readonly text: string }[];
}

export interface AttributeGuesses {
  readonly fields: readonly FieldGuess[];
  readonly keys: readonly string[];
  readonly tableKey?: Guess & { readonly attribute: string };
  readonly pointers: readonly PointerGuess[];
  /** Attributes of no known use. */
  readonly left: readonly string[];
}

const vocabulary: readonly { readonly field: string; readonly type: FieldType; readonly words: readonly string[] }[] = [
  { field: "email", type: "email", words: ["email", "mail"] },
  { field: "phone", type: "phone", words: ["phone", "mobile", "tel", "telephone"] },
  { field: "vessel", type: "text", words: ["vessel", "boat", "ship", "yacht"] },
  { field: "captain", type: "person", words: ["captain", "skipper"] },
  { field: "crew", type: "people", words: ["crew", "staff"] },
  { field: "guest", type: "person", words: ["guest", "customer", "client", "renter", "passenger", "booker"] },
  { field: "place", type: "place", words: ["location", "dock", "place", "address", "pier", "marina", "venue"] },
  { field: "price", type: "number", words: ["price", "total", "amount", "deposit", "fee"] },
];
const keyWords = new Set(["code", "id", "key", "ref", "reference", "number", "no", "booking", "reservation", "confirmation"]);
/** What one item has and no page shows is still a key by these. */
const surelyKeyWords = new Set(["code", "id", "reference"]);
const ownWords = new Set(["version", "revision", "updated", "created", "modified", "status", "type", "ttl"]);

/** Attributes in the order of the first item that has them; parts of lists are left out, since no place names them. */
export function attributesOf(items: readonly Example[]): Attribute[] {
  const found = new Map<string, { readonly item: string; readonly text: string }[]>();
  for (const { name: item, document } of items) {
    for (const { place, text } of tellingSegments(document)) {
      if (place.medium !== "item" || place.name.includes("[")) continue;
      const values = found.get(place.name) ?? [];
      values.push({ item, text });
      found.set(place.name, values);
    }
  }
  return [...found].map(([name, values]) => ({ name, words: nameWords(name), values }));
}

/** `taken`: attributes that a time field has already. */
export function learnAttributes(items: readonly Example[], pages: readonly Example[], taken: ReadonlySet<string>): AttributeGuesses {
  const shown = pages.map((page) => ({ page, text: textOf(page) }));
  const rest = attributesOf(items).filter(({ name, values }) => !taken.has(name) && values.some(({ text }) => text.trim() !== ""));
  const pointers: PointerGuess[] = [];
  const fields: FieldGuess[] = [];
  const keys: FieldGuess[] = [];
  const left: string[] = [];
  for (const attribute of rest) {
    const named = pages.filter(({ name }) => attribute.values.some(({ text }) => namesPage(text, name)));
    const key = keyGuess(attribute, shown, items.length);
    const field = key === undefined ? fieldGuess(attribute, shown) : undefined;
    if (named.length > 0) {
      const isAll = attribute.values.every(({ text }) => pages.some(({ name }) => namesPage(text, name)));
      pointers.push({ attribute: attribute.name, because: [`names ${named.map(({ name }) => name).join(", ")}`], isSure: isAll });
    } else if (key !== undefined) keys.push(unique(key, [...fields, ...keys]));
    else if (field !== undefined) fields.push(unique(field, [...fields, ...keys]));
    else left.push(attribute.name);
  }
  const primary = keys.find(({ inItems }) => typeof inItems === "string" && !inItems.includes("."));
  return {
    fields: [...fields, ...keys],
    keys: keys.map(({ name }) => name),
    ...(primary === undefined || typeof primary.inItems !== "string"
      ? {}
      : { tableKey: { attribute: primary.inItems, because: ["the table itself says what its key is"], isSure: false } }),
    pointers,
    left,
  };
}

interface Shown {
  readonly page: Example;
  /** Everything that the page says, in lower case. */
  readonly text: string;
}

const textOf = ({ name, document }: Example): string =>
  [name, ...tellingSegments(document).map(({ text }) => text)].join("\n").toLowerCase();

/** A page's key, its last part, with or without `.html`, or an address that ends in one of them. */
export function namesPage(text: string, key: string): boolean {
  const path = text
    .trim()
    .replace(/^https?:\/\/[^/]+/iu, "")
    .replace(/[?#].*$/u, "")
    .replace(/^\/+/u, "");
  const bare = key.replace(/\.html?$/iu, "");
  return path !== "" && [key, bare, pageName(key), key.split("/").at(-1)].includes(path);
}

/** Whether a text stands in another as whole words. */
function standsIn(value: string, text: string): boolean {
  const wanted = value.trim().toLowerCase();
  if (wanted === "") return false;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + wanted.length] ?? " "}`;
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
  }
  return false;
}

const pagesWith = ({ values }: Attribute, shown: readonly Shown[]): readonly Shown[] =>
  shown.filter(({ text }) => values.some((value) => value.text.trim().length > 2 && standsIn(value.text, text)));

/** A code: one word of four or more characters, by its name or by a digit in it, and no two items have the same. */
function keyGuess(attribute: Attribute, shown: readonly Shown[], items: number): FieldGuess | undefined {
  const { name, words, values } = attribute;
  if (!values.every(({ text }) => /^#?[\p{L}\p{N}][\p{L}\p{N}_-]{3,63}$/u.test(text.trim()))) return undefined;
  if (values.length < items || words.some((word) => ownWords.has(word))) return undefined;
  const isNamed = words.some((word) => keyWords.has(word));
  const on = pagesWith(attribute, shown);
  const isCode = values.every(({ text }) => /\d/u.test(text) && /\p{L}/u.test(text));
  if (!(isNamed && (on.length > 0 || words.some((word) => surelyKeyWords.has(word)))) && !(on.length > 0 && isCode)) return undefined;
  if (new Set(values.map(({ text }) => text.trim().toLowerCase())).size < values.length) return undefined;
  return {
    name: keyName(words),
    type: "key",
    words: [],
    inItems: name,
    because: [on.length > 0 ? `its value stands on ${counted(on.length, "page")} too` : "by its name; no page shows it"],
    isSure: on.length > 0,
  };
}

function keyName(words: readonly string[]): string {
  if (words.includes("code")) return "code";
  const rest = words.filter((word) => !["id", "key", "number", "no"].includes(word));
  return fieldName(rest.length === 0 ? words : rest);
}

function fieldGuess(attribute: Attribute, shown: readonly Shown[]): FieldGuess | undefined {
  const { name, words, values } = attribute;
  const on = pagesWith(attribute, shown);
  const because = on.length > 0 ? [`its value stands on ${counted(on.length, "page")} too`] : ["by its name; no page shows it"];
  const known = vocabulary.find((one) => one.words.some((word) => words.includes(word)));
  const byValue = typeByValue(values.map(({ text }) => text.trim()));
  if (known) return { name: known.field, type: byValue ?? known.type, words: [], inItems: name, because, isSure: on.length > 0 };
  if (byValue) return { name: byValue, type: byValue, words: [], inItems: name, because, isSure: on.length > 0 };
  const isText = values.every(({ text }) => /\p{L}{3}/u.test(text));
  if (on.length === 0 || !isText || words.some((word) => ownWords.has(word))) return undefined;
  return { name: fieldName(words), type: "text", words: [], inItems: name, because, isSure: false };
}

function typeByValue(values: readonly string[]): "email" | "phone" | undefined {
  if (values.every((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(value))) return "email";
  return values.every((value) => /^\+?[\d\s().-]{9,20}$/u.test(value) && value.replaceAll(/\D/gu, "").length >= 9) ? "phone" : undefined;
}

/** A second field of one name is called by the whole name of its attribute. */
function unique(field: FieldGuess, others: readonly FieldGuess[]): FieldGuess {
  if (!others.some(({ name }) => name === field.name) || typeof field.inItems !== "string") return field;
  return { ...field, name: fieldName(field.inItems.split(".").flatMap(nameWords)) };
}
