/** Codes that a page names by the field's own name: "Code: PTR4LU". */

import type { Claim } from "../claim.ts";
import type { RecordDocument } from "../document.ts";
import type { Field } from "../kind.ts";
import type { Value } from "../value.ts";
import type { PlacedField } from "./field-places.ts";
import { codesNamed, plainName } from "./own-names.ts";
import type { ReadAbout } from "./read-about.ts";

/**
 * Codes that only the field's own name tells. A page with two of them lists records and is none of them: there the name says nothing,
 * and what `placed` holds by it is taken out.
 */
export function ownCodes(document: RecordDocument, part: string, placed: Map<number, readonly PlacedField[]>, about: ReadAbout): Claim[] {
  const claims: Claim[] = [];
  for (const field of about.kind.fields) {
    if (field.type !== "key") continue;
    const told = [...placed].filter(([, fields]) => fields.some((one) => one.isNamesake && one.field === field)).map(([index]) => index);
    const named = about.system.medium === "pages" || about.system.medium === "web-page" ? codesIn(document, part, placed, field) : [];
    if (told.length === 0 && named.length === 0) continue;
    const codes = new Set([...told.map((index) => document.segments[index]?.text ?? ""), ...named.map(({ raw }) => raw)].map(plainName));
    if (codes.size === 1) claims.push(...named);
    else for (const index of told) placed.delete(index);
  }
  return claims;
}

const spoken: ReadonlySet<string> = new Set(["text", "title", "meta", "microdata"]);

function codesIn({ segments }: RecordDocument, part: string, placed: ReadonlyMap<number, unknown>, field: Field): Claim[] {
  return segments.flatMap((segment, index) => {
    const { place, text } = segment;
    if (place.part !== part || place.isTemplate || place.isStruck || placed.has(index) || !spoken.has(place.medium)) return [];
    return codesNamed(text, field).map(({ from, to }): Claim => {
      const raw = text.slice(from, to);
      const value: Value = { kind: "text", text: raw };
      const because = `"${field.name}" introduces it`;
      return { spans: segment.spans(from, to), segment: index, from, to, place, field: field.name, value, raw, because };
    });
  });
}
