/** When and by whom an item was changed, as its own attributes say it: by the names that are usual, and by Google's event format. */

import type { RecordDocument, Segment } from "../../core/records/document.ts";

type Told = ReturnType<NonNullable<RecordDocument["told"]>>;

const timeNames = ["updated_at", "updatedAt", "modified_at", "modifiedAt", "last_modified", "lastModified", "last_updated", "lastUpdated"];
const handNames = ["updated_by", "updatedBy", "modified_by", "modifiedBy", "last_modified_by", "lastModifiedBy"];

/** `undefined` where the item says nothing of it. A time without a zone, or a number that is no plausible time, is left out. */
export function toldBy(segments: readonly Segment[], isPlain: boolean): Told | undefined {
  const texts = new Map(segments.map(({ text, place }) => [place.name, text]));
  const isEvent = isPlain && texts.get("kind") === "calendar#event";
  const changedAt = firstOf(isEvent ? ["updated"] : timeNames, (name) => instantOf(texts.get(name)));
  const by = isEvent ? undefined : firstOf(handNames, (name) => texts.get(name) || undefined);
  const sequence = isEvent ? Number(texts.get("sequence") ?? "none") : Number.NaN;
  if (changedAt === undefined && by === undefined && !Number.isSafeInteger(sequence)) return undefined;
  return {
    ...(changedAt !== undefined && { changedAt }),
    ...(by !== undefined && { by }),
    ...(Number.isSafeInteger(sequence) && { sequence }),
  };
}

function firstOf(names: readonly string[], read: (name: string) => string | undefined): string | undefined {
  for (const name of names) {
    const found = read(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const withZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/u;
/** Seconds since the epoch have ten digits from 2001 to 2286, milliseconds thirteen. */
const epoch = /^(\d{10})(\d{3})?(?:\.\d+)?$/u;

/** ISO 8601, UTC. */
function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, seconds, thousandths = "000"] = epoch.exec(text) ?? [];
  const ms = seconds === undefined ? (withZone.test(text) ? Date.parse(text) : Number.NaN) : Number(`${seconds}${thousandths}`);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}
