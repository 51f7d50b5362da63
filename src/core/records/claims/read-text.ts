/** A whole text as the value of a field that is no time. */

import type { FieldType, Value } from "../value.ts";
import { asSaid } from "./last-first.ts";
import { namesIn } from "./name-text.ts";

const decimalPattern = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/u;

/** `undefined` where the text says nothing of that type. */
export function readText(text: string, type: FieldType): Value | undefined {
  const trimmed = text.replaceAll(/\s+/gu, " ").trim();
  if (trimmed === "") return undefined;
  if (type === "people") return { kind: "list", items: namesIn(text) };
  if (type === "number") return decimalPattern.test(trimmed) ? { kind: "number", decimal: trimmed } : undefined;
  return type === "duration" ? durationIn(trimmed) : { kind: "text", text: type === "person" ? asSaid(trimmed) : trimmed };
}

/** Minutes alone, ISO 8601, or hours and minutes with their units. */
function durationIn(text: string): Value | undefined {
  const iso = /^PT?(?:(?<days>\d+)D)?T?(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?$/u.exec(text);
  const plain = /^(?:(?<hours>\d+(?:\.\d+)?)\s*(?:h|hr|hrs|hour|hours))?\s*(?:(?<minutes>\d+)\s*(?:m|min|mins|minute|minutes)?)?$/iu.exec(
    text,
  );
  const groups = (iso ?? plain)?.groups;
  if (!groups) return undefined;
  const minutes = Number(groups["days"] ?? 0) * 24 * 60 + Number(groups["hours"] ?? 0) * 60 + Number(groups["minutes"] ?? 0);
  return minutes > 0 ? { kind: "duration", minutes } : undefined;
}

export const isMoment = (type: FieldType): boolean => type === "datetime" || type === "date" || type === "time";
