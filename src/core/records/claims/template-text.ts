/** Texts that hold several values by a pattern: `{date}-{guest}-sunset.html`. */

import { literal } from "./word-pattern.ts";

export interface Slot {
  /** UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
}

/** Where a field stands in a text that follows the template; `undefined` where the text does not, or the template has no such field. */
export function readTemplate(text: string, template: string, field: string, part: "date" | "time" | undefined): Slot | undefined {
  const wanted = [field, ...(part === undefined ? ["date", "time"] : [part])];
  let group: string | undefined;
  const source = template.split(/(?<brace>\{[\w-]+\})/u).map((piece) => {
    const name = /^\{(?<name>[\w-]+)\}$/u.exec(piece)?.groups?.["name"];
    if (name === undefined) return literal(piece);
    if (group === undefined && wanted.includes(name)) {
      group = name;
      return name === "date" ? String.raw`(?<slot>\d{4}-\d{2}-\d{2})` : "(?<slot>.+?)";
    }
    return name === "date" ? String.raw`\d{4}-\d{2}-\d{2}` : ".+?";
  });
  if (group === undefined) return undefined;
  const span = new RegExp(`^${source.join("")}$`, "du").exec(text)?.indices?.groups?.["slot"];
  return span && { from: span[0], to: span[1] };
}

/** The template with its braces filled; `undefined` where a value is missing. */
export function fillTemplate(template: string, values: Readonly<Record<string, string | undefined>>): string | undefined {
  let isWhole = true;
  const text = template.replaceAll(/\{(?<name>[\w-]+)\}/gu, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    isWhole &&= value !== undefined && value !== "";
    return value ?? "";
  });
  return isWhole ? text : undefined;
}
