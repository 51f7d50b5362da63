/** A value that is no time, as it is written in the place of another. */

import type { Claim } from "./claim.ts";
import { inOrderOf } from "./claims/last-first.ts";
import { canonicalText, showValue } from "./compare-values.ts";
import type { FieldType, Value } from "./value.ts";

/** In capitals where it was in capitals; a first name where there was a first name, and the family name first where it was. `undefined` where it cannot be said so. */
export function textFor(value: Value, { raw }: Pick<Claim, "raw">, type: FieldType | undefined): string | undefined {
  if (value.kind === "list") return listed(value.items, raw);
  const text = showValue(value);
  if (type === "link") return addressLike(raw, text);
  const said = type === "person" ? nameLike(raw, text) : type === "key" && raw.startsWith("#") && !text.startsWith("#") ? `#${text}` : text;
  return isLoud(raw) && canonicalText(raw) !== raw ? said?.toUpperCase() : said;
}

function nameLike(raw: string, name: string): string | undefined {
  const isFirstName = !/\s|\p{Lo}/u.test(raw.trim()) && /\s/u.test(name);
  return isFirstName ? (name.split(/\s+/u)[0] ?? name) : inOrderOf(raw, name);
}

const isLoud = (raw: string): boolean => raw.length > 1 && raw === raw.toUpperCase() && raw !== raw.toLowerCase();

/** An address that is shown without its scheme stays without. */
const addressLike = (raw: string, address: string): string =>
  /^[a-z][a-z\d+.-]*:|^\//iu.test(raw) ? address : address.replace(/^https?:\/\//iu, "");

function listed(items: readonly string[], raw: string): string {
  const joint = /\s(?<joint>&|and|und|et|y|og|och)\s/u.exec(raw)?.groups?.["joint"];
  const last = items.at(-1);
  const mark = /\s*(?:[,;/]\s*|\n\s*)/u.exec(raw)?.[0] ?? ", ";
  if (joint === undefined || items.length < 2 || last === undefined) return items.join(mark);
  return `${items.slice(0, -1).join(mark)} ${joint} ${last}`;
}
