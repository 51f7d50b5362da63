/** What an object says of its own last change: a calendar's LAST-MODIFIED, an item's `updated_at`, a page's `dateModified`. */

import { bytesOf } from "../../core/body.ts";
import type { RecordDocument, Segment } from "../../core/records/document.ts";
import { nobodyKnown, type TimelineActor, type TimelineMoment } from "../../core/records/timeline.ts";
import type { Context } from "../workbench.ts";
import { systemOf, type Past } from "./timeline-contents.ts";

export async function toldMoments({ records, sighting, reader }: Past, context: Context): Promise<readonly TimelineMoment[]> {
  const { bench, target } = await records.placeOf(systemOf(records, sighting));
  const reading = await (await bench.storeOf(target.store)).read(sighting.at.key, context);
  const document = reading && reader.document(sighting, await bytesOf(reading.body), reading.observed.headers ?? {});
  if (!document) return [];
  const { id, system, part } = sighting;
  const own = document.told?.(part) ?? {};
  const attributes = stampsIn(document, part);
  const by = namedIn(own.by, attributes);
  const common = { source: "document" as const, sighting: id, system, contradictions: [] };
  const sequence = own.sequence === undefined ? "" : `, SEQUENCE ${own.sequence}`;
  const first: TimelineMoment[] =
    own.changedAt === undefined ? [] : [{ ...common, at: own.changedAt, by, deed: { kind: "told", says: `last changed${sequence}` } }];
  const stamps = attributes.stamps.filter(({ at }) => at !== own.changedAt);
  return [
    ...first,
    // Who changed it last says nothing of who made it.
    ...stamps.map(({ name, at, isCreation }): TimelineMoment => ({
      ...common,
      at,
      by: isCreation ? nobodyKnown : by,
      deed: { kind: "told", says: name },
    })),
  ];
}

/** As the format itself says it, else an attribute by the name that such ones commonly have. */
function namedIn(own: string | undefined, { by }: Stamps): TimelineActor {
  if (own !== undefined) return { name: own, how: "claimed" };
  return by ? { name: by.text, how: "claimed", from: by.name } : nobodyKnown;
}

interface Stamp {
  readonly name: string;
  readonly at: string;
  readonly isCreation: boolean;
}

interface Stamps {
  readonly stamps: readonly Stamp[];
  readonly by?: { readonly name: string; readonly text: string };
}

const timeName =
  /(?:^|[._\-:])(?<what>updated|modified|changed|edited|created|published|lastmodified|datemodified|datepublished|dateupdated|lastupdated)[_-]?(?:at|on|time|date|ts)?$/iu;
const byName = /(?:^|[._\-:])(?:last[_-]?)?(?:updated|modified|changed|edited)[_-]?by$/iu;
const stampsMax = 8;

/** Attributes by the names that such times commonly have; of a table's item, a page's metadata and its JSON-LD. */
function stampsIn({ segments }: RecordDocument, part: string): Stamps {
  const stamps: Stamp[] = [];
  let by: Stamps["by"];
  for (const segment of segments) {
    const { place, text } = segment;
    if (place.part !== part || place.isTemplate || !isTelling(segment)) continue;
    const name = place.name.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, "_");
    const at = timeName.test(name) || timeName.test(place.name) ? timeOf(text) : undefined;
    if (at !== undefined && stamps.length < stampsMax)
      stamps.push({ name: place.name, at, isCreation: /created|published/iu.test(place.name) });
    if (byName.test(name) && text.trim() !== "") by ??= { name: place.name, text: text.trim().slice(0, 120) };
  }
  return by ? { stamps, by } : { stamps };
}

const isTelling = ({ place }: Segment): boolean =>
  place.medium === "item" || place.medium === "meta" || place.medium === "json-ld" || place.medium === "microdata";

/** ISO 8601 with its offset, or seconds or milliseconds since the epoch; a wall clock without a zone tells no moment. */
function timeOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^1\d{9}(?:\.\d+)?$/u.test(trimmed)) return new Date(Number(trimmed) * 1000).toISOString();
  if (/^1\d{12}$/u.test(trimmed)) return new Date(Number(trimmed)).toISOString();
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)$/u.test(trimmed)) return undefined;
  const ms = Date.parse(trimmed.replace(" ", "T"));
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
