/** Places of items and events whose texts are nobody's field, whatever they look like. */

import type { Place } from "../document.ts";
import type { RecordSystem } from "../kind.ts";
import { listNameOf } from "../list-elements.ts";
import { isPlaceNamed } from "./field-places.ts";

/**
 * Why a text at a place cannot be a field's; `undefined` where it can. An attribute that belay.yaml does not map says nothing of a field that
 * it maps to another one, and a property that some program made up for itself (X-…, RFC 5545) is that program's.
 */
export function foreignPlace(place: Place, field: string, system: RecordSystem): string | undefined {
  const { medium, name } = place;
  const told = system.fields[field];
  if (told && [told.at, told.dateAt].some((at) => at !== undefined && (isPlaceNamed(place, at) || listNameOf(place) === at)))
    return undefined;
  // The description once more, as HTML.
  if (medium === "property" && /^X-(?!ALT-DESC$)/iu.test(name)) return `${name} is a property of another program`;
  if (medium === "property" && name === "VALARM/TRIGGER") return "an alarm at a time of its own does not move with the event";
  if (medium !== "item" || system.medium !== "table" || !told) return undefined;
  return `belay.yaml has ${field} at ${[told.dateAt, told.at].filter((at) => at !== undefined).join(" and ")}, not at ${name}`;
}
