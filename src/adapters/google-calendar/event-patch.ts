/** From an event as it was seen and as it shall be to the smallest patch, by the API's patch semantics. */

import { BelayError } from "../../core/belay-error.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import { isRecord, readOnlyFields, type EventJson } from "./event-body.ts";

/**
 * Only fields that differ: objects are merged field by field, arrays are replaced, what is taken away is `null`. `undefined` where
 * nothing differs. Throws `input-invalid` where a field would change that belay never writes.
 */
export function eventPatch(prior: EventJson, wanted: EventJson): EventJson | undefined {
  const patch = difference(prior, wanted);
  if (!patch) return undefined;
  const barred = Object.keys(patch).find((name) => readOnlyFields.has(name));
  if (barred !== undefined) throw readOnly(barred);
  // A list of guests that was cut short would be written back without those that were left out.
  if ("attendees" in patch && prior["attendeesOmitted"] === true) throw readOnly("attendees, of which the calendar shows only some,");
  return patch;
}

function difference(prior: EventJson, wanted: EventJson): EventJson | undefined {
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(prior), ...Object.keys(wanted)])) {
    const [was, is] = [prior[name], wanted[name]];
    if (is === undefined) patch[name] = null;
    else if (was === undefined || canonicalJson(was) !== canonicalJson(is)) {
      patch[name] = isRecord(was) && isRecord(is) ? (difference(was, is) ?? is) : is;
    }
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

const readOnly = (field: string): BelayError =>
  new BelayError("input-invalid", `belay does not write ${field} of an event.`, "Change it in Google Calendar by hand.");
